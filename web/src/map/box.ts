import type { Bounds, Position } from '@/api/types'

/** The box around points, degrees; there must be at least one. */
export function around(points: readonly Position[]): Bounds {
  const lons = points.map(([lon]) => lon)
  const lats = points.map(([, lat]) => lat)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/**
 * The box around where most points are: the share of them that lies nearest to their median. A few stations on far
 * mountain roads would otherwise shrink a city to a dot.
 */
export function core(points: readonly Position[], share = 0.75): Bounds {
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  const lon = median(points.map((p) => p[0]))
  const lat = median(points.map((p) => p[1]))
  // A degree of longitude is shorter than one of latitude; at 30° by a seventh, which is near enough here.
  const far = ([x, y]: Position) => Math.hypot((x - lon) * Math.cos((lat * Math.PI) / 180), y - lat)
  const nearest = [...points].sort((a, b) => far(a) - far(b))
  return around(nearest.slice(0, Math.max(1, Math.ceil(points.length * share))))
}

/** The middle of a box. */
export function middle([west, south, east, north]: Bounds): Position {
  return [(west + east) / 2, (south + north) / 2]
}
