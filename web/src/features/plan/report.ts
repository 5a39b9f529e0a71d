import { json } from '@/api/client'
import type { components } from '@/api/schema'
import type { Bounds } from '@/api/types'
import { maybe, nameOf, t } from '@/i18n'
import { number } from '@/i18n/format'
import { choice, text, type Codec } from '@/url/codec'
import { planCodec, type PlanState } from './model'

type Schema = components['schemas']
export type Report = Schema['Report']
export type ReportRow = Schema['ReportRow']
export type ReportMeasure = Schema['ReportMeasure']
export type ReportShare = Schema['ReportShare']
export type ReportOutput = Schema['ReportOutput']
export type ReportHead = Schema['ReportHead']
export type Comparison = Schema['ReportComparison']
export type Band = Schema['ReportBand']['band']
export type Targets = Schema['TargetsOutput']
export type Target = Schema['Target']
export type Gap = Omit<Schema['GapFeature'], 'properties'> & { properties: Omit<Schema['GapProperties'], 'bbox'> & { bbox: Bounds } }
export type Gaps = Omit<Schema['GapsOutput'], 'features'> & { features: Gap[] }

/** The columns of the report, by what they count; each is a map too. */
export const columns = ['any', 'twice', 'day', 'night', 'clock'] as const
export type Column = (typeof columns)[number]

const bandOf: Record<Column, Band> = { any: 'any', twice: 'any', day: 'day', night: 'night', clock: 'round_the_clock' }

export interface ReportState extends PlanState {
  /** A measure, or demand: with the code of a set. */
  measure: string
  column: Column
}

export const reportCodec: Codec<ReportState> = {
  ...planCodec,
  measure: text(/^(cells|streets|built_up|residential|demand:.{1,60})$/, 'cells'),
  column: choice(columns, 'any'),
}

/** What the share of a column is in a measure; undefined when the report has no such band. */
export function shareIn(report: Report, measure: ReportMeasure, column: Column): { covered: number; share: number } | undefined {
  const band = measure.bands[report.bands.findIndex(({ band }) => band === bandOf[column])]
  if (!band) return undefined
  return column === 'twice' ? { covered: band.twice, share: band.twice_share } : { covered: band.covered, share: band.share }
}

/** The key of a measure in the address. */
export function keyOf({ measure, demand }: Pick<ReportMeasure, 'measure' | 'demand'>): string {
  return measure === 'demand' ? `demand:${demand}` : measure
}

export function measureIn(row: ReportRow, key: string): ReportMeasure | undefined {
  return row.measures.find((m) => keyOf(m) === key)
}

/** What a measure is called. */
export function measureName(report: Pick<Report, 'demands'>, key: string): string {
  const demand = report.demands.find((d) => `demand:${d.code}` === key)
  return demand ? nameOf(demand.name) : (maybe(`plan.measure.${key}`) ?? key)
}

/** What a row is called. */
export function placeName(row: Pick<ReportRow, 'level' | 'code' | 'name'>): string {
  if (row.name) return nameOf(row.name)
  if (row.level === 'district') return maybe(`county.${row.code}`) ?? row.code
  return t(`plan.level.${row.level}`)
}

/** An amount with its unit, in a unit that people can picture. */
export function amount(n: number, unit: string): string {
  switch (unit) {
    case 'm':
      return t('unit.km.n', { n: number(n / 1000, 1) })
    case 'm2':
      return t('plan.unit.ha', { n: number(n / 10_000, n < 100_000 ? 1 : 0) })
    case 'cells':
      return t('plan.unit.cells', { n: number(n) })
    case 'jobs':
      return t('plan.unit.jobs', { n: number(n) })
    default:
      return t('plan.unit.people', { n: number(n) })
  }
}

/** What the map asks for so that it shows what a column counts. */
export function mapOf(report: Report | undefined, column: Column): { open_at?: string; always?: string; nearest?: number } {
  if (column === 'twice') return { nearest: 2 }
  if (column === 'clock') return { always: 'true' }
  const at = report?.bands.find(({ band }) => band === bandOf[column])?.at
  return at ? { open_at: at } : {}
}

export function isBox(box: readonly number[] | null): box is Bounds {
  return box?.length === 4 && (box[0] !== 0 || box[2] !== 0)
}

export const planApi = {
  report: (query: { profile: string; minutes: number; kind: readonly string[] }, signal?: AbortSignal) =>
    json<ReportOutput>('coverage/report', { ...query }, signal),

  gaps: (query: Record<string, string | number | readonly string[] | undefined>, signal?: AbortSignal) => json<Gaps>('coverage/gaps', query, signal),

  kept: async (signal?: AbortSignal) => (await json<{ reports: ReportHead[] }>('reports', {}, signal)).reports,

  compare: (from: number, to: number, signal?: AbortSignal) => json<Comparison>('reports/compare', { from, to }, signal),

  targets: (profile: string, minutes: number, signal?: AbortSignal) => json<Targets>('targets', { profile, minutes }, signal),

  demands: async (signal?: AbortSignal) => (await json<{ demands: Report['demands'] }>('demands', {}, signal)).demands,
}
