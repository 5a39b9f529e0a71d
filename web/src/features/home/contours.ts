/**
 * The drawing of the front page: height lines around a summit, which are rings to walk as well. Each ring is a closed
 * curve whose radius wobbles with a few fixed waves, less so towards the middle.
 */
export function contours(rings: number, radius: number): string[] {
  const paths: string[] = []
  for (let ring = 1; ring <= rings; ring++) {
    const share = ring / rings
    paths.push(closed(points(radius * share, share)))
  }
  return paths
}

type Point = [x: number, y: number]

function points(radius: number, share: number): Point[] {
  const n = 72
  return Array.from({ length: n }, (_, i): Point => {
    const angle = (i / n) * 2 * Math.PI - Math.PI / 2 // from the top
    const wobble =
      0.16 * Math.sin(2 * angle + 0.9 + share * 0.8) +
      0.09 * Math.sin(3 * angle - 1.3 + share * 1.7) +
      0.05 * Math.sin(5 * angle + 2.1 - share * 2.3)
    const r = radius * (1 + wobble * (0.25 + 0.75 * share))
    return [r * Math.cos(angle) * 1.18, r * Math.sin(angle) * 0.86]
  })
}

/** A smooth closed curve through points (Catmull-Rom as cubic Béziers). */
function closed(points: Point[]): string {
  const at = (i: number): Point => points[(i + points.length) % points.length] ?? [0, 0]
  const say = ([x, y]: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`
  let path = `M${say(at(0))}`
  for (let i = 0; i < points.length; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    const first: Point = [b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6]
    const second: Point = [c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6]
    path += `C${say(first)} ${say(second)} ${say(c)}`
  }
  return `${path}Z`
}
