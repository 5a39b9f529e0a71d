import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  FilterSpecification,
  MapGeoJSONFeature,
  VectorTileSource,
} from 'maplibre-gl'
import { queryOf, type ParcelQuery } from '@/api/client'
import type { Bounds, Parcel, Position } from '@/api/types'
import { around } from '@/map/box'
import { Scene, type Stage } from '@/map/scene'
import { lifeCycle, outlines, statusesOf, groups, useClasses } from './model'

interface Callbacks {
  home(): Bounds | undefined
  onParcel(number: string | undefined): void
  onHover(number: string | undefined): void
}

const parcels = { source: 'parcels', 'source-layer': 'parcels' } as const
const clusters = { source: 'parcels', 'source-layer': 'clusters' } as const

const alone: ExpressionSpecification = ['==', ['get', 'count'], 1]

/**
 * Parcels by use and status, those that the filters leave; far out how many there are around a point. All of it comes as tiles, which
 * take the same filter as the list, so that map and list hold the same however many there are.
 */
export class LandScene extends Scene {
  readonly interactive = ['land-dots', 'land-groups', 'land-fill']
  private query = ''
  private chosen: Parcel | undefined
  private pointed = ''

  constructor(private readonly callbacks: Callbacks) {
    super()
  }

  home(): Bounds | undefined {
    return this.callbacks.home()
  }

  /** The chosen parcel, when there is one. */
  override start(): Bounds | undefined {
    return this.chosen ? boxOf(this.chosen) : this.home()
  }

  tap(_at: Position, features: MapGeoJSONFeature[]): void {
    const [feature] = features
    if (feature && Number(feature.properties.count ?? 1) > 1) return this.open(feature)
    this.callbacks.onParcel(feature ? String(feature.properties.number) : undefined)
  }

  override hover(feature: MapGeoJSONFeature | undefined): void {
    const number = feature?.properties.number
    this.callbacks.onHover(typeof number === 'string' ? number : undefined)
  }

  /** Draws only what the list holds; the box in sight is no filter here, or the map would end at its own edge. */
  filter({ bbox: _, ...query }: ParcelQuery): void {
    this.query = queryOf({ ...query })
    this.ask()
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
    this.ask()
    this.mark()
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
    if (!map?.getLayer('land-dots')) return
    const c = this.stage?.look.colour ?? (() => '#888')
    const number = this.chosen?.properties.number ?? ''
    const isChosen: ExpressionSpecification = ['==', ['get', 'number'], number]
    const edge = (chosen: string | number, thin: string | number, other: string | number) =>
      ['case', isChosen, chosen, outlined('thin'), thin, other] as unknown as DataDrivenPropertyValueSpecification<never>
    map.setFilter('land-chosen', isChosen as FilterSpecification)
    map.setFilter('land-pointed', ['==', ['get', 'number'], this.pointed])
    map.setPaintProperty('land-dots', 'circle-stroke-color', edge(c('--turquoise'), c('--ink-soft'), c('--ink')))
    map.setPaintProperty('land-dots', 'circle-stroke-width', edge(4, 1, 1.8))
  }

  /** Goes nearer to a group of parcels, where it falls apart. */
  private open({ geometry }: MapGeoJSONFeature): void {
    const map = this.stage?.map
    if (map && geometry.type === 'Point') map.easeTo({ center: geometry.coordinates as Position, zoom: map.getZoom() + 2 })
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
  const statuses = statusesOf(groups.filter((group) => outlines[group] === outline))
  return ['in', ['get', 'status'], ['literal', statuses.map((status) => lifeCycle.indexOf(status))]]
}

/** The box around a parcel. */
export function boxOf(parcel: Parcel): Bounds {
  return around(parcel.geometry.coordinates.flat(2))
}
