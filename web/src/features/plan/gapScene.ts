import type { GeoJSONSource, MapGeoJSONFeature } from 'maplibre-gl'
import type { Bounds, Position } from '@/api/types'
import type { Stage } from '@/map/scene'
import type { Gap } from './report'
import { PlanScene } from './scene'

interface Callbacks {
  home(): Bounds | undefined
  onGap(id: number | undefined): void
}

/** The service circle with the areas that it leaves out drawn around. */
export class GapScene extends PlanScene {
  override readonly interactive = ['gap-fill']
  private gaps: readonly Gap[] = []
  private gap: number | undefined

  constructor(private readonly asked: Callbacks) {
    super({ home: () => asked.home(), onArea: () => undefined })
  }

  override tap(_at: Position, features: MapGeoJSONFeature[]): void {
    const id = features[0]?.id
    this.asked.onGap(typeof id === 'number' && id !== this.gap ? id : undefined)
  }

  setGaps(gaps: readonly Gap[]): void {
    this.gaps = gaps
    this.stage?.map.getSource<GeoJSONSource>('gaps')?.setData(this.drawn())
  }

  chooseGap(id: number | undefined): void {
    this.gap = id
    const map = this.stage?.map
    if (map?.getLayer('gap-chosen')) map.setFilter('gap-chosen', ['==', ['id'], id ?? -1])
    const box = this.gaps.find((gap) => gap.id === id)?.properties.bbox
    if (box) this.stage?.fit(box, 15)
  }

  protected override draw(stage: Stage): void {
    super.draw(stage)
    const garnet = stage.look.colour('--garnet')
    stage.source('gaps', { type: 'geojson', data: this.drawn() })
    stage.add({ id: 'gap-fill', type: 'fill', source: 'gaps', paint: { 'fill-color': garnet, 'fill-opacity': 0.12 } }, 'streets')
    stage.add({ id: 'gap-edge', type: 'line', source: 'gaps', paint: { 'line-color': garnet, 'line-width': 1.6 } }, 'streets')
    stage.add(
      { id: 'gap-chosen', type: 'line', source: 'gaps', filter: ['==', ['id'], this.gap ?? -1], paint: { 'line-color': garnet, 'line-width': 4 } },
      'streets',
    )
  }

  private drawn(): GeoJSON.FeatureCollection {
    return {
      type: 'FeatureCollection',
      features: this.gaps.map(({ id, geometry, properties: { rank } }) => ({
        type: 'Feature',
        id,
        geometry: geometry as GeoJSON.MultiPolygon,
        properties: { rank },
      })),
    }
  }
}
