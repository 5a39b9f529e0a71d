import { ApiError, queryOf } from '@/api/client'
import type { components } from '@/api/schema'
import type { Notice, Panorama } from '@/api/types'
import { languageTag } from '@/i18n'
import { eventsOf } from './events'
import { isSettled, type Kind, type Options, type Outcome } from './imports'
import { leave, session, type Session } from './session'

type Schema = components['schemas']
export type Import = Schema['Import']
export type ImportItem = Schema['ImportItem']
export type ImportFault = Schema['ImportFault']
export type IntentSummary = Schema['IntentSummary']
export type Intent = Schema['IntentAnswer']
export type IntentState = IntentSummary['state']
export type Intents = Schema['IntentsOutput']
export type Contact = Schema['ContactOutput']
export type NoticeText = Schema['NoticeText']
export type WrittenNotice = Schema['WrittenNoticeBody']
export type PanoramaText = Schema['PanoramaText']

type Params = Parameters<typeof queryOf>[0]

interface How {
  method?: 'POST' | 'PUT' | 'DELETE'
  body?: object
  params?: Params
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Other than the one of this window. */
  as?: Session
}

/** What every request of the staff shows: the token, and who works. Names are more than headers may hold. */
function shown({ token, name }: Session): Record<string, string> {
  return { Authorization: `Bearer ${token}`, 'Kora-Staff': encodeURIComponent(name), 'Accept-Language': languageTag.value }
}

/** The refusal in an answer. A token that is not taken any more ends the session. */
function refusal(status: number, problem: { reason?: string; detail?: string; title?: string }, own = true): ApiError {
  if (status === 401 && own) leave(true)
  return new ApiError(status, problem.reason ?? '', problem.detail ?? problem.title ?? '')
}

async function request(path: string, how: How = {}): Promise<Response> {
  const who = how.as ?? session.value
  if (!who) throw new ApiError(401, 'unauthorized', '')
  const { method, body, signal } = how
  let response: Response
  try {
    response = await fetch(`/v1/${path}${queryOf(how.params ?? {})}`, {
      method,
      signal,
      cache: 'no-store',
      headers: { ...shown(who), ...(body && { 'Content-Type': 'application/json' }), ...how.headers },
      ...(body && { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, 'offline', '')
  }
  if (response.ok) return response
  const problem = (await response.json().catch(() => ({}))) as Parameters<typeof refusal>[1]
  throw refusal(response.status, problem, !how.as)
}

/** Asks as the staff of this window for a path below /v1; an answer that refuses is an ApiError. */
export async function asStaff<T>(path: string, how: How = {}): Promise<T> {
  const response = await request(path, how)
  return (response.status === 204 ? undefined : await response.json()) as T
}

const importPath = (id: string) => `imports/${encodeURIComponent(id)}`
const intentPath = (number: string) => `intents/${encodeURIComponent(number)}`
const noticePath = (code: string) => `notices/${encodeURIComponent(code)}`
const panoramaPath = (id: string) => `panoramas/${encodeURIComponent(id)}`
const match = (revision: string): Record<string, string> => (revision ? { 'If-Match': `"${revision}"` } : {})

export const desk = {
  /** Rejects with 401 when the service does not take the token. */
  knock: (as: Session) => asStaff('intents', { params: { limit: 1 }, as }),

  imports: async (signal?: AbortSignal) => (await asStaff<{ imports: Import[] }>('imports', { signal })).imports,

  import: (id: string, signal?: AbortSignal) => asStaff<Import>(importPath(id), { signal }),

  items: (id: string, outcome: Outcome, after: number, limit: number, signal?: AbortSignal) =>
    asStaff<{ items: ImportItem[]; total: number }>(`${importPath(id)}/items`, { params: { outcome, after, limit }, signal }),

  faults: (id: string, severity: 'fault' | 'warning', after: number, limit: number, signal?: AbortSignal) =>
    asStaff<{ faults: ImportFault[]; total: number }>(`${importPath(id)}/faults`, { params: { severity, after, limit }, signal }),

  shapes: async (id: string, signal?: AbortSignal) => {
    const response = await request(`${importPath(id)}/map`, { signal })
    const shapes = (await response.json()) as GeoJSON.FeatureCollection<GeoJSON.Geometry, { key: string; outcome: Outcome }>
    return { shapes, complete: response.headers.get('Kora-Complete') === 'true' }
  },

  confirm: (id: string, skip: boolean) =>
    asStaff<Import>(`${importPath(id)}/confirm`, { method: 'POST', body: { skip_faulty: skip } }),

  cancel: (id: string) => asStaff<Import>(importPath(id), { method: 'DELETE' }),

  template: async (kind: Kind) => (await request(`imports/templates/${kind}`)).blob(),

  intents: (query: { state?: readonly string[]; cursor?: string; limit?: number }, signal?: AbortSignal) =>
    asStaff<Intents>('intents', { params: query, signal }),

  findIntents: (phone: string, signal?: AbortSignal) =>
    asStaff<Intents>('intents/search', { method: 'POST', body: { phone }, signal }),

  intent: (number: string, signal?: AbortSignal) => asStaff<Intent>(intentPath(number), { signal }),

  contact: (number: string) => asStaff<Contact>(`${intentPath(number)}/contact`, { method: 'POST' }),

  move: (number: string, state: string, note: string) =>
    asStaff<Intent>(`${intentPath(number)}/state`, { method: 'POST', body: { state, ...(note && { note }) } }),

  erase: (number: string) => asStaff<void>(intentPath(number), { method: 'DELETE' }),

  notices: (query: { q?: string; kind?: readonly string[]; cursor?: string }, signal?: AbortSignal) =>
    asStaff<{ notices: Notice[]; total: number; next?: string }>('notices', { params: query, signal }),

  notice: (code: string, signal?: AbortSignal) => asStaff<Notice>(noticePath(code), { signal }),

  createNotice: (code: string, text: NoticeText) =>
    asStaff<WrittenNotice>('notices', { method: 'POST', body: { code, ...text } }),

  replaceNotice: (code: string, text: NoticeText, revision: string) =>
    asStaff<WrittenNotice>(noticePath(code), { method: 'PUT', body: text, headers: match(revision) }),

  deleteNotice: (code: string, revision: string) =>
    asStaff<void>(noticePath(code), { method: 'DELETE', headers: match(revision) }),

  panoramas: (query: { parcel?: string; cursor?: string }, signal?: AbortSignal) =>
    asStaff<{ panoramas: Panorama[]; total: number; next?: string }>('panoramas', { params: query, signal }),

  panorama: (id: string, signal?: AbortSignal) => asStaff<Panorama>(panoramaPath(id), { signal }),

  replacePanorama: (id: string, text: PanoramaText, revision: string) =>
    asStaff<Panorama>(panoramaPath(id), { method: 'PUT', body: text, headers: match(revision) }),

  deletePanorama: (id: string, revision: string) =>
    asStaff<void>(panoramaPath(id), { method: 'DELETE', headers: match(revision) }),

  /** Whether a parcel of this number is on the map. */
  hasParcel: async (number: string, signal?: AbortSignal) => {
    try {
      await request(`parcels/${encodeURIComponent(number)}`, { signal })
      return true
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 404) return false
      throw cause
    }
  },
}

const patience = { least: 1000, most: 8000 } // milliseconds between two questions

/**
 * Tells an import whenever it changes, until it waits for a word or is over. It listens to the stream of events, and where
 * that breaks off, as behind a proxy that knows no streams, it asks again and again.
 */
export async function watchImport(id: string, tell: (now: Import) => void, signal: AbortSignal): Promise<void> {
  let settled = false
  const told = (now: Import) => {
    settled = isSettled(now.state)
    tell(now)
  }
  try {
    const { body } = await request(`${importPath(id)}/events`, { signal })
    if (body) for await (const { data } of eventsOf(body)) told(JSON.parse(data) as Import)
  } catch (cause) {
    if (signal.aborted || (cause instanceof ApiError && cause.status >= 400 && cause.status < 500)) throw cause
  }
  for (let wait = patience.least; !settled && !signal.aborted; wait = Math.min(wait * 1.5, patience.most)) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    if (signal.aborted) return
    try {
      told(await desk.import(id, signal))
    } catch (cause) {
      if (signal.aborted || !(cause instanceof ApiError && (cause.offline || cause.status >= 500))) throw cause
    }
  }
}

export interface Upload {
  kind: Kind
  file: File
  options: Options
}

/** Sends a file of records. */
export const send = ({ kind, file, options }: Upload, told: Told, signal: AbortSignal): Promise<Import> =>
  upload(`imports${queryOf({ kind, name: file.name, ...options })}`, file, { 'Content-Type': 'application/octet-stream' }, told, signal)

/** Sends a picture with what is told of it. */
export function sendPanorama(file: File, text: PanoramaText, told: Told, signal: AbortSignal): Promise<Panorama> {
  const form = new FormData()
  form.set('image', file)
  form.set('panorama', JSON.stringify(text))
  return upload('panoramas', form, {}, told, signal)
}

type Told = (share: number) => void

/** Sends a large body; told is called with the share that is on its way. Only XMLHttpRequest tells that. */
function upload<T>(path: string, body: File | FormData, headers: Record<string, string>, told: Told, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const who = session.value
    if (!who) return reject(new ApiError(401, 'unauthorized', ''))
    const request = new XMLHttpRequest()
    request.open('POST', `/v1/${path}`)
    for (const [name, value] of Object.entries({ ...shown(who), ...headers })) request.setRequestHeader(name, value)
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => total > 0 && told(loaded / total)
    request.onerror = () => reject(new ApiError(0, 'offline', ''))
    request.onabort = () => reject(new DOMException('the upload was called off', 'AbortError'))
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve(request.response as T)
      reject(refusal(request.status, (request.response ?? {}) as Parameters<typeof refusal>[1]))
    }
    signal.addEventListener('abort', () => request.abort())
    request.send(body)
  })
}
