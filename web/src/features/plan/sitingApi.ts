import { fetchOk, json } from '@/api/client'
import type { components } from '@/api/schema'
import { asStaff } from '@/features/desk/api'
import { eventsOf } from '@/features/desk/events'
import type { Question, Siting } from './siting'

type ScenarioText = components['schemas']['ScenarioText']

const pathOf = (id: string) => `siting/${encodeURIComponent(id)}`

export const over = (one: Siting) => one.state === 'done' || one.state === 'failed' || one.state === 'cancelled'

export const sitings = {
  get: (id: string, signal?: AbortSignal) => json<Siting>(pathOf(id), {}, signal),

  ask: (question: Question) => asStaff<Siting>('siting', { method: 'POST', body: question }),

  cancel: (id: string) => asStaff<Siting>(`${pathOf(id)}/cancel`, { method: 'POST' }),

  /** Tells how a question stands whenever that changes, until it is over. */
  watch: async (id: string, tell: (one: Siting) => void, signal: AbortSignal) => {
    for (let last: Siting | undefined; !last || !over(last); ) {
      const { body } = await fetchOk(`/v1/${pathOf(id)}/events`, signal)
      if (body) for await (const { data } of eventsOf(body)) tell((last = JSON.parse(data) as Siting))
      if (signal.aborted) return
      if (!last || !over(last)) await new Promise((later) => setTimeout(later, 1000)) // the stream was cut off
    }
  },

  /** Keeps edits as a scenario, which the planner goes on with. */
  keepScenario: (text: ScenarioText) => asStaff<{ id: string }>('scenarios', { method: 'POST', body: text }),

  file: (id: string, format: 'csv' | 'xlsx' | 'geojson') => `/v1/${pathOf(id)}/file?format=${format}`,
}
