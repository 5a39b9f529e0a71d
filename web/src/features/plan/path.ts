import type { Targets } from './report'

export const goals = ['standard', 'key_areas', 'highways'] as const
export type Goal = (typeof goals)[number]

export interface Point {
  /** Days since 1970. */
  day: number
  value: number
  name: string
}

export interface Path {
  planned: Point[]
  actual: Point[]
  /** The box around both. */
  from: number
  until: number
  most: number
}

export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000)

/** The planned line of one goal, and what was reached so far: kept reports by their days, and today. */
export function pathOf(targets: Targets, goal: Goal, today: string): Path {
  const actual = targets.path.map(({ day, name, progress }) => ({ day: dayNumber(day), value: progress[goal], name }))
  actual.push({ day: dayNumber(targets.day), value: targets.now[goal], name: today })
  const ends = targets.targets.map((target) => ({ day: dayNumber(`${target.year}-12-31`), value: target[goal], name: String(target.year) }))
  const first = actual[0]
  const planned = first && ends[0] && first.day < ends[0].day ? [{ ...first }, ...ends] : ends
  const all = [...planned, ...actual]
  return {
    planned,
    actual,
    from: Math.min(...all.map(({ day }) => day)),
    until: Math.max(...all.map(({ day }) => day)),
    most: Math.max(1, ...all.map(({ value }) => value)),
  }
}

/** What the planned line says on a day, between its points in proportion; undefined before and after it. */
export function plannedAt({ planned }: Path, day: number): number | undefined {
  for (let i = 1; i < planned.length; i++) {
    const a = planned[i - 1]
    const b = planned[i]
    if (a && b && day >= a.day && day <= b.day) return a.value + ((b.value - a.value) * (day - a.day)) / Math.max(1, b.day - a.day)
  }
  return undefined
}
