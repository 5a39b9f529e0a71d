import 'pannellum/build/pannellum.css'
import 'pannellum/build/pannellum.js' // puts itself on the window

/** As much of pannellum 2.5 as the page uses. */
export interface Viewer {
  getYaw(): number
  getPitch(): number
  getHfov(): number
  lookAt(pitch: number, yaw: number, hfov: number, animated: number | false): Viewer
  resize(): void
  on(event: 'load' | 'error', then: () => void): Viewer
  destroy(): void
}

export interface ViewerSpot {
  yaw: number
  pitch: number
  cssClass: string
  createTooltipFunc: (element: HTMLElement) => void
  clickHandlerFunc: () => void
}

export interface ViewerOptions {
  type: 'equirectangular'
  panorama: string
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
