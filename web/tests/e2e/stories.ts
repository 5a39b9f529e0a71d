import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { base, launch } from './browser'
import { Visitor, type Device } from './visitor'

/**
 * A set of stories with a browser of their own. Each visitor that comes through arrive is looked after: when a story
 * ends, its page must not have complained.
 */
export function stories(
  name: string,
  tell: (arrive: (device?: Device) => Promise<Visitor>) => void,
  options: { webgl?: boolean } = {},
): void {
  describe.skipIf(!base)(`${name}${base ? '' : ' (set KORA_URL to the address of a running Kora)'}`, () => {
    let browser: Browser
    const here: Visitor[] = []
    beforeAll(async () => {
      browser = await launch(options)
    })
    afterAll(() => browser?.close())
    afterEach(async () => {
      const complaints = here.flatMap((visitor) => visitor.complaints)
      await Promise.all(here.splice(0).map((visitor) => visitor.leave()))
      expect(complaints).toEqual([])
    })
    tell(async (device) => {
      const visitor = await Visitor.arrive(browser, device)
      here.push(visitor)
      return visitor
    })
  })
}
