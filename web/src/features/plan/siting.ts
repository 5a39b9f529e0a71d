import type { components } from '@/api/schema'
import { type Kind } from '@/api/types'
import { choice, parseLonLat, round5, steps, text, type Codec, type LonLat } from '@/url/codec'
import { planCodec, type PlanState } from './model'
import type { Edit } from './scenario'

type Schema = components['schemas']
export type Siting = Schema['Siting']
export type Question = Schema['SitingQuestion']
export type Plan = Schema['SitingPlan']
export type Site = Schema['SitingSite']

export const objectives = ['most', 'all', 'share', 'nearest', 'longest'] as const
export type Objective = (typeof objectives)[number]
export const existings = ['kept', 'moving', 'left'] as const
export const sources = ['cells', 'streets', 'points'] as const
export const weights = ['cells', 'streets', 'demand'] as const

export const mostSites = 100
export const spacings = [100, 200, 300, 500, 1000] as const

export interface SitingState extends PlanState {
  /** The question that was asked, by its id. */
  siting: string
  objective: Objective
  sites: number
  /** In percent. */
  share: number
  floor: number
  times: '1' | '2'
  existing: (typeof existings)[number]
  from: (typeof sources)[number]
  every: string
  weights: (typeof weights)[number]
  /** Code of the set by which is weighed. */
  demand: string
}

export const sitingCodec: Codec<SitingState> = {
  ...planCodec,
  siting: text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  objective: choice(objectives, 'most'),
  sites: steps(1, mostSites, 1, 5),
  share: steps(5, 100, 5, 80),
  floor: steps(0, 100, 5, 0),
  times: choice(['1', '2'] as const, '1'),
  existing: choice(existings, 'kept'),
  from: choice(sources, 'streets'),
  every: choice(spacings.map(String), '300'),
  weights: choice(weights, 'cells'),
  demand: text(/^.{1,60}$/),
}

/** What is drawn on the map or comes from a file; it is part of the question and too long for an address. */
export interface Drawn {
  /** What asks for stations, in place of the key areas. */
  within: readonly LonLat[]
  /** Where candidates may lie. */
  candidates: readonly LonLat[]
  /** Where no station may stand. */
  forbidden: readonly LonLat[]
  required: readonly LonLat[]
  points: readonly LonLat[]
}

export const nothingDrawn: Drawn = { within: [], candidates: [], forbidden: [], required: [], points: [] }
export const shapes = ['within', 'candidates', 'forbidden'] as const
export type Shape = (typeof shapes)[number]

/** Which parts of the form an objective asks for. */
export const asks = {
  sites: (o: Objective) => o === 'most' || o === 'nearest' || o === 'longest',
  share: (o: Objective) => o === 'share',
  floor: (o: Objective) => o === 'most' || o === 'all' || o === 'share',
  times: (o: Objective) => o !== 'nearest',
} as const

type Ring = number[][]
const closed = (ring: readonly LonLat[]): Ring[][] => {
  const [first] = ring
  return first ? [[[...ring, first].map(([lon, lat]) => [lon, lat])]] : []
}

/** The question as it is sent. */
export function questionOf(state: SitingState, drawn: Drawn, openAt: string | undefined): Question {
  const { objective } = state
  const pairs = (points: readonly LonLat[]) => points.map(([lon, lat]) => [lon, lat])
  return {
    objective,
    profile: state.profile,
    minutes: state.minutes,
    ...(asks.sites(objective) && { sites: state.sites }),
    ...(asks.share(objective) && { share: state.share / 100 }),
    ...(asks.times(objective) && state.times === '2' && { times: 2 as const }),
    ...(asks.floor(objective) && state.floor > 0 && drawn.within.length === 0 && { floor: state.floor / 100 }),
    weights: state.weights,
    ...(state.weights === 'demand' && { demand: state.demand }),
    existing: state.existing,
    ...(state.kind.length > 0 && { kinds: [...state.kind] as Kind[] }),
    ...(openAt && { open_at: openAt }),
    candidates: {
      from: state.from,
      ...(state.from === 'streets' && { every_m: Number(state.every) }),
      ...(state.from === 'points' && { points: pairs(drawn.points) }),
      ...(drawn.candidates.length > 0 && { within: closed(drawn.candidates) }),
    },
    ...(drawn.within.length > 0 && { within: closed(drawn.within) }),
    ...(drawn.forbidden.length > 0 && { forbidden: closed(drawn.forbidden) }),
    ...(drawn.required.length > 0 && { required: pairs(drawn.required) }),
  }
}

const at = (p: readonly number[] | null): [number, number] => [round5(p?.[0] ?? 0), round5(p?.[1] ?? 0)]

/** What a question that was asked drew, to go on with it. */
export function drawnOf(question: Question): Drawn {
  const open = (shape: Question['within']): LonLat[] => (shape?.[0]?.[0] ?? []).slice(0, -1).map(at)
  return {
    within: open(question.within),
    candidates: open(question.candidates?.within),
    forbidden: open(question.forbidden),
    required: (question.required ?? []).map(at),
    points: (question.candidates?.points ?? []).map(at),
  }
}

// The bound in words

/** What a plan is known to be: a key of siting.bound.*, and the numbers for it. */
export interface Verdict {
  key: 'impossible' | 'unmet' | 'best' | 'most' | 'fewest' | 'fewest.gap' | 'least' | 'nothing'
  stations: number
  least: number
  /** As a share. */
  gap: number
}

export function verdictOf(plan: Plan, objective: string): Verdict {
  const stations = plan.sites.length
  const counts = objective === 'all' || objective === 'share'
  const base = { stations, least: counts ? plan.bound : 0, gap: plan.gap }
  if (plan.impossible) return { key: 'impossible', ...base }
  if (!plan.met) return { key: 'unmet', ...base }
  if (stations === 0) return { key: 'nothing', ...base }
  if (counts) return { key: plan.bound >= plan.value ? 'fewest' : 'fewest.gap', ...base }
  if (plan.gap < 0.00005) return { key: 'best', ...base }
  return { key: objective === 'most' ? 'most' : 'least', ...base }
}

// The marginal curve

export interface CurvePoint {
  sites: number
  covered: number
  beyond?: boolean
}

export interface Curve {
  points: readonly (CurvePoint & { x: number; y: number; share: number; adds: number })[]
  line: string
  /** What a few more sites would add. */
  further: string
  /** Heights of lines across, with the share that each stands for. */
  rules: readonly { y: number; share: number }[]
  ticks: readonly { x: number; sites: number }[]
}

/** The curve of what is covered by so many sites, in a box of width × height with a margin for the axes. */
export function curveOf(points: readonly CurvePoint[], total: number, width: number, height: number, margin = { left: 40, bottom: 22, top: 8, right: 8 }): Curve {
  const most = Math.max(1, ...points.map((p) => p.sites))
  const top = total > 0 ? Math.max(...points.map((p) => p.covered / total), 0) : 0
  // Rules at round shares, four at most.
  const step = [0.05, 0.1, 0.2, 0.25].find((s) => top / s <= 4) ?? 0.5
  const ceiling = Math.min(1, Math.max(step, Math.ceil(top / step - 1e-9) * step))
  const x = (sites: number) => margin.left + (sites / most) * (width - margin.left - margin.right)
  const y = (share: number) => height - margin.bottom - (share / ceiling) * (height - margin.bottom - margin.top)
  const placed = points.map((p, i) => {
    const share = total > 0 ? p.covered / total : 0
    return { ...p, x: x(p.sites), y: y(share), share, adds: p.covered - (points[i - 1]?.covered ?? p.covered) }
  })
  const path = (list: readonly { x: number; y: number }[]) => list.map((p, i) => `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('')
  const own = placed.filter((p) => !p.beyond)
  const last = own.at(-1)
  const more = placed.filter((p) => p.beyond)
  const every = Math.max(1, Math.ceil(most / 6))
  return {
    points: placed,
    line: path(own),
    further: last && more.length > 0 ? path([last, ...more]) : '',
    rules: Array.from({ length: Math.round(ceiling / step) + 1 }, (_, i) => ({ share: i * step, y: y(i * step) })),
    ticks: Array.from({ length: Math.floor(most / every) + 1 }, (_, i) => ({ sites: i * every, x: x(i * every) })),
  }
}

/** The point of a curve nearest to x. */
export function nearestPoint(curve: Curve, x: number): number {
  let best = 0
  curve.points.forEach((p, i) => {
    if (Math.abs(p.x - x) < Math.abs((curve.points[best]?.x ?? 0) - x)) best = i
  })
  return best
}

/** Where a key leads on a curve of n points; undefined when it leads nowhere. */
export function stepTo(key: string, at: number, n: number): number | undefined {
  const to = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, Home: 0, End: n - 1, PageUp: at + 5, PageDown: at - 5 }[key]
  return to === undefined ? undefined : Math.min(Math.max(to, 0), n - 1)
}

// Candidates from a file

export const mostPoints = 20_000

/** Points of a GeoJSON or CSV file; none when there are no longitudes and latitudes in it. */
export function pointsIn(content: string): LonLat[] {
  const trimmed = content.replace(/^\ufeff/, '').trim()
  const points = trimmed.startsWith('{') || trimmed.startsWith('[') ? pointsOfJSON(trimmed) : pointsOfTable(trimmed)
  const seen = new Set<string>()
  return points.filter((p) => !seen.has(p.join()) && seen.add(p.join())).slice(0, mostPoints)
}

function pointsOfJSON(content: string): LonLat[] {
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return []
  }
  const found: LonLat[] = []
  const walk = (v: unknown): void => {
    if (typeof v !== 'object' || v === null) return
    if (Array.isArray(v)) return v.forEach(walk)
    const { type, coordinates, geometry, features, geometries } = v as Record<string, unknown>
    if (type === 'Point') keep(coordinates)
    else if (type === 'MultiPoint' && Array.isArray(coordinates)) coordinates.forEach(keep)
    else [geometry, features, geometries].forEach(walk)
  }
  const keep = (c: unknown): void => {
    if (Array.isArray(c) && typeof c[0] === 'number' && typeof c[1] === 'number') add(found, c[0], c[1])
  }
  walk(value)
  return found
}

function add(found: LonLat[], lon: number, lat: number): void {
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90) found.push([round5(lon), round5(lat)])
}

const lonNames = ['lon', 'lng', 'longitude', 'x', '经度']
const latNames = ['lat', 'latitude', 'y', '纬度']

function pointsOfTable(content: string): LonLat[] {
  const rows = content.split(/\r?\n/).map((line) => line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')))
  const head = rows[0]?.map((name) => name.toLowerCase()) ?? []
  const lon = head.findIndex((name) => lonNames.includes(name))
  const lat = head.findIndex((name) => latNames.includes(name))
  const found: LonLat[] = []
  for (const row of lon >= 0 && lat >= 0 ? rows.slice(1) : rows) {
    const [x, y] = lon >= 0 && lat >= 0 ? [row[lon], row[lat]] : [row[0], row[1]]
    const at = parseLonLat(`${round(x)},${round(y)}`)
    if (at) add(found, at[0], at[1])
  }
  return found
}

const round = (cell: string | undefined) => (cell && Number.isFinite(Number(cell)) ? round5(Number(cell)) : '')

// A plan as a scenario

/** The edits of a scenario that carries a plan out. */
export function editsOf(plan: Plan, kind: Kind, hours: string): Edit[] {
  let next = 0
  return [
    ...plan.sites.filter((s) => !s.station).map((s) => ({ deed: 'add' as const, station: --next, kind, point: at(s.point), hours })),
    ...plan.closed.map((station) => ({ deed: 'close' as const, station })),
  ]
}
