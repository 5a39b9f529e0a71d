import { kinds, type Kind, type Position, type Station } from '@/api/types'
import type { components } from '@/api/schema'
import { round5, type Field } from '@/url/codec'

type Schema = components['schemas']

/** One step of a scenario. There is at most one of each deed for a station; close and reopen exclude one another. */
export type Edit = Omit<Schema['ScenarioEdit'], 'point'> & { point?: Position }
export type Deed = Edit['deed']
export type Edits = readonly Edit[]

/** A station as the scenario has it. */
export interface Placed {
  id: number
  kind: Kind
  /** Of the record; undefined for one that is added. */
  station: Station | undefined
  name: string
  at: Position
  /** Where the record has it, when that is elsewhere. */
  from: Position | undefined
  open: boolean
  hours: string
  touched: boolean
}

/** What stations are given that are added; a planner changes it where it is otherwise. */
export const usualHours = 'Mo-Su 09:00-21:00'

export const mostEdits = 500

const serves = (status: string) => status === 'open' || status === 'trial'

/** The stations of the record with the edits, those that are added last. */
export function place(stations: readonly Station[], edits: Edits): Placed[] {
  const all = new Map<number, Placed>()
  for (const station of stations) {
    const { kind, name, status, hours = '' } = station.properties
    all.set(station.id, {
      id: station.id,
      kind,
      station,
      name: name.zh,
      at: station.geometry.coordinates,
      from: undefined,
      open: serves(status),
      hours,
      touched: false,
    })
  }
  for (const edit of edits) {
    if (edit.deed === 'add' && edit.point && edit.kind) {
      const { station: id, kind, point: at, name = '', hours = '' } = edit
      all.set(id, { id, kind, station: undefined, name, at, from: undefined, open: true, hours, touched: true })
      continue
    }
    const one = all.get(edit.station)
    if (!one) continue
    one.touched = true
    if (edit.deed === 'move' && edit.point) {
      one.from ??= one.at
      one.at = edit.point
    }
    if (edit.deed === 'close') one.open = false
    if (edit.deed === 'reopen') one.open = true
    if (edit.deed === 'hours') one.hours = edit.hours ?? ''
  }
  return [...all.values()]
}

const rounded = ([lon, lat]: Position): Position => [round5(lon), round5(lat)]

/** Puts a change of a station among the edits: in the place of one of the same deed, or at the end. */
function put(edits: Edits, edit: Edit): Edits {
  const i = edits.findIndex((e) => e.station === edit.station && e.deed === edit.deed)
  return i < 0 ? [...edits, edit] : edits.map((e, k) => (k === i ? edit : e))
}

const without = (edits: Edits, station: number, ...deeds: Deed[]) =>
  edits.filter((e) => e.station !== station || !deeds.includes(e.deed))

/** The number of the station that would be added next: numbers below 0 are those of no record. */
export function nextNumber(edits: Edits): number {
  return Math.min(0, ...edits.map((e) => e.station)) - 1
}

export function add(edits: Edits, kind: Kind, at: Position): Edits {
  if (edits.length >= mostEdits) return edits
  return [...edits, { deed: 'add', station: nextNumber(edits), kind, point: rounded(at), hours: usualHours }]
}

/** Changes what an added station was added with. */
function amend(edits: Edits, id: number, patch: Partial<Edit>): Edits {
  return edits.map((e) => (e.deed === 'add' && e.station === id ? { ...e, ...patch } : e))
}

export function move(edits: Edits, id: number, at: Position): Edits {
  if (id < 0) return amend(edits, id, { point: rounded(at) })
  return put(edits, { deed: 'move', station: id, point: rounded(at) })
}

export function setHours(edits: Edits, one: Placed, hours: string): Edits {
  if (one.id < 0) return amend(edits, one.id, { hours })
  if (hours === (one.station?.properties.hours ?? '')) return without(edits, one.id, 'hours')
  return put(edits, { deed: 'hours', station: one.id, hours })
}

export function setName(edits: Edits, id: number, name: string): Edits {
  return amend(edits, id, { name })
}

/** Closes or opens a station; what the record says already is no edit. */
export function setOpen(edits: Edits, one: Placed, open: boolean): Edits {
  const rest = without(edits, one.id, 'close', 'reopen')
  const before = one.station ? serves(one.station.properties.status) : true
  return open === before ? rest : [...rest, { deed: open ? 'reopen' : 'close', station: one.id }]
}

/** Takes an edit back; with a station that was added goes all that was done to it. */
export function remove(edits: Edits, index: number): Edits {
  const gone = edits[index]
  if (!gone) return edits
  return gone.deed === 'add' ? edits.filter((e) => e.station !== gone.station) : edits.filter((_, i) => i !== index)
}

/** Takes back all that was done to a station. */
export function restore(edits: Edits, id: number): Edits {
  return edits.filter((e) => e.station !== id)
}

const metresPerDegree = 111_195

/** A place so many metres to the east and to the north of another. */
export function shifted([lon, lat]: Position, east: number, north: number): Position {
  return rounded([lon + east / (metresPerDegree * Math.cos((lat * Math.PI) / 180)), lat + north / metresPerDegree])
}

/** Which way an arrow key moves a station: 25 metres, with Shift ten times as far. Other keys move nothing. */
export function stepOf(key: string, far: boolean): [east: number, north: number] | undefined {
  const d = far ? 250 : 25
  switch (key) {
    case 'ArrowLeft':
      return [-d, 0]
    case 'ArrowRight':
      return [d, 0]
    case 'ArrowUp':
      return [0, d]
    case 'ArrowDown':
      return [0, -d]
    default:
      return undefined
  }
}

/** The edits as they were and as they will be again. */
export interface History {
  readonly past: readonly Edits[]
  readonly now: Edits
  readonly future: readonly Edits[]
}

const mostSteps = 200

export const begin = (now: Edits): History => ({ past: [], now, future: [] })

export function push(history: History, now: Edits): History {
  if (sameEdits(now, history.now)) return history
  return { past: [...history.past, history.now].slice(-mostSteps), now, future: [] }
}

export function undo({ past, now, future }: History): History {
  const before = past.at(-1)
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : { past, now, future }
}

export function redo({ past, now, future }: History): History {
  const [after, ...rest] = future
  return after ? { past: [...past, now], now: after, future: rest } : { past, now, future }
}

/** What a key does to the history, Mac and elsewhere. */
export function historyKey(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>): 'undo' | 'redo' | undefined {
  if (!(e.ctrlKey || e.metaKey) || e.altKey) return undefined
  const key = e.key.toLowerCase()
  if (key === 'z') return e.shiftKey ? 'redo' : 'undo'
  return key === 'y' && !e.shiftKey ? 'redo' : undefined
}

const letters: Record<Deed, string> = { add: 'a', move: 'm', close: 'c', reopen: 'o', hours: 'h' }

/** A link longer than this is cut off by some that pass it on; longer scenarios have to be saved. */
export const longestInAddress = 1500

/**
 * Edits in the address: one after the other with a "!" between, the parts of each with a "~" between; "0" is none at all. Longer
 * ones are not written.
 */
export function maybeEdits(): Field<Edits | undefined> {
  return {
    fallback: undefined,
    parse: (raw) => {
      if (raw === '0') return []
      const edits = raw.split('!').map(parseEdit)
      const known = edits.filter((e): e is Edit => e !== undefined)
      const twice = new Set(known.map((e) => `${e.deed} ${e.station}`)).size < known.length
      return known.length === edits.length && known.length <= mostEdits && !twice ? known : undefined
    },
    format: (edits) => {
      if (!edits) return ''
      const text = said(edits)
      return encodeURIComponent(text).length <= longestInAddress ? text : ''
    },
  }
}

const said = (edits: Edits) => (edits.length === 0 ? '0' : edits.map(formatEdit).join('!'))

/** Whether two scenarios do the same, in the same order. */
export function sameEdits(a: Edits, b: Edits): boolean {
  return said(a) === said(b)
}

const clean = (text: string) => text.replace(/[!~]/g, ' ')

function formatEdit({ deed, station, kind, point, name = '', hours = '' }: Edit): string {
  const at = point?.map(round5).join(',') ?? ''
  switch (deed) {
    case 'add':
      return [letters.add, station, kinds.indexOf(kind ?? 'union_station'), at, clean(hours), clean(name)].join('~')
    case 'move':
      return [letters.move, station, at].join('~')
    case 'hours':
      return [letters.hours, station, clean(hours)].join('~')
    default:
      return [letters[deed], station].join('~')
  }
}

function parseEdit(text: string): Edit | undefined {
  const [letter = '', number = '', ...rest] = text.split('~')
  const deed = (Object.keys(letters) as Deed[]).find((d) => letters[d] === letter)
  const station = /^-?[1-9]\d{0,14}$/.test(number) ? Number(number) : NaN
  if (!deed || Number.isNaN(station) || (deed === 'add' && station > 0)) return undefined
  switch (deed) {
    case 'add': {
      const [kindText = '', at = '', hours = '', name = ''] = rest
      const kind = kinds[/^\d$/.test(kindText) ? Number(kindText) : -1]
      const point = parsePoint(at)
      return kind && point && rest.length <= 4 && hours.length <= 200 && name.length <= 60
        ? { deed, station, kind, point, ...(hours && { hours }), ...(name && { name }) }
        : undefined
    }
    case 'move': {
      const point = parsePoint(rest[0] ?? '')
      return point && rest.length === 1 ? { deed, station, point } : undefined
    }
    case 'hours':
      return rest.length === 1 && (rest[0] ?? '').length <= 200 ? { deed, station, hours: rest[0] ?? '' } : undefined
    default:
      return rest.length === 0 ? { deed, station } : undefined
  }
}

function parsePoint(text: string): Position | undefined {
  const numbers = text.split(',').map((part) => (/^-?\d{1,3}(\.\d{1,6})?$/.test(part) ? Number(part) : NaN))
  const [lon = NaN, lat = NaN] = numbers
  return numbers.length === 2 && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : undefined
}

const days = '(Mo|Tu|We|Th|Fr|Sa|Su)(-(Mo|Tu|We|Th|Fr|Sa|Su))?'
const clock = '([01]\\d|2[0-4]):[0-5]\\d'
const rule = `((${days})(,${days})* )?(off|${clock}-${clock}(,${clock}-${clock})*)`
const saidHours = new RegExp(`^(24/7|${rule}(; ?${rule})*)?$`)

/** Whether a text is opening hours, or none, which means that they are not known. The service has the last word. */
export function hoursAreSaid(text: string): boolean {
  return text.length <= 200 && saidHours.test(text)
}
