import type { ExpressionSpecification, GeoJSONSource, MapGeoJSONFeature } from 'maplibre-gl'
import type { Bounds, Position } from '@/api/types'
import { Scene, type Stage } from '@/map/scene'
import { boundsOf, type Outcome } from './imports'
import { outcomeTokens } from './outcomes'

export type Shapes = GeoJSON.FeatureCollection<GeoJSON.Geometry, { key: string; outcome: Outcome }>

interface Callbacks {
  onItem(key: string, outcome: Outcome): void
  onHover(key: string | undefined): void
}

const nothing: Shapes = { type: 'FeatureCollection', features: [] }
const source = 'desk-preview'
const isPoint: ExpressionSpecification = ['==', ['geometry-type'], 'Point']

/** The shapes of an import by what would come of them, over the map as it is. */
export class PreviewScene extends Scene {
  readonly interactive = ['desk-points', 'desk-areas']
  private shapes = nothing
  private chosen = ''
  private pointed = ''

  constructor(private readonly callbacks: Callbacks) {
    super()
  }

  home(): Bounds | undefined {
    return boundsOf(this.shapes.features)
  }

  override start(): Bounds | undefined {
    return this.boundsOfChosen() ?? this.home()
  }

  tap(_at: Position, [feature]: MapGeoJSONFeature[]): void {
    if (feature) this.callbacks.onItem(String(feature.properties.key), feature.properties.outcome as Outcome)
  }

  override hover(feature: MapGeoJSONFeature | undefined): void {
    this.callbacks.onHover(feature && String(feature.properties.key))
  }

  draws(shapes: Shapes): void {
    this.shapes = shapes
    const drawn = this.stage?.map.getSource(source) as GeoJSONSource | undefined
    drawn?.setData(shapes)
    const start = this.start()
    if (start) this.stage?.fit(start, 15.5)
  }

  choose(key: string): void {
    if (key === this.chosen) return
    this.chosen = key
    this.mark()
    const bounds = this.boundsOfChosen()
    if (bounds) this.stage?.fit(bounds, 16)
  }

  /** Marks the record that is pointed at in the table. */
  point(key: string): void {
    this.pointed = key
    this.mark()
  }

  private boundsOfChosen(): Bounds | undefined {
    return boundsOf(this.shapes.features.filter(({ properties }) => properties.key === this.chosen))
  }

  protected draw(stage: Stage): void {
    const c = stage.look.colour
    const colours = Object.entries(outcomeTokens).flatMap(([outcome, token]) => [outcome, c(token)])
    const colour = ['match', ['get', 'outcome'], ...colours, c('--line-strong')] as unknown as ExpressionSpecification
    stage.source(source, { type: 'geojson', data: this.shapes })
    stage.add({ id: 'desk-areas', source, type: 'fill', filter: ['!', isPoint], paint: { 'fill-color': colour, 'fill-opacity': 0.35 } }, 'streets')
    const line = { source, type: 'line', layout: { 'line-join': 'round' } } as const
    stage.add({ ...line, id: 'desk-edges', filter: ['all', ['!', isPoint], ['!=', ['get', 'outcome'], 'refused']], paint: { 'line-color': colour, 'line-width': 2 } }, 'streets')
    // What is refused is known without its colour, too.
    stage.add({ ...line, id: 'desk-refused', filter: ['all', ['!', isPoint], ['==', ['get', 'outcome'], 'refused']], paint: { 'line-color': colour, 'line-width': 2, 'line-dasharray': [2, 1.5] } }, 'streets')
    for (const [id, width] of [['desk-pointed', 3.5], ['desk-chosen', 4.5]] as const) {
      stage.add({ ...line, id, filter: ['==', ['get', 'key'], ''], paint: { 'line-color': c('--ink'), 'line-width': width } }, 'streets')
    }
    stage.add(
      {
        id: 'desk-points', source, type: 'circle', filter: isPoint,
        paint: { 'circle-color': colour, 'circle-radius': 8, 'circle-stroke-color': c('--paper'), 'circle-stroke-width': 2 },
      },
      'top',
    ) // prettier-ignore
    stage.add(
      {
        id: 'desk-names', source, type: 'symbol', minzoom: 12,
        layout: { 'text-field': ['get', 'key'], 'text-font': stage.labels.font, 'text-size': 12, 'text-offset': ['case', isPoint, ['literal', [0, 1.3]], ['literal', [0, 0]]] },
        paint: { 'text-color': c('--ink'), 'text-halo-color': c('--map-halo'), 'text-halo-width': 1.8 },
      },
      'top',
    ) // prettier-ignore
    this.mark()
  }

  private mark(): void {
    const map = this.stage?.map
    if (!map?.getLayer('desk-points')) return
    const c = this.stage?.look.colour ?? (() => '#888')
    map.setFilter('desk-pointed', ['==', ['get', 'key'], this.pointed])
    map.setFilter('desk-chosen', ['==', ['get', 'key'], this.chosen])
    map.setPaintProperty('desk-points', 'circle-stroke-color', ['case', ['==', ['get', 'key'], this.chosen], c('--ink'), c('--paper')])
    map.setPaintProperty('desk-points', 'circle-stroke-width', ['case', ['in', ['get', 'key'], ['literal', [this.chosen, this.pointed]]], 4, 2])
  }
}
