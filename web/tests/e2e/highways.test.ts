import { expect, it } from 'vitest'
import type { Corridor, CorridorList } from '@/api/types'
import { answer, poll } from './visitor'
import { stories } from './stories'

const list = (query = 'minutes=60') => answer<CorridorList>(`/v1/corridors?profile=truck&${query}`)

stories('a planner looks at the highways', (arrive) => {
  it('sees every highway, the least served first, as the service counts it', async () => {
    const planner = await arrive()
    await planner.visit('/plan/highways')
    const { highways } = await list()
    const expected = [...highways].sort((a, b) => (a.both.share ?? 2) - (b.both.share ?? 2)).map(({ ref }) => ref)
    await planner.sees(planner.page.locator('.roads li'), expected.length)
    expect(await planner.page.locator('.roads .shield').allTextContents()).toEqual(expected)
  })

  it('opens one, walks along it by key with the map in step, and turns round', async () => {
    const planner = await arrive()
    await planner.visit('/plan/highways')
    await planner.page.getByRole('button', { name: /318 国道/ }).click()
    const strip = planner.page.getByRole('slider', { name: /沿 G318/ })
    await strip.waitFor()
    expect(planner.address().road).toBe('G318')
    await planner.mapIsStill()
    const road = await answer<Corridor>('/v1/corridors/G318?minutes=60')
    expect(Number(await strip.getAttribute('aria-valuemax'))).toBe(road.length_m)
    await strip.focus()
    await planner.press('Home', 'PageUp', 'PageUp', 'ArrowRight')
    expect(await strip.getAttribute('aria-valuenow')).toBe('21000')
    const ahead = (await strip.getAttribute('aria-valuetext')) ?? ''
    expect(ahead).toMatch(/^21 公里处 · 海拔 [\d,]+ 米 · 前方 .*司机之家：/)
    await planner.page.getByRole('radio', { name: '下行（里程减少）' }).check({ force: true })
    await poll(async () => (await strip.getAttribute('aria-valuetext')) !== ahead, () => 'the way down is like the way up')
    expect(planner.address().way).toBe('down')
  })

  it('has every stretch and home as text, and the stretches add up to the road', async () => {
    const planner = await arrive()
    await planner.visit('/plan/highways?road=G109')
    const road = await answer<Corridor>('/v1/corridors/G109?minutes=60')
    await planner.sees(planner.page.locator('.homes li'), road.stations.length)
    await planner.sees(planner.page.locator('tbody tr'), road.up_stretches.length)
    const sum = road.up_stretches.reduce((metres, s) => metres + s.length_m, 0)
    expect(Math.abs(sum - road.length_m)).toBeLessThan(road.up_stretches.length)
  })

  it('asks by distance, for cars, at night, and finds it again in the address', async () => {
    const planner = await arrive()
    await planner.visit('/plan/highways')
    await planner.sees(planner.page.locator('.roads li'), 3)
    for (const choice of ['按距离', '小汽车', '夜间 23:00']) await planner.page.getByRole('radio', { name: choice }).check({ force: true })
    await poll(() => planner.requests.some((url) => /corridors\?profile=car&open_at=\d.*&km=50/.test(url)), () => 'it was not asked for')
    expect(planner.address()).toMatchObject({ by: 'km', vehicle: 'car', time: 'night' })
    await planner.page.locator('.slider-head').getByText('50 公里').waitFor()
  })

  it('can be read and used by everybody, on the desk and on the phone', async () => {
    for (const phone of [false, true]) {
      const planner = await arrive({ phone })
      for (const lang of ['zh', 'bo', 'en']) {
        await planner.visit(`/plan/highways?road=G318&lang=${lang}`)
        await planner.page.getByRole('slider').last().waitFor()
        await planner.page.locator('.homes li').first().waitFor()
        expect(await planner.barriers()).toEqual([])
        if (phone) expect(await planner.smallTargets()).toEqual([])
        const { scroll, client } = await planner.page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, client: document.documentElement.clientWidth }))
        expect(scroll).toBeLessThanOrEqual(client)
      }
    }
  })
})
