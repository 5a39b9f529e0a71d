import type { IntentForm, Need } from '@/api/types'
import { areaUnits, type AreaUnit } from '@/i18n/format'
import { t } from '@/i18n'
import { choice, steps, texts, type Codec, type Field } from '@/url/codec'
import { maybeSpan, type Span } from '@/url/spans'
import { parcelNumber, rangeLabels } from './filter'

/** How much a need counts: what must be filters, the rest is scored. */
export const ranks = ['must', 'high', 'some'] as const
export type Rank = (typeof ranks)[number]
export const weights: Record<Exclude<Rank, 'must'>, number> = { high: 3, some: 1 }

export interface Wish<T> {
  want: T
  rank: Rank
}

export const valueTerms = ['use', 'county', 'facility'] as const
export type ValueTerm = (typeof valueTerms)[number]
export const spanTerms = [
  'area', 'price', 'price_m2', 'far', 'height', 'ground', 'slope', 'altitude', 'to_county_seat', 'to_highway', 'to_railway', 'to_airport',
] as const // prettier-ignore
export type SpanTerm = (typeof spanTerms)[number]
export type Term = ValueTerm | SpanTerm | 'access'

export type Wishes = Record<ValueTerm, Wish<readonly string[]> | undefined> &
  Record<SpanTerm, Wish<Span> | undefined> & { access: Wish<true> | undefined }

export const lastStep = 4
export interface NeedState extends Wishes {
  step: number
  unit: AreaUnit
}

const letters: Record<Rank, string> = { must: 'm', high: 'h', some: 's' }
const rankOf = (letter: string | undefined) => ranks.find((rank) => letters[rank] === letter)

/** A wish as "what~how much", where inner writes what. */
function wish<T>(inner: Field<T | undefined>): Field<Wish<T> | undefined> {
  return {
    fallback: undefined,
    parse: (raw) => {
      const [text = '', letter, ...more] = raw.split('~')
      const want = inner.parse(text)
      const rank = rankOf(letter)
      return want === undefined || rank === undefined || more.length > 0 ? undefined : { want, rank }
    },
    format: (one) => (one ? `${inner.format(one.want)}~${letters[one.rank]}` : ''),
  }
}

const some = (pattern: RegExp): Field<readonly string[] | undefined> => ({ ...texts(pattern), fallback: undefined, format: (v) => v?.join(',') ?? '' })
const yes: Field<true | undefined> = { fallback: undefined, parse: (raw) => (raw === '1' ? true : undefined), format: () => '1' }

export const wishCodec: Codec<Wishes> = {
  use: wish(some(/^\d{2,6}$/)),
  county: wish(some(/^\d{6}$/)),
  facility: wish(some(/^[a-z_]{1,20}$/)),
  ...(Object.fromEntries(spanTerms.map((term) => [term, wish(maybeSpan(10_000_000_000))])) as Record<SpanTerm, Field<Wish<Span> | undefined>>),
  access: wish(yes),
}

export const needCodec: Codec<NeedState> = { ...wishCodec, step: steps(1, lastStep, 1, 1), unit: choice(areaUnits, 'mu') }

export interface IntentState extends Wishes {
  parcels: readonly string[]
}
export const intentCodec: Codec<IntentState> = { ...wishCodec, parcels: texts(parcelNumber, 20) }

const terms: readonly Term[] = [...valueTerms, ...spanTerms, 'access']

/** How much a term counts when it is first asked for. */
export const firstRank = (term: Term): Rank => (term === 'use' ? 'must' : 'high')

/** The wishes as the service is asked, in the order of the terms. */
export function needsOf(wishes: Wishes): Need[] {
  return terms.flatMap((term): Need[] => {
    const one = wishes[term]
    if (!one) return []
    const how = one.rank === 'must' ? { hard: true } : { weight: weights[one.rank] }
    if (term === 'access') return [{ term, ...how }]
    return [Array.isArray(one.want) ? { term, values: [...(one.want as string[])], ...how } : { term, ...(one.want as Span), ...how }]
  })
}

export function termText(term: string): string {
  switch (term) {
    case 'use':
      return t('land.use')
    case 'county':
      return t('land.county')
    case 'facility':
      return t('land.utilities')
    case 'access':
      return t('land.need.access')
    default:
      return term in rangeLabels ? t(rangeLabels[term as SpanTerm]) : term
  }
}

/** What of the wishes an intent says in fields of its own, and what it says as needs. */
export function intentOf(wishes: Wishes): Pick<IntentForm, 'uses' | 'counties' | 'area_min_m2' | 'area_max_m2' | 'needs'> {
  const { use, county, area, ...rest } = wishes
  return {
    uses: [...(use?.want ?? [])],
    counties: [...(county?.want ?? [])],
    area_min_m2: area?.want.min ?? 0,
    area_max_m2: area?.want.max ?? 0,
    needs: needsOf({ ...rest, use: undefined, county: undefined, area: undefined }),
  }
}
