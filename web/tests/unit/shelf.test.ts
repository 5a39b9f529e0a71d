import { describe, expect, it } from 'vitest'
import type { Parcel } from '@/api/types'
import { DeviceShelf, drop, emptyShelf, formatShelf, holds, most, parseShelf, put, type Part } from '@/features/land/shelf'
import { random } from './random'

const kept = (i: number) => ({ number: `LZ-${i}`, name: { zh: `地块 ${i}` } })
const parcel = (i: number) => ({ properties: kept(i) }) as unknown as Parcel
const parts: Part[] = ['saved', 'seen', 'compared']

class FakeStorage {
  kept = new Map<string, string>()
  getItem = (key: string) => this.kept.get(key) ?? null
  setItem = (key: string, value: string) => void this.kept.set(key, value)
}

describe('what a device remembers', () => {
  it('is written and read again, whatever was done', () => {
    const r = random(11)
    let shelf = emptyShelf
    for (let i = 0; i < 2000; i++) {
      const [part, n] = [r.pick(parts), r.whole(0, 300)]
      shelf = r.pick([true, true, false]) ? put(shelf, part, kept(n)) : drop(shelf, part, `LZ-${n}`)
      for (const p of parts) {
        expect(shelf[p].length).toBeLessThanOrEqual(most[p])
        expect(new Set(shelf[p].map(({ number }) => number)).size).toBe(shelf[p].length)
      }
      if (i % 100 === 0) expect(parseShelf(formatShelf(shelf))).toEqual(shelf)
    }
  })

  it('forgets what was seen longest ago, and takes no seventh to compare', () => {
    let shelf = emptyShelf
    for (let i = 0; i < 100; i++) shelf = put(put(shelf, 'seen', kept(i)), 'compared', kept(i))
    expect(shelf.seen[0]).toEqual(kept(99))
    expect(holds(shelf, 'seen', 'LZ-0')).toBe(false)
    expect(shelf.compared.map(({ number }) => number)).toEqual(['LZ-0', 'LZ-1', 'LZ-2', 'LZ-3', 'LZ-4', 'LZ-5'])
  })

  it.each([null, '', '{', '[]', '7', 'null', '{"v":0,"saved":[{"number":"A","name":{"zh":"a"}}]}', '{"v":1,"saved":[{"number":"a b"},null,3,{"number":"A"}]}'])(
    'passes over %j',
    (raw) => expect(parseShelf(raw)).toEqual(emptyShelf),
  )

  it('is the same in two windows', () => {
    const storage = new FakeStorage()
    const [one, two] = [new DeviceShelf(() => storage), new DeviceShelf(() => storage)]
    one.put('saved', parcel(1))
    two.put('saved', parcel(2))
    one.refresh()
    expect(one.shelf.saved.map(({ number }) => number)).toEqual(['LZ-2', 'LZ-1'])
  })

  it.each([
    ['is forbidden', () => { throw new Error('no') }], // prettier-ignore
    ['takes nothing in', () => ({ getItem: () => null, setItem: () => { throw new Error('full') } })], // prettier-ignore
  ])('lasts as long as the page where storage %s', (_, storage) => {
    const device = new DeviceShelf(storage)
    device.put('saved', parcel(1))
    device.put('saved', parcel(2))
    device.toggle('saved', parcel(1))
    expect(device.shelf.saved).toEqual([kept(2)])
  })
})
