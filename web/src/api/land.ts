import { fetchOk, json } from './client'
import type { Consent, Contact, Intent, IntentForm, Need, Notice, NoticeList, Receipt, Recommendation } from './types'

/** What a submitter shows: the number of the intent and the secret that came with it. */
export interface Ticket {
  number: string
  secret: string
}

const intentPath = ({ number }: Ticket) => `intents/${encodeURIComponent(number)}`
const secretOf = ({ secret }: Ticket) => ({ 'Kora-Secret': secret })

async function send<T>(
  method: 'POST' | 'DELETE' | 'GET',
  path: string,
  body: object | undefined,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<T> {
  const type: Record<string, string> = body ? { 'Content-Type': 'application/json' } : {}
  const response = await fetchOk(`/v1/${path}`, signal, {
    method,
    headers: { ...type, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** What only the land screens ask for; it comes with them. */
export const land = {
  recommend: (needs: readonly Need[], limit: number, signal?: AbortSignal) =>
    send<Recommendation>('POST', 'parcels/recommend', { needs, limit }, {}, signal),

  notices: (query: { parcel?: string; kind?: readonly string[]; state?: readonly string[]; q?: string; cursor?: string }, signal?: AbortSignal) =>
    json<NoticeList>('notices', query, signal),

  notice: (code: string, signal?: AbortSignal) => json<Notice>(`notices/${encodeURIComponent(code)}`, {}, signal),

  consent: (signal?: AbortSignal) => json<Consent>('intents/consent', {}, signal),

  /** Submits a form; key is the same for every attempt to send the same one. */
  submitIntent: (form: IntentForm, key: string) => send<Receipt>('POST', 'intents', form, { 'Idempotency-Key': key }),

  intent: (ticket: Ticket, signal?: AbortSignal) => send<Intent>('GET', intentPath(ticket), undefined, secretOf(ticket), signal),

  withdrawIntent: (ticket: Ticket) =>
    send<Intent>('POST', `${intentPath(ticket)}/state`, { state: 'withdrawn' }, secretOf(ticket)),

  eraseIntent: (ticket: Ticket) => send<void>('DELETE', intentPath(ticket), undefined, secretOf(ticket)),

  /** A copy of all that the submitter entered. */
  contactOf: (ticket: Ticket) => send<Contact>('POST', `${intentPath(ticket)}/contact`, undefined, secretOf(ticket)),
}
