import { maybe, t } from '@/i18n'
import { area, number } from '@/i18n/format'
import { choices, text, type Codec } from '@/url/codec'
import type { Intent, IntentState, IntentSummary } from './api'

/** The states in the order of handling. */
export const states = ['submitted', 'accepted', 'matched', 'contact', 'tender', 'answered', 'closed', 'withdrawn'] as const satisfies readonly IntentState[]

export interface QueueState {
  state: readonly IntentState[]
  number: string
}

export const queueCodec: Codec<QueueState> = {
  state: choices(states),
  number: text(/^[A-Z0-9-]{1,30}$/),
}

export const stateName = (state: string): string => maybe(`desk.state.${state}`) ?? state

/** Names are compared as the service does, which passes over case and spaces. */
const plain = (name: string) => name.replace(/\s+/g, '').toLowerCase()

/** Whether this person may not take the step, because whoever accepted an intent may not close it. */
export function needsAnother(intent: Pick<IntentSummary, 'accepted_by'>, to: string, who: string): boolean {
  return to === 'closed' && intent.accepted_by !== undefined && plain(intent.accepted_by) === plain(who)
}

/** The steps that may follow, the usual one first; to withdraw is the submitter's word, and comes last. */
export function stepsOf({ next }: Pick<IntentSummary, 'next'>): IntentState[] {
  return [...(next as IntentState[])].sort((a, b) => states.indexOf(a) - states.indexOf(b))
}

/** An answer must say something. */
export const needsNote = (to: string): boolean => to === 'answered'

/** An industry by its section in GB/T 4754, with its code. */
export function industryName(code: string): string {
  const section = maybe(`desk.industry.${code.slice(0, 1)}`)
  return section ? `${section} ${code}` : code
}

/** What an intent wants of the area. */
export function areaWanted({ area_min_m2: min, area_max_m2: max }: Pick<IntentSummary, 'area_min_m2' | 'area_max_m2'>): string {
  if (min && max) return t('desk.range', { from: number(min / (2000 / 3), 1), to: area(max, 'mu') })
  if (min) return t('desk.range.least', { from: area(min, 'mu') })
  return max ? t('desk.range.most', { to: area(max, 'mu') }) : t('desk.value.any')
}

type Need = Intent['needs'][number]

const units: Record<string, string> = {
  price: '万元', price_m2: '元/㎡', density: '%', green: '%', height: 'm', altitude: 'm',
} // prettier-ignore

function bound(term: string, n: number): string {
  if (term === 'area') return area(n, 'mu')
  if (term === 'term') return t('unit.years.n', { n })
  if (term.startsWith('to_')) return t('unit.minutes.n', { n })
  return units[term] ? `${number(n, 2)} ${units[term]}` : number(n, 2)
}

function valueName(term: string, value: string): string {
  const prefixes: Record<string, string> = { use: 'use.2023.', county: 'county.', supply: 'land.supply.', facility: 'land.utility.' }
  const known = maybe(`${prefixes[term] ?? ''}${value}`)
  return known && term === 'use' ? `${known} ${value}` : (known ?? value)
}

/** A need in words: what is asked for, and how much of it. */
export function needInWords({ term, min, max, values }: Need): { what: string; asked: string } {
  const what = maybe(`desk.need.${term}`) ?? term
  if (values?.length) return { what, asked: values.map((v) => valueName(term, v)).join(t('day.list')) }
  if (min !== undefined && max !== undefined) return { what, asked: t('desk.range', { from: bound(term, min), to: bound(term, max) }) }
  if (min !== undefined) return { what, asked: t('desk.range.least', { from: bound(term, min) }) }
  if (max !== undefined) return { what, asked: t('desk.range.most', { to: bound(term, max) }) }
  return { what, asked: t('desk.value.wanted') }
}
