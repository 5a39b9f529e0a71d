import { expect, it } from 'vitest'
import type { Panorama } from '@/api/types'
import { answer, poll, type Visitor } from './visitor'
import { stories } from './stories'

const number = 'LZ-SAMPLE-001'
const panoramas = async () => (await answer<{ panoramas: Panorama[] }>(`/v1/panoramas?parcel=${number}`)).panoramas

const ready = (investor: Visitor) => investor.page.locator('.frame[data-state=ready]').waitFor({ timeout: 40_000 })
const stage = (investor: Visitor) => investor.page.getByRole('application', { name: /全景/ })

stories('an investor looks around a parcel', (arrive) => {
  it('reads what is to be seen, and opens the picture when it is asked for', async () => {
    const investor = await arrive({ phone: true })
    const [first] = await panoramas()
    await investor.visit(`/land?parcel=${number}`)
    const item = investor.page.locator(`[data-panorama="${first!.id}"]`)
    await item.waitFor()
    const text = await item.innerText()
    for (const words of [first!.caption.zh, first!.alt.zh, '示例数据', '2026 年 7 月 1 日', '画面正中朝北', '到地块南侧']) expect(text).toContain(words)
    expect(investor.requests.filter((url) => /pannellum|\/v1\/panoramas\/\d+\//.test(url))).toEqual([])

    await item.getByRole('button', { name: /打开全景/ }).click()
    await ready(investor)
    expect(investor.address().pano).toBe(String(first!.id))
    expect(investor.requests.filter((url) => /\/v1\/panoramas\/\d+\/2048-.*\.jpg$/.test(url))).not.toEqual([])
    expect(await investor.barriers()).toEqual([])
    await item.getByRole('button', { name: '收起全景' }).click()
    expect(await stage(investor).count()).toBe(0)
    expect(investor.address().pano).toBeUndefined()
  })

  it('comes straight to it by its address, and turns it with keys and with buttons', async () => {
    const investor = await arrive()
    const [first] = await panoramas()
    await investor.visit(`/land?parcel=${number}&pano=${first!.id}`)
    await ready(investor)
    const seen = () => stage(investor).locator('canvas').screenshot()
    const north = await seen()
    await investor.button('向右看').click()
    let right = north
    await poll(async () => !(right = await seen()).equals(north), () => 'the button turned nothing')
    await stage(investor).focus()
    await investor.page.keyboard.down('ArrowLeft')
    await poll(async () => !(await seen()).equals(right), () => 'the key turned nothing')
    await investor.page.keyboard.up('ArrowLeft')
    await investor.page.keyboard.press('Tab')
    expect(await investor.focus()).toBe('向左看')
  })

  it('goes by a link to the next panorama, by another to the next parcel, and back', async () => {
    const investor = await arrive()
    const [first, second] = await panoramas()
    await investor.visit(`/land?parcel=${number}&pano=${first!.id}`)
    await ready(investor)
    await investor.page.getByRole('link', { name: /到地块南侧/ }).click()
    await poll(() => investor.address().pano === String(second!.id), () => 'the address has not followed')
    await stage(investor).waitFor()
    await ready(investor)
    await investor.back()
    await poll(() => investor.address().pano === String(first!.id), () => 'there is no way back')
    await investor.page.getByRole('link', { name: /相邻地块/ }).click()
    await investor.page.getByRole('heading', { name: '西岸片区工业示例地块 2' }).waitFor()
    expect(investor.address()).toMatchObject({ parcel: 'LZ-SAMPLE-002' })
    expect(investor.address().pano).toBeUndefined()
  })
})

stories(
  'an investor whose device draws no panoramas',
  (arrive) => {
    it('has the flat picture and the words', async () => {
      const investor = await arrive()
      const [first] = await panoramas()
      await investor.visit(`/land?parcel=${number}&pano=${first!.id}`)
      await investor.text('这台设备打不开全景').waitFor()
      const flat = investor.page.locator('.flat img')
      await flat.scrollIntoViewIfNeeded()
      await poll(() => flat.evaluate((image: HTMLImageElement) => image.naturalWidth === 2048), () => 'the flat picture did not come')
      expect(await flat.getAttribute('alt')).toBe(first!.alt.zh)
    })
  },
  { webgl: false },
)
