import { expect, it } from 'vitest'
import type { Parcel, ParcelList } from '@/api/types'
import { answer, poll, type Visitor } from './visitor'
import { stories } from './stories'

const parcels = (query: string) => answer<ParcelList>(`/v1/parcels?${query}`)

async function count(investor: Visitor, n: number): Promise<void> {
  await investor.sees(investor.parcels(), n)
  await investor.text(`${n} 宗`).first().waitFor()
}

stories('an investor looks at a place', (arrive) => {
  it('draws a shape on the map by taps, and sees what touches it', async () => {
    const investor = await arrive()
    await investor.visit('/land?map=13/94.34/29.65')
    await investor.openFilters('位置')
    await investor.mapIsOpen()
    await investor.button('在地图上画').click()
    await investor.text('已有 0 个').waitFor()
    for (const [x, y] of [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]] as const) await investor.tapMap(x, y) // prettier-ignore
    await investor.text('已有 4 个').waitFor()
    await investor.button('完成').click()
    await poll(() => investor.address().shape !== undefined, () => 'the address holds no shape')
    const { total } = await parcels(`within=${investor.address().shape}&limit=1`)
    expect(total).toBeGreaterThan(0)
    await count(investor, total)
    await investor.button('去掉条件：画出的范围内').click()
    await count(investor, (await parcels('limit=1')).total)
  })

  it('types the same shape, is told what is wrong with it, and back undoes nothing else', async () => {
    const investor = await arrive({ phone: true })
    await investor.visit('/land?sort=area')
    await investor.openFilters('位置')
    await investor.text('改为输入坐标').click()
    const field = investor.page.getByRole('textbox', { name: /每行一个角点/ })
    await field.fill('94.30, 29.60\n94.40, 29.70\n94.40, 29.60\n94.30, 29.70')
    await investor.button('用这些坐标').click()
    await investor.page.getByRole('alert').getByText('互相交叉').waitFor()
    await field.fill('94.30, 29.60\n94.40, 29.60\n94.40, 29.70')
    await investor.button('用这些坐标').click()
    const { total } = await parcels('within=94.3,29.6,94.4,29.6,94.4,29.7&limit=1')
    await investor.button(`看 ${total} 宗`).click()
    await count(investor, total)
    expect(investor.address()).toMatchObject({ shape: '94.3,29.6,94.4,29.6,94.4,29.7', sort: 'area' })
  })

  it('asks for what lies within minutes by car of a place', async () => {
    const investor = await arrive()
    await investor.visit('/land')
    await investor.openFilters('位置')
    const field = investor.page.getByRole('combobox', { name: '开车到得了' })
    await field.fill('nowhere at all')
    await field.press('Tab')
    await investor.text('没有这个地方').waitFor()
    await field.fill('林芝站')
    await field.press('Tab')
    const within = async (minutes: number) => (await parcels(`near=94.39,29.602&minutes=${minutes}&limit=1`)).total
    await count(investor, await within(30))
    await investor.page.getByRole('slider', { name: '开车最多几分钟' }).press('ArrowLeft')
    await count(investor, await within(25))
    await investor.page.reload()
    await investor.button('去掉条件：开车 25 分钟内到林芝站').waitFor()
  })

  it('finds by the first letters of pinyin, and orders', async () => {
    const investor = await arrive()
    await investor.visit('/land')
    await investor.page.getByRole('searchbox').fill('lzjkq')
    await count(investor, (await parcels('q=lzjkq&limit=1')).total)
    await investor.page.getByRole('combobox', { name: '排序' }).selectOption('-area')
    const largest = (await parcels('q=lzjkq&sort=-area&limit=1')).features[0]!
    await poll(
      async () => (await investor.parcels().first().getAttribute('data-parcel')) === largest.properties.number,
      () => 'the largest is not first',
    )
    expect(investor.address()).toEqual({ q: 'lzjkq', sort: '-area' })
  })
})

stories('an investor weighs parcels', (arrive) => {
  it('lays parcels aside, compares them in a table that is a link, and finds them again', async () => {
    const investor = await arrive()
    const { features } = await parcels('limit=3')
    const [one, two, three] = features as [Parcel, Parcel, Parcel]
    await investor.visit('/land')
    for (const { properties } of [one, two]) await investor.chip(`加入比较 ${properties.name.zh}`).click()
    await investor.chip(`收藏 ${three.properties.name.zh}`).click()
    await investor.page.getByRole('link', { name: '比较 2 宗' }).click()
    await investor.page.getByRole('heading', { name: '地块比较' }).waitFor()
    expect(investor.address().parcels).toBe(`${one.properties.number},${two.properties.number}`)
    const row = (key: string) => investor.page.locator(`[data-row="${key}"]`)
    await row('stated').getByText('不同').waitFor()
    expect(await row('scheme').getByText('不同').count()).toBe(0)
    await investor.page.getByRole('switch', { name: '只看不同之处' }).click()
    await investor.sees(row('scheme'), 0)
    await investor.page.reload()
    await row('stated').waitFor()
    await investor.sees(row('scheme'), 0)

    await investor.visit('/land/saved')
    await investor.page.locator(`[data-kept="${three.properties.number}"]`).getByRole('link').click()
    await investor.page.getByRole('heading', { name: three.properties.name.zh, exact: true, level: 2 }).waitFor()
    expect(new URL(investor.page.url()).pathname).toBe(`/land/parcel/${three.properties.number}`)
  })

  it('prints a parcel with a picture of the map on it', async () => {
    const investor = await arrive({ dark: true })
    await investor.visit('/land/parcel/LZ-SAMPLE-002')
    await investor.mapIsStill()
    await investor.page.pdf({ format: 'A4' })
    const printed = () => investor.page.evaluate(async () => {
      const picture = document.querySelector('img.picture') as HTMLImageElement
      await picture.decode()
      const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight)
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
      context.drawImage(picture, 0, 0)
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const seen = new Set<number>()
      let light = 0
      for (let i = 0; i < data.length; i += 4) {
        seen.add(((data[i] ?? 0) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0))
        light += (data[i + 1] ?? 0) / 255 / (data.length / 4)
      }
      return { colours: seen.size, width: canvas.width, light, negative: picture.classList.contains('negative') }
    })
    const { colours, width, light, negative } = await printed()
    expect(width).toBeGreaterThan(600)
    expect(colours, 'a blank canvas has one').toBeGreaterThan(50)
    expect(negative, `who prints at once has the negative of a dark map; light is ${light}`).toBe(light < 0.5)

    // Who takes the button has the map drawn anew on light ground, and the dark one back afterwards.
    await investor.page.evaluate(() => {
      window.print = () => (document.body.dataset.printed = '')
    })
    await investor.button('打印').click()
    await investor.page.locator('body[data-printed]').waitFor()
    const anew = await printed()
    expect(anew.light).toBeGreaterThan(0.8)
    expect(anew.negative).toBe(false)
    expect(anew.colours).toBeGreaterThan(50)
    await investor.page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
    await investor.mapIsStill()
    await investor.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
    await poll(async () => (await printed()).light < 0.5, () => 'the map stays light')
    await investor.page.emulateMedia({ media: 'print' })
    expect(await investor.page.locator('img.picture').isVisible()).toBe(true)
    expect(await investor.page.locator('.map canvas').isVisible()).toBe(false)
    expect(await investor.button('打印').isVisible()).toBe(false)
    expect(await investor.page.locator('.sheet').evaluate((e) => getComputedStyle(e).backgroundColor)).toBe('rgb(255, 255, 255)')
    const sheet = (await investor.page.locator('.sheet').boundingBox())!
    const last = (await investor.page.locator('.disclaimer').boundingBox())!
    expect(last.y, 'nothing is cut off').toBeLessThan(sheet.y + sheet.height)
  })

  it('is advised step by step, registers an intent once, and follows it to its end', async () => {
    const investor = await arrive()
    await investor.visit('/land/recommend')
    await investor.chip('工矿用地').click()
    await investor.page.getByRole('textbox', { name: '面积：最小' }).fill('30')
    await investor.page.getByRole('textbox', { name: '面积：最大' }).fill('60')
    await investor.press('Tab')
    await investor.chip('下一步').click()
    await investor.page.getByRole('textbox', { name: '起始总价：最大' }).fill('700')
    await investor.press('Tab')
    await investor.chip('下一步').click()
    await investor.chip('燃气').click()
    await investor.button(/看推荐（\d+ 宗/).last().click()
    const first = investor.page.locator('[data-suggestion]').first()
    await first.waitFor()
    expect(investor.address()).toMatchObject({ use: '10~m', area: '20000..40000~h', price: '..700~h', facility: 'gas~h', step: '4' })
    await first.getByText('用途相符').waitFor()
    await first.getByText('权重 3').first().waitFor()
    await investor.back()
    await investor.page.getByRole('heading', { name: '交通和配套' }).waitFor()
    await investor.page.goForward()

    await investor.page.getByRole('link', { name: '按这些需求提交意向' }).click()
    await investor.page.getByRole('heading', { name: '用地意向' }).waitFor()
    await investor.text('意向不构成要约').first().waitFor()
    await investor.text('随附 2 项需求').waitFor()
    const submit = investor.chip('提交意向')
    await submit.click()
    await investor.text('请填写单位名称。').waitFor()
    await poll(async () => (await investor.page.evaluate(() => document.activeElement?.id)) === 'industry', () => 'the focus is not on the first fault')
    await investor.page.getByRole('combobox', { name: /行业/ }).selectOption('C')
    await investor.page.getByRole('textbox', { name: '单位名称' }).fill(`示例公司 ${Date.now()}`)
    await investor.page.getByRole('textbox', { name: '联系人' }).fill('示例联系人')
    await investor.page.getByRole('textbox', { name: '电话' }).fill('0894-5820000')
    await investor.page.getByRole('checkbox').check()
    await submit.dblclick()
    await investor.page.getByRole('heading', { name: '已收到你的意向' }).waitFor()
    expect(investor.requests.filter((url) => url.endsWith('/v1/intents'))).toHaveLength(1)
    const [number, secret] = await Promise.all(['number', 'secret'].map((what) => investor.page.locator(`[data-ticket=${what}]`).innerText()))
    expect(investor.page.url()).not.toContain(secret)

    await investor.page.getByRole('link', { name: '查看进度' }).click()
    const field = investor.page.getByRole('textbox', { name: '查询码' })
    await field.fill('wrong')
    await investor.chip('查询').click()
    await investor.text('没有找到。请核对编号和查询码。').waitFor()
    await field.fill(secret!)
    await investor.chip('查询').click()
    await investor.page.getByRole('heading', { name: '已提交' }).waitFor()
    expect(investor.address().number).toBe(number)
    expect(investor.page.url()).not.toContain(secret)
    await investor.chip('查看我填写的全部信息').click()
    await investor.text('0894-5820000').waitFor()
    await investor.chip('撤回意向').click()
    await investor.chip('确定').click()
    await investor.page.getByRole('heading', { name: '已撤回' }).waitFor()
    await investor.chip('删除个人信息').click()
    await investor.chip('确定').click()
    await investor.text('个人信息已删除。').first().waitFor()
    expect(await investor.text('0894-5820000').count()).toBe(0)
  })

  it('reads notices, by a word and by whether they are in force', async () => {
    const investor = await arrive({ phone: true })
    const { notices } = await answer<{ notices: { code: string; state: string; title: { zh: string } }[] }>('/v1/notices?state=closed')
    await investor.visit('/land/notices')
    const rows = investor.page.locator('[data-notice]')
    await rows.first().waitFor()
    await investor.chip('已截止').click()
    await investor.sees(rows, notices.length)
    await investor.page.getByRole('searchbox').fill(notices[0]!.code)
    await investor.sees(rows, 1)
    await rows.first().click()
    await investor.page.getByRole('heading', { name: notices[0]!.title.zh }).waitFor()
    expect(investor.address().code).toBe(notices[0]!.code)
    await investor.back()
    await investor.sees(rows, 1)
  })
})

const screens = [
  '/land/parcel/LZ-SAMPLE-019',
  '/land/compare?parcels=LZ-SAMPLE-001,LZ-SAMPLE-002,LZ-SAMPLE-017',
  '/land/recommend?use=10~m&area=20000..40000~h',
  '/land/recommend?use=10~m&price=..700~h&step=4',
  '/land/notices',
  '/land/notices?code=SAMPLE-N-01',
  '/land/saved',
  '/land/intent?parcels=LZ-SAMPLE-001&use=10~m',
  '/land/intent/status',
]

stories('an investor, whatever they see or hear', (arrive) => {
  for (const [lang, dark] of [['zh', false], ['bo', true], ['en', false]] as const) {
    it(`meets no barrier in ${lang}`, async () => {
      const investor = await arrive({ dark, phone: dark })
      for (const path of screens) {
        await investor.visit(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)
        await poll(async () => (await investor.page.locator('.waiting').count()) === 0, () => `${path} keeps its visitors waiting`)
        expect(await investor.barriers(), path).toEqual([])
      }
    })
  }

  it('has targets that a thumb can hit', async () => {
    const investor = await arrive({ phone: true })
    for (const path of screens) {
      await investor.visit(path)
      await poll(async () => (await investor.page.locator('.waiting').count()) === 0, () => `${path} keeps its visitors waiting`)
      expect(await investor.smallTargets(), path).toEqual([])
    }
    await investor.visit('/land')
    await investor.openFilters('位置')
    expect(await investor.smallTargets(), 'filters').toEqual([])
  })

  it('can do without a mouse: filters by keys, and comes back to where they were', async () => {
    const investor = await arrive({ phone: true })
    await investor.visit('/land')
    await investor.parcels().first().waitFor()
    await investor.button('筛选').focus()
    await investor.press('Enter')
    await investor.page.getByRole('dialog', { name: '筛选' }).waitFor()
    await investor.page.locator('[data-filter="use.11"]').focus()
    await investor.press('Space')
    await investor.sees(investor.parcels(), (await parcels('use=11&limit=1')).total)
    await investor.press('Escape')
    await poll(async () => (await investor.focus()).startsWith('筛选'), async () => `the focus is on ${await investor.focus()}`)
  })
})
