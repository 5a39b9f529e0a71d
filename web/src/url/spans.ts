import { formatLonLat, parseLonLat, type Field, type LonLat } from './codec'

/** From min to max, both in it; absent is open. */
export interface Span {
  min?: number
  max?: number
}

/** A span of numbers from 0 to top, "10..20", "10.." or "..20". */
export function maybeSpan(top: number): Field<Span | undefined> {
  const end = (raw: string) => (/^\d{1,12}(\.\d{1,4})?$/.test(raw) && Number(raw) <= top ? Number(raw) : NaN)
  return {
    fallback: undefined,
    parse: (raw) => {
      const [low, high, ...more] = raw.split('..')
      if (low === undefined || high === undefined || more.length > 0 || low + high === '') return undefined
      const span: Span = { ...(low && { min: end(low) }), ...(high && { max: end(high) }) }
      return Object.values(span).some(Number.isNaN) || (span.min ?? 0) > (span.max ?? top) ? undefined : span
    },
    format: (span) => (span?.min === undefined && span?.max === undefined ? '' : `${span.min ?? ''}..${span.max ?? ''}`),
  }
}

/** From one day to another, both in it, "2026-07-01..2026-08-01"; absent is open. */
export interface Days {
  from?: string
  to?: string
}

const isDay = (raw: string) => /^\d{4}-\d{2}-\d{2}$/.test(raw) && new Date(`${raw}T00:00:00Z`).toJSON()?.slice(0, 10) === raw

export function maybeDays(): Field<Days | undefined> {
  return {
    fallback: undefined,
    parse: (raw) => {
      const [from, to, ...more] = raw.split('..')
      if (from === undefined || to === undefined || more.length > 0 || from + to === '') return undefined
      if ((from && !isDay(from)) || (to && !isDay(to)) || (from && to && from > to)) return undefined
      return { ...(from && { from }), ...(to && { to }) }
    },
    format: (days) => (days?.from === undefined && days?.to === undefined ? '' : `${days.from ?? ''}..${days.to ?? ''}`),
  }
}

/** The corners of a shape, at least three and at most max; the first is not said again at the end. */
export function maybeRing(max: number): Field<readonly LonLat[] | undefined> {
  return {
    fallback: undefined,
    parse: (raw) => {
      const pairs = raw.match(/[^,]+,[^,]+/g) ?? []
      if (pairs.join(',') !== raw || pairs.length < 3 || pairs.length > max) return undefined
      const ring = pairs.map(parseLonLat)
      return ring.every((at) => at !== undefined) ? ring : undefined
    },
    format: (ring) => ring?.map(formatLonLat).join(',') ?? '',
  }
}
