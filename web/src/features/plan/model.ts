import { cellCodes } from '@/api/client'
import { kinds, type AreaCoverage, type Kind } from '@/api/types'
import { choice, choices, maybeCount, steps, type Codec } from '@/url/codec'

export const times = ['any', 'now', 'night'] as const
export type Time = (typeof times)[number]

export const profiles = ['walk', 'ebike', 'car', 'truck'] as const
export type Profile = (typeof profiles)[number]

export interface PlanState {
  profile: Profile
  minutes: number
  time: Time
  kind: readonly Kind[]
  area: number | undefined
}

export const minutesRange = { min: 5, max: 30, step: 5 } as const

export const planCodec: Codec<PlanState> = {
  profile: choice(profiles, 'walk'),
  minutes: steps(minutesRange.min, minutesRange.max, minutesRange.step, 15),
  time: choice(times, 'any'),
  kind: choices(kinds),
  area: maybeCount(),
}

/** The clock time of "night", as hours of the day on the service's clock. */
const nightHour = 23

/** open_at for a time: RFC 3339 on the clock of China, "now", or nothing. */
export function openAt(time: Time, now: Date): string | undefined {
  if (time === 'any') return undefined
  if (time === 'now') return 'now'
  // China keeps one clock, eight hours before Greenwich, all year.
  const inChina = new Date(now.getTime() + 8 * 3_600_000)
  return `${inChina.toISOString().slice(0, 10)}T${nightHour}:00:00+08:00`
}

/** The steps of the ramp: minutes at their upper ends, and the colour token of each. */
export interface Step {
  upTo: number
  token: string
}

export const rampTokens = ['--ramp-1', '--ramp-2', '--ramp-3', '--ramp-4', '--ramp-5'] as const

/** Five equal steps up to minutes; whole numbers, because minutes come in fives. */
export function rampSteps(minutes: number): Step[] {
  return rampTokens.map((token, i) => ({ upTo: (minutes / rampTokens.length) * (i + 1), token }))
}

/** Quarter minutes of a cell's byte up to which it lies within minutes. */
export function limitByte(minutes: number): number {
  return Math.min(minutes * 4, cellCodes.far - 1)
}

/** The areas that need attention first. */
export function leastCoveredFirst(areas: readonly AreaCoverage[]): AreaCoverage[] {
  return [...areas].sort((a, b) => a.share - b.share || a.id - b.id)
}

/** The area of one H3 cell in m², on average over the globe (h3geo.org, table of cell statistics). */
export const cellM2: Record<number, number> = { 8: 737_328, 9: 105_333, 10: 15_048, 11: 2_150 }

/** What the browser itself counts in the table of times, to tell whether the map and the list are of one mind. */
export function countWithin(values: Uint8Array, minutes: number): number {
  const limit = limitByte(minutes)
  let n = 0
  for (const v of values) if (v <= limit) n++
  return n
}
