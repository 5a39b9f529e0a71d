import { describe, expect, it } from 'vitest'
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { languages } from '@/i18n'
import { buildStyle } from '@/map/style'

const sources = { basemap: { type: 'vector' as const, tiles: ['http://kora.test/tiles/basemap/{z}/{x}/{y}.mvt'] } }

describe.each(languages)('the style of the map in %s', (language) => {
  const style = buildStyle({ colour: () => '#123456', dark: false, language, origin: 'http://kora.test' }, { ...sources })

  it('keeps to the specification', () => {
    expect(validateStyleMin(style)).toEqual([])
  })

  it('asks no other server for anything', () => {
    expect(style.glyphs).toBeUndefined()
    expect(style.sprite).toBeUndefined()
    expect(JSON.stringify(style)).not.toMatch(/https?:\/\/(?!kora\.test)/)
  })

  it('draws no borders', () => {
    const layers = style.layers.map((layer) => ('source-layer' in layer ? layer['source-layer'] : ''))
    expect(layers).not.toContain('boundaries')
  })

  it('is a plain ground when there are no tiles', () => {
    expect(buildStyle({ colour: () => '#123456', dark: true, language, origin: 'http://kora.test' }, {}).layers.map((l) => l.type)).toEqual([
      'background',
      'background',
      'background',
    ])
  })
})
