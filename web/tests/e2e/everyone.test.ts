import { expect, it } from 'vitest'
import { answer, poll } from './visitor'
import { asStaff, token } from './staff'
import { stories } from './stories'
import type { About, StationList } from '@/api/types'

const languages = { zh: 'zh-CN', bo: 'bo', en: 'en' } as const

stories('everyone', (arrive) => {
  it('reads the page in three languages, and finds the choice again', async () => {
    const visitor = await arrive()
    await visitor.visit('/find')
    await visitor.button('བོད་ཡིག').click()
    await visitor.page.getByRole('link', { name: 'ཁྱབ་ཚད།' }).waitFor()
    expect(await visitor.page.locator('html').getAttribute('lang')).toBe('bo')
    expect(visitor.address().lang).toBe('bo')
    await visitor.text('བོད་ཡིག་གི་ཚིག་འདི་དག').waitFor() // waits for a native reader, and says so
    await visitor.button('English').click()
    await visitor.page.getByRole('link', { name: 'Coverage' }).click()
    await visitor.page.getByRole('heading', { name: '15-minute circle' }).waitFor()
    expect(await visitor.page.title()).toBe('Coverage · Kora')
    await visitor.visit('/land')
    expect(await visitor.page.locator('html').getAttribute('lang')).toBe('en')
  })

  it('gets the Tibetan font with Tibetan only', async () => {
    const visitor = await arrive()
    const font = /noto-serif-tibetan.*\.woff2/
    await visitor.visit('/find?from=91.1317,29.6531')
    await visitor.mapIsStill()
    expect(visitor.requests.filter((url) => font.test(url))).toEqual([])
    await visitor.button('བོད་ཡིག').click()
    await poll(() => visitor.requests.some((url) => font.test(url)), () => 'the font was not asked for')
  })

  it('sees on every map whose data it is, of when, and that it is a sample', async () => {
    const about = await answer<About>('/v1/about')
    for (const phone of [true, false]) {
      const visitor = await arrive({ phone })
      for (const path of ['/find', '/plan', '/land']) {
        await visitor.visit(path)
        const sources = visitor.page.locator('.sources')
        await sources.getByText('数据截至').waitFor()
        const words = await sources.innerText()
        if (about.sample) expect(words).toContain('示例数据')
        if (about.network?.sample) expect(words).toContain('示例路网')
        expect(words).toContain(about.network?.attribution ?? '')
      }
    }
  })

  it.skipIf(!token)('leaves the page open, and later sees what has come since, in the list and on the map', async () => {
    const visitor = await arrive()
    await visitor.visit('/find')
    await visitor.mapIsStill()
    const before = await visitor.stations().count()
    const { id } = await asStaff<{ id: number }>('/v1/stations', {
      method: 'POST',
      body: JSON.stringify({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [91.12, 29.655] },
        properties: { code: `E2E-${Date.now()}`, name: { zh: '后来的站' }, kind: 'union_station', status: 'open', hours: '24/7' },
      }),
    })
    const tiles = () => visitor.requests.filter((url) => /\/tiles\/stations\/.*\.mvt/.test(url)).map((url) => new URL(url).searchParams.get('v'))
    const [version] = tiles()
    try {
      // Half a minute passes, or the page comes back into sight.
      await visitor.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
      await visitor.sees(visitor.stations(), before + 1)
      await poll(() => tiles().some((v) => v !== version), () => 'the map asked for no other tiles')
    } finally {
      await asStaff(`/v1/stations/${id}`, { method: 'DELETE' })
    }
  })

  it('comes in by the front door', async () => {
    const visitor = await arrive({ phone: true })
    const { total } = await answer<StationList>('/v1/stations?limit=1')
    await visitor.visit('/')
    await visitor.text(`${total} 个站点`).waitFor()
    await visitor.page.getByRole('link', { name: /找驿站/ }).last().click()
    await visitor.stations().first().waitFor()
    await visitor.back()
    await visitor.text(`${total} 个站点`).waitFor()
  })

  it('is led home from an address that has no page', async () => {
    const visitor = await arrive()
    await visitor.visit('/nowhere')
    await visitor.page.getByRole('link', { name: '回到首页' }).click()
    await visitor.text('该有的都在路上').waitFor()
  })

  it('can do without a mouse: past the bar, through the list, then to the map', async () => {
    const visitor = await arrive()
    await visitor.visit('/find?from=91.1317,29.6531~place.jokhang')
    await visitor.minutes()
    await visitor.mapIsOpen()
    await visitor.press('Tab')
    expect(await visitor.focus()).toBe('跳到列表')
    await visitor.press('Enter')
    expect(await visitor.focus()).toBe('最近的驿站')
    const order: string[] = []
    for (let i = 0; i < 60 && order.at(-1) !== '地图'; i++) {
      await visitor.press('Tab')
      order.push(await visitor.focus())
    }
    const inList = order.flatMap((words, i) => (/分钟|小时/.test(words) ? [i] : []))
    expect(inList).toHaveLength(await visitor.stations().count())
    expect(order.indexOf('地图')).toBeGreaterThan(Math.max(...inList))
  })

  it('goes to a card and back with the focus in the right place', async () => {
    const visitor = await arrive()
    await visitor.visit('/find?from=91.1317,29.6531~place.jokhang')
    await visitor.minutes()
    const third = visitor.stations().nth(2)
    const name = (await third.getAttribute('data-station')) ?? '?'
    await third.press('Enter')
    await poll(async () => (await visitor.focus()) === name, async () => `the focus is on ${await visitor.focus()}`)
    await visitor.button('返回列表').press('Enter')
    await poll(async () => (await visitor.focus()).includes(name), async () => `the focus is on ${await visitor.focus()}`)
  })

  it('moves the sheet with keys, and never loses the map or the sources under it', async () => {
    const visitor = await arrive({ phone: true })
    await visitor.visit('/find')
    await visitor.stations().first().waitFor()
    const handle = visitor.button(/展开列表|收起列表/)
    const top = async () => (await visitor.page.locator('.sheet').boundingBox())!.y
    await handle.focus()
    const half = await top()
    await visitor.press('ArrowUp')
    await poll(async () => (await top()) < half, () => 'the sheet did not rise')
    const sources = (await visitor.page.locator('.sources').boundingBox())!
    expect(await top()).toBeGreaterThanOrEqual(sources.y + sources.height)
    await visitor.press('ArrowDown', 'ArrowDown')
    await poll(async () => (await top()) > half, () => 'the sheet did not sink')
    // Whoever tabs into the list sees it rise.
    await visitor.press('Tab', 'Tab', 'Tab', 'Tab')
    await poll(async () => (await top()) <= half, () => 'the focus is below the edge of the screen')
  })

  it('has targets that a thumb can hit', async () => {
    const visitor = await arrive({ phone: true })
    for (const path of ['/', '/find?from=91.1317,29.6531', '/plan', '/land']) {
      await visitor.visit(path)
      await visitor.page.waitForTimeout(1000)
      expect(await visitor.smallTargets(), path).toEqual([])
    }
  })
})

stories('everyone, whatever they see or hear', (arrive) => {
  for (const [lang, tag] of Object.entries(languages)) {
    for (const dark of [false, true]) {
      it(`meets no barrier in ${lang}, ${dark ? 'dark' : 'light'}`, async () => {
        const visitor = await arrive({ dark, phone: dark })
        for (const path of ['/', '/find', '/find?from=91.1317,29.6531&station=1', '/plan?area=1', '/land?use=10', '/land?parcel=LZ-SAMPLE-001']) {
          await visitor.visit(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)
          if (path !== '/') await visitor.mapIsOpen()
          await visitor.page.waitForTimeout(400)
          expect(await visitor.page.locator('html').getAttribute('lang')).toBe(tag)
          expect(await visitor.barriers(), path).toEqual([])
        }
        await visitor.visit(`/land?lang=${lang}`)
        await visitor.page.locator('.filters').click()
        await visitor.page.getByRole('slider').first().waitFor()
        expect(await visitor.barriers(), 'a filter').toEqual([])
      })
    }
  }
})

stories(
  'a device that cannot draw maps',
  (arrive) => {
    it('still has every list, and says so in place of the map', async () => {
      const visitor = await arrive({ phone: true })
      await visitor.visit('/find')
      await visitor.text('这台设备打不开地图').waitFor()
      await visitor.startFrom('大昭寺')
      expect((await visitor.minutes()).length).toBeGreaterThan(0)
      await visitor.stations().first().click()
      await visitor.page.getByRole('link', { name: /高德地图/ }).waitFor()
      await visitor.visit('/plan?area=1')
      await visitor.page.locator('tbody tr').first().waitFor()
      await visitor.visit('/land?use=10')
      await visitor.parcels().first().click()
      await visitor.text('意向不构成要约').first().waitFor()
    })
  },
  { webgl: false },
)
