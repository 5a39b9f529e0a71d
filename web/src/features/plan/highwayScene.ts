import type { ExpressionSpecification, FilterSpecification, GeoJSONSource, MapGeoJSONFeature } from 'maplibre-gl'
import type { Bounds, Corridor, Position } from '@/api/types'
import { Scene, type Stage } from '@/map/scene'
import type { Way } from './corridor'

interface Callbacks {
  home(): Bounds | undefined
  /** A tap on the chosen highway, or near it. */
  onPlace(at: Position): void
  onRoad(ref: string): void
}

const road = { source: 'plan-road' } as const

/** Highways, of the chosen one the stretches of one direction, the homes along it, and a place that the strip points at. */
export class HighwayScene extends Scene {
  readonly interactive = ['plan-road-hit', 'plan-roads-hit']
  private corridor: Corridor | undefined
  private way: Way = 'up'
  private at: Position | undefined

  constructor(private readonly callbacks: Callbacks) {
    super()
  }

  home(): Bounds | undefined {
    return this.callbacks.home()
  }

  override start(): Bounds | undefined {
    return this.corridor?.bbox ?? this.home()
  }

  tap(at: Position, features: MapGeoJSONFeature[]): void {
    const ref: unknown = features[0]?.properties.ref
    if (features.some(({ layer }) => layer.id === 'plan-road-hit')) this.callbacks.onPlace(at)
    else if (typeof ref === 'string') this.callbacks.onRoad(ref)
  }

  choose(corridor: Corridor | undefined, way: Way): void {
    this.corridor = corridor
    this.way = way
    this.fill()
  }

  fit(): void {
    const bounds = this.start()
    if (bounds) this.stage?.fit(bounds, 13)
  }

  /** Marks a place of the road; with follow the map goes there. */
  mark(at: Position | undefined, follow = false): void {
    this.at = at
    this.source('plan-road-cursor')?.setData(pointOf(at))
    if (at && follow) this.stage?.show(at)
  }

  protected draw(stage: Stage): void {
    const c = stage.look.colour
    if (stage.has('corridors', 'corridors')) {
      const all = { source: 'corridors', 'source-layer': 'corridors' } as const
      stage.add(
        { ...all, id: 'plan-roads', type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-color': c('--line-strong'), 'line-width': 3 } },
        'streets',
      )
      stage.add({ ...all, id: 'plan-roads-hit', type: 'line', paint: { 'line-opacity': 0, 'line-width': 18 } }, 'streets')
    }
    stage.source(road.source, { type: 'geojson', data: this.lines() })
    const state = (name: string) => ['==', ['get', 'state'], name] as unknown as FilterSpecification
    const width: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 6, 4, 12, 8]
    stage.add(
      { ...road, id: 'plan-road-edge', type: 'line', layout: { 'line-join': 'round' }, paint: { 'line-color': c('--paper'), 'line-width': ['interpolate', ['linear'], ['zoom'], 6, 7, 12, 12] } },
      'streets',
    )
    stage.add({ ...road, id: 'plan-road-served', type: 'line', filter: state('served'), paint: { 'line-color': c('--turquoise'), 'line-width': width } }, 'streets')
    // What is not served is dashed too, so that its colour is not the only sign of it.
    for (const [name, dash] of [['beyond', [2, 0.6]], ['no_home', [0.6, 0.6]]] as const) {
      stage.add(
        { ...road, id: `plan-road-${name}`, type: 'line', filter: state(name), paint: { 'line-color': c('--garnet'), 'line-width': width, 'line-dasharray': [...dash] } },
        'streets',
      )
    }
    stage.add(
      { ...road, id: 'plan-road-unknown', type: 'line', filter: state('unknown'), paint: { 'line-color': c('--line-strong'), 'line-width': 2, 'line-dasharray': [1.5, 1.5] } },
      'streets',
    )
    stage.add({ ...road, id: 'plan-road-hit', type: 'line', paint: { 'line-opacity': 0, 'line-width': 22 } }, 'streets')
    stage.source('plan-road-homes', { type: 'geojson', data: this.homes() })
    stage.add(
      {
        id: 'plan-road-homes', type: 'symbol', source: 'plan-road-homes',
        layout: { 'icon-image': ['concat', ['get', 'kind'], '-small'], 'icon-allow-overlap': true, 'icon-size': ['interpolate', ['linear'], ['zoom'], 6, 0.7, 11, 1] },
      },
      'top',
    ) // prettier-ignore
    stage.source('plan-road-cursor', { type: 'geojson', data: pointOf(this.at) })
    stage.add(
      {
        id: 'plan-road-cursor', type: 'circle', source: 'plan-road-cursor',
        paint: { 'circle-radius': 7, 'circle-color': c('--paper'), 'circle-stroke-color': c('--ink'), 'circle-stroke-width': 3 },
      },
      'top',
    ) // prettier-ignore
  }

  private fill(): void {
    this.source(road.source)?.setData(this.lines())
    this.source('plan-road-homes')?.setData(this.homes())
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.stage?.map.getSource<GeoJSONSource>(id)
  }

  private homes() {
    return {
      type: 'FeatureCollection' as const,
      features: (this.corridor?.stations ?? []).map(({ kind, point }) => ({
        type: 'Feature' as const,
        properties: { kind },
        geometry: { type: 'Point' as const, coordinates: point },
      })),
    }
  }

  private lines() {
    const stretches = this.way === 'up' ? this.corridor?.up_stretches : this.corridor?.down_stretches
    return {
      type: 'FeatureCollection' as const,
      features: (stretches ?? []).map(({ state, lines }) => ({
        type: 'Feature' as const,
        properties: { state },
        geometry: { type: 'MultiLineString' as const, coordinates: lines },
      })),
    }
  }
}

function pointOf(at: Position | undefined) {
  return {
    type: 'FeatureCollection' as const,
    features: at ? [{ type: 'Feature' as const, properties: {}, geometry: { type: 'Point' as const, coordinates: at } }] : [],
  }
}
