import type {
  ExpressionSpecification,
  GeoJSONSource,
  Map,
  MapGeoJSONFeature,
  MapLayerMouseEvent,
  MapLayerTouchEvent,
  MapMouseEvent,
  MapTouchEvent,
} from 'maplibre-gl'
import type { Kind, Position } from '@/api/types'
import type { Stage } from '@/map/scene'
import { PlanScene, stationSize, type PlanCallbacks } from './scene'
import type { Placed } from './scenario'

interface Callbacks extends PlanCallbacks {
  onStation(id: number | undefined): void
  /** A tap while a station is being added. */
  onPlace(at: Position): void
  /** A station is on its way to another place; over tells that it has been let go there. */
  onDrag(id: number, at: Position, over: boolean): void
}

const source = 'scenario'

/** The cells as they would be, and stations that can be picked up. */
export class ScenarioScene extends PlanScene {
  override readonly interactive = ['scenario-grip', 'plan-area-fill']
  private placed: readonly Placed[] = []
  private station: number | undefined
  private placing = false
  private held: number | undefined
  private release: (() => void) | undefined

  constructor(private readonly calls: Callbacks) {
    super(calls)
  }

  override get cursor(): string {
    return this.held !== undefined ? 'grabbing' : this.placing ? 'crosshair' : ''
  }

  override tap(at: Position, features: MapGeoJSONFeature[]): void {
    if (this.placing) return this.calls.onPlace(at)
    const station = features.find((f) => f.layer.id === 'scenario-grip')?.properties.station as number | undefined
    if (station !== undefined) return this.calls.onStation(station)
    if (this.station !== undefined) return this.calls.onStation(undefined)
    super.tap(at, features)
  }

  override setKinds(kind: readonly Kind[]): void {
    super.setKinds(kind)
    this.refresh()
  }

  setStations(placed: readonly Placed[]): void {
    this.placed = placed
    this.refresh()
  }

  chooseStation(id: number | undefined): void {
    this.station = id
    this.refresh()
  }

  /** Taps put a station down from now on, or choose one again. */
  places(on: boolean): void {
    this.placing = on
  }

  /** The place under a point of the window; undefined where the map is not, or where something lies over it. */
  at(x: number, y: number): Position | undefined {
    const map = this.stage?.map
    if (!map || document.elementFromPoint(x, y) !== map.getCanvas()) return undefined
    const { left, top } = map.getCanvas().getBoundingClientRect()
    const { lng, lat } = map.unproject([x - left, y - top])
    return [lng, lat]
  }

  /** Brings a station into sight. */
  show(at: Position): void {
    this.stage?.show(at)
  }

  /** Calls done when the map has drawn what it was told. */
  whenDrawn(done: () => void): void {
    const map = this.stage?.map
    if (!map) return void requestAnimationFrame(done)
    map.once('render', done)
    map.triggerRepaint()
  }

  override detach(): void {
    this.release?.()
    super.detach()
  }

  protected override drawStations(stage: Stage): void {
    const c = stage.look.colour
    stage.source(source, { type: 'geojson', data: this.data() })
    const is = (kind: string): ExpressionSpecification => ['==', ['get', 'is'], kind]
    stage.add(
      {
        id: 'scenario-ways',
        type: 'line',
        source,
        filter: is('way') as never,
        paint: { 'line-color': c('--ink'), 'line-width': 1.6, 'line-dasharray': [2, 2] },
      },
      'top',
    )
    stage.add(
      {
        id: 'scenario-rings',
        type: 'circle',
        source,
        filter: ['all', is('station'), ['any', ['get', 'touched'], ['get', 'chosen']]] as never,
        paint: {
          'circle-color': c('--paper'),
          'circle-opacity': 0.55,
          'circle-radius': ['case', ['get', 'chosen'], 19, 15] as never,
          'circle-stroke-width': ['case', ['get', 'chosen'], 3.5, 2.5] as never,
          'circle-stroke-color': ['case', ['get', 'chosen'], c('--ink'), ['get', 'open'], c('--turquoise'), c('--garnet')] as never,
        },
      },
      'top',
    )
    stage.add(
      {
        id: 'scenario-stations',
        type: 'symbol',
        source,
        filter: is('station') as never,
        layout: {
          'icon-image': ['concat', ['get', 'kind'], ['case', ['get', 'open'], '-small', '-small-muted']] as never,
          'icon-allow-overlap': true,
          'icon-size': stationSize,
        },
      },
      'top',
    )
    stage.add(
      { id: 'scenario-grip', type: 'circle', source, filter: is('station') as never, paint: { 'circle-radius': 14, 'circle-opacity': 0 } },
      'top',
    )
    this.grip(stage.map)
  }

  /** Picks stations up by mouse and finger. */
  private grip(map: Map): void {
    this.release?.()
    const pick = (e: MapLayerMouseEvent | MapLayerTouchEvent) => {
      const under = (e.features ?? []).map((f) => f.properties.station as number)
      const id = under.find((station) => station === this.station) ?? under[0]
      if (id === undefined || this.placing || ('points' in e && e.points.length > 1)) return
      e.preventDefault() // the map stays where it is
      this.held = id
      const start = e.point
      let last: Position | undefined
      const drag = (now: MapMouseEvent | MapTouchEvent) => {
        if (!last && start.dist(now.point) < 4) return // a tap is no drag
        last = [now.lngLat.lng, now.lngLat.lat]
        map.getCanvas().style.cursor = 'grabbing'
        this.calls.onDrag(id, last, false)
      }
      const ends = ['mouseup', 'touchend', 'touchcancel'] as const
      const drop = () => {
        map.off('mousemove', drag)
        map.off('touchmove', drag)
        for (const end of ends) map.off(end, drop)
        this.held = undefined
        map.getCanvas().style.cursor = ''
        if (last) this.calls.onDrag(id, last, true)
      }
      map.on('mousemove', drag)
      map.on('touchmove', drag)
      for (const end of ends) map.on(end, drop)
    }
    map.on('mousedown', 'scenario-grip', pick)
    map.on('touchstart', 'scenario-grip', pick)
    this.release = () => {
      map.off('mousedown', 'scenario-grip', pick)
      map.off('touchstart', 'scenario-grip', pick)
      this.release = undefined
    }
  }

  private refresh(): void {
    this.stage?.map.getSource<GeoJSONSource>(source)?.setData(this.data())
  }

  private data(): GeoJSON.FeatureCollection {
    const shown = this.placed.filter((p) => this.kind.length === 0 || this.kind.includes(p.kind) || p.id === this.station)
    return {
      type: 'FeatureCollection',
      features: [
        ...shown.flatMap(({ from, at }): GeoJSON.Feature[] =>
          from ? [{ type: 'Feature', properties: { is: 'way' }, geometry: { type: 'LineString', coordinates: [from, at] } }] : [],
        ),
        ...shown.map(
          ({ id, kind, at, open, touched }): GeoJSON.Feature => ({
            type: 'Feature',
            properties: { is: 'station', station: id, kind, open, touched, chosen: id === this.station },
            geometry: { type: 'Point', coordinates: at },
          }),
        ),
      ],
    }
  }
}
