import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { addressOf, boxOf, decode, featuresIn, inspectCodec, levelAt, size, tileAt, tilesIn } from '@/features/inspect/model'
import { decode as read, encode as write } from '@/url/codec'

const set = { tiles: ['/tiles/a/{z}/{x}/{y}.mvt?v=1'], minzoom: 8, maxzoom: 13, bounds: [-180, -85, 180, 85] as const, vector_layers: [] }
const known = { ...set, bounds: [...set.bounds] as [number, number, number, number] }

describe('the tiles of a map', () => {
  it('are those of its whole zoom, within what the set has', () => {
    expect(levelAt(7.99, known)).toBeUndefined()
    expect(levelAt(8, known)).toBe(8)
    expect(levelAt(12.9, known)).toBe(12)
    expect(levelAt(18.5, known)).toBe(13)
  })

  it('cover the box in sight, and each holds its own middle', () => {
    const box = [91.05, 29.6, 91.2, 29.7] as [number, number, number, number]
    for (let z = 0; z <= 16; z++) {
      const tiles = tilesIn(box, z, 10_000)
      const boxes = tiles.map(boxOf)
      expect(Math.min(...boxes.map(([w]) => w))).toBeLessThanOrEqual(box[0])
      expect(Math.min(...boxes.map(([, s]) => s))).toBeLessThanOrEqual(box[1])
      expect(Math.max(...boxes.map(([, , e]) => e))).toBeGreaterThanOrEqual(box[2])
      expect(Math.max(...boxes.map(([, , , n]) => n))).toBeGreaterThanOrEqual(box[3])
      tiles.forEach((tile, i) => {
        const [w, s, e, n] = boxes[i]!
        expect(tileAt([(w + e) / 2, (s + n) / 2], z)).toEqual(tile)
      })
    }
  })

  it('are never more than a page can ask for', () => {
    expect(tilesIn([-180, -85, 180, 85], 10)).toHaveLength(64)
  })

  it('are numbered as everybody numbers them', () => {
    // The Potala, as maptile.At of paulmach/orb has it.
    expect(tileAt([91.1169, 29.6578], 12)).toEqual({ z: 12, x: 3084, y: 1694 })
    expect(addressOf({ z: 12, x: 3084, y: 1694 }, known.tiles[0]!)).toBe('/tiles/a/12/3084/1694.mvt?v=1')
  })
})

const fixtures = new URL('../../../../shared/data/mvt/fixtures/', import.meta.url)

describe.skipIf(!existsSync(fixtures))('a tile of the specification’s own tests', () => {
  const open = (name: string) => decode(readFileSync(new URL(`${name}/tile.mvt`, fixtures)), { z: 0, x: 0, y: 0 })

  it('says what it holds', () => {
    const [points] = open('020')
    expect(points?.types).toBe('1 Point')
    expect(points?.vertices).toBe(2)
    const [line] = open('018')
    expect(line?.types).toBe('1 LineString')
    expect(featuresIn(open('018'))).toBe(1)
  })

  it('is refused when it cannot be read', () => {
    expect(() => decode(new Uint8Array([0x1a, 0x7f, 1, 2, 3]), { z: 0, x: 0, y: 0 })).toThrow()
  })
})

describe('the address of the inspector', () => {
  it('keeps set, tile and camera', () => {
    const state = { set: 'parcels', tile: '13/6242/3389', map: { centre: [94.34, 29.65] as const, zoom: 13 } }
    expect(read(inspectCodec, write(inspectCodec, state))).toEqual(state)
    expect(read(inspectCodec, { set: '../x', tile: '1/2', map: '' })).toEqual({ set: 'basemap', tile: '', map: undefined })
  })
})

it('says bytes as people do', () => {
  expect([size(undefined), size(0), size(999), size(1234)]).toEqual(['—', '0 B', '999 B', '1.2 kB'])
})
