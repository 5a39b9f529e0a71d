import type { ExpressionSpecification, GeoJSONSource, Map } from 'maplibre-gl'
import type { Bounds } from '@/api/types'
import { readLook } from '@/map/look'
import { open } from '@/map/open'
import { here, type BaseStyle } from '@/map/style'
import type { Camera } from '@/url/codec'
import { boxOf, nameOf, type Found, type Tile, type TileSet } from './model'

/** Colours for the layers of a set, in turn; dark and light enough for both grounds. */
export const inks = ['#c2410c', '#1d4ed8', '#15803d', '#a21caf', '#b45309', '#0e7490', '#be123c'] as const

interface Callbacks {
  onMove(camera: Camera, view: Bounds): void
  onTap(at: readonly [number, number], found: Found[]): void
}

const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
const isOf = (...types: string[]): ExpressionSpecification => ['in', ['geometry-type'], ['literal', types]]

/** A map that draws all that is in the tiles of one set, and their borders. */
export class InspectMap {
  private drawn: string[] = []

  private constructor(
    private readonly map: Map,
    private readonly style: BaseStyle,
    callbacks: Callbacks,
  ) {
    const moved = () => {
      const { lng, lat } = map.getCenter()
      callbacks.onMove({ centre: [lng, lat], zoom: map.getZoom() }, this.view())
    }
    map.on('moveend', moved)
    map.on('click', ({ point, lngLat }) => {
      const found = map.queryRenderedFeatures([[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]], { layers: this.drawn })
      const seen = new Set<string>()
      const features = found.flatMap(({ id, sourceLayer, properties, geometry }): Found[] => {
        const key = `${sourceLayer} ${id} ${JSON.stringify(properties)}`
        if (seen.has(key)) return []
        seen.add(key)
        return [{ layer: sourceLayer ?? '', id: typeof id === 'number' ? id : undefined, properties, geometry }]
      })
      callbacks.onTap([lngLat.lng, lngLat.lat], features)
    })
    const { colour } = readLook('en')
    map.addSource('inspect-tiles', { type: 'geojson', data: empty })
    map.addSource('inspect-chosen', { type: 'geojson', data: empty })
    map.addLayer({
      id: 'inspect-borders',
      type: 'line',
      source: 'inspect-tiles',
      paint: { 'line-color': colour('--ink'), 'line-width': ['case', ['get', 'chosen'], 3, 1], 'line-opacity': 0.7 },
    })
    map.addLayer({
      id: 'inspect-names',
      type: 'symbol',
      source: 'inspect-tiles',
      layout: {
        'symbol-placement': 'point',
        'text-field': ['get', 'name'],
        'text-font': style.metadata['kora:labels'].font,
        'text-size': 12,
        'text-allow-overlap': true,
      },
      filter: isOf('Point'),
      paint: { 'text-color': colour('--ink'), 'text-halo-color': colour('--map-halo'), 'text-halo-width': 2 },
    })
    const chosen = { source: 'inspect-chosen', paint: { 'line-color': colour('--turquoise'), 'line-width': 4 } } as const
    map.addLayer({ ...chosen, id: 'inspect-chosen', type: 'line', filter: ['!', isOf('Point', 'MultiPoint')] })
    map.addLayer({
      id: 'inspect-chosen-point',
      type: 'circle',
      source: 'inspect-chosen',
      filter: isOf('Point', 'MultiPoint'),
      paint: { 'circle-radius': 11, 'circle-opacity': 0, 'circle-stroke-color': colour('--turquoise'), 'circle-stroke-width': 4 },
    })
    moved()
  }

  static async open(container: HTMLElement, style: BaseStyle, at: Camera | Bounds, callbacks: Callbacks): Promise<InspectMap> {
    const map = await open({
      container,
      style,
      ...('centre' in at ? { center: [...at.centre], zoom: at.zoom } : { bounds: at, fitBoundsOptions: { padding: 24 } }),
    })
    return new InspectMap(map, style, callbacks)
  }

  /** The box in sight. */
  view(): Bounds {
    const box = this.map.getBounds()
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]
  }

  /** Draws the layers of a set in place of those before, each in an ink of its own. */
  show(name: string, set: TileSet): void {
    for (const id of this.drawn) this.map.removeLayer(id)
    this.drawn = []
    if (!(name in this.style.sources)) return
    set.vector_layers.forEach(({ id }, i) => {
      const ink = inks[i % inks.length] ?? inks[0]
      const of = { source: name, 'source-layer': id }
      const put = (suffix: string, layer: object) => {
        const full = { ...of, ...layer, id: `inspect-${id}-${suffix}` } as Parameters<Map['addLayer']>[0]
        this.map.addLayer(full, 'inspect-borders')
        this.drawn.push(full.id)
      }
      const area = isOf('Polygon', 'MultiPolygon')
      put('area', { type: 'fill', filter: area, paint: { 'fill-color': ink, 'fill-opacity': 0.14 } })
      put('line', { type: 'line', filter: ['!', isOf('Point', 'MultiPoint')], paint: { 'line-color': ink, 'line-width': 1.1 } })
      put('point', {
        type: 'circle',
        filter: isOf('Point', 'MultiPoint'),
        paint: { 'circle-color': ink, 'circle-radius': 5, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1 },
      })
    })
  }

  /** Draws the borders of tiles, with their names. */
  mark(tiles: readonly Tile[], chosen: string): void {
    const features = tiles.flatMap((tile): GeoJSON.Feature[] => {
      const [w, s, e, n] = boxOf(tile)
      const name = nameOf(tile)
      const ring = [[w, s], [e, s], [e, n], [w, n], [w, s]] // prettier-ignore
      const properties = { name, chosen: name === chosen }
      return [
        { type: 'Feature', properties, geometry: { type: 'LineString', coordinates: ring } },
        { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [(w + e) / 2, n - (n - s) * 0.06] } },
      ]
    })
    this.data('inspect-tiles', features)
  }

  choose(found: Found | undefined): void {
    this.data('inspect-chosen', found ? [{ type: 'Feature', properties: {}, geometry: found.geometry }] : [])
  }

  resize(): void {
    this.map.resize()
  }

  remove(): void {
    this.map.remove()
  }

  private data(source: string, features: GeoJSON.Feature[]): void {
    ;(this.map.getSource(source) as GeoJSONSource).setData({ type: 'FeatureCollection', features })
  }
}

/** The description of a set, with addresses on the page's own origin. */
export async function describe(name: string): Promise<TileSet> {
  const response = await fetch(`/tiles/${name}.json`)
  if (!response.ok) throw new Error(`there is no tile set ${name}`)
  const set = (await response.json()) as TileSet
  // URL escapes the braces of {z}/{x}/{y}.
  return { ...set, tiles: set.tiles.map((tile) => here(tile).replaceAll('%7B', '{').replaceAll('%7D', '}')) }
}
