import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import type { Bounds } from '@/api/types'
import { maybeCamera, text, type Camera, type Codec } from '@/url/codec'

/** A description of tiles, as TileJSON 3.0 has it. */
export interface TileSet {
  tiles: string[]
  minzoom: number
  maxzoom: number
  bounds: Bounds
  vector_layers: { id: string; fields: Record<string, string> }[]
}

export interface Tile {
  z: number
  x: number
  y: number
}

export interface InspectState {
  set: string
  /** The chosen tile as z/x/y, empty for none. */
  tile: string
  map: Camera | undefined
}

export const inspectCodec: Codec<InspectState> = {
  set: text(/^[a-z]{1,30}$/, 'basemap'),
  tile: text(/^\d{1,2}\/\d{1,8}\/\d{1,8}$/),
  map: maybeCamera(),
}

export const nameOf = ({ z, x, y }: Tile): string => `${z}/${x}/${y}`

/** The address of a tile, by the pattern of its set. */
export function addressOf(tile: Tile, pattern: string): string {
  return pattern.replace('{z}', String(tile.z)).replace('{x}', String(tile.x)).replace('{y}', String(tile.y))
}

/** The column and row, with fractions, of a place in the pyramid's level z (Web Mercator). */
function gridAt(lon: number, lat: number, z: number): [x: number, y: number] {
  const phi = (lat * Math.PI) / 180
  return [((lon + 180) / 360) * 2 ** z, ((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * 2 ** z]
}

const clamp = (n: number, least: number, most: number) => Math.min(most, Math.max(least, n))

/** The level of a set's tiles that a map at zoom draws; undefined when it is too far out for them. */
export function levelAt(zoom: number, { minzoom, maxzoom }: TileSet): number | undefined {
  const z = Math.floor(zoom)
  return z < minzoom ? undefined : Math.min(z, maxzoom)
}

/** The tile of level z in which a place lies. */
export function tileAt([lon, lat]: readonly [number, number], z: number): Tile {
  const [x, y] = gridAt(lon, lat, z)
  const last = 2 ** z - 1
  return { z, x: clamp(Math.floor(x), 0, last), y: clamp(Math.floor(y), 0, last) }
}

/** The tiles of level z that touch a box, row by row; no more than most. */
export function tilesIn([west, south, east, north]: Bounds, z: number, most = 64): Tile[] {
  const from = tileAt([west, north], z)
  const to = tileAt([east, south], z)
  const tiles: Tile[] = []
  for (let y = from.y; y <= to.y; y++) {
    for (let x = from.x; x <= to.x && tiles.length < most; x++) tiles.push({ z, x, y })
  }
  return tiles
}

/** The box of a tile in degrees. */
export function boxOf({ z, x, y }: Tile): Bounds {
  const lon = (column: number) => (column / 2 ** z) * 360 - 180
  const lat = (row: number) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / 2 ** z))) * 180) / Math.PI
  return [lon(x), lat(y + 1), lon(x + 1), lat(y)]
}

/** A feature as it lies in a tile. */
export interface Found {
  layer: string
  id: number | undefined
  properties: Record<string, unknown>
  geometry: GeoJSON.Geometry
}

/** A layer of a tile. */
export interface Layer {
  name: string
  extent: number
  features: Found[]
  /** How many of each type there are, "3 Polygon" and so on. */
  types: string
  vertices: number
}

const typeNames = ['Unknown', 'Point', 'LineString', 'Polygon'] as const

/** What a tile holds. */
export function decode(bytes: Uint8Array, { z, x, y }: Tile): Layer[] {
  const { layers } = new VectorTile(new PbfReader(bytes))
  return Object.values(layers).map((layer) => {
    const types: Record<string, number> = {}
    const features: Found[] = []
    let vertices = 0
    for (let i = 0; i < layer.length; i++) {
      const feature = layer.feature(i)
      const type = typeNames[feature.type]
      types[type] = (types[type] ?? 0) + 1
      for (const part of feature.loadGeometry()) vertices += part.length
      const { id, properties } = feature
      features.push({ layer: layer.name, id, properties, geometry: feature.toGeoJSON(x, y, z).geometry })
    }
    const counted = Object.entries(types).map(([type, n]) => `${n} ${type}`)
    return { name: layer.name, extent: layer.extent, features, types: counted.join(', '), vertices }
  })
}

/** A tile as it came over the wire. */
export interface Report {
  tile: Tile
  address: string
  status: number
  headers: Headers
  /** Bytes as sent, when they are known. */
  wire: number | undefined
  /** Bytes after decompression. */
  plain: number
  layers: Layer[]
  /** What is wrong with it, if anything. */
  fault: string
}

/** The length that the server told or, for an answer in chunks, what the browser counted. */
function wireBytes(address: string, headers: Headers): number | undefined {
  const told = headers.get('content-length')
  if (told !== null) return Number(told)
  const entry = performance.getEntriesByName(address, 'resource').at(-1)
  return entry instanceof PerformanceResourceTiming ? entry.encodedBodySize : undefined
}

/** Asks for a tile past all caches, and takes it apart. */
export async function inspect(tile: Tile, pattern: string, signal: AbortSignal): Promise<Report> {
  const address = addressOf(tile, pattern)
  performance.clearResourceTimings() // the browser keeps the first few hundred only
  const response = await fetch(address, { cache: 'no-store', signal })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const report: Report = {
    tile,
    address,
    status: response.status,
    headers: response.headers,
    wire: wireBytes(address, response.headers),
    plain: bytes.length,
    layers: [],
    fault: '',
  }
  if (!response.ok) return { ...report, fault: `the server answers ${response.status}` }
  try {
    return { ...report, layers: decode(bytes, tile) }
  } catch (cause) {
    return { ...report, fault: `it cannot be decoded: ${cause instanceof Error ? cause.message : cause}` }
  }
}

/** A number of bytes as people say it. */
export function size(bytes: number | undefined): string {
  if (bytes === undefined) return '—'
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`
}

export const featuresIn = (layers: readonly Layer[]): number => layers.reduce((n, layer) => n + layer.features.length, 0)
