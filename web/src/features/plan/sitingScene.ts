import type { GeoJSONSource, MapGeoJSONFeature } from 'maplibre-gl'
import type { Bounds, Position } from '@/api/types'
import { around } from '@/map/box'
import type { Stage } from '@/map/scene'
import type { LonLat } from '@/url/codec'
import { PlanScene } from './scene'
import type { Drawn, Shape, Site } from './siting'

interface Calls {
  home(): Bounds | undefined
  onSite(number: number): void
  /** A tap while something is drawn. */
  onPoint(at: Position): void
}

/** What is on the map beside the cells: a plan, what was drawn for the question, and what is being drawn. */
interface Shown {
  sites: readonly Site[]
  chosen: number
  drawn: Drawn
  open: { shape: Shape | 'required'; ring: readonly LonLat[] } | undefined
}

const source = 'siting'

/** Sites of a plan by their numbers, over the cells and what was drawn. */
export class SitingScene extends PlanScene {
  override readonly interactive = ['siting-sites']
  private shown: Shown | undefined

  constructor(private readonly calls: Calls) {
    super({ home: calls.home, onArea: () => undefined })
  }

  override get cursor(): string {
    return this.shown?.open ? 'crosshair' : ''
  }

  override tap(at: Position, features: MapGeoJSONFeature[]): void {
    if (this.shown?.open) return this.calls.onPoint(at)
    const number = features[0]?.properties.number
    if (typeof number === 'number') this.calls.onSite(number)
  }

  /** The plan, when there is one. */
  override start(): Bounds | undefined {
    const points = this.shown?.sites.map((s): Position => [s.point[0] ?? 0, s.point[1] ?? 0]) ?? []
    return points.length > 0 ? around(points) : this.home()
  }

  show(shown: Shown): void {
    this.shown = shown
    this.stage?.map.getSource<GeoJSONSource>(source)?.setData(this.data())
  }

  /** Brings a site into sight. */
  look(site: Site): void {
    this.stage?.show([site.point[0] ?? 0, site.point[1] ?? 0], 13)
  }

  protected override draw(stage: Stage): void {
    super.draw(stage)
    const c = stage.look.colour
    const is = (what: string) => ['==', ['get', 'is'], what] as never
    stage.source(source, { type: 'geojson', data: this.data() })
    stage.add({ id: 'siting-areas', type: 'fill', source, filter: is('shape'), paint: { 'fill-color': colourOf(c), 'fill-opacity': 0.14 } }, 'top')
    stage.add(
      { id: 'siting-edges', type: 'line', source, filter: ['in', ['get', 'is'], ['literal', ['shape', 'line']]] as never, paint: { 'line-color': colourOf(c), 'line-width': 2, 'line-dasharray': [3, 2] } },
      'top',
    )
    stage.add(
      { id: 'siting-corners', type: 'circle', source, filter: is('corner'), paint: { 'circle-color': c('--paper'), 'circle-radius': 5, 'circle-stroke-width': 2, 'circle-stroke-color': colourOf(c) } },
      'top',
    )
    stage.add(
      { id: 'siting-required', type: 'circle', source, filter: is('required'), paint: { 'circle-color': 'transparent', 'circle-radius': 18, 'circle-stroke-width': 2, 'circle-stroke-color': c('--ink') } },
      'top',
    )
    const chosen = ['get', 'chosen'] as never
    stage.add(
      {
        id: 'siting-sites',
        type: 'circle',
        source,
        filter: is('site'),
        paint: {
          'circle-color': ['case', chosen, c('--ink'), c('--turquoise')] as never,
          'circle-radius': ['case', chosen, 16, 13] as never,
          'circle-stroke-width': 2,
          'circle-stroke-color': c('--paper'),
        },
      },
      'top',
    )
    stage.add(
      {
        id: 'siting-numbers',
        type: 'symbol',
        source,
        filter: is('site'),
        layout: { 'text-field': ['to-string', ['get', 'number']], 'text-font': stage.labels.font, 'text-size': 13, 'text-allow-overlap': true },
        paint: { 'text-color': ['case', chosen, c('--paper'), c('--on-turquoise')] as never },
      },
      'top',
    )
  }

  private data(): GeoJSON.FeatureCollection {
    const { sites = [], chosen = 0, drawn, open } = this.shown ?? {}
    const features: GeoJSON.Feature[] = []
    const put = (properties: Record<string, string | number | boolean>, geometry: GeoJSON.Geometry) => features.push({ type: 'Feature', properties, geometry })
    const pair = ([lon, lat]: LonLat) => [lon, lat]
    for (const shape of ['within', 'candidates', 'forbidden'] as const) {
      const ring = drawn?.[shape] ?? []
      if (ring.length > 2 && ring[0]) put({ is: 'shape', shape }, { type: 'Polygon', coordinates: [[...ring, ring[0]].map(pair)] })
    }
    for (const at of drawn?.required ?? []) put({ is: 'required' }, { type: 'Point', coordinates: pair(at) })
    if (open) {
      if (open.ring.length > 1) put({ is: 'line', shape: open.shape }, { type: 'LineString', coordinates: open.ring.map(pair) })
      for (const at of open.ring) put({ is: 'corner', shape: open.shape }, { type: 'Point', coordinates: pair(at) })
    }
    // The chosen one last, so that it lies on top.
    for (const s of [...sites].sort((a, b) => Number(a.number === chosen) - Number(b.number === chosen))) {
      put({ is: 'site', number: s.number, chosen: s.number === chosen }, { type: 'Point', coordinates: s.point })
    }
    return { type: 'FeatureCollection', features }
  }
}

const colourOf = (c: (token: string) => string) => ['match', ['get', 'shape'], 'forbidden', c('--garnet'), 'candidates', c('--ink'), c('--turquoise')] as never
