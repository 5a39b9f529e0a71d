import { expect, it } from 'vitest'
import type { components } from '@/api/schema'
import { asStaff, token } from './staff'
import { stories } from './stories'
import { answer, poll, type Visitor } from './visitor'

type Siting = components['schemas']['Siting']

/** Lets the page know who works here, as the desk does. */
async function atWork(planner: Visitor): Promise<void> {
  await planner.context.addInitScript((known) => {
    sessionStorage.setItem('kora.desk.token', known)
    sessionStorage.setItem('kora.desk.name', 'Pema')
  }, token)
}

/** Asks past the page, and waits for the plan. */
async function planned(question: object): Promise<Siting> {
  const { id } = await asStaff<Siting>('/v1/siting', { method: 'POST', body: JSON.stringify(question) })
  let one: Siting | undefined
  await poll(async () => (one = await answer<Siting>(`/v1/siting/${id}`)).state === 'done', () => `it is ${one?.state}`)
  return one!
}

const few = { objective: 'most', minutes: 15, sites: 4, candidates: { from: 'streets', every_m: 500 } }

stories('a planner asks where stations should stand', (arrive) => {
  it('sees the question without a token, and that staff ask it', async () => {
    const planner = await arrive()
    await planner.visit('/plan/siting')
    await planner.page.getByRole('heading', { name: '下一批站点设在哪里' }).waitFor()
    await planner.text('计算由工作人员发起。').waitFor()
    await planner.page.getByRole('link', { name: '登录工作台' }).waitFor()
  })

  it.skipIf(!token)('asks for four stations, follows the run, and reads plan, bound and curve', async () => {
    const planner = await arrive()
    await atWork(planner)
    await planner.visit('/plan/siting?sites=4&every=500')
    await planner.chip('计算').click()
    await planner.page.locator('.verdict').waitFor({ timeout: 60_000 })
    expect(await planner.page.locator('.verdict').innerText()).toMatch(/^4 个站点，(已证明是最优方案|离最优方案至多差 [\d.]+ %)。$/)
    const one = await answer<Siting>(`/v1/siting/${planner.address().siting}`)
    expect(await planner.page.locator('.sites tbody tr').count()).toBe(one.plan!.sites.length)
    expect(await planner.page.locator('.areas tbody tr').count()).toBe(one.plan!.areas.length)
    // The curve is read off by keys.
    const curve = planner.page.getByRole('slider', { name: '站点数与覆盖' })
    await curve.focus()
    expect(await curve.getAttribute('aria-valuetext')).toContain('4 个站点')
    await planner.press('ArrowLeft')
    expect(await curve.getAttribute('aria-valuetext')).toContain('3 个站点')
    await planner.press('End')
    expect(await curve.getAttribute('aria-valuetext')).toContain('方案之外')
    // A site of the list is shown on the map.
    const before = await planner.mapIsStill()
    await planner.page.locator('.sites button').last().click()
    expect((await planner.mapIsStill()).equals(before)).toBe(false)
  })

  it.skipIf(!token)('passes the link on: whoever has it sees the plan, and takes it along as a file', async () => {
    const { id, plan } = await planned(few)
    const guest = await arrive({ phone: true })
    await guest.visit(`/plan/siting?siting=${id}`)
    await guest.page.locator('.sites tbody tr').first().waitFor()
    expect(await guest.page.locator('.sites tbody tr').count()).toBe(plan!.sites.length)
    expect(await guest.page.getByRole('button', { name: '计算' }).count()).toBe(0)
    for (const format of ['xlsx', 'csv', 'geojson']) {
      const href = await guest.page.locator(`a[href*="format=${format}"]`).getAttribute('href')
      expect((await fetch(new URL(href!, guest.page.url()))).status).toBe(200)
    }
  })

  it.skipIf(!token)('draws where none may stand, and marks a place that must have a station', async () => {
    const planner = await arrive()
    await atWork(planner)
    await planner.visit('/plan/siting?sites=2&every=1000')
    await planner.mapIsStill()
    await planner.page.getByRole('button', { name: '画 禁设范围' }).click()
    const canvas = (await planner.page.locator('.map canvas').boundingBox())!
    for (const [x, y] of [[0.55, 0.4], [0.75, 0.4], [0.75, 0.6]] as const) {
      await planner.page.mouse.click(canvas.x + canvas.width * x, canvas.y + canvas.height * y)
    }
    await planner.button('完成').click()
    await planner.page.getByRole('button', { name: '清除禁设范围' }).waitFor()
    await planner.page.getByRole('button', { name: '加一处 必设地点' }).click()
    await planner.button('用地图中心').click()
    await planner.text('必设地点：1 处').waitFor()
    await planner.chip('计算').click()
    await planner.page.locator('.verdict, [role=alert]').first().waitFor({ timeout: 60_000 })
    const one = await answer<Siting>(`/v1/siting/${planner.address().siting}`)
    expect(one.question.forbidden?.[0]?.[0]).toHaveLength(4)
    expect(one.question.required).toHaveLength(1)
  })

  it.skipIf(!token)('weighs by a set of demand that is chosen by its name, and reads the plan in people', async () => {
    const planner = await arrive()
    await atWork(planner)
    await planner.visit('/plan/siting?sites=2&every=1000')
    await planner.page.getByLabel('统计口径').selectOption({ label: '示例常住人口' })
    await planner.chip('计算').click()
    await planner.page.locator('.verdict').waitFor({ timeout: 60_000 })
    const { question, plan } = await answer<Siting>(`/v1/siting/${planner.address().siting}`)
    expect([question.weights, question.demand, plan!.unit]).toEqual(['demand', 'residents', 'people'])
    expect(await planner.page.locator('.facts').innerText()).toContain(`覆盖 ${Math.round(plan!.covered).toLocaleString('en')} 人`)
    await planner.text('示例数据，非统计结果').first().waitFor()
  })

  it.skipIf(!token)('opens the plan as a scenario, which has its stations and comes to its coverage', async () => {
    const { id, plan } = await planned(few)
    const planner = await arrive()
    await planner.visit(`/plan/siting?siting=${id}`)
    await planner.button('打开为方案').click()
    const edits = planner.page.locator('.edits li')
    await poll(async () => (await edits.count()) === plan!.sites.length, async () => `${await edits.count()} changes`)
    expect(await edits.first().innerText()).toContain('新增驿站')
    const total = planner.page.locator('tfoot tr').first()
    const covered = `${plan!.covered.toLocaleString('en')} 格 / ${plan!.total.toLocaleString('en')} 格`
    await poll(async () => (await total.innerText()).includes(covered), async () => `${await total.innerText()}, not ${covered}`)
  })

  it.skipIf(!token)('has nothing that axe would complain of, on phone and desk, in three languages', async () => {
    const { id } = await planned(few)
    for (const [phone, dark, lang] of [[false, false, 'zh'], [true, false, 'en'], [false, true, 'bo']] as const) {
      const planner = await arrive({ phone, dark })
      await atWork(planner)
      await planner.visit(`/plan/siting?siting=${id}&lang=${lang}`)
      await planner.page.locator('.sites tbody tr').first().waitFor()
      expect(await planner.barriers(), lang).toEqual([])
      if (phone) expect(await planner.smallTargets()).toEqual([])
    }
  })
})
