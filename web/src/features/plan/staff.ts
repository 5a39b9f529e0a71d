import { fetchOk } from '@/api/client'
import { shown } from '@/features/desk/api'
import { leave, session } from '@/features/desk/session'
import { ApiError } from '@/api/client'
import type { ReportHead, Target } from './report'

/** Writes of the staff, signed as their desk signs them. */
async function write<T>(path: string, method: 'POST' | 'PUT', body: object, headers: Record<string, string> = {}): Promise<T> {
  const who = session.value
  if (!who) throw new ApiError(401, 'unauthorized', '')
  try {
    const response = await fetchOk(`/v1/${path}`, undefined, {
      method,
      body: JSON.stringify(body),
      headers: { ...shown(who), 'Content-Type': 'application/json', ...headers },
    })
    return (await response.json()) as T
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 401) leave(true)
    throw cause
  }
}

export const staff = {
  keep: (report: { name: string; note?: string; profile: string; minutes: number; kinds: readonly string[]; day: string }) =>
    write<ReportHead>('reports', 'POST', report),

  setTarget: ({ year, revision, ...numbers }: Pick<Target, 'year' | 'standard' | 'key_areas' | 'highways'> & { revision?: string }) =>
    write<Target>(`targets/${year}`, 'PUT', numbers, revision ? { 'If-Match': `"${revision}"` } : {}),
}
