import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Import, Intent } from '@/features/desk/api'
import type { Notice, Panorama } from '@/api/types'
import { base } from './browser'
import { asStaff, staff, token } from './staff'
import { answer, poll, type Visitor } from './visitor'
import { stories } from './stories'

/** Part of all numbers, so that the stories can be told again to the same record. */
const run = Date.now().toString(36).toUpperCase()

interface Plot {
  number: string
  name: string
  north: number
  east: number
  hectares?: string
  /** The corners in an order that makes the ring cross itself. */
  crossed?: boolean
}

/** A 勘测定界 file with square parcels of a hectare near Nyingchi. */
function survey(plots: readonly Plot[], zone = '31'): string {
  const head = `[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n计量单位=米\n带号=${zone}\n[地块坐标]\n`
  const rings = plots.map(({ number, name, north: n, east: e, hectares = '1.0', crossed }) => {
    const corners = [[n, e], [n + 100, e], [n + 100, e + 100], [n, e + 100]] // prettier-ignore
    if (crossed) corners.splice(1, 2, ...corners.slice(1, 3).reverse())
    const rows = [...corners, corners[0]!].map(([x = 0, y = 0], i) => `J${(i % 4) + 1},1,${x.toFixed(3)},${y.toFixed(3)}`)
    return [`5,${hectares},${number},${name},面,,工业用地,1001,@`, ...rows].join('\n')
  })
  return `${head}${rings.join('\n')}\n`
}

async function enter(clerk: Visitor, name = '卓玛', shown = token): Promise<void> {
  await clerk.page.getByLabel('您的姓名').fill(name)
  await clerk.page.getByLabel('令牌', { exact: false }).last().fill(shown)
  await clerk.button('进入').click()
}

async function begin(clerk: Visitor, path: string, name?: string): Promise<void> {
  await clerk.visit(path)
  await enter(clerk, name)
  await clerk.button('离开').waitFor()
}

async function upload(clerk: Visitor, name: string, text: string): Promise<void> {
  await clerk.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await clerk.button('上传并检查').click()
  await clerk.page.waitForURL(/\/desk\/import\/preview\?/)
}

const count = (clerk: Visitor, tab: string) => clerk.page.locator(`[data-tab=${tab}] b`).innerText()
const importOf = (clerk: Visitor) => asStaff<Import>(`/v1/imports/${clerk.address().id}`)

const tell: typeof stories = (name, told, options) => (token ? stories(name, told, options) : it.skip(`${name} (set KORA_TOKEN_FILE)`))

tell('the staff at the desk', (arrive) => {
  it('shows the token first, is refused with a wrong one, and forgets it', async () => {
    const clerk = await arrive()
    await clerk.visit('/desk/import')
    await enter(clerk, '卓玛', 'not-the-token')
    await clerk.page.getByRole('alert').getByText('令牌不对').waitFor()
    expect(await clerk.page.locator('input[type=file]').count()).toBe(0)
    await enter(clerk)
    await clerk.page.locator('input[type=file]').waitFor()
    await clerk.page.reload() // it is kept while the window is open
    await clerk.page.locator('input[type=file]').waitFor()
    expect(await clerk.page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(token)
    expect(clerk.requests.filter((url) => url.includes(token))).toEqual([])
    expect(clerk.page.url()).not.toContain(token)

    // A token that is changed meanwhile ends the session, and says so.
    await clerk.page.evaluate(() => sessionStorage.setItem('kora.desk.token', 'changed'))
    await clerk.visit('/desk/intents')
    await clerk.page.getByRole('alert').getByText('令牌不对').waitFor()
    await enter(clerk)
    await clerk.button('离开').click()
    await clerk.page.getByLabel('您的姓名').waitFor()
    expect(await clerk.page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  it('takes a survey from the file to the page of its parcel', async () => {
    const number = `E2E-${run}-1`
    const clerk = await arrive()
    await begin(clerk, '/desk/import')
    await upload(clerk, '界址点.txt', survey([{ number, name: '一号地块', north: 3281180, east: 31629570, hectares: '1.1' }]))

    await clerk.page.locator('[data-tab=added]').waitFor()
    await clerk.text('文字编码 UTF-8').waitFor()
    expect(await count(clerk, 'added')).toBe('1')
    const row = clerk.page.locator(`[data-item="${number}"]`)
    expect((await row.innerText()).replace(/\s+/g, ' ')).toMatch(/11,000 ㎡ 9,99\d ㎡ \+10\.0\d % ?/)
    await clerk.page.locator('[data-tab=warnings]').click() // a tenth too much is worth a word, and its place
    await clerk.page.locator('[data-fault]').first().getByText('第 7 行').waitFor()
    expect((await fetch(`${base}/v1/parcels/${number}`)).status).toBe(404)

    // List and map are in step, and the address keeps it.
    expect(await clerk.colourOfMap()).toBeGreaterThan(0.001)
    await clerk.tapMap(0.5, 0.5)
    await poll(() => clerk.address().item === number, () => `the address says ${clerk.page.url()}`)
    expect(clerk.address().tab).toBe('added')
    expect(await row.getByRole('button').getAttribute('aria-pressed')).toBe('true')
    await clerk.page.reload()
    await row.locator('button[aria-pressed=true]').waitFor()

    await clerk.button('写入 1 条').click()
    await clerk.page.locator('[data-done]').waitFor()
    expect((await importOf(clerk)).state).toBe('done')
    await clerk.page.getByRole('link', { name: `打开 ${number} 的页面` }).click()
    await clerk.page.locator('#card', { hasText: '一号地块' }).waitFor()
    await clerk.text(number).first().waitFor()
  })

  it('sees what would change field by field, leaves out what is faulty, and is told where that is', async () => {
    const [kept, bad] = [`E2E-${run}-2`, `E2E-${run}-3`]
    const clerk = await arrive()
    await begin(clerk, '/desk/import')
    const plot = { number: kept, name: '旧名', north: 3282180, east: 31629570 }
    await upload(clerk, 'a.txt', survey([plot]))
    await clerk.button('写入 1 条').click()
    await clerk.page.locator('[data-done]').waitFor()

    await clerk.page.getByRole('link', { name: '导入另一个文件' }).click()
    await upload(clerk, 'b.txt', survey([{ ...plot, name: '新名' }, { number: bad, name: '打结', north: 3282180, east: 31630570, crossed: true }]))
    await clerk.page.locator('[data-tab=added]').waitFor()
    expect([await count(clerk, 'changed'), await count(clerk, 'refused')]).toEqual(['1', '1'])
    const fault = clerk.page.locator('[data-fault]') // faults come first: they must be decided on
    expect(await fault.innerText()).toMatch(/第 1[34] 行/)
    expect(await fault.innerText()).toMatch(/圈|ring/)
    await clerk.page.locator('[data-tab=changed]').click()
    const row = clerk.page.locator(`[data-item="${kept}"]`)
    expect((await row.innerText()).replace(/\s+/g, '')).toContain('名称原为：旧名→改为：新名')

    await clerk.button('跳过有误的，写入其余 1 条').click()
    await clerk.page.locator('[data-done]').waitFor()
    expect((await answer<{ properties: { name: { zh: string } } }>(`/v1/parcels/${kept}`)).properties.name.zh).toBe('新名')
    expect((await fetch(`${base}/v1/parcels/${bad}`)).status).toBe(404)
  })

  it('answers what a file leaves open, and sends it again', async () => {
    const clerk = await arrive({ phone: true })
    await clerk.visit('/desk/import')
    await enter(clerk)
    const plot = { number: `E2E-${run}-4`, name: '无带号', north: 3283180, east: 629570 }
    await upload(clerk, '没有带号.txt', survey([plot], ''))
    await clerk.page.locator('[data-refused]').getByText('带号').first().waitFor()
    expect((await importOf(clerk)).state).toBe('failed')
    await clerk.page.getByRole('link', { name: '再传一次' }).click()
    await clerk.text('没有带号.txt').first().waitFor() // still there
    await clerk.page.getByRole('textbox', { name: /^带号/ }).fill('99')
    await clerk.button('上传并检查').click()
    await clerk.text('带号应为').waitFor()
    await clerk.page.getByRole('textbox', { name: /^带号/ }).fill('31')
    await clerk.button('上传并检查').click()
    await clerk.page.locator('[data-tab=added]').waitFor()
    expect((await importOf(clerk)).options.zone).toBe(31)
    await clerk.button('取消导入').click()

    // The same for what single records lack.
    await clerk.visit('/desk/import')
    const lacking = survey([{ ...plot, east: 31629570 }]).replace(',工业用地,1001,@', ',,,@')
    await upload(clerk, '没有用途.txt', lacking)
    await clerk.page.locator('[data-fault]').getByText('第 7 行').waitFor()
    expect(await clerk.button(/写入/).count()).toBe(0) // there is nothing to write
    const { id } = clerk.address()
    await clerk.button('补充说明后再传').click()
    await clerk.page.getByRole('textbox', { name: /按此用途/ }).fill('2023:1001')
    expect((await asStaff<Import>(`/v1/imports/${id}`)).state).toBe('cancelled')
    await clerk.button('上传并检查').click()
    await clerk.button('写入 1 条').waitFor()
  })

  it('takes a table of stations, which leaves nothing open', async () => {
    const code = `E2E-${run}-S`
    const clerk = await arrive({ phone: true })
    await clerk.visit('/desk/import')
    await enter(clerk)
    await clerk.page.getByRole('radio', { name: '站点' }).check({ force: true })
    expect(await clerk.page.locator('details').count()).toBe(0)
    const [template] = await Promise.all([clerk.page.waitForEvent('download'), clerk.button('下载站点表格模板').click()])
    expect(template.suggestedFilename()).toBe('站点导入模板.xlsx')
    expect(readFileSync(await template.path()).subarray(0, 2).toString()).toBe('PK')
    await upload(clerk, 'stations.csv', `code,name_zh,kind,lon,lat\n${code},示例驿站,union_station,91.12,29.65\n${code}-2,错误驿站,union_station,91.12,129.65\n`)
    await clerk.page.locator('[data-tab=added]').click()
    await clerk.page.locator(`[data-item="${code}"]`).getByText('示例驿站').waitFor()
    await clerk.page.locator('[data-tab=refused]').click()
    await clerk.page.locator('[data-fault]').getByText('第 3 行').waitFor()
    await clerk.button('取消导入').click()
    await clerk.text('这次导入已取消').waitFor()
  })

  it('calls an import off, after the page was opened anew', async () => {
    const clerk = await arrive()
    await begin(clerk, '/desk/import')
    const number = `E2E-${run}-5`
    await upload(clerk, 'off.txt', survey([{ number, name: '不要了', north: 3284180, east: 31629570 }]))
    await clerk.page.reload()
    await clerk.page.locator('[data-tab=added]').waitFor()
    await clerk.button('取消导入').click()
    await clerk.text('这次导入已取消').waitFor()
    expect((await importOf(clerk)).state).toBe('cancelled')
    expect((await fetch(`${base}/v1/parcels/${number}`)).status).toBe(404)
    const { id } = clerk.address()
    await clerk.page.getByRole('link', { name: '全部导入' }).click()
    await clerk.page.locator(`[data-import="${id}"] [data-state=cancelled]`).waitFor()
  })

  it('is told of a file that is too large before it is sent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kora-desk-'))
    const file = join(folder, 'large.txt')
    writeFileSync(file, '')
    truncateSync(file, 50 * 2 ** 20 + 1)
    const clerk = await arrive()
    await begin(clerk, '/desk/import')
    await clerk.page.locator('input[type=file]').setInputFiles(file)
    await clerk.page.getByRole('alert').getByText('最大 50 MB').waitFor()
    await clerk.button('上传并检查').click()
    expect(clerk.requests.some((url) => url.includes('/v1/imports?'))).toBe(false)
    rmSync(folder, { recursive: true })
  })

  it('looks at the import when the stream of events is shut off', async () => {
    const clerk = await arrive()
    await clerk.page.route('**/events', (route) => route.abort())
    await begin(clerk, '/desk/import')
    await upload(clerk, 'c.txt', survey([{ number: `E2E-${run}-6`, name: '轮询', north: 3285180, east: 31629570 }]))
    await clerk.button('写入 1 条').click()
    await clerk.page.locator('[data-done]').waitFor({ timeout: 30_000 })
  })

  it('handles an intent by two people, and deletes the contact', async () => {
    const { version } = await answer<{ version: string }>('/v1/intents/consent')
    const company = `示例公司 ${run}`
    const form = {
      company, name: '次仁', phone: `139${String(Date.now()).slice(-8)}`, industry: 'C27', area_min_m2: 20000, uses: ['10'], counties: ['540402'], consent: version,
      needs: [{ term: 'facility', values: ['road'] }], parcels: [], project: '建厂',
    } // prettier-ignore
    const submitted = await fetch(`${base}/v1/intents`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(form) })
    const { number } = (await submitted.json()) as { number: string }
    const state = async () => (await asStaff<Intent>(`/v1/intents/${number}`)).state

    const clerk = await arrive()
    await begin(clerk, '/desk/intents', '卓玛')
    await clerk.page.locator('[data-state=submitted]').first().click()
    await clerk.page.getByPlaceholder('按电话号码查找').fill(form.phone.replace(/(...)(....)/, '+86 $1-$2-'))
    await clerk.button('查找').click()
    await clerk.text('提交了 1 个意向').waitFor()
    expect(clerk.page.url()).not.toContain(form.phone)
    await clerk.page.locator(`[data-intent="${number}"]`).click()
    await clerk.page.getByRole('heading', { name: company }).waitFor()
    expect(clerk.address().number).toBe(number)
    const card = clerk.page.locator('article')
    expect(await card.innerText()).toMatch(/制造业 C27[\s\S]*工矿用地 10/)
    expect(await card.innerText()).not.toContain(form.phone)

    // Looking at the contact is on record.
    await clerk.button('查看联系方式').click()
    await clerk.page.locator('[data-contact]').getByText(form.phone).waitFor()
    await card.getByText('查看了联系方式').waitFor()

    await clerk.button('转为“已受理”').click()
    await card.getByText('已转为“已受理”').waitFor()
    await clerk.page.getByLabel('转为').selectOption('answered')
    await clerk.button('转为“已答复”').click()
    await clerk.page.getByRole('alert').getByText('答复要写给企业的话').waitFor()
    await clerk.page.getByLabel('告诉企业的话').fill('请看一号地块。')
    await clerk.button('转为“已答复”').click()
    await card.getByText('已转为“已答复”').waitFor()
    await card.getByText('请看一号地块。').waitFor()
    await card.getByText('这个意向由您受理').waitFor() // told before
    await clerk.button('转为“办结”').click()
    await clerk.page.getByRole('alert').getByText('受理人是 卓玛').waitFor()
    expect(await state()).toBe('answered')

    const other = await arrive({ phone: true })
    await other.visit(`/desk/intents?number=${number}`)
    await enter(other, 'Pema')
    await other.button('转为“办结”').click()
    await other.text('已转为“办结”').waitFor()
    expect(await state()).toBe('closed')
    await other.button('删除联系人资料').click()
    await other.button('不，保留').click()
    expect((await asStaff<Intent>(`/v1/intents/${number}`)).contact).toBeDefined()
    await other.button('删除联系人资料').click()
    await other.button('确定删除').click()
    await other.page.getByRole('heading', { name: '资料已删除' }).waitFor()
    expect((await asStaff<Intent>(`/v1/intents/${number}`)).contact).toBeUndefined()
  })

  it('writes a notice, is told who changed it meanwhile, and deletes it', async () => {
    const code = `E2E-${run}`
    const notice = () => answer<Notice>(`/v1/notices/${code}`)
    const [parcel] = (await answer<{ features: { properties: { number: string } }[] }>('/v1/parcels?limit=1')).features
    const known = parcel!.properties.number
    const clerk = await arrive()
    await begin(clerk, '/desk/notices')
    await clerk.button('新写一篇').click()
    await clerk.button('发布').click()
    await clerk.text('请写中文标题').waitFor()
    await clerk.page.locator('input[name=code]').fill(code)
    await clerk.page.locator('input[name=title]').fill('挂牌公告')
    await clerk.page.locator('textarea[name=body]').fill('第一段。\n\n第二段。')
    await clerk.page.getByRole('radio', { name: 'English' }).check({ force: true })
    await clerk.page.locator('input[name=title]').fill('Listing')
    await clerk.page.getByLabel('截止日期').fill('2199-01-31')
    await clerk.page.getByLabel('截止时刻').fill('17:00')
    await clerk.page.locator('textarea[name=parcels]').fill(`${known}，NO-SUCH-PARCEL`)
    await clerk.page.locator('textarea[name=parcels]').blur()
    await clerk.page.locator('[data-unknown]').getByText('NO-SUCH-PARCEL').waitFor()
    await clerk.button('发布').click()
    await clerk.page.locator(`[data-notice="${code}"]`).waitFor()
    expect(await notice()).toMatchObject({ title: { zh: '挂牌公告', en: 'Listing' }, parcels: [known, 'NO-SUCH-PARCEL'], body: { zh: '第一段。\n\n第二段。' } })
    expect(new Date((await notice()).closes_at!).toISOString()).toBe('2199-01-31T09:00:00.000Z')
    expect(clerk.address()).toEqual({ code })

    // Somebody else was faster.
    const { state: _s, revision: _r, code: _c, ...text } = await notice()
    await asStaff(`/v1/notices/${code}`, { method: 'PUT', as: 'Pema', body: JSON.stringify({ ...text, title: { zh: '别人的标题' } }) })
    await clerk.page.getByRole('radio', { name: '中文' }).check({ force: true })
    await clerk.page.locator('input[name=title]').fill('我的标题')
    await clerk.button('保存修改').click()
    await clerk.page.locator('[data-conflict]').waitFor()
    expect((await notice()).title.zh).toBe('别人的标题')
    await clerk.button('用对方的，放弃我的').click()
    expect(await clerk.page.locator('input[name=title]').inputValue()).toBe('别人的标题')
    await clerk.page.locator('input[name=title]').fill('我们的标题')
    await clerk.button('保存修改').click()
    await clerk.text('已保存').waitFor()
    expect((await notice()).title.zh).toBe('我们的标题')

    await clerk.button('删除这一篇').click()
    await clerk.press('Escape')
    await clerk.button('删除这一篇').click()
    await clerk.button('确定删除').click()
    await clerk.text(`${code} 已删除`).waitFor()
    expect((await fetch(`${base}/v1/notices/${code}`)).status).toBe(404)
  })

  it('tells by name who changed a notice', async () => {
    const code = `E2E-${run}-W`
    const text = { kind: 'guide', title: { zh: '指南' }, published_on: '2026-07-01' }
    await asStaff('/v1/notices', { method: 'POST', body: JSON.stringify({ code, ...text }) })
    const clerk = await arrive()
    await begin(clerk, '/desk/notices')
    await clerk.visit(`/desk/notices?code=${code}&lang=en`)
    await clerk.page.locator('input[name=title]').waitFor()
    await asStaff(`/v1/notices/${code}`, { method: 'PUT', as: 'Pema', body: JSON.stringify({ ...text, title: { zh: '新指南' } }) })
    await clerk.page.locator('input[name=title]').fill('mine')
    await clerk.button('Save the changes').click()
    expect(await clerk.page.locator('[data-conflict]').innerText()).toContain('Pema')
    await clerk.button('Keep mine, replace theirs').click()
    await clerk.text('Saved.').waitFor()
    expect((await answer<Notice>(`/v1/notices/${code}`)).title.zh).toBe('mine')
    await asStaff(`/v1/notices/${code}`, { method: 'DELETE' })
  })

  it('uploads a panorama, puts a spot where it looks, is told who changed it meanwhile, and deletes it', async () => {
    const number = 'LZ-SAMPLE-003'
    const panoramas = async () => (await answer<{ panoramas: Panorama[] }>(`/v1/panoramas?parcel=${number}`)).panoramas
    for (const { id } of await panoramas()) await asStaff(`/v1/panoramas/${id}`, { method: 'DELETE' })
    const clerk = await arrive()
    const { page } = clerk
    await begin(clerk, '/desk/panoramas')
    const folder = mkdtempSync(join(tmpdir(), 'kora-desk-'))

    // What is missing, and a picture that is none, are told before anything is sent.
    await clerk.button('上传一幅').click()
    await clerk.chip('上传').click()
    for (const words of ['请选一块地', '请先选一个文件', '请写中文标题', '请写中文的文字说明']) await clerk.text(words).waitFor()
    const small = join(folder, 'square.png')
    writeFileSync(small, Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'))
    await page.locator('input[type=file]').setInputFiles(small)
    await page.getByText('图是 1 × 1').waitFor()

    await page.getByLabel('属于哪块地').fill('SAMPLE-003')
    await page.locator(`[data-found="${number}"]`).click()
    await page.locator('input[name=caption]').fill('北门')
    await page.locator('textarea[name=alt]').fill('站在北门，南面是场地。')
    // A file that only the service can tell to be none.
    const broken = join(folder, 'broken.jpg')
    writeFileSync(broken, 'no picture')
    await page.locator('input[type=file]').setInputFiles(broken)
    await page.getByText('这台设备打不开这幅图').waitFor()
    await clerk.chip('上传').click()
    await page.getByRole('alert').getByText('不是 JPEG 或 PNG').waitFor()
    rmSync(folder, { recursive: true })

    // It is seen before it is sent, and a spot is where one looks.
    await page.locator('input[type=file]').setInputFiles('../sample/panorama-1.jpg')
    await page.locator('.frame[data-state=ready]').waitFor({ timeout: 40_000 })
    await clerk.button('向右看').click()
    await clerk.button('在十字处加一个热点').click()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('label-1')
    await page.locator('input[name=label-1]').fill('隔壁')
    expect(Number(await page.locator('input[name=yaw-1]').inputValue())).toBeCloseTo(20, 0)
    await page.getByLabel('通向的地块').fill('SAMPLE-002')
    await page.locator('[data-found="LZ-SAMPLE-002"]').click()
    await page.locator('.pnlm-hotspot-base').waitFor()
    await page.locator('input[name=pitch-1]').fill('−3,5')
    await page.locator('input[name=taken]').fill('2026-07-02')
    await page.locator('input[name=heading]').fill('400')
    await clerk.chip('上传').click()
    await page.getByText('应是 0 到 360 的数').waitFor()
    await page.locator('input[name=heading]').fill('45')
    expect(await clerk.barriers()).toEqual([])
    await clerk.chip('上传').click()
    await page.getByText('已上传，公众可以看到了').waitFor({ timeout: 40_000 })
    const [made] = await panoramas()
    expect(made).toMatchObject({
      caption: { zh: '北门' }, alt: { zh: '站在北门，南面是场地。' }, taken_on: '2026-07-02', heading_deg: 45,
      hot_spots: [{ pitch_deg: -3.5, parcel: 'LZ-SAMPLE-002', label: { zh: '隔壁' } }],
    }) // prettier-ignore
    expect(clerk.address()).toEqual({ id: String(made!.id) })
    expect(await page.locator(`[data-panorama="${made!.id}"]`).innerText()).toMatch(/北门[\s\S]*LZ-SAMPLE-003[\s\S]*正中朝东北/)

    // Somebody else was faster.
    const { id, revision: _r, levels: _l, ...text } = made!
    await asStaff(`/v1/panoramas/${id}`, { method: 'PUT', as: 'Pema', body: JSON.stringify({ ...text, caption: { zh: '别人的标题' } }) })
    await page.getByRole('radio', { name: 'English' }).check({ force: true })
    await page.locator('input[name=caption]').fill('Northern gate')
    await clerk.button('保存修改').click()
    await page.locator('[data-conflict]').getByText('已由 Pema 于').waitFor()
    await clerk.button('仍用我的').click()
    await page.getByText('已保存').waitFor()
    expect((await panoramas())[0]).toMatchObject({ caption: { zh: '北门', en: 'Northern gate' } })

    await page.locator('.frame[data-state=ready]').waitFor({ timeout: 40_000 })
    await clerk.button('去掉热点').click()
    expect(await page.locator('.pnlm-hotspot-base').count()).toBe(0)
    await clerk.button('删除这一幅').click()
    await clerk.button('确定删除').click()
    await page.getByText('全景已删除').waitFor()
    expect(await panoramas()).toEqual([])
  })

  it('is hindered by nothing, in three languages, on a phone and in the dark', async () => {
    const made = await fetch(`${base}/v1/imports?kind=parcels&name=axe.txt`, {
      method: 'POST',
      headers: { ...staff('Pema'), 'Content-Type': 'application/octet-stream' },
      body: survey([{ number: `E2E-${run}-7`, name: '甲', north: 3286180, east: 31629570 }, { number: `E2E-${run}-8`, name: '乙', north: 3286230, east: 31629620 }, { number: `E2E-${run}-9`, name: '打结', north: 3286180, east: 31630570, crossed: true }]),
    }) // prettier-ignore
    const { id } = (await made.json()) as Import
    const [notice] = (await answer<{ notices: Notice[] }>('/v1/notices')).notices
    const [panorama] = (await answer<{ panoramas: Panorama[] }>('/v1/panoramas')).panoramas
    const paths = ['/desk', '/desk/import', `/desk/import/preview?id=${id}&tab=added`, `/desk/import/preview?id=${id}`, '/desk/intents', '/desk/notices', `/desk/notices?code=${notice!.code}`, '/desk/panoramas', `/desk/panoramas?id=${panorama!.id}`]
    for (const device of [{ phone: true }, { dark: true }]) {
      const clerk = await arrive(device)
      await clerk.visit('/desk/import')
      expect(await clerk.barriers(), 'sign in').toEqual([])
      await enter(clerk)
      await clerk.page.locator('input[type=file]').waitFor()
      for (const lang of device.phone ? ['zh', 'bo', 'en'] : ['zh']) {
        for (const path of paths) {
          await clerk.visit(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)
          await poll(async () => (await clerk.page.locator('.waiting, [data-busy]').count()) === 0, () => `${path} is still waiting`)
          if (path.includes('preview')) await clerk.page.locator('[data-item], [data-fault]').first().waitFor()
          expect(await clerk.barriers(), `${path} ${lang}`).toEqual([])
          const { scrollWidth, clientWidth } = await clerk.page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement
            return { scrollWidth, clientWidth }
          })
          expect(scrollWidth, `${path} ${lang} is as wide as the screen`).toBeLessThanOrEqual(clientWidth)
        }
      }
    }
  })

  it('is worked by keyboard alone', async () => {
    const clerk = await arrive()
    await clerk.visit('/desk/import')
    await clerk.page.getByLabel('您的姓名').focus()
    await clerk.page.keyboard.insertText('卓玛')
    await clerk.press('Tab')
    await clerk.page.keyboard.insertText(token)
    await clerk.press('Enter')
    await clerk.page.locator('input[type=file]').setInputFiles({ name: 'k.txt', mimeType: 'text/plain', buffer: Buffer.from(survey([{ number: `E2E-${run}-K`, name: '键盘', north: 3287180, east: 31629570 }])) })
    await clerk.page.locator('input[type=file]').focus()
    for (let i = 0; i < 4 && (await clerk.focus()) !== '上传并检查'; i++) await clerk.press('Tab')
    await clerk.press('Enter')
    await clerk.page.locator('[data-item]').first().waitFor()
    const order: string[] = []
    await clerk.page.locator('#title').focus()
    for (let i = 0; i < 6; i++) {
      await clerk.press('Tab')
      order.push((await clerk.focus()).replace(/\s+/g, ' '))
    }
    expect(order.slice(0, 3)).toEqual(['新增 1', expect.stringContaining(`E2E-${run}-K`), '写入 1 条'])
    await clerk.page.locator('.word button').first().focus()
    await clerk.press('Enter')
    await clerk.page.locator('[data-done]').waitFor()
    expect(await clerk.focus()).toBe('k.txt')
  })
})
