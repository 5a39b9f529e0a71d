import type { Kind, Nearest, Position, Station } from '@/api/types'
import { kinds } from '@/api/types'
import { clock, dayOf } from '@/i18n/format'
import { t } from '@/i18n'
import { choices, flag, formatLonLat, maybeCount, parseLonLat, type Codec, type Field, type LonLat } from '@/url/codec'

/**
 * Where the way begins: a point, or this device. The device's position itself never goes into the address, which ends
 * up in histories, logs and shared links.
 */
export type Origin = { at: LonLat; place?: string } | { device: true }

export interface FindState {
  from: Origin | undefined
  kind: readonly Kind[]
  open: boolean
  station: number | undefined
}

const placeKey = /^(place\.[a-z.]{1,30}|station\.[1-9]\d{0,15})$/

const origin: Field<Origin | undefined> = {
  fallback: undefined,
  parse: (raw) => {
    if (raw === 'me') return { device: true }
    const [lonlat = '', place = '', ...more] = raw.split('~')
    const at = parseLonLat(lonlat)
    if (!at || more.length > 0) return undefined
    return placeKey.test(place) ? { at, place } : { at }
  },
  format: (from) => {
    if (!from) return ''
    if ('device' in from) return 'me'
    return formatLonLat(from.at) + (from.place ? `~${from.place}` : '')
  },
}

export const findCodec: Codec<FindState> = { from: origin, kind: choices(kinds), open: flag(), station: maybeCount() }

/** What people who work outdoors look for first; the rest follows in the order of the record. */
const wanted = [
  'water', 'hot_meal', 'charge_phone', 'charge_ebike', 'oxygen_machine', 'oxygen_diffuse', 'toilet', 'truck_parking',
  'shower', 'bed', 'meals', 'heating', 'rest_seat',
] // prettier-ignore

export function facilitiesInOrder(facilities: readonly string[]): string[] {
  const rank = (code: string) => (wanted.includes(code) ? wanted.indexOf(code) : wanted.length)
  return [...facilities].sort((a, b) => rank(a) - rank(b))
}

/** A station in the list: with the time on foot when there is a place to start from. */
export interface Row {
  station: Station
  seconds?: number
  metres?: number
  /** Metres of the way that are steps. */
  steps?: number
  route?: Position[]
}

export function rowsOfNearest(nearest: Nearest): Row[] {
  return nearest.results.map(({ station, seconds, metres, steps_metres, route }) => ({
    station,
    seconds,
    metres,
    steps: steps_metres,
    route: route?.coordinates ?? [],
  }))
}

/** Without a place to start from: what is open first, then what may be, then by code. */
export function rowsOfAll(stations: readonly Station[]): Row[] {
  const rank = ({ properties: { open } }: Station) => (open === true ? 0 : open === false ? 2 : 1)
  return [...stations]
    .sort((a, b) => rank(a) - rank(b) || a.properties.code.localeCompare(b.properties.code))
    .map((station) => ({ station }))
}

/** What a sign on the door would say, and how it should look. */
export interface OpenState {
  words: string
  /** When that changes. */
  until?: string
  tone: 'good' | 'soon' | 'bad' | 'unknown'
}

const soonMs = 45 * 60_000

export function openState(station: Station, now: Date): OpenState {
  const { status, open, changes_at, hours } = station.properties
  if (status !== 'open' && status !== 'trial') return { words: t(`station.${status}`), tone: 'bad' }
  const change = changes_at ? new Date(changes_at) : undefined
  const ahead = change && change > now ? change : undefined
  if (open === true) {
    if (hours?.trim() === '24/7') return { words: t('open.always'), tone: 'good' }
    if (!ahead) return { words: t('open.now'), tone: 'good' }
    const soon = ahead.getTime() - now.getTime() <= soonMs
    const until = t('open.closes', { time: clock(ahead) })
    return soon ? { words: t('open.soon'), until, tone: 'soon' } : { words: t('open.now'), until, tone: 'good' }
  }
  if (open === false) {
    const until = ahead && t('open.opens', { day: dayOf(ahead, now), time: clock(ahead) })
    return { words: t('open.closed'), ...(until && { until }), tone: 'bad' }
  }
  return { words: t('open.unknown'), tone: 'unknown' }
}

const weekdays = ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'] as const
type Day = 0 | 1 | 2 | 3 | 4 | 5 | 6

/** Opening hours in words, one line a rule; a text that is not understood is shown as it is. */
export function hoursInWords(hours: string | undefined): string[] {
  const text = hours?.trim()
  if (!text) return [t('hours.unknown')]
  if (text === '24/7') return [t('hours.always')]
  return text.split(';').map((rule) => {
    const [first = '', second] = rule.trim().split(/\s+/)
    const [days, times] = second === undefined ? ['Mo-Su', first] : [first, second]
    const named = daysInWords(days)
    if (named === undefined) return rule.trim()
    return `${named} ${times === 'off' ? t('hours.off') : times.replace(/-/g, '–').replace(/,/g, t('day.list'))}`
  })
}

function daysInWords(days: string): string | undefined {
  if (days === 'Mo-Su') return t('day.every')
  const parts: string[] = []
  for (const part of days.split(',')) {
    const [from, to, ...more] = part.split('-').map((d) => weekdays.indexOf(d as (typeof weekdays)[number]))
    if (from === undefined || from < 0 || more.length > 0 || (to !== undefined && to < 0)) return undefined
    const first = t(`day.${from as Day}`)
    parts.push(to === undefined ? first : t('day.span', { from: first, to: t(`day.${to as Day}`) }))
  }
  return parts.join(t('day.list'))
}

/** Coordinates as people paste them into another map. */
export function coordinates([lon, lat]: Position): string {
  return `${lon.toFixed(6)},${lat.toFixed(6)}`
}
