import { Map, setWorkerUrl, type MapOptions } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { here } from './style'

setWorkerUrl(workerUrl)

/** Opens a flat map with north up that asks nobody but this server. Gives it when it has its style. */
export async function open(options: MapOptions): Promise<Map> {
  const map = new Map({
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    maxZoom: 18.5,
    fadeDuration: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
    transformRequest: (url) => ({ url: here(url) }),
    localIdeographFontFamily:
      "'PingFang SC', 'HarmonyOS Sans SC', 'MiSans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
    ...options,
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  // For whoever waits until all is drawn, as a print or a test does.
  const { dataset } = map.getContainer()
  map.on('render', () => delete dataset.drawn)
  map.on('idle', () => (dataset.drawn = ''))
  await new Promise<void>((resolve) => map.once('style.load', () => resolve()))
  return map
}
