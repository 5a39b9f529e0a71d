import { ApiError, fetchOk, json } from '@/api/client'
import type { components } from '@/api/schema'
import { refusal, shown } from '@/features/desk/api'
import { eventsOf } from '@/features/desk/events'
import { session } from '@/features/desk/session'
import type { Question, Siting } from './siting'

type ScenarioText = components['schemas']['ScenarioText']

const pathOf = (id: string) => `/v1/siting/${encodeURIComponent(id)}`

/** A request of the staff. */
async function staff<T>(path: string, body?: object): Promise<T> {
  if (!session.value) throw new ApiError(401, 'unauthorized', '')
  try {
    const response = await fetchOk(path, undefined, {
      method: 'POST',
      headers: { ...shown(session.value), ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await response.json()) as T
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 401) throw refusal(401, { reason: cause.reason, detail: cause.detail })
    throw cause
  }
}

export const over = (one: Siting) => one.state === 'done' || one.state === 'failed' || one.state === 'cancelled'

export const sitings = {
  get: (id: string, signal?: AbortSignal) => json<Siting>(`siting/${encodeURIComponent(id)}`, {}, signal),

  ask: (question: Question) => staff<Siting>('/v1/siting', question),

  cancel: (id: string) => staff<Siting>(`${pathOf(id)}/cancel`),

  /** Tells how a question stands whenever that changes, until it is over. */
  watch: async (id: string, tell: (one: Siting) => void, signal: AbortSignal) => {
    for (let last: Siting | undefined; !last || !over(last); ) {
      const { body } = await fetchOk(`${pathOf(id)}/events`, signal)
      if (body) for await (const { data } of eventsOf(body)) tell((last = JSON.parse(data) as Siting))
      if (signal.aborted) return
      if (!last || !over(last)) await new Promise((later) => setTimeout(later, 1000)) // the stream was cut off
    }
  },

  /** Keeps edits as a scenario, which the planner goes on with. */
  keepScenario: (text: ScenarioText) => staff<{ id: string }>('/v1/scenarios', text),

  file: (id: string, format: 'csv' | 'xlsx' | 'geojson') => `${pathOf(id)}/file?format=${format}`,
}
