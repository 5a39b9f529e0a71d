import { readFileSync } from 'node:fs'
import { base } from './browser'

const tokenFile = process.env.KORA_TOKEN_FILE
/** The staff token of the service under test; empty when it is not known, and stories of the staff are skipped. */
export const token = tokenFile ? readFileSync(tokenFile, 'utf8').trim() : ''

/** What the staff sends with every request. */
export const staff = (name: string) => ({ Authorization: `Bearer ${token}`, 'Kora-Staff': encodeURIComponent(name), 'Content-Type': 'application/json' })

/** Asks as a member of the staff, past the page. */
export async function asStaff<T>(path: string, how: RequestInit & { as?: string } = {}): Promise<T> {
  const response = await fetch(base + path, { ...how, headers: { ...staff(how.as ?? 'Pema'), ...(how.headers as object) } })
  if (!response.ok) throw new Error(`${path} answers ${response.status} ${await response.text()}`)
  return (response.status === 204 ? undefined : await response.json()) as T
}
