import type { ExpressionSpecification, FilterSpecification, GeoJSONSource, MapGeoJSONFeature } from 'maplibre-gl'
import type { Bounds, Parcel, Position } from '@/api/types'
import { around, middle } from '@/map/box'
import { Scene, type Stage } from '@/map/scene'
import { groupOf, outlines, useClasses, useToken } from './model'

interface Callbacks {
  home(): Bounds | undefined
  onParcel(number: string | undefined): void
  onHover(number: string | undefined): void
}

const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }
const tiles = { source: 'parcels', 'source-layer': 'parcels' } as const

/** From this zoom a parcel is large enough to be seen by its outline. */
const outlineZoom = 12

/** Parcels by use and status, the ones of the list only; far out as dots that gather. */
export class LandScene extends Scene {
  readonly interactive = ['land-dots', 'land-groups', 'land-fill']
  private parcels: readonly Parcel[] = []
  private chosen: string | undefined
  private pointed: string | undefined

  constructor(private readonly callbacks: Callbacks) {
    super()
  }

  home(): Bounds | undefined {
    return this.callbacks.home()
  }

  /** The chosen parcel, when there is one. */
  override start(): Bounds | undefined {
    const parcel = this.parcels.find((p) => p.properties.number === this.chosen)
    return parcel ? boxOf(parcel) : this.home()
  }

  tap(_at: Position, features: MapGeoJSONFeature[]): void {
    const [feature] = features
    if (feature?.properties.cluster) return void this.open(feature)
    this.callbacks.onParcel(feature ? String(feature.properties.number) : undefined)
  }

  override hover(feature: MapGeoJSONFeature | undefined): void {
    const number = feature?.properties.number
    this.callbacks.onHover(typeof number === 'string' ? number : undefined)
  }

  setParcels(parcels: readonly Parcel[]): void {
    this.parcels = parcels
    this.refresh()
  }

  choose(number: string | undefined): void {
    this.chosen = number
    this.refresh()
  }

  /** Marks the parcel that is pointed at in the list. */
  point(number: string | undefined): void {
    if (number === this.pointed) return
    this.pointed = number
    const map = this.stage?.map
    if (map?.getLayer('land-pointed')) map.setFilter('land-pointed', ['==', ['get', 'number'], number ?? ''])
  }

  /** Shows what start says. */
  fit(): void {
    const bounds = this.start()
    if (bounds) this.stage?.fit(bounds, 15.5)
  }

  protected draw(stage: Stage): void {
    const c = stage.look.colour
    const fills = useClasses.flatMap((code) => [Number(code), c(`--use-${code}`)])
    const fill: ExpressionSpecification = ['match', ['to-number', ['get', 'use'], 0], ...fills, c('--line-strong')] as never

    if (stage.has('parcels')) {
      stage.add(
        { ...tiles, id: 'land-fill', type: 'fill', minzoom: 9, paint: { 'fill-color': fill, 'fill-opacity': 0.62 } },
        'streets',
      )
      for (const [outline, colour, width, dash] of [
        ['solid', '--ink', 1.8, [1]],
        ['dashed', '--ink', 1.8, [3, 1.6]],
        ['thin', '--ink-soft', 0.9, [1]],
      ] as const) {
        stage.add(
          {
            ...tiles,
            id: `land-${outline}`,
            type: 'line',
            minzoom: 9,
            filter: among([]), // as refresh says
            layout: { 'line-join': 'round' },
            paint: {
              'line-color': c(colour),
              'line-width': width,
              ...(dash.length > 1 && { 'line-dasharray': [...dash] }),
            },
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
            ...tiles,
            id,
            type: 'line',
            filter: ['==', ['get', 'number'], ''],
            layout: { 'line-join': 'round' },
            paint: { 'line-color': c('--turquoise'), 'line-width': width },
          },
          'streets',
        )
      }
    }

    stage.source('land-points', {
      type: 'geojson',
      data: empty,
      cluster: true,
      clusterRadius: 34,
      clusterMaxZoom: outlineZoom - 1,
    })
    stage.add(
      {
        id: 'land-groups',
        type: 'circle',
        source: 'land-points',
        filter: ['has', 'point_count'],
        maxzoom: outlineZoom,
        paint: {
          'circle-color': c('--paper'),
          'circle-radius': ['interpolate', ['linear'], ['get', 'point_count'], 2, 14, 30, 24],
          'circle-stroke-color': c('--ink'),
          'circle-stroke-width': 1.8,
        },
      },
      'top',
    )
    stage.add(
      {
        id: 'land-groups-count',
        type: 'symbol',
        source: 'land-points',
        filter: ['has', 'point_count'],
        maxzoom: outlineZoom,
        layout: {
          'text-field': ['to-string', ['get', 'point_count']],
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
        id: 'land-dots',
        type: 'circle',
        source: 'land-points',
        filter: ['!', ['has', 'point_count']],
        maxzoom: outlineZoom,
        paint: {
          'circle-color': ['get', 'colour'],
          'circle-radius': 7,
          'circle-stroke-color': ['get', 'edge'],
          'circle-stroke-width': ['get', 'width'],
        },
      },
      'top',
    )
    stage.add(
      {
        id: 'land-names',
        type: 'symbol',
        source: 'land-points',
        filter: ['!', ['has', 'point_count']],
        minzoom: outlineZoom,
        layout: {
          'text-field': [
            'format',
            stage.labels.name,
            {},
            '\n',
            {},
            ['get', 'code'],
            { 'font-scale': 0.85 },
          ] as unknown as ExpressionSpecification,
          'text-font': stage.labels.font,
          'text-size': 12,
          ...stage.labels.lines,
          'text-max-width': 9,
        },
        paint: { 'text-color': c('--ink'), 'text-halo-color': c('--map-halo'), 'text-halo-width': 1.8 },
      },
      'top',
    )
    this.refresh()
  }

  private refresh(): void {
    const map = this.stage?.map
    if (!map?.getSource('land-points')) return
    const c = this.stage?.look.colour ?? (() => '#888')
    ;(map.getSource('land-points') as GeoJSONSource).setData({
      type: 'FeatureCollection',
      features: this.parcels.map((parcel) => dot(parcel, parcel.properties.number === this.chosen, c)),
    })
    if (!map.getLayer('land-fill')) return
    map.setFilter('land-fill', among(this.parcels))
    for (const outline of ['solid', 'dashed', 'thin'] as const) {
      map.setFilter(`land-${outline}`, among(this.parcels.filter((parcel) => outlineOf(parcel) === outline)))
    }
    map.setFilter('land-chosen', ['==', ['get', 'number'], this.chosen ?? ''])
  }

  /** Opens a group of dots until it falls apart. */
  private async open(feature: MapGeoJSONFeature): Promise<void> {
    const source = this.stage?.map.getSource('land-points') as GeoJSONSource | undefined
    const id = Number(feature.properties.cluster_id)
    const zoom = await source?.getClusterExpansionZoom(id)
    if (feature.geometry.type !== 'Point') return
    this.stage?.map.easeTo({ center: feature.geometry.coordinates as Position, zoom: zoom ?? outlineZoom })
  }
}

/** Whether a parcel of the tiles is one of these. */
function among(parcels: readonly Parcel[]): FilterSpecification {
  return ['in', ['id'], ['literal', parcels.map(({ id }) => id)]] as unknown as FilterSpecification
}

const outlineOf = ({ properties }: Parcel) => outlines[groupOf(properties.status) ?? 'halted']

function dot(parcel: Parcel, chosen: boolean, colour: (token: string) => string): GeoJSON.Feature {
  const { number, name, use } = parcel.properties
  const outline = outlineOf(parcel)
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: middle(boxOf(parcel)) },
    properties: {
      number,
      code: use.code,
      colour: colour(useToken(use.code, use.scheme) ?? '--line-strong'),
      edge: colour(chosen ? '--turquoise' : outline === 'thin' ? '--ink-soft' : '--ink'),
      width: chosen ? 4 : outline === 'thin' ? 1 : 1.8,
      name_zh: name.zh,
      name_bo: name.bo ?? name.zh,
      name_en: name.en ?? name.zh,
    },
  }
}

/** The box around a parcel. */
export function boxOf(parcel: Parcel): Bounds {
  return around(parcel.geometry.coordinates.flat(2))
}
