import type { components } from '@/api/schema'
import { fetchOk, type Resolution } from '@/api/client'
import type { AreaCoverage, Bounds } from '@/api/types'
import type { Time } from './model'
import { keyOf, measureIn, type ReportMeasure, type ReportRow, type ReportShare } from './report'
import type { Edit, Edits } from './scenario'

type Schema = components['schemas']
type But<T, More> = Omit<T, keyof More> & More

export type Counted = But<Schema['Counted'], { areas: AreaCoverage[] }>
export type Answer = But<Schema['WhatIfOutput'], { before: Counted; after: Counted }>
export type Settings = Schema['ScenarioSettings']
export type Scenario = But<Schema['Scenario'], { edits: Edit[] }>
export type { Bounds }

export interface Question {
  settings: Settings
  edits: Edits
  /** Whether the rows tell of streets too. */
  streets?: boolean
}

/** What one answer says: the figures, and the tables of times that belong to them. */
export interface Trial extends Answer {
  question: Question
  tables: ReadonlyMap<Resolution, Uint8Array>
}

/** How many tables of before are kept, so that they need not be sent again. */
const keptTables = 8

/** Asks how coverage would be. Tables that came before are not sent again. */
export class Trials {
  private readonly kept = new Map<string, Uint8Array>()

  constructor(private readonly send = post) {}

  async ask(question: Question, signal?: AbortSignal): Promise<Trial> {
    const have = [...this.kept.keys()].slice(-4)
    const answer = await this.send({ ...question.settings, edits: question.edits, have, ...(question.streets && { streets: true }) }, signal)
    const tables = new Map<Resolution, Uint8Array>()
    for (const { resolution, tag, before, changed } of answer.cells) {
      const table = before ? bytes(before) : this.kept.get(tag)
      if (!table) throw new Error(`the service left out the table ${tag}, which is not here`)
      this.keep(tag, table)
      tables.set(resolution as Resolution, changedTable(table, bytes(changed)))
    }
    return { ...answer, question, tables }
  }

  private keep(tag: string, table: Uint8Array): void {
    this.kept.delete(tag)
    this.kept.set(tag, table)
    const [oldest] = this.kept.keys()
    if (this.kept.size > keptTables && oldest !== undefined) this.kept.delete(oldest)
  }
}

const send = (path: string, body: object, signal?: AbortSignal) =>
  fetchOk(path, signal, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })

async function post(body: object, signal?: AbortSignal): Promise<Answer> {
  return (await (await send('/v1/coverage/what-if', body, signal)).json()) as Answer
}

export const fileFormats = ['xlsx', 'csv', 'geojson'] as const
export type FileFormat = (typeof fileFormats)[number]

/** The figures as a file. */
export async function fileOf({ settings, edits }: Question, format: FileFormat): Promise<Blob> {
  return (await send(`/v1/coverage/what-if/file?format=${format}`, { ...settings, edits })).blob()
}

export function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
}

/** A table with its changed cells: how many are passed over, as an unsigned LEB128 number, and the byte. */
export function changedTable(before: Uint8Array, changed: Uint8Array): Uint8Array {
  const after = before.slice()
  let cell = 0
  for (let i = 0; i < changed.length; ) {
    let passed = 0
    for (let shift = 0; ; shift += 7) {
      const part = changed[i++] ?? 0
      passed += (part & 0x7f) * 2 ** shift
      if (part < 0x80) break
    }
    cell += passed
    after[cell++] = changed[i++] ?? 0
  }
  return after
}

/**
 * Asks one question at a time: while one is on its way only the latest of those that come is kept. So whoever drags a station about
 * sees figures as fast as they come, and never older ones after newer ones.
 */
export class Latest<Q, A> {
  private next: { question: Q } | undefined
  private busy = false

  constructor(
    private readonly ask: (question: Q) => Promise<A>,
    private readonly told: (answer: A) => void,
    private readonly failed: (cause: unknown) => void,
  ) {}

  want(question: Q): void {
    this.next = { question }
    if (!this.busy) void this.run()
  }

  private async run(): Promise<void> {
    this.busy = true
    while (this.next) {
      const { question } = this.next
      this.next = undefined
      try {
        this.told(await this.ask(question))
      } catch (cause) {
        this.failed(cause)
      }
    }
    this.busy = false
  }
}

/** One measure of a place, before and after. */
export interface Difference {
  row: ReportRow
  measure: ReportMeasure
  before: ReportShare
  after: ReportShare
}

/** The places that have a measure: all key areas together, the districts, the areas. */
export function differences({ rows }: Pick<Answer, 'rows'>, key: string): Difference[] {
  return rows.flatMap((row) => {
    const measure = measureIn(row, key)
    const [before, after] = measure?.bands ?? []
    return measure && before && after ? [{ row, measure, before, after }] : []
  })
}

/** Those of the areas, the least covered of the record first, so that none changes its place while a station is dragged. */
export function areasOf(all: readonly Difference[]): Difference[] {
  return all
    .filter(({ row }) => row.level === 'area')
    .sort((a, b) => a.before.share - b.before.share || (a.row.id ?? 0) - (b.row.id ?? 0))
}

/** All measures that may be asked for. */
export function measuresOf({ rows }: Pick<Answer, 'rows'>): string[] {
  const keys = rows[0]?.measures.map(keyOf) ?? []
  return keys.includes('streets') ? keys : keys.flatMap((key) => (key === 'cells' ? ['cells', 'streets'] : [key]))
}

/** The time of the page's own choice that settings mean. */
export function timeOf(openAt: string | undefined): Time {
  if (!openAt) return 'any'
  return openAt === 'now' ? 'now' : 'night'
}
