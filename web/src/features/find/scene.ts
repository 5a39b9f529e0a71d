import type {
  ExpressionSpecification,
  FilterSpecification,
  GeoJSONSource,
  MapGeoJSONFeature,
} from 'maplibre-gl'
import { kinds, type Bounds, type Kind, type Position } from '@/api/types'
import { wholeMinutes } from '@/i18n/format'
import { around } from '@/map/box'
import { Scene, type Stage } from '@/map/scene'
import type { Row } from './model'

interface Callbacks {
  home(): Bounds | undefined
  /** A tap where no station is. */
  onPlace(at: Position): void
  onStation(id: number): void
  onHover(id: number | undefined): void
}

/** Far out the tiles tell only how many stations of each kind are around a point. */
const clusters = { source: 'stations', 'source-layer': 'clusters' } as const

const empty: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] }

/** Stations, the ones in the list with their minutes, and the way to the chosen one. */
export class FindScene extends Scene {
  readonly interactive = ['find-results', 'find-chosen', 'find-others']
  private rows: readonly Row[] = []
  private from: Position | undefined
  private kind: readonly Kind[] = []
  private chosen: number | undefined
  private pointed: number | undefined

  constructor(private readonly callbacks: Callbacks) {
    super()
  }

  home(): Bounds | undefined {
    return this.callbacks.home()
  }

  tap(at: Position, features: MapGeoJSONFeature[]): void {
    const id = features[0]?.id
    if (typeof id === 'number') this.callbacks.onStation(id)
    else this.callbacks.onPlace(at)
  }

  override hover(feature: MapGeoJSONFeature | undefined): void {
    this.callbacks.onHover(typeof feature?.id === 'number' ? feature.id : undefined)
  }

  setRows(rows: readonly Row[]): void {
    this.rows = rows
    this.refresh()
  }

  setKinds(kind: readonly Kind[]): void {
    this.kind = kind
    this.refresh()
  }

  setFrom(from: Position | undefined): void {
    this.from = from
    this.refresh()
  }

  choose(id: number | undefined): void {
    this.chosen = id
    this.refresh()
  }

  /** Rings the station that is pointed at in the list. */
  point(id: number | undefined): void {
    this.pointed = id
    const map = this.stage?.map
    if (map?.getSource('find-pointed')) (map.getSource('find-pointed') as GeoJSONSource).setData(this.pointedAt())
  }

  /** The way to the chosen station, or the place to start from with the first few answers around it. */
  override start(): Bounds | undefined {
    const chosen = this.chosenRow()
    if (chosen) return around([chosen.station.geometry.coordinates, ...(this.from ? [this.from] : []), ...(chosen.route ?? [])])
    const near = this.rows.slice(0, 4).map((row) => row.station.geometry.coordinates)
    return this.from ? around([this.from, ...near]) : this.home()
  }

  /** Shows what start says. */
  fit(): void {
    const bounds = this.start()
    if (bounds) this.stage?.fit(bounds, 16)
  }

  protected draw(stage: Stage): void {
    const c = stage.look.colour
    stage.source('find-route', { type: 'geojson', data: empty })
    stage.source('find-rows', { type: 'geojson', data: empty })
    stage.source('find-from', { type: 'geojson', data: empty })

    for (const [id, colour, width] of [
      ['find-route-edge', '--paper', 9],
      ['find-route', '--turquoise', 5],
    ] as const) {
      stage.add(
        {
          id,
          type: 'line',
          source: 'find-route',
          layout: { 'line-cap': 'round', 'line-join': 'round' },
          paint: { 'line-color': c(colour), 'line-width': width },
        },
        'top',
      )
    }
    if (stage.has('stations')) {
      stage.add(
        {
          id: 'find-others',
          type: 'symbol',
          source: 'stations',
          'source-layer': 'stations',
          layout: {
            'icon-image': [
              'concat',
              ['get', 'kind'],
              ['case', ['in', ['get', 'status'], ['literal', ['open', 'trial']]], '-small', '-small-muted'],
            ],
            'icon-allow-overlap': true,
            'icon-size': ['interpolate', ['linear'], ['zoom'], 9, 0.6, 13, 1],
          },
        },
        'top',
      )
    }
    if (stage.has('stations', 'clusters')) {
      stage.add(
        {
          ...clusters,
          id: 'find-clusters',
          type: 'circle',
          paint: {
            'circle-color': c('--paper'),
            'circle-radius': ['interpolate', ['linear'], ['get', 'count'], 1, 9, 30, 16],
            'circle-stroke-color': c('--ink'),
            'circle-stroke-width': 1.8,
          },
        },
        'top',
      )
      stage.add(
        {
          ...clusters,
          id: 'find-clusters-count',
          type: 'symbol',
          layout: { 'text-font': stage.labels.font, 'text-size': 12, 'text-allow-overlap': true },
          paint: { 'text-color': c('--ink') },
        },
        'top',
      )
    }
    stage.source('find-pointed', { type: 'geojson', data: this.pointedAt() })
    stage.add(
      {
        id: 'find-pointed',
        type: 'circle',
        source: 'find-pointed',
        paint: {
          'circle-radius': 22,
          'circle-color': c('--ink'),
          'circle-opacity': 0.12,
          'circle-stroke-color': c('--ink'),
          'circle-stroke-width': 1.5,
        },
      },
      'top',
    )
    const minutes: ExpressionSpecification = ['get', 'minutes']
    const label = {
      'text-font': stage.labels.font,
      'text-allow-overlap': true,
      'icon-allow-overlap': true,
      'text-ignore-placement': true,
    } as const
    const isChosen = ['==', ['get', 'chosen'], true] as const
    stage.add(
      {
        id: 'find-from',
        type: 'symbol',
        source: 'find-from',
        layout: { 'icon-image': 'origin', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
      },
      'top',
    )
    stage.add(
      {
        id: 'find-results',
        type: 'symbol',
        source: 'find-rows',
        filter: ['!', isChosen] as unknown as FilterSpecification,
        layout: {
          ...label,
          'icon-image': ['get', 'icon'],
          'text-field': minutes,
          'text-size': 14,
          'symbol-sort-key': ['get', 'order'],
        },
        paint: { 'text-color': c('--paper'), 'text-halo-color': c('--paper'), 'text-halo-width': 0.3 },
      },
      'top',
    )
    stage.add(
      {
        id: 'find-chosen',
        type: 'symbol',
        source: 'find-rows',
        filter: isChosen as unknown as FilterSpecification,
        layout: {
          ...label,
          'icon-image': ['get', 'icon'],
          'text-field': minutes,
          'text-size': 18,
        },
        paint: { 'text-color': c('--paper'), 'text-halo-color': c('--paper'), 'text-halo-width': 0.3 },
      },
      'top',
    )
    stage.add(
      {
        id: 'find-chosen-name',
        type: 'symbol',
        source: 'find-rows',
        filter: isChosen as unknown as FilterSpecification,
        layout: {
          'text-field': stage.labels.name,
          'text-font': stage.labels.font,
          'text-size': 14,
          'text-anchor': 'top',
          'text-offset': [0, 1.7],
          'text-allow-overlap': true,
          ...stage.labels.lines,
          'text-max-width': 12,
        },
        paint: { 'text-color': c('--ink'), 'text-halo-color': c('--map-halo'), 'text-halo-width': 2 },
      },
      'top',
    )
    this.refresh()
  }

  private pointedAt(): GeoJSON.FeatureCollection {
    const row = this.rows.find((r) => r.station.id === this.pointed)
    return { type: 'FeatureCollection', features: row ? [feature(row.station.geometry)] : [] }
  }

  private chosenRow(): Row | undefined {
    return this.rows.find((row) => row.station.id === this.chosen)
  }

  private refresh(): void {
    const map = this.stage?.map
    if (!map?.getSource('find-rows')) return
    const set = (id: string, features: GeoJSON.Feature[]) =>
      (map.getSource(id) as GeoJSONSource).setData({ type: 'FeatureCollection', features })

    const shown = this.rows.filter((row) => row.seconds !== undefined || row.station.id === this.chosen)
    set(
      'find-rows',
      shown.map((row, i) => pin(row, shown.length - i, row.station.id === this.chosen)),
    )
    const way = this.chosenRow()?.route ?? []
    set('find-route', way.length > 1 ? [feature({ type: 'LineString', coordinates: way })] : [])
    set('find-from', this.from ? [feature({ type: 'Point', coordinates: this.from })] : [])

    const wanted = this.kind.length > 0 ? this.kind : kinds
    if (map.getLayer('find-clusters')) {
      const count: ExpressionSpecification = ['+', ...wanted.map((kind) => ['coalesce', ['get', kind], 0])] as never
      for (const id of ['find-clusters', 'find-clusters-count']) map.setFilter(id, ['>', count, 0])
      map.setLayoutProperty('find-clusters-count', 'text-field', ['to-string', count])
    }
    if (!map.getLayer('find-others')) return
    const drawn = shown.map((row) => row.station.id)
    const others = ['all', ['in', ['get', 'kind'], ['literal', [...wanted]]], ['!', ['in', ['id'], ['literal', drawn]]]]
    map.setFilter('find-others', others as unknown as FilterSpecification)
    map.setPaintProperty('find-others', 'icon-opacity', drawn.length > 1 ? 0.55 : 1)
  }
}

function feature(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: 'Feature', geometry, properties: {} }
}

function pin({ station, seconds }: Row, order: number, chosen: boolean): GeoJSON.Feature {
  const { kind, name, open } = station.properties
  const timed = seconds !== undefined
  const icon = chosen ? `${kind}-chosen${timed ? '' : '-plain'}` : open === false ? `${kind}-muted` : kind
  return {
    type: 'Feature',
    id: station.id,
    geometry: station.geometry,
    properties: {
      icon,
      minutes: timed ? String(wholeMinutes(seconds)) : '',
      order,
      chosen,
      name_zh: name.zh,
      name_bo: name.bo ?? name.zh,
      name_en: name.en ?? name.zh,
    },
  }
}

