import 'pannellum/build/pannellum.css'
import 'pannellum/build/pannellum.js' // puts itself on the window

/** As much of pannellum 2.5 as the page uses. */
export interface Viewer {
  getYaw(): number
  getPitch(): number
  getHfov(): number
  isLoaded(): boolean
  lookAt(pitch: number, yaw: number, hfov: number, animated: number | false): Viewer
  resize(): void
  /** Whether a picture that is given as it is may change. */
  setUpdate(changes: boolean): Viewer
  addHotSpot(spot: ViewerSpot): Viewer
  removeHotSpot(id: string): boolean
  on(event: 'load' | 'error', then: () => void): Viewer
  destroy(): void
}

export interface ViewerSpot {
  id: string
  yaw: number
  pitch: number
  cssClass: string
  createTooltipFunc: (element: HTMLElement) => void
  clickHandlerFunc: () => void
}

export interface ViewerOptions {
  type: 'equirectangular'
  /** The address of a picture, or the picture itself. */
  panorama: string | HTMLCanvasElement
  dynamic?: true
  dynamicUpdate?: true
  autoLoad: true
  yaw: number
  pitch: number
  hfov: number
  minHfov: number
  maxHfov: number
  northOffset: number
  compass: boolean
  showControls: false
  mouseZoom: 'fullscreenonly'
  friction: number
  ignoreGPanoXMP: true
  hotSpots: ViewerSpot[]
  strings: { loadingLabel: string; genericWebGLError: string; unknownError: string; fileAccessError: string }
}

declare global {
  interface Window {
    pannellum: { viewer(container: HTMLElement, options: ViewerOptions): Viewer }
  }
}

export const viewer = (container: HTMLElement, options: ViewerOptions) => window.pannellum.viewer(container, options)
