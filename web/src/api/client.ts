import { languageTag } from '@/i18n'
import type { About, Coverage, Nearest, Panorama, Parcel, ParcelList, Station, StationList } from './types'

/** Why an answer did not come: refused by the service, or never reached it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    /** A stable word such as "no-access"; "offline" when the service was not reached. */
    readonly reason: string,
    /** A sentence for people, in their language; empty when the service gave none. */
    readonly detail: string,
    /** What is wrong with single fields, by their place such as "body.phone". */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${reason}: ${detail}`)
  }

  get offline(): boolean {
    return this.reason === 'offline'
  }
}

type Value = string | number | undefined
type Params = Record<string, Value | readonly string[]>

export function queryOf(params: Params): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== '') query.append(key, String(one))
    }
  }
  const text = query.toString()
  return text ? `?${text}` : ''
}

interface Problem {
  reason?: string
  detail?: string
  title?: string
  errors?: { location?: string; message?: string }[]
}

/** Asks for path; an answer that refuses is an ApiError. */
export async function fetchOk(path: string, signal?: AbortSignal, how: Pick<RequestInit, 'method' | 'body' | 'headers'> = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { ...how, signal, headers: { 'Accept-Language': languageTag.value, ...how.headers } })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, 'offline', '')
  }
  if (response.ok) return response
  const problem = (await response.json().catch(() => ({}))) as Problem
  const fields = Object.fromEntries((problem.errors ?? []).map(({ location = '', message = '' }) => [location, message]))
  throw new ApiError(response.status, problem.reason ?? '', problem.detail ?? problem.title ?? '', fields)
}

export async function json<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await fetchOk(`/v1/${path}${queryOf(params)}`, signal)
  return (await response.json()) as T
}

async function bytes(path: string, params: Params = {}, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await fetchOk(`/v1/${path}${queryOf(params)}`, signal)
  return response.arrayBuffer()
}

export interface StationQuery {
  kind?: readonly string[]
  open_at?: string
  q?: string
  limit?: number
  cursor?: string
}

/** Filters, order and page of a list of parcels, by the names of the HTTP interface. */
export type ParcelQuery = Readonly<Record<string, Value | readonly string[]>>

/** Of H3: 10 is that of the service circle, 8 of the cells above for views from far out. */
export type Resolution = 8 | 10

export const api = {
  about: (signal?: AbortSignal) => json<About>('about', {}, signal),

  stations: (query: StationQuery, signal?: AbortSignal) => json<StationList>('stations', { ...query }, signal),

  station: (id: number, signal?: AbortSignal) => json<Station>(`stations/${id}`, {}, signal),

  /** The nearest stations on foot, nearest first, with the way there. */
  nearest: (
    query: { lon: number; lat: number; profile?: string; limit?: number } & Omit<StationQuery, 'q'>,
    signal?: AbortSignal,
  ) => json<Nearest>('stations/nearest', { ...query }, signal),

  coverage: (
    query: { profile: string; minutes: number; kind?: readonly string[]; open_at?: string },
    signal?: AbortSignal,
  ) => json<Coverage>('coverage', { ...query }, signal),

  /** Feature ids of the coverage cells of a resolution, ascending. */
  cellIds: async (resolution: Resolution, signal?: AbortSignal) =>
    littleEndianFloats(await bytes('coverage/cells/ids', { resolution }, signal)),

  /** One byte a cell, in the order of cellIds: quarter minutes, rounded up, or one of `cellCodes`. */
  cellTimes: async (
    query: { profile: string; kind?: readonly string[]; open_at?: string; always?: string; nearest?: number; resolution: Resolution },
    signal?: AbortSignal,
  ) => new Uint8Array(await bytes('coverage/cells', { ...query }, signal)),

  parcels: (query: ParcelQuery, signal?: AbortSignal) => json<ParcelList>('parcels', { ...query }, signal),

  parcel: (number: string, signal?: AbortSignal) =>
    json<Parcel>(`parcels/${encodeURIComponent(number)}`, {}, signal),

  panoramas: async (parcel: string, signal?: AbortSignal) =>
    (await json<{ panoramas: Panorama[] }>('panoramas', { parcel }, signal)).panoramas,
}

/** Bytes of the cell table that are no time. */
export const cellCodes = { far: 253, unreachable: 254, noStreet: 255 } as const

export function littleEndianFloats(buffer: ArrayBuffer): Float64Array {
  const view = new DataView(buffer)
  const out = new Float64Array(Math.floor(view.byteLength / 8))
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat64(i * 8, true)
  return out
}
