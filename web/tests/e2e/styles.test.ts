import { validateStyleMin, type StyleSpecification } from '@maplibre/maplibre-gl-style-spec'
import { describe, expect, it } from 'vitest'
import { languages } from '@/i18n'
import { base } from './browser'
import { answer } from './visitor'

interface TileJSON {
  tilejson: string
  tiles: string[]
  minzoom: number
  maxzoom: number
  bounds: number[]
  vector_layers: { id: string; fields: Record<string, string> }[]
}

/** The styles as they are served; their parts are judged where they are made. */
describe.skipIf(!base)('a map of somebody else', () => {
  for (const theme of ['light', 'dark']) {
    for (const language of languages) {
      it(`can be drawn in ${theme} and ${language}, from here alone`, async () => {
        for (const layers of ['all', 'base']) {
          const style = await answer<StyleSpecification>(`/styles/${theme}.json?lang=${language}&layers=${layers}`)
          expect(validateStyleMin(style)).toEqual([])
          expect(JSON.stringify(style).replaceAll(`"${base}/`, '"')).not.toContain('://')
          expect(style.glyphs).toBeUndefined()
          const faces = Object.values(style['font-faces'] ?? {}).flat() as { url: string }[]
          expect(faces).toHaveLength(language === 'bo' ? 1 : 0)
          for (const { url } of faces) {
            const font = await fetch(url)
            expect([font.status, font.headers.get('content-type')]).toEqual([200, 'font/woff2'])
            expect(font.headers.get('cache-control')).toContain('immutable')
          }
        }
      })
    }
  }

  it('finds every layer that it draws, and every icon', async () => {
    const style = await answer<StyleSpecification>('/styles/light.json')
    const sets = new Map<string, TileJSON>()
    for (const [id, source] of Object.entries(style.sources)) {
      if (source.type !== 'vector' || !source.url) continue
      const set: TileJSON = await (await fetch(source.url)).json()
      expect(set.tilejson, id).toBe('3.0.0')
      expect(set.tiles, id).toHaveLength(1)
      for (const hole of ['{z}', '{x}', '{y}']) expect(set.tiles[0], id).toContain(hole)
      expect(set.minzoom, id).toBeGreaterThanOrEqual(0)
      expect(set.maxzoom, id).toBeGreaterThanOrEqual(set.minzoom)
      expect(set.maxzoom, id).toBeLessThanOrEqual(30)
      const [west = NaN, south = NaN, east = NaN, north = NaN] = set.bounds
      expect(west >= -180 && west < east && east <= 180 && south >= -90 && south < north && north <= 90, id).toBe(true)
      sets.set(id, set)
    }
    for (const layer of style.layers) {
      if (!('source-layer' in layer) || typeof layer.source !== 'string') continue
      const ids = sets.get(layer.source)?.vector_layers.map(({ id }) => id)
      expect(ids, layer.id).toContain(layer['source-layer'])
    }
    const icons = await (await fetch(String(style.sprite).replace('?', '.json?'))).json()
    for (const icon of ['union_station-small', 'oxygen_bar-small-muted', 'drivers_home', 'shield', 'hatch']) {
      expect(icons).toHaveProperty(icon)
    }
  })
})
