import { expect, it } from 'vitest'
import type { ParcelList } from '@/api/types'
import { lifeCycle } from '@/features/land/model'
import { answer, poll, type Visitor } from './visitor'
import { stories } from './stories'

const parcels = (query: string) => answer<ParcelList>(`/v1/parcels?${query}`)

/** A query of the page as the service has it. */
function areaQuery(query: string): string {
  return query.replace(/area=([\d.]*?)\.\.([\d.]*)/, (_, min: string, max: string) => `${min && `area_min=${min}`}&${max && `area_max=${max}`}`)
}

async function count(investor: Visitor, n: number): Promise<void> {
  await investor.sees(investor.parcels(), n)
  await investor.text(`${n} 宗`).first().waitFor()
}

stories('an investor looks for land', (arrive) => {
  it('sees everything on offer', async () => {
    const investor = await arrive()
    await investor.visit('/land')
    await count(investor, (await parcels('limit=1')).total)
  })

  it('filters by use and status; list, count and address follow, and chips take it back', async () => {
    const investor = await arrive()
    await investor.visit('/land')
    const { total } = await parcels('limit=1')
    await count(investor, total)

    await investor.filter('use.10').check()
    const industry = (await parcels('use=10&limit=1')).total
    expect(industry).toBeLessThan(total)
    await count(investor, industry)
    expect(investor.address().use).toBe('10')

    await investor.filter('stage.available').check()
    const both = (await parcels('use=10&stage=available&limit=1')).total
    await count(investor, both)

    await investor.page.reload()
    await count(investor, both)
    await investor.button('去掉条件：可选').click()
    await count(investor, industry)
    await investor.button('全部清除').first().click()
    await count(investor, total)
    expect(investor.address()).toEqual({})
  })

  it('takes filters back one by one, a slider that moved far as one step', async () => {
    const investor = await arrive()
    await investor.visit('/land')
    await investor.filter('use.10').check()
    await investor.filter('stage.available').check()
    const thumb = investor.page.locator('[data-range=area] [role=slider]').first()
    for (let i = 0; i < 3; i++) {
      const before = investor.address().area
      await thumb.press('ArrowRight')
      await poll(() => investor.address().area !== before, () => 'the slider changed nothing')
    }
    await investor.filter('use.09').check()
    const chosen = () => (({ use, stage, area }) => ({ use, stage, area: area && 'some' }))(investor.address())
    const all = { use: '10,09', stage: 'available', area: 'some' }
    await poll(() => JSON.stringify(chosen()) === JSON.stringify(all), () => `the address is ${investor.page.url()}`)
    for (const left of [{ ...all, use: '10' }, { use: '10', stage: 'available' }, { use: '10' }, {}]) {
      await investor.back()
      const query = new URLSearchParams(Object.entries({ ...left, ...('area' in left && { area: investor.address().area ?? '' }) })).toString()
      expect(JSON.stringify(chosen())).toBe(JSON.stringify({ use: undefined, stage: undefined, area: undefined, ...left }))
      await count(investor, Math.min(50, (await parcels(`limit=1&${areaQuery(query)}`)).total))
    }
    // What is changed after that is a step of its own.
    await investor.filter('use.09').check()
    await investor.back()
    expect(chosen().use).toBeUndefined()
  })

  it('narrows a class of use to the uses within it', async () => {
    const investor = await arrive()
    await investor.visit('/land')
    const box = (use: string) => investor.page.locator(`[data-filter="use.${use}"]`)
    await investor.filter('use.10').check()
    const { facets, total } = await parcels('use=10&limit=1')
    const [part] = facets!.use!.filter(({ value }) => /^10\d\d$/.test(value))
    await count(investor, total)
    await box(part!.value).waitFor()
    expect(await investor.countAt(`use.${part!.value}`)).toBe((await parcels(`use=${part!.value}&limit=1`)).total)
    await box(part!.value).check()
    await count(investor, (await parcels(`use=${part!.value}&limit=1`)).total)
    expect(investor.address().use).toBe(part!.value)
    expect(await box('10').evaluate((input: HTMLInputElement) => input.indeterminate)).toBe(true)
    expect(await investor.barriers()).toEqual([])
    await box('10').check()
    expect(investor.address().use).toBe('10')
  })

  it('gets exactly as many as an option said it would give, whatever else is chosen', async () => {
    const investor = await arrive()
    await investor.visit('/land?far=1.5..&facility=water')
    await investor.openFilters()
    for (const option of ['stage.announced', 'use.09', 'stage.available', 'use.10']) {
      const said = await investor.countAt(option)
      const other = option.replace(/\..*/, '')
      const alone = (investor.address()[other] ?? '') === ''
      await investor.filter(option).check()
      // Another value of the same attribute adds to the first; only the first is told alone.
      if (alone) await count(investor, said)
      else await poll(async () => (await investor.parcels().count()) >= said, () => `fewer than the ${said} that ${option} said`)
    }
  })

  it('sees on the map what the list holds: the tiles take the same filter', async () => {
    const { vector_layers } = await answer<{ vector_layers: { id: string; fields: Record<string, string> }[] }>('/tiles/parcels.json')
    const { status } = vector_layers.find(({ id }) => id === 'parcels')!.fields as { status: string }
    expect(status).toContain(lifeCycle.map((state, place) => `${place} ${state}`).join(', '))

    const investor = await arrive()
    await investor.visit('/land')
    const all = await investor.mapIsStill()
    expect(investor.requests.some((url) => /\/tiles\/parcels\/.*\.mvt\?v=/.test(url))).toBe(true)
    await investor.visit('/land?use=11')
    const few = await investor.mapIsStill()
    expect(investor.requests.some((url) => /\/tiles\/parcels\/.*\.mvt\?use=11$/.test(url))).toBe(true)
    expect(few.equals(all)).toBe(false)
  })

  it('sets the least area with the keyboard or in a field, in 亩 or in 公顷', async () => {
    const investor = await arrive()
    await investor.visit('/land')
    await investor.openFilters()
    const least = investor.page.getByRole('slider', { name: '面积：最小' })
    for (let i = 0; i < 5; i++) await least.press('ArrowRight')
    await poll(() => investor.address().area === '20000..', () => `the address says ${investor.address().area}`)
    await count(investor, (await parcels('area_min=20000&limit=1')).total)
    await investor.text('30 亩 以上').first().waitFor()
    await investor.page.getByRole('radio', { name: '公顷' }).check({ force: true })
    await investor.text('2 公顷 以上').first().waitFor()
    const most = investor.page.getByRole('textbox', { name: '面积：最大' })
    await most.fill('4')
    await most.press('Enter')
    await count(investor, (await parcels('area_min=20000&area_max=40000&limit=1')).total)
    expect(investor.address().area).toBe('20000..40000')
  })

  it('looks only at what the map shows', async () => {
    const investor = await arrive()
    const { total } = await parcels('limit=1')
    await investor.visit('/land?map=13/94.34/29.65')
    await investor.mapIsOpen()
    await investor.openFilters('位置')
    await investor.page.getByRole('switch').click()
    await poll(() => investor.address().box !== undefined, () => 'the address has no box')
    const inside = (await parcels(`bbox=${investor.address().box}&limit=1`)).total
    expect(inside).toBeLessThan(total)
    await count(investor, inside)
  })

  it('opens a parcel and reads everything about it', async () => {
    const investor = await arrive({ phone: true })
    const { features } = await parcels('limit=200')
    const parcel = features.find(({ properties: p }) => p.price && p.far.max && p.notices.length > 0)!
    const { number, name, price } = parcel.properties
    await investor.visit('/land')
    await investor.page.locator(`[data-parcel="${number}"]`).click()
    await investor.page.getByRole('heading', { name: name.zh, exact: true }).waitFor()
    expect(investor.address().parcel).toBe(number)
    const card = await investor.page.locator('article').innerText()
    expect(card).toContain(number)
    expect(card).toMatch(/容积率\s+[≥≤><=0-9]/)
    expect(card.replace(/\s/g, '')).toContain(`${price!.amount.toLocaleString('en')}${price!.unit.replace('楼面', '（楼面）')}`)
    expect(card).toMatch(/地面海拔（按高程）\s+[\d,]+ 米/)
    expect(card).toMatch(/平均坡度\s+[\d.]+°（[1-5] 级）/)
    expect(card).toContain('意向不构成要约')
    expect(card).toContain('示例数据')
    await investor.page.locator('.notices button').first().click()
    await investor.page.locator('.notices .body').waitFor()
    await investor.button('返回列表').click()
    await investor.sees(investor.parcels(), features.length)
  })

  it('comes straight to a parcel by its address, and the map with it', async () => {
    const investor = await arrive()
    const [parcel] = (await parcels('limit=1')).features
    await investor.visit(`/land?parcel=${encodeURIComponent(parcel!.properties.number)}`)
    await investor.page.getByRole('heading', { name: parcel!.properties.name.zh, exact: true }).waitFor()
    expect(await investor.colourOfMap()).toBeGreaterThan(0.005)
  })

  it('is told when a parcel is not on the map', async () => {
    const investor = await arrive()
    await investor.visit('/land?parcel=NO-SUCH-PARCEL')
    await investor.page.getByRole('alert').waitFor()
    await investor.button('返回列表').click()
    await investor.parcels().first().waitFor()
  })
})
