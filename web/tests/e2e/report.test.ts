import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Gaps, ReportOutput, Targets } from '@/features/plan/report'
import { answer, poll, type Visitor } from './visitor'
import { stories } from './stories'

const report = () => answer<ReportOutput>('/v1/coverage/report?minutes=15')
const percent = (share: number) => `${share < 1 && Math.round(share * 1000) === 1000 ? 99.9 : Math.round(share * 1000) / 10} %`

/** Goes to the desk and signs in, in this window. */
async function signIn(planner: Visitor): Promise<void> {
  const token = readFileSync(process.env.KORA_TOKEN_FILE ?? '', 'utf8').trim()
  await planner.visit('/desk')
  await planner.page.locator('input[name=name]').fill('测试员')
  await planner.page.locator('input[name=token]').fill(token)
  await planner.page.locator('form button[type=submit]').click()
  await planner.page.locator('input[name=token]').waitFor({ state: 'detached' })
}

stories('a planner reports', (arrive) => {
  it('sees every measure of every place as the service counts it, and puts a column on the map', async () => {
    const planner = await arrive()
    await planner.visit('/plan/report')
    const expected = await report()
    const rows = planner.page.locator('.scroll tbody tr')
    await poll(async () => (await rows.count()) >= expected.report.rows.length, async () => `${await rows.count()} rows`)
    const city = planner.page.locator('section.table > .scroll tr.city').first()
    const cells = expected.report.rows[0]!.measures[0]!
    expect(await city.locator('td').first().innerText()).toBe(percent(cells.bands[0]!.share))
    await planner.page.locator('main select, .sheet select').first().selectOption('demand:residents')
    const people = expected.report.rows[0]!.measures.find((m) => m.demand === 'residents')!
    await poll(async () => (await city.locator('td').first().innerText()) === percent(people.bands[0]!.share), () => 'the measure does not change')
    expect(planner.address().measure).toBe('demand:residents')
    const before = await planner.mapIsStill()
    await planner.page.locator('thead').getByRole('button', { name: '24 小时' }).click()
    await poll(() => planner.requests.some((url) => url.includes('always=true')), () => 'the map does not ask for stations that never close')
    expect((await planner.mapIsStill()).equals(before)).toBe(false)
    expect(planner.address().column).toBe('clock')
    await planner.page.locator('tr.area button').first().click()
    await poll(() => Number(planner.address().area) > 0, () => 'no area is chosen')
  })

  it('prints pages with the title, the sample mark, all measures and what they rest on', async () => {
    const planner = await arrive()
    await planner.visit('/plan/report')
    await planner.page.locator('.basis').waitFor()
    await planner.mapIsStill()
    await planner.page.emulateMedia({ media: 'print' })
    const text = await planner.page.locator('body').innerText()
    for (const words of ['15 分钟服务圈覆盖报告', '示例数据', '居住用地面积', '示例户外劳动者', '怎么算的', '不是法定建成区', '数据版本']) expect(text).toContain(words)
    for (const words of ['XLSX', '留存这份报告', '出行时间上限']) expect(text).not.toContain(words)
    const pdf = await planner.page.pdf({ preferCSSPageSize: true, tagged: true })
    const { pages, glyphs, sizes } = readPDF(pdf)
    expect(pages).toBeGreaterThanOrEqual(2)
    expect(pages).toBeLessThan(12)
    expect(glyphs).toBeGreaterThan(1500)
    for (const [width, height] of sizes) expect([Math.round(width), Math.round(height)]).toEqual([595, 842])
  })

  it('takes a picture of the map with its title, legend and sources', async () => {
    const planner = await arrive()
    await planner.visit('/plan/report')
    await planner.page.locator('.basis').waitFor()
    await planner.mapIsStill()
    const [download] = await Promise.all([planner.page.waitForEvent('download'), planner.button('地图图片').click()])
    expect(download.suggestedFilename()).toMatch(/^coverage-\d{4}-\d\d-\d\d\.png$/)
    const picture = readFileSync(await download.path())
    const colours = await planner.page.evaluate(async (source) => {
      const image = new Image()
      image.src = `data:image/png;base64,${source}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = image.width
      canvas.height = image.height
      const context = canvas.getContext('2d')!
      context.drawImage(image, 0, 0)
      const count = (from: number, until: number) => {
        const { data } = context.getImageData(0, from, image.width, until - from)
        const seen = new Set<number>()
        for (let i = 0; i < data.length; i += 4) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!)
        return seen.size
      }
      return { title: count(0, 80), map: count(100, image.height - 100), foot: count(image.height - 60, image.height) }
    }, picture.toString('base64'))
    expect(colours.map).toBeGreaterThan(200)
    expect(colours.title).toBeGreaterThan(5)
    expect(colours.foot).toBeGreaterThan(3)
  })

  it('finds the gravest gap on the list and on the map', async () => {
    const planner = await arrive()
    await planner.visit('/plan/gaps?minutes=10')
    const expected = await answer<Gaps>('/v1/coverage/gaps?minutes=10&limit=50')
    const list = planner.page.locator('.gaps li')
    await planner.sees(list, expected.features.length)
    const first = expected.features[0]!.properties
    expect(await list.first().innerText()).toContain(first.nearest!.name.zh)
    const before = await planner.mapIsStill()
    await list.first().getByRole('button').click()
    expect((await planner.mapIsStill()).equals(before)).toBe(false)
    expect(planner.address().gap).toBe(String(expected.features[0]!.id))
    const people = await list.first().innerText()
    await planner.page.locator('main select, .sheet select').first().selectOption('workers')
    await poll(async () => (await list.first().innerText()) !== people, () => 'by workers it is as by residents')
  })

  it('keeps the report, sees it on the path to the target, and compares two', async () => {
    const planner = await arrive()
    await planner.visit('/plan/report')
    await planner.text('工作人员可以把这份报告留存下来').waitFor()
    await signIn(planner)
    for (const [query, name] of [['', '上半年'], ['?minutes=10', '下半年']] as const) {
      await planner.visit(`/plan/report${query}`)
      await planner.page.getByPlaceholder('例如：2026 年上半年调度').fill(name)
      await planner.button('留存这份报告').click()
      await planner.text(`已留存：${name}`).waitFor()
    }
    await planner.visit('/plan/targets')
    const { targets, now } = await answer<Targets>('/v1/targets')
    await planner.text(new RegExp(`${now.standard} / ${targets.at(-1)!.standard} 个`)).waitFor()
    expect(await planner.page.locator('svg[role=img] circle').count()).toBe(2)
    await planner.text('口径不同（时间）').waitFor()
    expect(await planner.page.locator('.compared tbody tr.city, .compared tbody tr').count()).toBeGreaterThan(5)
    expect(await planner.page.locator('.compared').innerText()).toMatch(/−\d/)

    await planner.button('修改目标').click()
    const box = planner.page.getByLabel(`${targets[0]!.year} 规范化驿站`)
    await box.fill(String(targets[0]!.standard + 1))
    await planner.button('保存').click()
    await poll(
      async () => (await answer<Targets>('/v1/targets')).targets[0]!.standard === targets[0]!.standard + 1,
      () => 'the target is not changed',
    )
  })

  for (const locale of ['zh-CN', 'bo', 'en']) {
    it(`has nothing that shuts people out, on the phone and on the desk (${locale})`, async () => {
      for (const phone of [false, true]) {
        const planner = await arrive({ phone, locale })
        for (const path of ['/plan/report', '/plan/gaps', '/plan/targets']) {
          await planner.visit(`${path}?lang=${locale.slice(0, 2)}`)
          await planner.page.locator('.basis, .gaps, .kept').first().waitFor()
          expect(await planner.barriers(), `${path} on the ${phone ? 'phone' : 'desk'}`).toEqual([])
          expect(await planner.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        }
      }
    })
  }
})

/** Counts pages and drawn glyphs of a PDF, from its streams. */
function readPDF(pdf: Buffer): { pages: number; glyphs: number; sizes: [number, number][] } {
  const raw = pdf.toString('latin1')
  const sizes = [...raw.matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g)].map((m): [number, number] => [Number(m[1]), Number(m[2])])
  let glyphs = 0
  for (const match of raw.matchAll(/stream\r?\n/g)) {
    const start = match.index + match[0].length
    const end = raw.indexOf('endstream', start)
    let text: string
    try {
      text = inflateSync(pdf.subarray(start, end)).toString('latin1')
    } catch {
      continue // a picture or a font, which is packed in another way
    }
    if (!/\bBT\b/.test(text)) continue
    for (const [, hex = ''] of text.matchAll(/<([0-9A-Fa-f]+)>/g)) glyphs += hex.length / 4
  }
  return { pages: (raw.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length, glyphs, sizes }
}
