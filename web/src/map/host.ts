import type { Map, MapGeoJSONFeature, PointLike, VectorTileSource } from 'maplibre-gl'
import type { Bounds, Position } from '@/api/types'
import type { Camera } from '@/url/codec'
import type { Look } from './look'
import { open } from './open'
import type { Padding, Scene, Stage } from './scene'
import { fetchStyle, fetchTiles, type BaseStyle, type Slot } from './style'

export interface HostOptions {
  container: HTMLElement
  look: Look
  /** MapLibre's own texts, by its keys. */
  locale: Record<string, string>
  camera: Camera | undefined
  bounds: Bounds | undefined
  /** The camera after a person moved it. */
  onMove(camera: Camera, view: Bounds): void
}

/** Opens the map; rejects when the device has no WebGL or the server no style. */
export async function openMap(options: HostOptions): Promise<MapHost> {
  const style = await fetchStyle(options.look)
  const map = await open({
    container: options.container,
    style,
    locale: options.locale,
    minZoom: 3,
    ...(options.camera
      ? { center: [...options.camera.centre], zoom: options.camera.zoom }
      : options.bounds && { bounds: options.bounds, fitBoundsOptions: { padding: 24 } }),
  })
  return new MapHost(map, style, options)
}

/** The map with whichever scene is on. It knows the camera, the pointer and the order of layers, and no data. */
export class MapHost {
  private scene: Scene | undefined
  private look: Look
  private removed = false
  private padding: Padding = { top: 0, right: 0, bottom: 0, left: 0 }
  private added: { layers: string[]; sources: string[] } = { layers: [], sources: [] }

  constructor(
    private readonly map: Map,
    private style: BaseStyle,
    private readonly options: HostOptions,
  ) {
    this.look = options.look
    map.on('moveend', (event) => {
      if (event.originalEvent || (event as { byHand?: boolean }).byHand) this.moved()
    })
    map.on('click', (event) => this.scene?.tap([event.lngLat.lng, event.lngLat.lat], this.under(event.point)))
    map.on('mousemove', (event) => {
      const feature = this.under(event.point, 2)[0]
      map.getCanvas().style.cursor = this.scene?.cursor || (feature ? 'pointer' : '')
      this.scene?.hover(feature)
    })
    map.on('mouseout', () => this.scene?.hover(undefined))
  }

  /** Whose pictures lie under the map; empty when there are none. */
  get credit(): string {
    return this.style.metadata['kora:pictures'] ?? ''
  }

  /** Puts scene on in place of the one before. The camera goes to camera, or else to the scene's start. */
  show(scene: Scene | undefined, camera: Camera | undefined): void {
    this.clear()
    this.scene = scene
    if (!scene) return
    const start = scene.start()
    if (camera) this.map.jumpTo({ center: [...camera.centre], zoom: camera.zoom })
    else if (start) this.map.fitBounds(start, { padding: this.room(), maxZoom: 15.5, animate: false })
    scene.attach(this.stage())
  }

  /** Draws everything anew in other colours or another language; stays as it is when the server has no style. */
  async setLook(look: Look, locale: Record<string, string>): Promise<void> {
    this.look = look
    this.map.getCanvas().setAttribute('aria-label', locale['Map.Title'] ?? '')
    const style = await fetchStyle(look)
    if (this.look !== look || this.removed) return // meanwhile another one was wanted, or none
    this.style = style
    this.scene?.detach()
    this.added = { layers: [], sources: [] }
    this.map.once('style.load', () => this.scene?.attach(this.stage()))
    this.map.setStyle(style, { diff: false })
    await new Promise((drawn) => this.map.once('style.load', drawn))
  }

  /** Waits until all is drawn, but not longer than that many milliseconds. */
  async drawn(most: number): Promise<void> {
    await Promise.race([new Promise((drawn) => this.map.once('idle', drawn)), new Promise((over) => setTimeout(over, most))])
  }

  /** Asks for the tiles of what has changed since the map took their addresses. */
  async refresh(): Promise<void> {
    const { style } = this
    await Promise.all(
      Object.entries(style.sources).map(async ([id, source]) => {
        if (source.type !== 'vector' || !source.url) return
        const tiles = await fetchTiles(source.url)
        const drawn = this.removed || this.style !== style ? undefined : this.map.getSource<VectorTileSource>(id)
        const now = drawn?.tiles ?? []
        // What a filter leaves has no version in its address: it stays filtered, and is asked for again.
        if (!now[0]?.includes('?v=')) drawn?.setTiles(now)
        else if (tiles.join() !== now.join()) drawn?.setTiles(tiles)
      }),
    )
  }

  /** How much of the map lies under sheet and bars; flights aim at what is left, and at no less than a third. */
  setPadding(padding: Padding): void {
    const most = (this.map.getContainer().clientHeight * 2) / 3
    this.padding = { ...padding, bottom: Math.min(padding.bottom, most - padding.top) }
  }

  zoomBy(steps: number): void {
    this.map.easeTo({ zoom: this.map.getZoom() + steps, around: this.map.unproject(this.middle()) }, { byHand: true })
  }

  home(): void {
    const home = this.scene?.home()
    if (home) this.map.fitBounds(home, { padding: this.room() }, { byHand: true })
  }

  /**
   * The map as a picture, in a dark look or not, and how far down it, in percent, lies the middle of what nothing covers. It is
   * taken while a frame is drawn: outside of that the canvas reads blank.
   */
  picture(): { source: string; dark: boolean; middle: number } {
    let source = ''
    this.map.once('render', () => (source = this.map.getCanvas().toDataURL()))
    this.map.redraw()
    return { source, dark: this.look.dark, middle: (100 * this.middle()[1]) / this.map.getContainer().clientHeight }
  }

  resize(): void {
    this.map.resize()
  }

  remove(): void {
    this.removed = true
    this.clear()
    this.map.remove()
  }

  private room(): Padding {
    const { top, right, bottom, left } = this.padding
    const air = 24
    return { top: top + air, right: right + air, bottom: bottom + air, left: left + air }
  }

  /** The middle of the part of the map that nothing covers, in pixels. */
  private middle(): [x: number, y: number] {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer()
    const { top, right, bottom, left } = this.padding
    return [(left + width - right) / 2, (top + height - bottom) / 2]
  }

  private moved(): void {
    const { lng, lat } = this.map.getCenter()
    this.options.onMove({ centre: [lng, lat], zoom: this.map.getZoom() }, this.view())
  }

  /** The box that is in sight. */
  view(): Bounds {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer()
    const { top, right, bottom, left } = this.padding
    const southWest = this.map.unproject([left, height - bottom])
    const northEast = this.map.unproject([width - right, top])
    return [southWest.lng, southWest.lat, northEast.lng, northEast.lat]
  }

  /** Features of the scene within reach pixels of a point: a finger is wide. */
  private under(point: { x: number; y: number }, reach = 8): MapGeoJSONFeature[] {
    const layers = this.scene?.interactive.filter((id) => this.map.getLayer(id)) ?? []
    if (layers.length === 0) return []
    const exact = this.map.queryRenderedFeatures([point.x, point.y], { layers })
    if (exact.length > 0) return exact
    const box: [PointLike, PointLike] = [
      [point.x - reach, point.y - reach],
      [point.x + reach, point.y + reach],
    ]
    return this.map.queryRenderedFeatures(box, { layers })
  }

  private stage(): Stage {
    const { 'kora:slots': slots, 'kora:layers': layers } = this.style.metadata
    return {
      map: this.map,
      look: this.look,
      labels: this.style.metadata['kora:labels'],
      has: (source, layer = source) => layers[source]?.includes(layer) ?? false,
      source: (id, spec) => {
        this.map.addSource(id, spec)
        this.added.sources.push(id)
      },
      add: (layer, slot: Slot) => {
        this.map.addLayer(layer, slot === 'top' ? undefined : slots[slot])
        this.added.layers.push(layer.id)
      },
      fit: (bounds, maxZoom = 16) => this.map.fitBounds(bounds, { padding: this.room(), maxZoom }),
      show: (at, zoom) => this.reveal(at, zoom),
    }
  }

  private reveal([lon, lat]: Position, zoom?: number): void {
    const { x, y } = this.map.project([lon, lat])
    const { clientWidth: width, clientHeight: height } = this.map.getContainer()
    const room = this.room()
    const inSight = x > room.left && x < width - room.right && y > room.top && y < height - room.bottom
    const now = this.map.getZoom()
    if (inSight && (zoom === undefined || now >= zoom - 1)) return
    const middle = this.middle()
    const offset: [number, number] = [middle[0] - width / 2, middle[1] - height / 2]
    this.map.easeTo({ center: [lon, lat], zoom: Math.max(zoom ?? now, now), offset, duration: 400 })
  }

  private clear(): void {
    this.scene?.detach()
    for (const id of this.added.layers) if (this.map.getLayer(id)) this.map.removeLayer(id)
    for (const id of this.added.sources) if (this.map.getSource(id)) this.map.removeSource(id)
    this.added = { layers: [], sources: [] }
    this.map.getCanvas().style.cursor = ''
  }
}
