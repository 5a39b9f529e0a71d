import type {
  CanvasSourceSpecification,
  LayerSpecification,
  Map,
  MapGeoJSONFeature,
  SourceSpecification,
} from 'maplibre-gl'
import type { Bounds, Position } from '@/api/types'
import type { Look } from './look'
import type { Labels, Slot } from './style'

export interface Padding {
  top: number
  right: number
  bottom: number
  left: number
}

/** What a scene is given to draw on. */
export interface Stage {
  map: Map
  look: Look
  labels: Labels
  /** Whether the tiles of source hold this layer; a scene leaves out what it has no tiles for. */
  has(source: string, layer?: string): boolean
  add(layer: LayerSpecification, slot: Slot): void
  source(id: string, spec: Exclude<SourceSpecification, CanvasSourceSpecification>): void
  fit(bounds: Bounds, maxZoom?: number): void
  /** Brings a point into sight when it is not. */
  show(at: Position, zoom?: number): void
}

/**
 * What one screen draws on the map. A scene keeps its data itself and can be drawn at any time and again, so that a
 * screen works the same before the map is there, after its colours change, and without any map at all.
 */
export abstract class Scene {
  protected stage: Stage | undefined

  /** Layers whose features can be pointed at. */
  abstract readonly interactive: readonly string[]

  attach(stage: Stage): void {
    this.stage = stage
    this.draw(stage)
  }

  detach(): void {
    this.stage = undefined
  }

  /** Everything there is, for whoever got lost. */
  abstract home(): Bounds | undefined

  /** Where the map looks at first, when the address does not say. */
  start(): Bounds | undefined {
    return this.home()
  }

  /** How the pointer looks where nothing can be pointed at. */
  get cursor(): string {
    return ''
  }

  /** A tap on the map, and what lies under it in the interactive layers, topmost first. */
  abstract tap(at: Position, features: MapGeoJSONFeature[]): void

  /** The pointer is over feature, or over none. */
  hover(_feature: MapGeoJSONFeature | undefined): void {}

  protected abstract draw(stage: Stage): void
}
