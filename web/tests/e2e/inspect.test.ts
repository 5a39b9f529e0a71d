import { expect, it } from 'vitest'
import type { StationList } from '@/api/types'
import { answer, poll } from './visitor'
import { stories } from './stories'

const potala = '/debug/tiles?map=13/91.12/29.652'

stories('somebody works on the tiles', (arrive) => {
  it('looks at what came over the wire, and what is in it', async () => {
    const engineer = await arrive()
    await engineer.visit(potala)
    await engineer.mapIsStill()
    const rows = engineer.page.locator('.tiles tbody tr')
    await poll(async () => (await rows.filter({ hasText: '…' }).count()) === 0, () => 'some tiles were never answered')
    expect(await rows.count()).toBeGreaterThan(3)

    await engineer.chip('13/6169/3388').click()
    const tile = engineer.page.getByRole('region', { name: 'Chosen tile' })
    await tile.waitFor()
    const told = await tile.innerText()
    for (const words of ['/tiles/basemap/13/6169/3388', 'etag', 'cache-control', 'application/vnd.mapbox-vector-tile', 'roads', 'LineString']) {
      expect(told).toContain(words)
    }
    expect(told).toMatch(/on the wire\s+[\d.]+ k?B \([\d.]+ k?B unpacked\)/)
    expect(engineer.address().tile).toBe('13/6169/3388')
  })

  it('takes a station from the list, then from the map', async () => {
    const engineer = await arrive()
    // An answer of the set before that comes late is none of this one.
    let release = () => {}
    const changed = new Promise<void>((resolve) => (release = resolve))
    await engineer.page.route('**/tiles/basemap/13/6169/3388*', async (route) => {
      await changed
      await route.continue().catch(() => undefined) // nobody may wait for it any more
    })
    const asked = engineer.page.waitForRequest('**/tiles/basemap/13/6169/3388*')
    await engineer.visit(potala)
    await engineer.mapIsOpen()
    await asked
    await engineer.chip('stations').click()
    release()
    await engineer.chip('13/6169/3388').click()
    const feature = engineer.page.getByRole('region', { name: 'Feature', exact: true })
    await engineer.page.locator('.features button').first().click()
    await feature.getByText('union_station').or(feature.getByText('oxygen_bar')).waitFor()
    const id = (await feature.getByRole('heading').innerText()).replace('stations #', '')
    expect(Number(id)).toBeGreaterThan(0)

    // The same one, where the map has it.
    const { features } = await answer<StationList>('/v1/stations?limit=500')
    const [lon, lat] = features.find((station) => String(station.id) === id)!.geometry.coordinates
    await engineer.visit(`/debug/tiles?set=stations&map=15/${lon.toFixed(5)}/${lat.toFixed(5)}`)
    await engineer.tapMap(0.5, 0.5)
    await feature.getByRole('heading', { name: `stations #${id}` }).waitFor()
  })

  it('gets on without a mouse, and on a phone', async () => {
    const engineer = await arrive({ phone: true, dark: true })
    await engineer.visit('/debug/tiles?set=parcels&map=13/94.34/29.65')
    await engineer.mapIsOpen()
    const row = engineer.chip('13/6242/3389')
    await row.focus()
    await engineer.press('Enter')
    const first = engineer.page.locator('.features button').first()
    await first.focus()
    await engineer.press('Enter')
    await engineer.page.getByRole('region', { name: 'Feature', exact: true }).getByText('LZ-SAMPLE').waitFor()
    expect(await engineer.barriers()).toEqual([])
    const wide = await engineer.page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(390)
  })

  it('is told when there is no such set', async () => {
    const engineer = await arrive()
    await engineer.visit('/debug/tiles?set=nothing')
    await engineer.page.getByRole('alert').filter({ hasText: 'there is no tile set nothing' }).waitFor()
  })
})
