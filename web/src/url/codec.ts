/** How one value of a screen's state is written in the address. */
export interface Field<T> {
  /** Reads a raw text; undefined when it is none of ours, which then counts as absent. */
  parse(raw: string): T | undefined
  /** Writes a value so that parse reads the same one. */
  format(value: T): string
  /** The value when the address says nothing; it is never written. */
  fallback: T
}

/** The keys of a screen's state, one Field each. */
export type Codec<S> = { [K in keyof S]: Field<S[K]> }

type Query = Record<string, unknown>

/** Reads a state; keys that are not of codec are ignored, values that make no sense are the fallback. */
export function decode<S>(codec: Codec<S>, query: Query): S {
  const state = {} as S
  for (const key in codec) {
    const field = codec[key]
    const raw = query[key]
    const text = Array.isArray(raw) ? raw[0] : raw
    const value = typeof text === 'string' ? field.parse(text) : undefined
    state[key] = value ?? field.fallback
  }
  return state
}

/** Writes a state; what equals its fallback is left out, so that a fresh screen has a clean address. */
export function encode<S>(codec: Codec<S>, state: S): Record<string, string> {
  const query: Record<string, string> = {}
  for (const key in codec) {
    const field = codec[key]
    const text = field.format(state[key])
    if (text !== field.format(field.fallback)) query[key] = text
  }
  return query
}

export function flag(): Field<boolean> {
  return { fallback: false, parse: (raw) => (raw === '1' ? true : undefined), format: (on) => (on ? '1' : '') }
}

export function text(pattern: RegExp, fallback = ''): Field<string> {
  return { fallback, parse: (raw) => (pattern.test(raw) ? raw : undefined), format: (value) => value }
}

export function choice<T extends string>(values: readonly T[], fallback: T): Field<T> {
  return { fallback, parse: (raw) => values.find((v) => v === raw), format: (value) => value }
}

/** Several of values, in the order of values; none is the fallback and stands for all. */
export function choices<T extends string>(values: readonly T[]): Field<readonly T[]> {
  return {
    fallback: [],
    parse: (raw) => {
      const wanted = raw.split(',')
      const known = values.filter((v) => wanted.includes(v))
      return known.length > 0 ? known : undefined
    },
    format: (chosen) => values.filter((v) => chosen.includes(v)).join(','),
  }
}

/** Texts that match pattern, at most max, each once. */
export function texts(pattern: RegExp, max = 30): Field<readonly string[]> {
  return {
    fallback: [],
    parse: (raw) => {
      const known = [...new Set(raw.split(','))].filter((v) => pattern.test(v)).slice(0, max)
      return known.length > 0 ? known : undefined
    },
    format: (chosen) => chosen.join(','),
  }
}

/** A number from min to max in whole steps. */
export function steps(min: number, max: number, step: number, fallback: number): Field<number> {
  return {
    fallback,
    parse: (raw) => {
      const n = Number(raw)
      return /^\d+$/.test(raw) && n >= min && n <= max && (n - min) % step === 0 ? n : undefined
    },
    format: String,
  }
}

/** A whole number above 0, or nothing. */
export function maybeCount(max = Number.MAX_SAFE_INTEGER): Field<number | undefined> {
  return {
    fallback: undefined,
    parse: (raw) => (/^[1-9]\d{0,15}$/.test(raw) && Number(raw) <= max ? Number(raw) : undefined),
    format: (n) => (n === undefined ? '' : String(n)),
  }
}

export type LonLat = readonly [lon: number, lat: number]
export type Box = readonly [west: number, south: number, east: number, north: number]

const number = (raw: string) => (/^-?\d{1,3}(\.\d{1,8})?$/.test(raw) ? Number(raw) : NaN)
const isLon = (n: number) => n >= -180 && n <= 180
const isLat = (n: number) => n >= -90 && n <= 90

/** Degrees to five decimals, about a metre. */
export function round5(n: number): number {
  return Math.round(n * 1e5) / 1e5 + 0
}

export function parseLonLat(raw: string): LonLat | undefined {
  const [lon, lat, ...more] = raw.split(',').map(number)
  if (lon === undefined || lat === undefined || more.length > 0 || !isLon(lon) || !isLat(lat)) return undefined
  return [round5(lon), round5(lat)]
}

export function formatLonLat([lon, lat]: LonLat): string {
  return `${round5(lon)},${round5(lat)}`
}

export function maybeLonLat(): Field<LonLat | undefined> {
  return { fallback: undefined, parse: parseLonLat, format: (at) => (at ? formatLonLat(at) : '') }
}

export function maybeBox(): Field<Box | undefined> {
  return {
    fallback: undefined,
    parse: (raw) => {
      const [w, s, e, n, ...more] = raw.split(',').map(number)
      if (w === undefined || s === undefined || e === undefined || n === undefined || more.length > 0) return undefined
      if (!isLon(w) || !isLat(s) || !isLon(e) || !isLat(n) || w >= e || s >= n) return undefined
      return [round5(w), round5(s), round5(e), round5(n)]
    },
    format: (box) => box?.map(round5).join(',') ?? '',
  }
}

/** Where the map looks: centre and zoom. */
export interface Camera {
  centre: LonLat
  zoom: number
}

export function maybeCamera(): Field<Camera | undefined> {
  return {
    fallback: undefined,
    parse: (raw) => {
      const [z, ...rest] = raw.split('/')
      const centre = parseLonLat(rest.join(','))
      const zoom = /^\d{1,2}(\.\d{1,2})?$/.test(z ?? '') ? Number(z) : NaN
      return centre && rest.length === 2 && zoom >= 0 && zoom <= 22 ? { centre, zoom } : undefined
    },
    format: (camera) =>
      camera ? `${Math.round(camera.zoom * 100) / 100}/${camera.centre.map(round5).join('/')}` : '',
  }
}
