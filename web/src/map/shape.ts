import { formatLonLat, parseLonLat, type LonLat } from '@/url/codec'

/** Corners of one drawn shape, at most: what an address can hold. */
export const mostCorners = 60

/** Why a ring of corners is no shape to search in; undefined when it is one. */
export function fault(ring: readonly LonLat[]): 'few' | 'many' | 'crossing' | undefined {
  if (ring.length < 3) return 'few'
  if (ring.length > mostCorners) return 'many'
  const edge = (i: number): [LonLat, LonLat] => [ring[i] as LonLat, ring[(i + 1) % ring.length] as LonLat]
  for (let i = 0; i < ring.length; i++) {
    for (let j = i + 2; j < ring.length; j++) {
      if (i === 0 && j === ring.length - 1) continue // neighbours round the corner
      if (cross(edge(i), edge(j))) return 'crossing'
    }
  }
  return undefined
}

function cross([a, b]: [LonLat, LonLat], [c, d]: [LonLat, LonLat]): boolean {
  const side = (p: LonLat, q: LonLat, r: LonLat) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]))
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b)
}

/** Corners as people type them: one a line, longitude before latitude, with any of , ， ; or a blank between. */
export function cornersIn(text: string): { corners: LonLat[]; wrong: number[] } {
  const corners: LonLat[] = []
  const wrong: number[] = []
  text.split('\n').forEach((line, i) => {
    if (!line.trim()) return
    const at = parseLonLat(line.trim().split(/[\s,，;；]+/).filter(Boolean).map(trimmed).join(','))
    if (at) corners.push(at)
    else wrong.push(i + 1)
  })
  // Shapes are often written closed.
  const [first] = corners
  const last = corners.at(-1)
  if (corners.length > 3 && first && last && first[0] === last[0] && first[1] === last[1]) corners.pop()
  return { corners, wrong }
}

/** Without the decimals beyond the eighth, which no codec reads. */
const trimmed = (number: string) => number.replace(/(\.\d{8})\d+$/, '$1')

export function cornersAsText(ring: readonly LonLat[]): string {
  return ring.map((at) => formatLonLat(at).replace(',', ', ')).join('\n')
}
