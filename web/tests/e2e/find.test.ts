import { expect, it } from 'vitest'
import { answer, poll } from './visitor'
import { stories } from './stories'
import type { Nearest, StationList } from '@/api/types'

const jokhang = { longitude: 91.1317, latitude: 29.6531 }
const nearest = () => answer<Nearest>('/v1/stations/nearest?lon=91.1317&lat=29.6531&profile=walk&limit=20')

stories('a courier looks for a station', (arrive) => {
  it('sees every station before choosing a place', async () => {
    const courier = await arrive({ phone: true })
    const { total } = await answer<StationList>('/v1/stations?limit=1')
    await courier.visit('/find')
    await courier.sees(courier.stations(), total)
  })

  it('chooses a well-known place and gets the nearest stations, nearest first', async () => {
    const courier = await arrive({ phone: true })
    await courier.visit('/find')
    await courier.startFrom('大昭寺')
    const minutes = await courier.minutes()
    const { results } = await nearest()
    expect(minutes).toEqual(results.map(({ seconds }) => Math.max(1, Math.round(seconds / 60))))
    expect(minutes).toEqual([...minutes].sort((a, b) => a - b))
    expect(courier.address()).toMatchObject({ from: '91.1317,29.6531~place.jokhang' })
  })

  it('comes back to the same list by its address', async () => {
    const courier = await arrive()
    await courier.visit('/find?from=91.1317,29.6531~place.jokhang&kind=oxygen_bar')
    const minutes = await courier.minutes()
    await courier.page.reload()
    expect(await courier.minutes()).toEqual(minutes)
    expect(await courier.page.getByRole('combobox').inputValue()).toBe('大昭寺')
  })

  it('finds a place by typing and choosing with the keyboard', async () => {
    const courier = await arrive()
    await courier.visit('/find')
    await courier.stations().first().waitFor()
    await courier.searchFor('布达')
    await courier.press('ArrowDown', 'ArrowUp', 'Enter')
    await courier.minutes()
    expect(courier.address().from).toContain('place.potala')
  })

  it('taps the map and gets the way from there', async () => {
    const courier = await arrive()
    await courier.visit('/find?map=14.5/91.1317/29.6531')
    await courier.tapMap(0.5, 0.5)
    await courier.minutes()
    const [lon, lat] = (courier.address().from ?? '').split(',').map(Number)
    expect(lon).toBeCloseTo(91.1317, 2)
    expect(lat).toBeCloseTo(29.6531, 2)
  })

  it('uses the position of the phone, which then stands in no address', async () => {
    const courier = await arrive({ phone: true, position: jokhang })
    await courier.visit('/find')
    await courier.button('我的位置').click()
    expect((await courier.minutes()).length).toBeGreaterThan(0)
    expect(courier.address().from).toBe('me')
    const pages = courier.requests.filter((url) => !url.includes('/v1/'))
    expect(pages.filter((url) => url.includes('91.13'))).toEqual([])
    await courier.page.reload()
    await courier.text('位置没有保存').waitFor()
  })

  it('is told what to do when the phone does not say where it is', async () => {
    const courier = await arrive({ phone: true })
    await courier.visit('/find')
    await courier.button('我的位置').click()
    await courier.text('没有得到定位许可').waitFor()
    await courier.startFrom('大昭寺')
    await courier.minutes()
  })

  it('looks only at what is open, of one kind', async () => {
    const courier = await arrive({ phone: true })
    await courier.visit('/find?from=91.1317,29.6531~place.jokhang')
    await courier.minutes()
    await courier.page.getByRole('switch').click()
    await poll(() => courier.address().open === '1', () => 'the address does not say open')
    const open = await answer<Nearest>('/v1/stations/nearest?lon=91.1317&lat=29.6531&open_at=now&limit=20')
    await courier.sees(courier.stations(), open.results.length)
    await courier.page.getByRole('switch').click()
    await courier.chip('氧吧').click()
    const bars = await answer<Nearest>('/v1/stations/nearest?lon=91.1317&lat=29.6531&kind=oxygen_bar&limit=20')
    await courier.sees(courier.stations(), bars.results.length)
    expect(courier.address()).toMatchObject({ kind: 'oxygen_bar' })
  })

  it('opens a station, reads about it, and has a link that leads there', async () => {
    const courier = await arrive({ phone: true })
    await courier.visit('/find?from=91.1317,29.6531~place.jokhang')
    await courier.stations().first().click()
    const [first] = (await nearest()).results
    const { name, navigation } = first!.station.properties
    await courier.page.getByRole('heading', { name: name.zh }).waitFor()
    const link = courier.page.getByRole('link', { name: /高德地图/ })
    expect(await link.getAttribute('href')).toBe(navigation.amap)
    expect(await link.getAttribute('rel')).toContain('noreferrer')
    await courier.text('示例数据，并非真实记录').waitFor()
    expect(courier.address().station).toBe(String(first!.station.id))
    await courier.back()
    await courier.sees(courier.stations(), (await nearest()).results.length)
    expect(courier.address().station).toBeUndefined()
  })

  it('sees the way to the chosen station on the map', async () => {
    const courier = await arrive()
    const [first] = (await nearest()).results
    await courier.visit('/find?from=91.1317,29.6531&map=15.5/91.1317/29.6531')
    await courier.minutes()
    const without = await courier.colourOfMap()
    await courier.visit(`/find?from=91.1317,29.6531&station=${first!.station.id}&map=15.5/91.1317/29.6531`)
    expect(await courier.colourOfMap()).toBeGreaterThan(without)
  })

  it('is told when no street leads to a place, and in Chinese', async () => {
    const courier = await arrive()
    await courier.visit('/find?from=91.3,29.2')
    await courier.text('这里走不到路上').waitFor()
  })

  it('sees at once that the network is gone, and that it is back', async () => {
    const courier = await arrive({ phone: true })
    await courier.visit('/find?from=91.1317,29.6531~place.jokhang')
    const minutes = await courier.minutes()
    await courier.mapIsStill()
    await courier.context.setOffline(true)
    await courier.text(/已断网/).waitFor()
    expect(await courier.minutes()).toEqual(minutes)
    await courier.chip('氧吧').click()
    await courier.context.setOffline(false)
    await poll(
      async () => (await courier.minutes()).length < minutes.length,
      () => 'the question was not asked again',
    )
  })

  it('may try again when the service stumbles', async () => {
    const courier = await arrive()
    let stumbles = true
    await courier.page.route('**/v1/stations/nearest**', (route) =>
      stumbles ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"reason":"unavailable","detail":"请稍后重试。"}' }) : route.continue(),
    )
    await courier.visit('/find?from=91.1317,29.6531')
    await courier.text('请稍后重试。').waitFor()
    stumbles = false
    await courier.button('重试').click()
    await courier.minutes()
  })
})
