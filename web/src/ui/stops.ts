/** The three heights of the bottom sheet, in pixels, low to high. */
export const stops = ['peek', 'half', 'full'] as const
export type Stop = (typeof stops)[number]
export type Heights = Record<Stop, number>

/** Pixels of the map that stay in sight above a sheet that is fully up. */
export const mapSliver = 72

/** Heights for a screen whose free height under the bar is free and whose sheet has a head of head pixels. */
export function heightsFor(free: number, head: number): Heights {
  const full = Math.max(free - mapSliver, 160)
  const peek = Math.min(head, full)
  const half = Math.min(Math.max(Math.round(free * 0.52), peek + 96), full)
  return { peek, half, full }
}

/**
 * Where a sheet comes to rest that was let go at height with a speed in pixels a millisecond, up being positive: it
 * goes on for a fifth of a second and takes the nearest stop.
 */
export function rest(heights: Heights, height: number, speed: number): Stop {
  const aim = height + speed * 200
  let best: Stop = 'peek'
  for (const stop of stops) {
    if (Math.abs(heights[stop] - aim) < Math.abs(heights[best] - aim)) best = stop
  }
  return best
}

export function above(stop: Stop): Stop {
  return stops[Math.min(stops.indexOf(stop) + 1, stops.length - 1)] ?? stop
}

export function below(stop: Stop): Stop {
  return stops[Math.max(stops.indexOf(stop) - 1, 0)] ?? stop
}
