import type { Limit, Parcel } from '@/api/types'
import { maybe, t } from '@/i18n'
import { number } from '@/i18n/format'

/** The life cycle of a parcel as visitors see it: six stages of the record's sixteen states. */
export const stages = ['available', 'announced', 'bidding', 'coming', 'sold', 'paused'] as const
export type Stage = (typeof stages)[number]

const statuses: Record<Stage, readonly string[]> = {
  available: ['ready', 'promoted', 'unsold'],
  announced: ['pre_announced', 'announced', 'registration'],
  bidding: ['bidding'],
  coming: ['reserve', 'preparing'],
  sold: ['result_notice', 'signed', 'delivered', 'supplied'],
  paused: ['suspended', 'terminated', 'withdrawn'],
}

/** The states in their order, by which tiles number them. */
export const lifeCycle: readonly string[] = [
  'reserve', 'preparing', 'ready', 'promoted', 'pre_announced', 'announced', 'registration', 'bidding',
  'result_notice', 'signed', 'delivered', 'supplied', 'unsold', 'suspended', 'terminated', 'withdrawn',
]

export function stageOf(status: string): Stage | undefined {
  return stages.find((stage) => statuses[stage].includes(status))
}

export function statusesOf(chosen: readonly Stage[]): string[] {
  return chosen.flatMap((stage) => [...statuses[stage]])
}

/** How a parcel of a stage is outlined: on offer solid, announced dashed, closed thin. */
export const outlines: Record<Stage, 'solid' | 'dashed' | 'thin'> = {
  available: 'solid',
  coming: 'thin',
  announced: 'dashed',
  bidding: 'dashed',
  sold: 'thin',
  paused: 'thin',
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

/** A planning limit in words: "≥ 0.8", "1.0 < 容积率 ≤ 2.5" with its name, "≤ 24 m"; empty when there is none. */
export function limitInWords(limit: Limit | undefined, unit = '', name = 'x', digits = 0): string {
  const low = limit?.min
  const high = limit?.max
  const bare = (n: number) => number(n, 2, digits)
  const say = (n: number) => `${bare(n)}${unit && ` ${unit}`}`
  if (low !== undefined && high !== undefined) {
    if (low === high && !limit?.min_exclusive && !limit?.max_exclusive) return `= ${say(low)}`
    return `${bare(low)} ${limit?.min_exclusive ? '<' : '≤'} ${name} ${limit?.max_exclusive ? '<' : '≤'} ${say(high)}`
  }
  if (low !== undefined) return `${limit?.min_exclusive ? '>' : '≥'} ${say(low)}`
  if (high !== undefined) return `${limit?.max_exclusive ? '<' : '≤'} ${say(high)}`
  return ''
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
