// Fails when the built page has grown beyond what was agreed, in kilobytes after gzip. Run after `vite build`.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const dist = new URL('../dist/', import.meta.url).pathname
const assets = join(dist, 'assets')
const files = readdirSync(assets).filter((name) => /\.(js|mjs|css)$/.test(name))
const gz = (path) => statSync(`${path}.gz`).size / 1024

const isMap = (name) => /^(host|open|maplibre-gl-worker)-/.test(name)

/** Files that a chunk needs before it runs: itself and its static imports, with the style sheets beside them. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen
  seen.add(name)
  if (!/\.m?js$/.test(name)) return seen
  const text = readFileSync(join(assets, name), 'utf8')
  for (const [, imported] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) closure(imported, seen)
  return seen
}

const chunk = (stem) => files.find((name) => name.startsWith(`${stem}-`) && /\.m?js$/.test(name))
const sheets = (stem) => files.filter((name) => name.startsWith(`${stem}-`) && name.endsWith('.css'))
/** The name without its hash, which may hold dashes itself. */
const stemOf = (name) => name.replace(/-[\w-]{8}\.js$/, '')
const total = (names) => [...names].reduce((sum, name) => sum + gz(join(assets, name)), 0)

const html = readFileSync(join(dist, 'index.html'), 'utf8')
const entry = [...html.matchAll(/\/assets\/([^"]+\.(?:js|css))/g)].flatMap(([, name]) => [...closure(name)])
const first = new Set([...entry, ...closure(chunk('FindView')), ...sheets('FindView')])
for (const name of [...first]) {
  if (name.endsWith('.js')) for (const sheet of sheets(stemOf(name))) first.add(sheet)
}
const more = (view) => {
  const names = new Set([...closure(chunk(view)), ...sheets(view)])
  for (const name of [...names]) if (name.endsWith('.js')) for (const s of sheets(stemOf(name))) names.add(s)
  return [...names].filter((name) => !first.has(name))
}

const rows = [
  ['first list (HTML, JS, CSS)', gz(join(dist, 'index.html')) + total(first), 60],
  ['map', total(files.filter(isMap)), 460],
  ['planner, on top', total(more('PlanView')), 90],
  ['investor, on top', total(more('LandView')), 90],
  ['staff, on top', Math.max(...['DeskPreview', 'DeskIntents', 'DeskNotices'].map((view) => total(more(view)))), 90],
  ['everything but fonts', gz(join(dist, 'index.html')) + total(files), 800],
]

let over = false
for (const [what, size, limit] of rows) {
  over ||= size > limit
  console.log(`${size > limit ? 'OVER' : '  ok'}  ${what.padEnd(28)} ${size.toFixed(1).padStart(6)} kB of ${limit}`)
}
process.exitCode = over ? 1 : 0
