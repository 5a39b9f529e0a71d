import { maybe, t, type Name } from '@/i18n'
import { area, date, number } from '@/i18n/format'
import type { Limit } from '@/api/types'
import { choice, text, type Codec } from '@/url/codec'
import type { Import, ImportFault, ImportItem } from './api'

export const kinds = ['parcels', 'stations'] as const
export type Kind = (typeof kinds)[number]

export const outcomes = ['added', 'changed', 'same', 'refused'] as const
export type Outcome = (typeof outcomes)[number]

/** What the preview shows: what would come of the records, and what should be looked at. */
export const tabs = [...outcomes, 'warnings'] as const
export type Tab = (typeof tabs)[number]

export interface PreviewState {
  id: string
  tab: Tab | ''
  /** The record that is looked at. */
  item: string
}

export const previewCodec: Codec<PreviewState> = {
  id: text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  tab: choice<Tab | ''>(['', ...tabs], ''),
  item: text(/^[^\s/?#]{1,60}$/u),
}

/** Whether nothing more happens by itself: it waits for a word, or is over. */
export function isSettled(state: Import['state']): boolean {
  return state === 'ready' || isOver(state)
}

export function isOver(state: Import['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

export function countOf({ counts, warnings }: Pick<Import, 'counts' | 'warnings'>, tab: Tab): number {
  if (tab === 'same') return counts.unchanged
  return tab === 'warnings' ? warnings : counts[tab]
}

/** The tab to begin with: faults first, for they must be decided on. */
export function firstTab(one: Pick<Import, 'counts' | 'warnings'>): Tab {
  const order: readonly Tab[] = ['refused', 'changed', 'added', 'same', 'warnings']
  return order.find((tab) => countOf(one, tab) > 0) ?? 'added'
}

/** How many records a confirmation would write. */
export function written({ counts }: Pick<Import, 'counts'>): number {
  return counts.added + counts.changed
}

// What is sent

export const largest = 50 * 2 ** 20 // bytes

export interface Options {
  cgcs2000?: 'true'
  zone?: number
  degree_zone?: number
  exchanged?: 'true'
  use?: string
  within?: string
}

/** The form as it is filled in. */
export interface Answers {
  cgcs2000: boolean
  zone: string
  width: '' | '3' | '6'
  exchanged: boolean
  use: string
  within: string
}

export const noAnswers: Answers = { cgcs2000: false, zone: '', width: '', exchanged: false, use: '', within: '' }

/** What is wrong with a file before it is sent; empty when nothing is. */
export function faultOfFile(file: Pick<File, 'size' | 'name'> | undefined): string {
  if (!file) return t('desk.file.none')
  if (file.size === 0) return t('desk.file.empty', { name: file.name })
  if (file.size > largest) return t('desk.file.large', { size: bytes(file.size), most: bytes(largest) })
  return ''
}

/** What is wrong with the answers, by field. */
export function faultsOfAnswers(answers: Answers): Partial<Record<keyof Answers, string>> {
  const faults: Partial<Record<keyof Answers, string>> = {}
  const zone = Number(answers.zone)
  const inChina = (zone >= 13 && zone <= 23) || (zone >= 25 && zone <= 45)
  if (answers.zone.trim() && !(Number.isInteger(zone) && inChina)) faults.zone = t('desk.option.zone.bad')
  if (answers.use.trim() && !/^(2023|2017):\d{2,8}$/.test(answers.use.trim())) faults.use = t('desk.option.use.bad')
  if (answers.within.trim() && !boxOf(answers.within)) faults.within = t('desk.option.within.bad')
  return faults
}

/** West, south, east and north in degrees, however they are parted. */
export function boxOf(raw: string): readonly number[] | undefined {
  const parts = raw.trim().split(/[\s,，;；]+/)
  const box = parts.map(Number)
  const [w = NaN, s = NaN, e = NaN, n = NaN] = box
  const ok = box.length === 4 && w >= -180 && e <= 180 && s >= -90 && n <= 90 && w < e && s < n
  return ok ? box : undefined
}

/** The answers as the service takes them. Only surveys of parcels leave anything open. */
export function optionsOf(kind: Kind, answers: Answers): Options {
  if (kind !== 'parcels') return {}
  const box = boxOf(answers.within)
  return {
    ...(answers.cgcs2000 && { cgcs2000: 'true' as const }),
    ...(answers.zone.trim() && { zone: Number(answers.zone) }),
    ...(answers.width && { degree_zone: Number(answers.width) }),
    ...(answers.exchanged && { exchanged: 'true' as const }),
    ...(answers.use.trim() && { use: answers.use.trim() }),
    ...(box && { within: box.join(',') }),
  }
}

// What is shown

/** Thousands of bytes as people know them from their folders. */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`
  return n < 2 ** 20 ? `${number(n / 1024)} KB` : `${number(n / 2 ** 20, 1)} MB`
}

/** Where a fault is: line and part, or the whole file. */
export function placeOf({ line, part }: Pick<ImportFault, 'line' | 'part'>): string {
  const where = line ? t('desk.line.n', { n: line }) : t('desk.line.all')
  return part ? t('desk.line.part', { line: where, part }) : where
}

/** How far the stated area is from the computed one, as a share of that; undefined when one is missing. */
export function areaGap({ stated_m2: stated, area_m2: computed }: Pick<ImportItem, 'stated_m2' | 'area_m2'>): number | undefined {
  return stated && computed ? (stated - computed) / computed : undefined
}

/** A gap that should be looked at: over half a percent, which no projection explains. */
export const isWide = (gap: number | undefined): boolean => gap !== undefined && Math.abs(gap) > 0.005

/** A signed share in words: "+1.25 %"; what is very little is less than something, not nothing. */
export function gapInWords(gap: number): string {
  const sign = gap > 0 ? '+' : gap < 0 ? '−' : ''
  const rounded = Math.round(Math.abs(gap) * 1e4) / 100
  return t('unit.percent.n', { n: gap !== 0 && rounded === 0 ? `< ${number(0.01, 2)}` : sign + number(rounded, 2) })
}

/** The name of a field of a record. */
export function fieldName(field: string): string {
  return maybe(`desk.field.${field}`) ?? field
}

type Translator = (value: never) => string

const limits: Translator = (value: Limit) => {
  const low = value.min === undefined ? '' : `${number(value.min, 3)} ${value.min_exclusive ? '<' : '≤'} `
  const high = value.max === undefined ? '' : ` ${value.max_exclusive ? '<' : '≤'} ${number(value.max, 3)}`
  return low || high ? `${low}x${high}` : t('desk.value.none')
}
const name: Translator = (value: Partial<Name>) => [value.zh, value.bo, value.en].filter(Boolean).join(' / ')
const price: Translator = (value: { amount: number; unit: string }) => `${number(value.amount, 4)} ${value.unit}`
const day = (value: string) => date(new Date(value))
const period: Translator = (value: { from?: string; to?: string }) => `${value.from ? day(value.from) : ''} – ${value.to ? day(value.to) : ''}`
const listed = (prefix: string) => (values: readonly string[]) => values.map((v) => maybe(prefix + v) ?? v).join(t('day.list'))
const worded = (prefix: string) => (value: string) => maybe(prefix + value) ?? value

const translators: Record<string, Translator> = {
  name, address: name,
  county: worded('county.'), supply: worded('land.supply.'), kind: worded('kind.'),
  status: (value: string) => maybe(`land.status.${value}`) ?? maybe(`station.${value}`) ?? value,
  far: limits, density: limits, green: limits, height_m: limits,
  price, deposit: price, increment: price, intensity: price,
  area_m2: (value: number) => area(value, 'm2'),
  stated_m2: (value: number) => area(value, 'm2'),
  altitude_m: (value: number) => t('unit.metres.n', { n: number(value, 1) }),
  term_years: (value: number) => t('unit.years.n', { n: value }),
  notice_on: day,
  registration: period, listing: period, publicity: period,
  facilities: (values: readonly string[]) => values.map((v) => maybe(`land.utility.${v}`) ?? maybe(`facility.${v}`) ?? v).join(t('day.list')),
  industry: listed('industry.'),
  uses: (rows: readonly { code: string; scheme?: string; area_m2?: number }[]) =>
    rows.map(({ code, area_m2 }) => (area_m2 ? `${code} ${area(area_m2, 'm2')}` : code)).join(t('day.list')),
  steps: (rows: readonly { status: string; on: string }[]) => {
    const last = rows.at(-1)
    return last ? `${maybe(`land.status.${last.status}`) ?? last.status} ${last.on}` : t('desk.value.none')
  },
} // prettier-ignore

/** A value of a field as people read it; fields that nobody has a word for are shown as the record has them. */
export function valueInWords(field: string, value: unknown): string {
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return t('desk.value.none')
  if (typeof value === 'object' && Object.keys(value).length === 0) return t('desk.value.none')
  if (value === 0 && ['stated_m2', 'area_m2', 'altitude_m', 'term_years'].includes(field)) return t('desk.value.none')
  if (typeof value === 'boolean') return t(value ? 'desk.value.yes' : 'desk.value.no')
  const translate = translators[field] as ((value: unknown) => string) | undefined
  if (translate) return translate(value)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Shapes are told as such: their coordinates would say nothing. */
export const isShape = (field: string): boolean => field === 'geom'

/** The box around all shapes; undefined when there are none. */
export function boundsOf(features: readonly { geometry: GeoJSON.Geometry | null }[]): [number, number, number, number] | undefined {
  let box: [number, number, number, number] | undefined
  const see = (at: unknown): void => {
    if (!Array.isArray(at)) return
    const [x, y] = at as unknown[]
    if (typeof x !== 'number' || typeof y !== 'number') return at.forEach(see)
    box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y]
  }
  for (const { geometry } of features) if (geometry && 'coordinates' in geometry) see(geometry.coordinates)
  return box
}
