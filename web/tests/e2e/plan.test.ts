import { expect, it } from 'vitest'
import type { Coverage } from '@/api/types'
import { answer, poll, type Visitor } from './visitor'
import { stories } from './stories'

const coverage = (query: string) => answer<Coverage>(`/v1/coverage?profile=walk&${query}`)

/** The shares on the list by area. */
async function shares(planner: Visitor): Promise<string[]> {
  await planner.page.locator('tbody tr').first().waitFor()
  return planner.page.locator('tbody td').allTextContents()
}

function asShown({ areas }: Coverage): string[] {
  return [...areas]
    .sort((a, b) => a.share - b.share || a.id - b.id)
    .map(({ share }) => `${Math.round(share * 1000) / 10} %`)
}

stories('a planner looks at the service circle', (arrive) => {
  it('sees the share of every key area, the least covered first, as the service counts it', async () => {
    const planner = await arrive()
    await planner.visit('/plan')
    const expected = await coverage('minutes=15')
    expect(await shares(planner)).toEqual(asShown(expected))
    const { covered, cells } = expected.total
    await planner.text(new RegExp(`${covered.toLocaleString('en')} / ${cells.toLocaleString('en')} 格`)).waitFor()
  })

  it('sees the cells really drawn, and far fewer for drivers’ homes alone', async () => {
    const planner = await arrive()
    await planner.visit('/plan')
    const all = await planner.colourOfMap()
    expect(all).toBeGreaterThan(0.02)
    await planner.visit('/plan?kind=drivers_home')
    expect(await planner.colourOfMap()).toBeLessThan(all / 3)
  })

  it('has the legend on screen, with how people walk and when, on the desk and on the phone', async () => {
    for (const phone of [false, true]) {
      const planner = await arrive({ phone })
      await planner.visit('/plan?time=night')
      const legend = planner.page.locator('figure')
      await legend.waitFor()
      expect(await legend.innerText()).toMatch(/步行.*夜间 23:00/)
      const box = await legend.boundingBox()
      expect(box!.y + box!.height).toBeLessThanOrEqual(phone ? 844 : 800)
    }
  })

  it('asks for ten minutes with the keyboard', async () => {
    const planner = await arrive()
    await planner.visit('/plan')
    await shares(planner)
    await planner.page.getByRole('slider').focus()
    await planner.press('ArrowLeft')
    await poll(() => planner.address().minutes === '10', () => 'the address does not say ten minutes')
    const ten = asShown(await coverage('minutes=10'))
    await poll(async () => (await shares(planner)).join() === ten.join(), () => `the list does not say ${ten.join()}`)
    await planner.text('超过 10 分钟').waitFor()
  })

  it('asks how it is at night, when fewer stations are open', async () => {
    const planner = await arrive()
    await planner.visit('/plan')
    const day = await shares(planner)
    await planner.page.getByRole('radio', { name: '夜间 23:00' }).check({ force: true })
    await poll(async () => (await shares(planner)).join() !== day.join(), () => 'the night is like the day')
    expect(planner.address().time).toBe('night')
    expect(planner.requests.some((url) => /open_at=\d{4}-\d\d-\d\dT23%3A00%3A00%2B08%3A00/.test(url))).toBe(true)
  })

  it('asks how it is by e-bike, and sees the other counts by their names', async () => {
    const planner = await arrive()
    await planner.visit('/plan')
    const onFoot = await shares(planner)
    await planner.page.getByRole('radio', { name: '电动自行车' }).check({ force: true })
    await poll(async () => (await shares(planner)).join() !== onFoot.join(), () => 'by e-bike it is as on foot')
    expect(planner.address().profile).toBe('ebike')
    const { total } = await answer<Coverage>('/v1/coverage?profile=ebike&minutes=15')
    const others = await planner.page.locator('.others').innerText()
    expect(others).toContain('交叉覆盖')
    expect(others).toContain(`${Math.round(total.twice.share * 1000) / 10} %`)
    expect(others).toContain('直线 1 公里')
    expect(others).toContain('不是出行时间')
    await planner.text('电动自行车 · 不限时间').first().waitFor()
  })

  it('chooses an area, and the map goes there', async () => {
    const planner = await arrive()
    await planner.visit('/plan')
    await shares(planner)
    const before = await planner.mapIsStill()
    await planner.page.locator('tbody button').first().click()
    expect((await planner.mapIsStill()).equals(before)).toBe(false)
    const [area] = (await coverage('minutes=15')).areas.sort((a, b) => a.share - b.share)
    expect(planner.address().area).toBe(String(area!.id))
    await planner.page.reload()
    await planner.page.locator('tbody button[aria-pressed=true]').waitFor()
  })

  it('reads how the figures were made', async () => {
    const planner = await arrive()
    await planner.visit('/plan')
    const { assumptions } = await coverage('minutes=15')
    for (const words of [`${assumptions.profile.flat_speed_kmh} 公里/时`, `H3 第 ${assumptions.resolution} 级`, '示例路网']) {
      await planner.text(words).first().waitFor()
    }
  })
})
