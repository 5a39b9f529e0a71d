import type { Drive, Parcel } from '@/api/types'
import { area, areaUnits, date, duration, number, type AreaUnit } from '@/i18n/format'
import { langOf, maybe, nameOf, t, type Key } from '@/i18n'
import { countyName, limitInWords, useName } from './model'

/** One line that can be told of a parcel; without a value it is not known. */
export interface Fact {
  key: string
  label: string
  value: string
  /** Of the value, when it may not be the page's. */
  lang?: string
}

export interface FactGroup {
  title: Key
  facts: readonly Fact[]
}

export const destinations = ['county_seat', 'highway', 'railway', 'airport', 'station'] as const
export type Destination = (typeof destinations)[number]

type Properties = Parcel['properties']
type Terrain = Properties['terrain']
type Amount = NonNullable<Properties['price']>

/** Everything that is told of a parcel, in groups, in the same order for every parcel so that they can be compared. */
export function factsOf({ properties: p }: Parcel, unit: AreaUnit): FactGroup[] {
  return [
    {
      title: 'land.facts',
      facts: [
        fact('number', 'land.number', p.number),
        fact('cadastre', 'land.cadastre', p.cadastre ?? ''),
        fact('status', 'land.status', maybe(`land.status.${p.status}`) ?? p.status),
        fact('use', 'land.use', `${useName(p.use)} ${p.use.code}`),
        fact('scheme', 'land.scheme.name', t('land.scheme', { year: p.use.scheme })),
        fact('county', 'land.county', countyName(p.county)),
        fact('zone', 'land.zone', p.zone ?? '', 'zh-CN'),
        fact('address', 'land.address', nameOf(p.address), p.address && langOf(p.address)),
        fact('industry', 'land.industry', (p.industry ?? []).join('、'), 'zh-CN'),
      ],
    },
    {
      title: 'land.area',
      facts: [
        fact('stated', 'land.stated', p.stated_m2 ? area(p.stated_m2, unit) : ''),
        fact('computed', 'land.computed', area(p.area_m2, unit)),
        fact('areas', 'land.areas', areaUnits.filter((u) => u !== unit).map((u) => area(p.stated_m2 || p.area_m2, u)).join(' · ')),
      ],
    },
    {
      title: 'land.limits',
      facts: [
        fact('far', 'land.far', limitInWords(p.far, '', t('land.far'), 1)),
        fact('density', 'land.density', limitInWords(p.density, '%', t('land.density'))),
        fact('green', 'land.green', limitInWords(p.green, '%', t('land.green'))),
        fact('height', 'land.height', limitInWords(p.height_m, 'm', t('land.height'))),
      ],
    },
    {
      title: 'land.filter.money',
      facts: [
        fact('price', 'land.price', money(p.price)),
        fact('price_m2', 'land.price_m2', p.price_m2 ? [t('land.per.m2', { n: number(p.price_m2, 2) }), perMu(p.price_m2)].join(' · ') : ''),
        fact('deposit', 'land.deposit', money(p.deposit)),
        fact('increment', 'land.increment', money(p.increment)),
        fact('intensity', 'land.intensity', money(p.intensity)),
      ],
    },
    {
      title: 'land.terms',
      facts: [
        fact('supply', 'land.supply', p.supply ? (maybe(`land.supply.${p.supply}`) ?? p.supply) : ''),
        fact('term', 'land.term', p.term_years ? t('unit.years.n', { n: p.term_years }) : ''),
        fact('notice_on', 'land.notice_on', p.notice_on ? date(new Date(p.notice_on)) : ''),
        fact('registration', 'land.registration', period(p.registration)),
        fact('listing', 'land.listing', period(p.listing)),
        fact('publicity', 'land.publicity', period(p.publicity)),
        fact('facilities', 'land.utilities', p.facilities.map((code) => maybe(`land.utility.${code}`) ?? code).join(t('day.list'))),
      ],
    },
    {
      title: 'land.filter.roads',
      facts: [
        fact('altitude', 'land.altitude', p.altitude_m ? t('unit.metres.n', { n: number(p.altitude_m) }) : ''),
        fact('ground', 'land.ground', groundText(p.terrain)),
        fact('slope', 'land.slope', slopeText(p.terrain)),
        ...destinations.map((to) => fact(to, `land.to.${to}`, driveText(p.drives[to]))),
      ],
    },
  ]
}

function fact(key: string, label: Key, value: string, lang?: string): Fact {
  return { key, label: t(label), value: value.trim(), ...(lang && { lang }) }
}

/** An amount with its unit, "15.5 万元/亩". */
export function money(price: Amount | undefined): string {
  return price ? `${number(price.amount, 2)} ${maybe(`land.price.${price.unit}`) ?? price.unit}` : ''
}

function perMu(yuanPerM2: number): string {
  return t('land.per.mu', { n: number((yuanPerM2 * 2000) / 3 / 10_000, 2) })
}

function period(p: { from?: string; to?: string } | undefined): string {
  const [from, to] = [p?.from, p?.to].map((at) => at && date(new Date(at)))
  return from && to ? t('land.period', { from, to }) : from || to || ''
}

/** How long the way takes and where it leads, or why that is not known. */
export function driveText({ seconds, to, missing }: Drive): string {
  if (seconds === null || missing) return t(`land.drive.${missing ?? 'no_way'}`)
  const time = seconds < 30 ? t('land.drive.here') : duration(seconds)
  const name = nameOf(to)
  return name ? `${time} · ${name}` : time
}

/** The mean altitude by the heights, or why it is not known. */
export function groundText({ altitude_m: metres, missing }: Terrain): string {
  return metres === null ? t(`land.terrain.${missing ?? 'none_at_place'}`) : t('unit.metres.n', { n: number(metres) })
}

/** The mean slope with its grade of the national land survey, or why it is not known. */
export function slopeText({ slope_deg: degrees, missing }: Terrain): string {
  if (degrees === null) return t(`land.terrain.${missing ?? 'none_at_place'}`)
  return t('land.slope.value', { n: number(degrees, 1), grade: 1 + [2, 6, 15, 25].filter((above) => degrees > above).length })
}

/** What no two parcels have in common, and what another row says in other units. */
const own: readonly string[] = ['number', 'cadastre', 'areas']

/** What parcels are compared by: every fact that one of them has, and whether they all say the same. */
export interface Row {
  key: string
  label: string
  values: readonly string[]
  differs: boolean
}

export function compareRows(parcels: readonly Parcel[], unit: AreaUnit): { title: Key; rows: Row[] }[] {
  const all = parcels.map((parcel) => factsOf(parcel, unit))
  const [first = []] = all
  return first.map(({ title, facts }, g) => ({
    title,
    rows: facts
      .map(({ key, label }, i) => {
        const values = all.map((groups) => groups[g]?.facts[i]?.value ?? '')
        return { key, label, values, differs: !own.includes(key) && new Set(values).size > 1 }
      })
      .filter(({ values }) => values.some(Boolean)),
  }))
}
