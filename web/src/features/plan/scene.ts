import type { ExpressionSpecification, FilterSpecification, MapGeoJSONFeature } from 'maplibre-gl'
import { cellCodes, type Resolution } from '@/api/client'
import { kinds, type Bounds, type Kind, type Position } from '@/api/types'
import { Scene, type Stage } from '@/map/scene'
import { limitByte, rampSteps } from './model'

export interface PlanCallbacks {
  home(): Bounds | undefined
  onArea(id: number | undefined): void
}

interface Table {
  ids: Float64Array
  values: Uint8Array
}

const areas = { source: 'coverage', 'source-layer': 'areas' } as const

/** The cells of the service circle, and those above them, which the tiles hold further out. */
const cells = [
  { resolution: 10, layer: 'cells' },
  { resolution: 8, layer: 'coarse' },
] as const

/** Hatching is to be seen, and not to be looked at. */
const hatching = 0.42

/** Stations are small far out, where they are many. */
export const stationSize: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 9, 0.25, 11.5, 0.4, 13, 0.75, 14, 1]

/** The byte of a cell, -1 until the table is here. */
const value: ExpressionSpecification = ['coalesce', ['feature-state', 't'], -1]

/**
 * Cells coloured by minutes. Their outlines come as tiles and stay; their values come as a table of one byte a cell and
 * are joined by id as feature state, so that another time of day costs a few kilobytes and a repaint.
 */
export class PlanScene extends Scene {
  readonly interactive: readonly string[] = ['plan-area-fill']
  private readonly tables = new Map<Resolution, Table>()
  /** What the map has been told of them. */
  private readonly joined = new Map<Resolution, Table>()
  private minutes = 15
  protected kind: readonly Kind[] = []
  private area: { id: number; bbox: Bounds } | undefined

  constructor(protected readonly callbacks: PlanCallbacks) {
    super()
  }

  home(): Bounds | undefined {
    return this.callbacks.home()
  }

  tap(_at: Position, features: MapGeoJSONFeature[]): void {
    const id = features[0]?.id
    this.callbacks.onArea(typeof id === 'number' && id !== this.area?.id ? id : undefined)
  }

  /** The table of times of the cells of a resolution; ids and values are in the same order. */
  setTable(resolution: Resolution, ids: Float64Array, values: Uint8Array): void {
    this.tables.set(resolution, { ids, values })
    this.join()
  }

  setMinutes(minutes: number): void {
    this.minutes = minutes
    const map = this.stage?.map
    for (const { layer } of cells) {
      if (!map?.getLayer(`plan-${layer}`)) continue
      map.setPaintProperty(`plan-${layer}`, 'fill-color', this.colours())
      map.setPaintProperty(`plan-${layer}`, 'fill-opacity', this.within(0.78))
      map.setPaintProperty(`plan-${layer}-over`, 'fill-opacity', this.beyond(hatching))
    }
  }

  setKinds(kind: readonly Kind[]): void {
    this.kind = kind
    this.filterStations()
  }

  choose(area: { id: number; bbox: Bounds } | undefined): void {
    this.area = area
    const map = this.stage?.map
    if (map?.getLayer('plan-area-chosen')) map.setFilter('plan-area-chosen', this.isChosen())
  }

  /** The chosen area, when there is one. */
  override start(): Bounds | undefined {
    return this.area?.bbox ?? this.home()
  }

  /** Shows what start says. */
  fit(): void {
    const bounds = this.start()
    if (bounds) this.stage?.fit(bounds, 15)
  }

  protected draw(stage: Stage): void {
    if (!stage.has('coverage', 'cells')) return
    const c = stage.look.colour
    for (const { layer } of cells) this.drawCells(stage, layer)
    // Invisible, but there to be pointed at.
    stage.add({ ...areas, id: 'plan-area-fill', type: 'fill', paint: { 'fill-opacity': 0 } }, 'streets')
    stage.add(
      {
        ...areas,
        id: 'plan-area-edge',
        type: 'line',
        layout: { 'line-join': 'round' },
        paint: { 'line-color': c('--ink'), 'line-width': 1.4, 'line-opacity': 0.75 },
      },
      'streets',
    )
    stage.add(
      {
        ...areas,
        id: 'plan-area-chosen',
        type: 'line',
        filter: this.isChosen(),
        layout: { 'line-join': 'round' },
        paint: { 'line-color': c('--ink'), 'line-width': 3.5 },
      },
      'streets',
    )
    this.drawStations(stage)
    stage.add(
      {
        ...areas,
        id: 'plan-area-name',
        type: 'symbol',
        layout: {
          'text-field': stage.labels.names,
          'text-font': stage.labels.font,
          'text-size': ['interpolate', ['linear'], ['zoom'], 10, 12, 14, 16],
          ...stage.labels.lines,
        },
        paint: { 'text-color': c('--ink'), 'text-halo-color': c('--map-halo'), 'text-halo-width': 2 },
      },
      'top',
    )
    this.joined.clear()
    this.join()
  }

  protected drawStations(stage: Stage): void {
    if (!stage.has('stations')) return
    stage.add(
      {
        id: 'plan-stations',
        type: 'symbol',
        source: 'stations',
        'source-layer': 'stations',
        layout: {
          'icon-image': ['concat', ['get', 'kind'], '-small'],
          'icon-allow-overlap': true,
          'icon-size': stationSize,
        },
      },
      'top',
    )
    this.filterStations()
  }

  private drawCells(stage: Stage, layer: 'cells' | 'coarse'): void {
    const of = { source: 'coverage', 'source-layer': layer } as const
    const paint = { 'fill-color-transition': { duration: 0 }, 'fill-opacity-transition': { duration: 0 } } as const
    stage.add(
      {
        ...of,
        id: `plan-${layer}`,
        type: 'fill',
        paint: { ...paint, 'fill-antialias': false, 'fill-color': this.colours(), 'fill-opacity': this.within(0.78) },
      },
      'ground',
    )
    stage.add(
      {
        ...of,
        id: `plan-${layer}-over`,
        type: 'fill',
        paint: { ...paint, 'fill-pattern': 'hatch', 'fill-opacity': this.beyond(hatching) },
      },
      'ground',
    )
    stage.add(
      {
        ...of,
        id: `plan-${layer}-none`,
        type: 'line',
        minzoom: 12,
        paint: {
          'line-color': stage.look.colour('--line-strong'),
          'line-width': 0.6,
          'line-opacity': ['case', ['>=', value, cellCodes.unreachable], 0.6, 0] as unknown as ExpressionSpecification,
        },
      },
      'ground',
    )
  }

  private colours(): ExpressionSpecification {
    const c = this.stage?.look.colour ?? (() => '#888')
    const [first, ...rest] = rampSteps(this.minutes)
    // A byte is rounded up, so the step that ends at 3 minutes holds the bytes up to 12.
    const above = rest.flatMap((step, i) => [(rampSteps(this.minutes)[i]?.upTo ?? 0) * 4 + 1, c(step.token)])
    return ['step', value, c(first?.token ?? ''), ...above] as unknown as ExpressionSpecification
  }

  private within(opacity: number): ExpressionSpecification {
    const inside = ['all', ['>=', value, 0], ['<=', value, limitByte(this.minutes)]]
    return ['case', inside, opacity, 0] as unknown as ExpressionSpecification
  }

  private beyond(opacity: number): ExpressionSpecification {
    const outside = ['all', ['>', value, limitByte(this.minutes)], ['<=', value, cellCodes.far]]
    return ['case', outside, opacity, 0] as unknown as ExpressionSpecification
  }

  private isChosen(): FilterSpecification {
    return ['==', ['id'], this.area?.id ?? -1]
  }

  private filterStations(): void {
    const map = this.stage?.map
    if (!map?.getLayer('plan-stations')) return
    const wanted = this.kind.length > 0 ? this.kind : kinds
    map.setFilter('plan-stations', [
      'all',
      ['in', ['get', 'kind'], ['literal', [...wanted]]],
      ['in', ['get', 'status'], ['literal', ['open', 'trial']]],
    ] as unknown as FilterSpecification)
  }

  /** Tells the map the bytes that it does not know. */
  private join(): void {
    const map = this.stage?.map
    if (!map?.getSource('coverage')) return
    for (const { resolution, layer } of cells) {
      const table = this.tables.get(resolution)
      if (!table) continue
      const { ids, values } = table
      const before = this.joined.get(resolution)
      const known = before?.ids === ids ? before.values : undefined
      const n = Math.min(ids.length, values.length)
      for (let i = 0; i < n; i++) {
        const id = ids[i]
        if (id !== undefined && values[i] !== known?.[i]) map.setFeatureState({ source: 'coverage', sourceLayer: layer, id }, { t: values[i] })
      }
      this.joined.set(resolution, table)
    }
  }
}
