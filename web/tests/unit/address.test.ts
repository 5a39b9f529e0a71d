import { describe, expect, it } from 'vitest'
import { Address, hrefOf } from '@/url/address'

/** A window's history as far as an address needs one. */
class FakeWindow {
  entries: string[]
  at = 0
  private listener = () => {}

  constructor(first: string) {
    this.entries = [first]
  }

  get location() {
    return new URL(this.entries[this.at] ?? '/', 'http://kora.test') as unknown as Location
  }

  history = {
    pushState: (_: unknown, __: string, href: string) => {
      this.entries = [...this.entries.slice(0, this.at + 1), href]
      this.at++
    },
    replaceState: (_: unknown, __: string, href: string) => {
      this.entries[this.at] = href
    },
  } as unknown as History

  addEventListener(_: string, listener: unknown) {
    this.listener = listener as () => void
  }

  back() {
    this.at--
    this.listener()
  }
}

describe('the address', () => {
  it('is read at the start, the first value of a key counting', () => {
    const address = new Address(new FakeWindow('/find/?kind=a&kind=b&q=%E6%9E%97'))
    expect(address.path).toBe('/find')
    expect(address.query).toEqual({ kind: 'a', q: '林' })
  })

  it('keeps what two writers write in one moment', () => {
    const window = new FakeWindow('/plan')
    const address = new Address(window)
    address.change({ minutes: '10' })
    address.change({ map: '12/91.1/29.6' })
    expect(window.entries).toEqual(['/plan?minutes=10&map=12/91.1/29.6'])
  })

  it('undoes a pushed step with back, and only that', () => {
    const window = new FakeWindow('/find')
    const address = new Address(window)
    address.change({ from: '91.1,29.6' }, true)
    address.change({ open: '1' })
    window.back()
    expect(address.query).toEqual({})
    expect(window.entries).toHaveLength(2)
  })

  it('does not pile up steps that change nothing', () => {
    const window = new FakeWindow('/find?open=1')
    const address = new Address(window)
    address.change({ open: '1' }, true)
    address.go({ path: '/find', query: { open: '1' } })
    expect(window.entries).toHaveLength(1)
  })

  it('stays readable', () => {
    expect(hrefOf({ path: '/find', query: { from: '91.1,29.6~place.jokhang' } })).toBe(
      '/find?from=91.1,29.6~place.jokhang',
    )
    expect(hrefOf({ path: '/land', query: { parcel: '林&1' } })).toBe('/land?parcel=%E6%9E%97%261')
  })
})
