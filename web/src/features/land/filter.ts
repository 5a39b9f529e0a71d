import { mostCorners } from '@/map/shape'
import type { ParcelQuery } from '@/api/client'
import { area, areaUnits, date, number, percent, unitM2, type AreaUnit } from '@/i18n/format'
import { maybe, t, type Key } from '@/i18n'
import {
  choice,
  maybeBox,
  maybeLonLat,
  steps,
  text,
  texts,
  type Box,
  type Codec,
  type Field,
  type LonLat,
} from '@/url/codec'
import { maybeDays, maybeRing, maybeSpan, type Days, type Span } from '@/url/spans'
import { countyName, useName } from './model'

/** What parcels are chosen by, under the names of the HTTP interface. */
export const choiceNames = ['stage', 'use', 'use_2017', 'county', 'zone', 'industry', 'supply', 'facility', 'status'] as const
export type ChoiceName = (typeof choiceNames)[number]

/** What parcels are measured by, under the names of the HTTP interface. */
export const rangeNames = [
  'area', 'price_m2', 'price', 'deposit', 'intensity', 'far', 'density', 'green', 'height', 'term', 'ground', 'slope', 'altitude',
  'to_county_seat', 'to_highway', 'to_railway', 'to_airport', 'to_station',
] as const // prettier-ignore
export type RangeName = (typeof rangeNames)[number]

/** Days that parcels are chosen by, under the names of the HTTP interface. */
export const dayNames = ['notice_on', 'registration_ends', 'listing_ends'] as const
export type DayName = (typeof dayNames)[number]

export const sorts = [
  'number', 'area', '-area', 'price_m2', '-price_m2', 'price', 'ground', 'slope', 'altitude', 'to_county_seat', 'to_highway', 'to_railway', 'to_airport', '-notice_on',
] as const // prettier-ignore
export type Sort = (typeof sorts)[number]

/** What the list holds. */
export type LandFilter = Record<ChoiceName, readonly string[]> &
  Record<RangeName, Span | undefined> &
  Record<DayName, Days | undefined> & {
    q: string
    /** West, south, east, north in degrees: only what the map showed. */
    box: Box | undefined
    /** Corners of a drawn shape. */
    shape: readonly LonLat[] | undefined
    /** From the parcel this place is reached by car in minutes. */
    near: LonLat | undefined
    minutes: number
  }

export interface LandState extends LandFilter {
  sort: Sort
  unit: AreaUnit
  parcel: string
}

/** The public number of a parcel as an address holds it. */
export const parcelNumber = /^[^\s/?#,]{1,60}$/u

const words = /^[^\s,\p{C}](?:[^,\p{C}]{0,58}[^\s,\p{C}])?$/u
const patterns: Record<ChoiceName, RegExp> = {
  stage: /^[a-z_]{1,20}$/,
  status: /^[a-z_]{1,20}$/,
  facility: /^[a-z_]{1,20}$/,
  supply: /^[A-Z]{2}$/,
  use: /^\d{2,6}$/,
  use_2017: /^\d{2,4}$/,
  county: /^\d{6}$/,
  zone: words,
  industry: words,
}

function fieldsOf<Name extends string, T>(names: readonly Name[], make: (name: Name) => Field<T>): Record<Name, Field<T>> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Field<T>>
}

export const filterCodec: Codec<LandFilter> = {
  ...fieldsOf(choiceNames, (name) => texts(patterns[name])),
  ...fieldsOf(rangeNames, () => maybeSpan(10_000_000_000)),
  ...fieldsOf(dayNames, () => maybeDays()),
  q: text(/^[^\p{C}]{1,80}$/u),
  box: maybeBox(),
  shape: maybeRing(mostCorners),
  near: maybeLonLat(),
  minutes: steps(5, 240, 5, 30),
}

export const landCodec: Codec<LandState> = {
  ...filterCodec,
  sort: choice(sorts, 'number'),
  unit: choice(areaUnits, 'mu'),
  parcel: text(parcelNumber),
}

/** The filter and order of state as the service is asked. */
export function queryFor(state: LandState): ParcelQuery {
  const query: Record<string, string | number | undefined | readonly string[]> = {}
  for (const name of choiceNames) query[name] = state[name]
  for (const name of rangeNames) {
    query[`${name}_min`] = state[name]?.min
    query[`${name}_max`] = state[name]?.max
  }
  for (const name of dayNames) {
    query[`${name}_min`] = state[name]?.from
    query[`${name}_max`] = state[name]?.to
  }
  query.q = state.q.trim()
  query.bbox = state.box?.join(',')
  query.within = state.shape?.flat().join(',')
  query.near = state.near?.join(',')
  query.minutes = state.near && state.minutes
  query.sort = state.sort === 'number' ? undefined : state.sort
  return query
}

/** The same without what is no filter of the map: the box in sight, or the map would end at its own edge, and the order. */
export function mapQueryFor({ bbox: _, sort: __, ...query }: ParcelQuery): ParcelQuery {
  return query
}

/** A value of a choice in words. */
export function choiceText(name: ChoiceName, value: string): string {
  switch (name) {
    case 'stage':
      return maybe(`land.group.${value}`) ?? value
    case 'use':
      return useName({ code: value, scheme: '2023' })
    case 'use_2017':
      return useName({ code: value, scheme: '2017' })
    case 'county':
      return countyName(value)
    case 'supply':
      return maybe(`land.supply.${value}`) ?? value
    case 'facility':
      return maybe(`land.utility.${value}`) ?? value
    case 'status':
      return maybe(`land.status.${value}`) ?? value
    default:
      return maybe(`land.${name}.${value}`) ?? value
  }
}

export const choiceLabels: Record<ChoiceName, Key> = {
  stage: 'land.status',
  use: 'land.use',
  use_2017: 'land.use_2017',
  county: 'land.county',
  zone: 'land.zone',
  industry: 'land.industry',
  supply: 'land.supply',
  facility: 'land.utilities',
  status: 'land.status.exact',
}

export const dayLabels: Record<DayName, Key> = {
  notice_on: 'land.notice_on',
  registration_ends: 'land.registration_ends',
  listing_ends: 'land.listing_ends',
}

export const rangeLabels: Record<RangeName, Key> = {
  area: 'land.area',
  price_m2: 'land.price_m2',
  price: 'land.price.all',
  deposit: 'land.deposit',
  intensity: 'land.intensity',
  far: 'land.far',
  density: 'land.density',
  green: 'land.green',
  height: 'land.height',
  term: 'land.term',
  ground: 'land.ground',
  slope: 'land.slope',
  altitude: 'land.altitude',
  to_county_seat: 'land.to.county_seat',
  to_highway: 'land.to.highway',
  to_railway: 'land.to.railway',
  to_airport: 'land.to.airport',
  to_station: 'land.to.station',
}

/** What a number of a range is told and typed in: so many of the service's units are one of it. */
export function rangeUnit(name: RangeName, unit: AreaUnit): { text: string; size: number } {
  switch (name) {
    case 'area':
      return { text: t(`unit.${unit}`), size: unitM2[unit] }
    case 'price_m2':
      return { text: t('land.price.元/㎡'), size: 1 }
    case 'price':
    case 'deposit':
      return { text: t('land.price.万元'), size: 1 }
    case 'intensity':
      return { text: t('land.price.万元/亩'), size: 1 }
    case 'far':
      return { text: '', size: 1 }
    case 'density':
    case 'green':
      return { text: '%', size: 1 }
    case 'height':
    case 'altitude':
    case 'ground':
      return { text: t('unit.m'), size: 1 }
    case 'slope':
      return { text: '°', size: 1 }
    case 'term':
      return { text: t('unit.years'), size: 1 }
    default:
      return { text: t('unit.minutes'), size: 1 }
  }
}

/** A number of a range with its unit. */
export function rangeValue(name: RangeName, n: number, unit: AreaUnit): string {
  switch (name) {
    case 'area':
      return area(n, unit)
    case 'density':
    case 'green':
      return percent(n / 100)
    case 'term':
      return t('unit.years.n', { n: number(n) })
    case 'far':
      return number(n, 2, 1)
    case 'height':
    case 'altitude':
    case 'ground':
      return t('unit.metres.n', { n: number(n, 1) })
    case 'slope':
      return `${number(n, 1)}°`
    case 'price_m2':
    case 'price':
    case 'deposit':
    case 'intensity':
      return `${number(n, 2)} ${rangeUnit(name, unit).text}`
    default:
      return t('unit.minutes.n', { n: number(n) })
  }
}

/** A number to type over, short but never 0 for something. */
export function plainNumber(n: number): string {
  return String(Number(n !== 0 && Math.abs(n) < 0.1 ? n.toPrecision(2) : n.toFixed(2)))
}

/** A span in words, "10–20 亩", "10 亩 以上"; empty when it is open at both ends. */
export function spanText(name: RangeName, span: Span | undefined, unit: AreaUnit): string {
  const { min, max } = span ?? {}
  const say = (n: number) => rangeValue(name, n, unit)
  if (min !== undefined && max !== undefined) {
    const { size } = rangeUnit(name, unit)
    return t('land.area.between', { from: number(min / size, min / size < 0.1 ? 4 : 2), to: say(max) })
  }
  if (min !== undefined) return t('land.area.least', { from: say(min) })
  if (max !== undefined) return t('land.area.most', { to: say(max) })
  return ''
}

/** Days in words; empty when they are open at both ends. */
export function daysText({ from, to }: Days = {}): string {
  const say = (day: string) => date(new Date(day))
  if (from && to) return t('land.period', { from: say(from), to: say(to) })
  if (from) return t('land.day.since', { from: say(from) })
  return to ? t('land.day.until', { to: say(to) }) : ''
}

/** A filter that is on, with its words and what takes it off. */
export interface Chip {
  key: string
  text: string
  off: Partial<LandState>
}

export function chipsOf(state: LandState, placeAt: (at: LonLat) => string): Chip[] {
  const chips: Chip[] = []
  if (state.q) chips.push({ key: 'q', text: `“${state.q}”`, off: { q: '' } })
  for (const name of choiceNames) {
    for (const value of state[name]) {
      const rest = state[name].filter((v) => v !== value)
      chips.push({ key: `${name}.${value}`, text: choiceText(name, value), off: { [name]: rest } })
    }
  }
  for (const name of rangeNames) {
    const words = spanText(name, state[name], state.unit)
    if (words) chips.push({ key: name, text: `${t(rangeLabels[name])} ${words}`, off: { [name]: undefined } })
  }
  for (const name of dayNames) {
    const words = daysText(state[name])
    if (words) chips.push({ key: name, text: `${t(dayLabels[name])} ${words}`, off: { [name]: undefined } })
  }
  if (state.shape) chips.push({ key: 'shape', text: t('land.shape.chip'), off: { shape: undefined } })
  if (state.near) {
    const text = t('land.near.chip', { place: placeAt(state.near), n: state.minutes })
    chips.push({ key: 'near', text, off: { near: undefined, minutes: filterCodec.minutes.fallback } })
  }
  if (state.box) chips.push({ key: 'box', text: t('land.view.chip'), off: { box: undefined } })
  return chips
}

/** What takes every filter off and leaves order, unit and parcel. */
export function noFilter(): LandFilter {
  const fresh: Partial<Record<keyof LandFilter, unknown>> = {}
  for (const name in filterCodec) fresh[name as keyof LandFilter] = filterCodec[name as keyof LandFilter].fallback
  return fresh as LandFilter
}

/** A box of a choice: what it stands for, and how many parcels ticking it alone would give. */
export interface Option {
  value: string
  count: number
  /** Whether it is ticked, or part of what it holds is. */
  on: boolean | 'part'
  /** Whether it is a use within the class above it. */
  within?: boolean
}

interface Counted {
  value: string
  count: number
}

/** Every value that parcels have, and what is chosen that none has. */
export function plainOptions(options: readonly Counted[], chosen: readonly string[]): Option[] {
  const missing = chosen.filter((value) => !options.some((o) => o.value === value)).map((value) => ({ value, count: 0 }))
  return [...options, ...missing].map((o) => ({ ...o, on: chosen.includes(o.value) }))
}

const classOf = (use: string) => use.slice(0, 2)

/** Classes of use, and within those that are chosen, whole or in part, the uses of four digits; deeper ones only if chosen. */
export function useOptions(options: readonly Counted[], chosen: readonly string[]): Option[] {
  const open = new Set(chosen.map(classOf))
  const classes = new Map<string, Option>()
  const add = (use: string, count: number) => classes.set(use, { value: use, count, on: chosen.includes(use) || (open.has(use) && 'part') })
  for (const { value, count } of options) if (value.length === 2) add(value, count)
  for (const value of open) if (!classes.has(value)) add(value, 0)
  return [...classes.values()].flatMap((all) => {
    if (!open.has(all.value)) return [all]
    const parts = options.filter(({ value }) => classOf(value) === all.value && (value.length === 4 || (value.length > 4 && chosen.includes(value))))
    const rows = plainOptions(parts, chosen.filter((use) => use.length > 2 && classOf(use) === all.value))
    return [all, ...rows.map((row) => ({ ...row, within: true }))]
  })
}

/** What is chosen when the box of a value was ticked. */
export function toggled(chosen: readonly string[], value: string): string[] {
  return chosen.includes(value) ? chosen.filter((v) => v !== value) : [...chosen, value]
}

/**
 * The same for uses: values of one choice are alternatives, so that a use within its chosen class would add nothing. It
 * takes the place of the class, as the class takes that of its parts.
 */
export function toggledUse(chosen: readonly string[], value: string): string[] {
  if (chosen.includes(value)) return chosen.filter((v) => v !== value)
  const apart = chosen.filter((v) => !v.startsWith(value) && !value.startsWith(v))
  return [...apart, value]
}

/** What a change is of when several may follow each other on the way to one filter, as a thumb slides or words are typed; else empty. */
export function onTheWay(change: Partial<LandState>): string {
  const [name = '', ...more] = Object.keys(change)
  const slides: readonly string[] = [...rangeNames, ...dayNames, 'minutes', 'q']
  return more.length === 0 && slides.includes(name) ? name : ''
}

/** Thumbs of a slider over the bins of a histogram: its stops are the bins' edges, open at either end. */
export interface Edges {
  /** Numbers at the stops from 1 to the last but one. */
  readonly inner: readonly number[]
  readonly last: number
}

export function edgesOf(bins: readonly { min?: number }[]): Edges {
  const inner = bins.flatMap(({ min }) => (min === undefined ? [] : [min]))
  return { inner, last: inner.length + 1 }
}

/** Where the thumbs stand for a span: at the nearest edges. */
export function thumbsOf({ inner, last }: Edges, span: Span | undefined): [number, number] {
  const nearest = (n: number) => inner.reduce((best, e, i) => (Math.abs(e - n) < Math.abs((inner[best] ?? Infinity) - n) ? i : best), 0) + 1
  const low = span?.min === undefined ? 0 : nearest(span.min)
  const high = span?.max === undefined ? last : nearest(span.max)
  return low < high ? [low, high] : [Math.max(0, high - 1), high]
}

export function spanAt({ inner, last }: Edges, [low = 0, high = last]: readonly number[]): Span | undefined {
  const span: Span = { ...(low > 0 && { min: inner[low - 1] }), ...(high < last && { max: inner[high - 1] }) }
  return span.min === undefined && span.max === undefined ? undefined : span
}

/** A typed span in the unit of the page, in the service's. Ends that are turned round are turned back. */
export function typedSpan(low: string, high: string, size: number): Span | undefined {
  const read = (raw: string) => {
    const n = Number(raw.trim().replace(/，/g, '').replace(/,/g, ''))
    return raw.trim() !== '' && Number.isFinite(n) && n >= 0 ? Math.round(n * size * 100) / 100 : undefined
  }
  const [a, b] = [read(low), read(high)]
  const [min, max] = a !== undefined && b !== undefined && a > b ? [b, a] : [a, b]
  return min === undefined && max === undefined ? undefined : { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}
