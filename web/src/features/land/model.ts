import type { Limit, Parcel } from '@/api/types'
import type { ParcelQuery } from '@/api/client'
import { maybe, t } from '@/i18n'
import { area, areaUnits, number, unitM2, type AreaUnit } from '@/i18n/format'
import { choice, choices, maybeBox, maybeCount, text, texts, type Box, type Codec } from '@/url/codec'

/** The life cycle of a parcel as visitors see it: six groups of the record's sixteen states. */
export const groups = ['offer', 'announced', 'bidding', 'reserve', 'done', 'halted'] as const
export type Group = (typeof groups)[number]

const statuses: Record<Group, readonly string[]> = {
  offer: ['ready', 'promoted', 'unsold'],
  announced: ['pre_announced', 'announced', 'registration'],
  bidding: ['bidding'],
  reserve: ['reserve', 'preparing'],
  done: ['result_notice', 'signed', 'delivered', 'supplied'],
  halted: ['suspended', 'terminated', 'withdrawn'],
}

/** The states in their order, by which tiles number them. */
export const lifeCycle: readonly string[] = [
  'reserve', 'preparing', 'ready', 'promoted', 'pre_announced', 'announced', 'registration', 'bidding',
  'result_notice', 'signed', 'delivered', 'supplied', 'unsold', 'suspended', 'terminated', 'withdrawn',
]

export function groupOf(status: string): Group | undefined {
  return groups.find((group) => statuses[group].includes(status))
}

export function statusesOf(chosen: readonly Group[]): string[] {
  return chosen.flatMap((group) => [...statuses[group]])
}

/** How a parcel of a group is outlined: on offer solid, announced dashed, closed thin. */
export const outlines: Record<Group, 'solid' | 'dashed' | 'thin'> = {
  offer: 'solid',
  reserve: 'thin',
  announced: 'dashed',
  bidding: 'dashed',
  done: 'thin',
  halted: 'thin',
}

export interface LandState {
  county: readonly string[]
  use: readonly string[]
  status: readonly Group[]
  /** m², inclusive; absent is open. */
  min: number | undefined
  max: number | undefined
  unit: AreaUnit
  /** West, south, east, north in degrees: only what the map showed. */
  box: Box | undefined
  parcel: string
}

const maxM2 = 10_000_000_000

export const landCodec: Codec<LandState> = {
  county: texts(/^\d{6}$/),
  use: texts(/^\d{2}$/),
  status: choices(groups),
  min: maybeCount(maxM2),
  max: maybeCount(maxM2),
  unit: choice(areaUnits, 'mu'),
  box: maybeBox(),
  parcel: text(/^[^\s/?#]{1,60}$/u),
}

export function queryFor(state: LandState): ParcelQuery {
  return {
    county: state.county,
    use: state.use,
    status: statusesOf(state.status),
    area_min: state.min,
    area_max: state.max,
    bbox: state.box?.join(','),
  }
}

/** The two-digit classes of building land in the guide of 2023, as the filter offers them. */
export const useClasses = ['07', '08', '09', '10', '11', '12', '13', '14', '15', '16'] as const

/** The colour token of a land use, undefined where the drawings have none. */
export function useToken(code: string, scheme: string): string | undefined {
  const own = scheme === '2023' ? code.slice(0, 2) : of2017[code.slice(0, 2)]
  return useClasses.some((c) => c === own) ? `--use-${own}` : undefined
}

/** Classes of GB/T 21010-2017 beside those of 2023 that are drawn in the same hue. */
const of2017: Record<string, string> = { '05': '09', '06': '10', '07': '07', '08': '08', '09': '15', '10': '12' }

/** The name of a land use by its longest known prefix, with its code. */
export function useName({ code, scheme }: { code: string; scheme: string }): string {
  for (let n = code.length; n >= 2; n -= 2) {
    const known = maybe(`use.${scheme}.${code.slice(0, n)}`)
    if (known) return known
  }
  return t('use.other')
}

export function countyName(code: string | undefined): string {
  return (code && maybe(`county.${code}`)) || code || ''
}

/** A planning limit in words: "≥ 0.8", "1 < x ≤ 2.5", "≤ 24 m"; empty when there is none. */
export function limitInWords(limit: Limit | undefined, unit = ''): string {
  const low = limit?.min
  const high = limit?.max
  const say = (n: number) => `${number(n, 2)}${unit && ` ${unit}`}`
  if (low !== undefined && high !== undefined) {
    if (low === high && !limit?.min_exclusive && !limit?.max_exclusive) return `= ${say(low)}`
    return `${number(low, 2)} ${limit?.min_exclusive ? '<' : '≤'} x ${limit?.max_exclusive ? '<' : '≤'} ${say(high)}`
  }
  if (low !== undefined) return `${limit?.min_exclusive ? '>' : '≥'} ${say(low)}`
  if (high !== undefined) return `${limit?.max_exclusive ? '<' : '≤'} ${say(high)}`
  return ''
}

/** A range of areas in words, in unit. */
export function areaRange(min: number | undefined, max: number | undefined, unit: AreaUnit): string {
  if (min !== undefined && max !== undefined) {
    const bare = number(min / unitM2[unit], 2)
    return t('land.area.between', { from: bare, to: area(max, unit) })
  }
  if (min !== undefined) return t('land.area.least', { from: area(min, unit) })
  if (max !== undefined) return t('land.area.most', { to: area(max, unit) })
  return ''
}

/** The stops of the area slider in 亩: close together where small parcels are many. */
export const areaStopsMu = [0, 5, 10, 20, 30, 50, 80, 100, 150, 200, 300, 500] as const

export const stopM2 = (stop: number) => Math.round((areaStopsMu[stop] ?? 0) * unitM2.mu)

/** The slider's stop for an area in m². */
export function stopOf(m2: number): number {
  const mu = m2 / unitM2.mu
  let best = 0
  areaStopsMu.forEach((stop, i) => {
    if (Math.abs(stop - mu) < Math.abs((areaStopsMu[best] ?? 0) - mu)) best = i
  })
  return best
}

/** How far the stated area is from the drawn one, when that is worth a word: over half a percent. */
export function areaDifference({ area_m2, stated_m2 }: Parcel['properties']): number | undefined {
  if (!stated_m2) return undefined
  const difference = stated_m2 - area_m2
  return Math.abs(difference) > area_m2 * 0.005 ? difference : undefined
}

/** The parcel's area to show first: the bureau's word, or else what the drawing gives. */
export function areaOf({ area_m2, stated_m2 }: Parcel['properties']): number {
  return stated_m2 || area_m2
}
