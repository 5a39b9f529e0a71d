import type { Corridor, CorridorHome, CorridorStretch, Position } from '@/api/types'
import { choice, steps, text, type Codec } from '@/url/codec'
import { times, type Time } from './model'

export const vehicles = ['truck', 'car'] as const
export type Vehicle = (typeof vehicles)[number]

export const ways = ['up', 'down'] as const
export type Way = (typeof ways)[number]

/** What a limit is counted in. */
export const limits = ['minutes', 'km'] as const
export type LimitUnit = (typeof limits)[number]

export interface HighwayState {
  vehicle: Vehicle
  by: LimitUnit
  limit: number
  km: number
  time: Time
  road: string
  way: Way
}

export const limitRange: Record<LimitUnit, { min: number; max: number; step: number }> = {
  minutes: { min: 15, max: 240, step: 15 },
  km: { min: 20, max: 300, step: 10 },
}

export const highwayCodec: Codec<HighwayState> = {
  vehicle: choice(vehicles, 'truck'),
  by: choice(limits, 'minutes'),
  limit: steps(limitRange.minutes.min, limitRange.minutes.max, limitRange.minutes.step, 60),
  km: steps(limitRange.km.min, limitRange.km.max, limitRange.km.step, 50),
  time: choice(times, 'any'),
  road: text(/^[\p{L}\p{N}]{1,20}$/u),
  way: choice(ways, 'up'),
}

/** The highway that needs most first: the least share of what is known. */
export function leastServedFirst<T extends { ref: string; both: { share: number | null } }>(roads: readonly T[]): T[] {
  return [...roads].sort((a, b) => (a.both.share ?? 2) - (b.both.share ?? 2) || a.ref.localeCompare(b.ref))
}

/** What there is at a place along the way. */
export interface Along {
  metres: number
  point: Position
  altitude: number | undefined
  /** The way to the next home ahead; undefined where none is ahead or the road is not known. */
  next: { home: CorridorHome; seconds: number; metres: number } | undefined
}

/** The index of the last place at or before a chainage. */
function placeAt(chainage: readonly number[], metres: number): number {
  let low = 0
  let high = chainage.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((chainage[middle] ?? 0) <= metres) low = middle
    else high = middle - 1
  }
  return low
}

/** What there is so many metres along the road, between the places that are known. */
export function alongAt({ way, stations }: Corridor, direction: Way, metres: number): Along {
  const i = placeAt(way.chainage_m, metres)
  const j = Math.min(i + 1, way.chainage_m.length - 1)
  const [a = 0, b = 0] = [way.chainage_m[i], way.chainage_m[j]]
  const part = b > a ? Math.min(Math.max((metres - a) / (b - a), 0), 1) : 0
  const between = (x: number, y: number) => x + part * (y - x)
  const [p, q]: [Position, Position] = [way.points[i] ?? [0, 0], way.points[j] ?? [0, 0]]
  const low = way.altitude_m[i] ?? undefined
  const high = way.altitude_m[j] ?? undefined
  // Times grow towards where one comes from: up enters a piece at its begin, down at its end.
  const from = direction === 'up' ? i : part > 0 ? j : i
  const next = way[direction]
  const home = stations[next.home[from] ?? -1]
  const [seconds, far] = [next.seconds[from], next.metres[from]]
  const travelled = Math.abs(metres - (way.chainage_m[from] ?? metres))
  const nearer = far ? Math.max(0, 1 - travelled / far) : 1
  return {
    metres,
    point: [between(p[0], q[0]), between(p[1], q[1])],
    altitude: low === undefined ? high : high === undefined ? low : between(low, high),
    next: home && seconds != null && far != null ? { home, seconds: seconds * nearer, metres: far * nearer } : undefined,
  }
}

/** The chainage of the place nearest to a point of the map. */
export function nearestTo({ way }: Corridor, [lon, lat]: Position): number {
  const squeeze = Math.cos((lat * Math.PI) / 180)
  let best = 0
  let least = Infinity
  way.points.forEach(([x, y], i) => {
    const d = ((x - lon) * squeeze) ** 2 + (y - lat) ** 2
    if (d < least) [best, least] = [way.chainage_m[i] ?? 0, d]
  })
  return best
}

/** Stretches side by side in one state are one on the strip; the homes between them are drawn by themselves. */
export function joined(stretches: readonly CorridorStretch[]): { state: CorridorStretch['state']; from_m: number; to_m: number }[] {
  const all: { state: CorridorStretch['state']; from_m: number; to_m: number }[] = []
  for (const { state, from_m, to_m } of stretches) {
    const last = all.at(-1)
    if (last?.state === state) last.to_m = to_m
    else all.push({ state, from_m, to_m })
  }
  return all
}

/** Round kilometres for an axis, at least so many pixels apart. */
export function ticks(length: number, width: number, apart = 64): number[] {
  const most = Math.max(1, Math.floor(width / apart))
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000].find((km) => length / 1000 / km <= most) ?? 2000
  const all: number[] = []
  for (let km = 0; km * 1000 <= length; km += step) all.push(km)
  return all
}

/** How a strip is laid out, in pixels. */
export interface Layout {
  width: number
  x(metres: number): number
  y(altitude: number): number
  /** The altitude along the way, in pieces where it is known: as lines and as the ground below them. */
  lines: readonly string[]
  grounds: readonly string[]
  low: number
  high: number
}

export interface Frame {
  /** Room at both ends. */
  side: number
  /** Of the altitude curve. */
  top: number
  bottom: number
}

/** Lays a road out over a width, or over more where a kilometre would become too narrow. */
export function layOut({ way, length_m: length }: Corridor, room: number, leastPerKM: number, { side, top, bottom }: Frame): Layout {
  const width = Math.max(room, Math.round((length / 1000) * leastPerKM) + 2 * side)
  const x = (metres: number) => side + (length > 0 ? (metres / length) * (width - 2 * side) : 0)
  const known = way.altitude_m.flatMap((m) => (m === null ? [] : [m]))
  const [least, most] = [Math.min(...known), Math.max(...known)]
  // At least 500 m of height, or a level road would look like a mountain.
  const spare = Math.max(0, 500 - (most - least)) / 2
  const [low, high] = known.length > 0 ? [least - spare, most + spare] : [0, 1]
  const y = (altitude: number) => bottom - ((altitude - low) / (high - low)) * (bottom - top)
  const pieces: string[][] = [[]]
  way.altitude_m.forEach((m, i) => {
    if (m === null) pieces.push([])
    else pieces.at(-1)?.push(`${x(way.chainage_m[i] ?? 0).toFixed(1)} ${y(m).toFixed(1)}`)
  })
  const drawn = pieces.filter((piece) => piece.length > 1)
  const edge = (point = '') => `${point.split(' ')[0]} ${bottom}`
  return {
    width, x, y, low, high,
    lines: drawn.map((piece) => `M${piece.join('L')}`),
    grounds: drawn.map((piece) => `M${edge(piece[0])}L${piece.join('L')}L${edge(piece.at(-1))}Z`),
  } // prettier-ignore
}

/** Names beside each other without touching: by line from the top, -1 for those that find no room. */
export function lanesOf(spans: readonly { from: number; to: number }[], lanes: number): number[] {
  const ends = new Array<number>(lanes).fill(-Infinity)
  return spans.map(({ from, to }) => {
    const lane = ends.findIndex((end) => end < from)
    if (lane >= 0) ends[lane] = to
    return lane
  })
}

/** About how wide a text is, in pixels of a size; wide letters are as wide as they are high. */
export function widthOf(text: string, size: number): number {
  let n = 0
  for (const c of text) n += (c.codePointAt(0) ?? 0) > 0x2e80 ? 1 : 0.56
  return n * size
}
