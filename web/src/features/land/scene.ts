import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  FilterSpecification,
  GeoJSONSource,
  MapGeoJSONFeature,
  VectorTileSource,
} from 'maplibre-gl'
import { queryOf, type ParcelQuery } from '@/api/client'
import type { Bounds, Parcel, Position } from '@/api/types'
import { around, middle } from '@/map/box'
import { Scene, type Stage } from '@/map/scene'
import type { LonLat } from '@/url/codec'
import { lifeCycle, outlines, stages, statusesOf, useClasses } from './model'

interface Callbacks {
  home(): Bounds | undefined
  onParcel(number: string | undefined): void
  onHover(number: string | undefined): void
  /** A tap while something is being drawn; again tells that it is at the first corner once more. */
  onPoint?(at: Position, again: boolean): void
}

/** What is drawn over the parcels: a shape with its corners, and a place to be near. */
interface Sketch {
  ring: readonly LonLat[]
  /** Whether more corners may come. */
  open: boolean
  near: LonLat | undefined
}

const parcels = { source: 'parcels', 'source-layer': 'parcels' } as const
const clusters = { source: 'parcels', 'source-layer': 'clusters' } as const

const alone: ExpressionSpecification = ['==', ['get', 'count'], 1]

/**
 * Parcels by use and status, those that the filters leave; far out how many there are around a point. All of it comes as tiles, which
 * take the same filter as the list, so that map and list hold the same however many there are.
 */
export class LandScene extends Scene {
  readonly interactive = ['land-ranks', 'land-dots', 'land-groups', 'land-fill']
  private query = ''
  private chosen: Parcel | undefined
  private pointed = ''
  private drawing = false
  private sketched: Sketch = { ring: [], open: false, near: undefined }
  private ranked: readonly Parcel[] = []

  /** With quiet, parcels have no marks of their own far out: those of a ranked list are enough. */
  constructor(
    private readonly callbacks: Callbacks,
    private readonly quiet = false,
  ) {
    super()
  }

  home(): Bounds | undefined {
    return this.callbacks.home()
  }

  /** The chosen parcel, when there is one. */
  override start(): Bounds | undefined {
    if (this.chosen) return boxOf(this.chosen)
    return this.ranked.length > 0 ? around(this.ranked.flatMap((p) => p.geometry.coordinates.flat(2))) : this.home()
  }

  override get cursor(): string {
    return this.drawing ? 'crosshair' : ''
  }

  tap(at: Position, features: MapGeoJSONFeature[]): void {
    if (this.drawing) return this.callbacks.onPoint?.(at, this.atFirst(at))
    const [feature] = features
    if (feature && Number(feature.properties.count ?? 1) > 1) return this.open(feature)
    this.callbacks.onParcel(feature ? String(feature.properties.number) : undefined)
  }

  override hover(feature: MapGeoJSONFeature | undefined): void {
    const number = feature?.properties.number
    this.callbacks.onHover(typeof number === 'string' ? number : undefined)
  }

  /** Draws only what the list holds. */
  filter(query: ParcelQuery): void {
    this.query = queryOf({ ...query })
    this.ask()
  }

  /** Taps are points from now on, or parcels again. */
  draws(on: boolean): void {
    this.drawing = on
  }

  sketch(sketch: Sketch): void {
    this.sketched = sketch
    this.source('land-sketch')?.setData(sketchOf(sketch))
  }

  /** Numbers parcels by their place in a list that is in an order of its own. */
  rank(parcels: readonly Parcel[]): void {
    this.ranked = parcels
    this.source('land-ranks')?.setData(ranksOf(parcels))
  }

  choose(parcel: Parcel | undefined): void {
    this.chosen = parcel
    this.mark()
  }

  /** Marks the parcel that is pointed at in the list. */
  point(number: string | undefined): void {
    this.pointed = number ?? ''
    this.mark()
  }

  /** Shows what start says. */
  fit(): void {
    const bounds = this.start()
    if (bounds) this.stage?.fit(bounds, 15.5)
  }

  protected draw(stage: Stage): void {
    if (!stage.has('parcels')) return
    const c = stage.look.colour
    const fills = useClasses.flatMap((code) => [Number(code), c(`--use-${code}`)])
    const fill = ['match', ['coalesce', ['get', 'use'], 0], ...fills, c('--line-strong')] as unknown as ExpressionSpecification

    stage.add({ ...parcels, id: 'land-fill', type: 'fill', paint: { 'fill-color': fill, 'fill-opacity': 0.62 } }, 'streets')
    for (const [outline, colour, width, dash] of [
      ['solid', '--ink', 1.8, [1]],
      ['dashed', '--ink', 1.8, [3, 1.6]],
      ['thin', '--ink-soft', 0.9, [1]],
    ] as const) {
      stage.add(
        {
          ...parcels,
          id: `land-${outline}`,
          type: 'line',
          filter: outlined(outline) as FilterSpecification,
          layout: { 'line-join': 'round' },
          paint: { 'line-color': c(colour), 'line-width': width, ...(dash.length > 1 && { 'line-dasharray': [...dash] }) },
        },
        'streets',
      )
    }
    for (const [id, width] of [
      ['land-pointed', 3],
      ['land-chosen', 4],
    ] as const) {
      stage.add(
        {
          ...parcels,
          id,
          type: 'line',
          filter: ['==', ['get', 'number'], ''],
          layout: { 'line-join': 'round' },
          paint: { 'line-color': c('--turquoise'), 'line-width': width },
        },
        'streets',
      )
    }
    if (!this.quiet) this.drawMarks(stage, fill)
    stage.add(
      {
        source: 'parcels',
        'source-layer': 'labels',
        id: 'land-names',
        type: 'symbol',
        layout: {
          'text-field': ['format', stage.labels.name, {}, '\n', {}, useCode, { 'font-scale': 0.85 }] as never,
          'text-font': stage.labels.font,
          'text-size': 12,
          ...stage.labels.lines,
          'text-max-width': 9,
        },
        paint: { 'text-color': c('--ink'), 'text-halo-color': c('--map-halo'), 'text-halo-width': 1.8 },
      },
      'top',
    )
    stage.source('land-sketch', { type: 'geojson', data: sketchOf(this.sketched) })
    const sketch = { source: 'land-sketch' } as const
    stage.add({ ...sketch, id: 'land-sketch-fill', type: 'fill', paint: { 'fill-color': c('--turquoise'), 'fill-opacity': 0.1 } }, 'streets')
    stage.add(
      { ...sketch, id: 'land-sketch-line', type: 'line', paint: { 'line-color': c('--turquoise'), 'line-width': 2.5, 'line-dasharray': [2, 1.4] } },
      'top',
    )
    for (const [id, kind, radius] of [
      ['land-sketch-corners', 'corner', 5],
      ['land-sketch-near', 'near', 8],
    ] as const) {
      stage.add(
        {
          ...sketch,
          id,
          type: 'circle',
          filter: ['==', ['get', 'kind'], kind],
          paint: {
            'circle-color': kind === 'near' ? c('--turquoise') : c('--paper'),
            'circle-radius': radius,
            'circle-stroke-color': kind === 'near' ? c('--paper') : c('--turquoise'),
            'circle-stroke-width': 2.5,
          },
        },
        'top',
      )
    }
    stage.source('land-ranks', { type: 'geojson', data: ranksOf(this.ranked) })
    stage.add(
      {
        source: 'land-ranks',
        id: 'land-ranks',
        type: 'circle',
        layout: { 'circle-sort-key': ['-', ['get', 'rank']] },
        paint: { 'circle-color': c('--turquoise'), 'circle-radius': 13, 'circle-stroke-color': c('--paper'), 'circle-stroke-width': 2 },
      },
      'top',
    )
    stage.add(
      {
        source: 'land-ranks',
        id: 'land-ranks-number',
        type: 'symbol',
        // Where marks lie on one another, only the number of the best is told.
        layout: { 'text-field': ['to-string', ['get', 'rank']], 'text-font': stage.labels.font, 'text-size': 13, 'symbol-sort-key': ['get', 'rank'] },
        paint: { 'text-color': c('--on-turquoise') },
      },
      'top',
    )
    this.ask()
    this.mark()
  }

  private drawMarks(stage: Stage, fill: ExpressionSpecification): void {
    const c = stage.look.colour
    stage.add(
      {
        ...clusters,
        id: 'land-groups',
        type: 'circle',
        filter: ['!', alone],
        paint: {
          'circle-color': c('--paper'),
          'circle-radius': ['interpolate', ['linear'], ['get', 'count'], 2, 14, 30, 24, 1000, 34],
          'circle-stroke-color': c('--ink'),
          'circle-stroke-width': 1.8,
        },
      },
      'top',
    )
    stage.add(
      {
        ...clusters,
        id: 'land-groups-count',
        type: 'symbol',
        filter: ['!', alone],
        layout: {
          'text-field': ['to-string', ['get', 'count']],
          'text-font': stage.labels.font,
          'text-size': 14,
          'text-allow-overlap': true,
        },
        paint: { 'text-color': c('--ink') },
      },
      'top',
    )
    stage.add(
      {
        ...clusters,
        id: 'land-dots',
        type: 'circle',
        filter: alone as FilterSpecification,
        paint: { 'circle-color': fill, 'circle-radius': 7 },
      },
      'top',
    )
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.stage?.map.getSource(id) as GeoJSONSource | undefined
  }

  /** Whether a tap closes the shape: it is as near to the first corner as a finger can tell. */
  private atFirst(at: Position): boolean {
    const [first] = this.sketched.ring
    const map = this.stage?.map
    if (!first || !map || this.sketched.ring.length < 3) return false
    const [a, b] = [map.project([...first]), map.project(at)]
    return Math.hypot(a.x - b.x, a.y - b.y) < 18
  }

  /** Asks for the tiles that the filter leaves. */
  private ask(): void {
    const source = this.stage?.map.getSource('parcels') as VectorTileSource | undefined
    const tiles = `${location.origin}/tiles/parcels/{z}/{x}/{y}.mvt${this.query}`
    if (!source || source.tiles?.[0] === tiles) return
    if (this.query) source.setTiles([tiles])
    else if (source.tiles?.[0] && !source.tiles[0].includes('?v=')) source.setUrl(`${location.origin}/tiles/parcels.json`)
  }

  private mark(): void {
    const map = this.stage?.map
    if (!map?.getLayer('land-chosen')) return
    const c = this.stage?.look.colour ?? (() => '#888')
    const number = this.chosen?.properties.number ?? ''
    const isChosen: ExpressionSpecification = ['==', ['get', 'number'], number]
    const edge = (chosen: string | number, thin: string | number, other: string | number) =>
      ['case', isChosen, chosen, outlined('thin'), thin, other] as unknown as DataDrivenPropertyValueSpecification<never>
    map.setFilter('land-chosen', isChosen as FilterSpecification)
    map.setFilter('land-pointed', ['==', ['get', 'number'], this.pointed])
    if (this.quiet) return
    map.setPaintProperty('land-dots', 'circle-stroke-color', edge(c('--turquoise'), c('--ink-soft'), c('--ink')))
    map.setPaintProperty('land-dots', 'circle-stroke-width', edge(4, 1, 1.8))
  }

  /** Goes nearer to a group of parcels, where it falls apart. */
  private open({ geometry }: MapGeoJSONFeature): void {
    const map = this.stage?.map
    if (map && geometry.type === 'Point') map.easeTo({ center: geometry.coordinates as Position, zoom: map.getZoom() + 2 })
  }
}

function sketchOf({ ring, open, near }: Sketch): GeoJSON.FeatureCollection {
  const corners = ring.map((at) => [...at])
  const features: GeoJSON.Feature[] = []
  const add = (kind: string, geometry: GeoJSON.Geometry) => features.push({ type: 'Feature', properties: { kind }, geometry })
  const [first] = corners
  if (corners.length > 2 && first) add('shape', { type: 'Polygon', coordinates: [[...corners, first]] })
  else if (corners.length === 2) add('shape', { type: 'LineString', coordinates: corners })
  if (open) for (const at of corners) add('corner', { type: 'Point', coordinates: at })
  if (near) add('near', { type: 'Point', coordinates: [...near] })
  return { type: 'FeatureCollection', features }
}

function ranksOf(parcels: readonly Parcel[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: parcels.map((parcel, i) => ({
      type: 'Feature',
      properties: { rank: i + 1, number: parcel.properties.number },
      geometry: { type: 'Point', coordinates: middle(boxOf(parcel)) },
    })),
  }
}

/** The class of a parcel's use in two digits. */
const useCode: ExpressionSpecification = [
  'case',
  ['!', ['has', 'use']],
  '',
  ['<', ['get', 'use'], 10],
  ['concat', '0', ['to-string', ['get', 'use']]],
  ['to-string', ['get', 'use']],
]

/** Whether a parcel is outlined so; tiles tell its status by its place in the life cycle. */
function outlined(outline: 'solid' | 'dashed' | 'thin'): ExpressionSpecification {
  const statuses = statusesOf(stages.filter((stage) => outlines[stage] === outline))
  return ['in', ['get', 'status'], ['literal', statuses.map((status) => lifeCycle.indexOf(status))]]
}

/** The box around a parcel. */
export function boxOf(parcel: Parcel): Bounds {
  return around(parcel.geometry.coordinates.flat(2))
}
