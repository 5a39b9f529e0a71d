import { api, json } from '@/api/client'
import type { components } from '@/api/schema'
import type { Station } from '@/api/types'
import { asStaff } from '@/features/desk/api'
import type { Edits } from './scenario'
import type { Answer, Scenario, Settings } from './trial'

type Schema = components['schemas']

/** A scenario as it is written. */
export interface Draft {
  name: string
  settings: Settings
  edits: Edits
  base: Answer['base'] | undefined
}

export interface Adoption {
  status: 'planned' | 'open'
  stations: { station: number; code?: string }[]
}

export type Adopted = Omit<Schema['AdoptedScenarioBody'], 'scenario'> & { scenario: Scenario }

const pathOf = (id: string) => `scenarios/${encodeURIComponent(id)}`
const onlyIf = (revision: string) => ({ headers: { 'If-Match': `"${revision}"` } })

export const scenarios = {
  get: (id: string, signal?: AbortSignal) => json<Scenario>(pathOf(id), {}, signal),

  list: async () => (await asStaff<{ scenarios: Scenario[] }>('scenarios')).scenarios,

  create: (draft: Draft) => asStaff<Scenario>('scenarios', { method: 'POST', body: draft }),

  replace: (id: string, draft: Draft, revision: string) => asStaff<Scenario>(pathOf(id), { method: 'PUT', body: draft, ...onlyIf(revision) }),

  remove: (id: string, revision: string) => asStaff<void>(pathOf(id), { method: 'DELETE', ...onlyIf(revision) }),

  adopt: (id: string, how: Adoption, revision: string) => asStaff<Adopted>(`${pathOf(id)}/adopt`, { method: 'POST', body: how, ...onlyIf(revision) }),

  /** All stations of the record. */
  stations: async (signal?: AbortSignal) => {
    const all: Station[] = []
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await api.stations({ limit: 1000, ...(cursor && { cursor }) }, signal)
      all.push(...page.features)
      cursor = page.next || undefined
    }
    return all
  },
}

/** What this device remembers of a scenario that was opened or kept here. */
export interface Seen {
  id: string
  name: string
}

const key = 'kora.scenarios'
const mostSeen = 20
export const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function parseSeen(raw: string | null): Seen[] {
  try {
    const all = JSON.parse(raw ?? '[]') as unknown
    if (!Array.isArray(all)) return []
    return all.filter((s: Seen | null): s is Seen => typeof s?.id === 'string' && idPattern.test(s.id) && typeof s.name === 'string').slice(0, mostSeen)
  } catch {
    return []
  }
}

export function seen(): Seen[] {
  try {
    return parseSeen(localStorage.getItem(key))
  } catch {
    return [] // storage may be forbidden
  }
}

/** Remembers a scenario, or forgets it where it has no name. */
export function remember({ id, name }: Seen): Seen[] {
  const all = [...(name ? [{ id, name }] : []), ...seen().filter((s) => s.id !== id)].slice(0, mostSeen)
  try {
    localStorage.setItem(key, JSON.stringify(all))
  } catch {
    // as above
  }
  return all
}

