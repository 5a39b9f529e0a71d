import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Locator, Page, Request } from 'playwright-core'
import { base } from './browser'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Device {
  phone?: boolean
  dark?: boolean
  locale?: string
  /** Where the device is; without one it refuses to say. */
  position?: { longitude: number; latitude: number }
}

/**
 * Somebody at the page. The stories speak to this object only, so that they read as what people do, and the page may
 * change how it does it.
 */
export class Visitor {
  /** Whatever a page must never do: leave the origin, break its policy, or complain. */
  readonly complaints: string[] = []
  /** Addresses of all requests. */
  readonly requests: string[] = []
  /** Those that wait for their answer. */
  private readonly waiting = new Set<Request>()

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`))
    page.on('console', (message) => {
      const text = message.text()
      // Chromium tells of every refused request; stories that provoke one look at the page instead.
      if (message.type() === 'error' && !text.startsWith('Failed to load resource')) this.complaints.push(text)
    })
    page.on('request', (request) => {
      const url = request.url()
      this.requests.push(url)
      this.waiting.add(request)
      if (!url.startsWith(`${base}/`) && !url.startsWith('blob:') && !url.startsWith('data:')) {
        this.complaints.push(`left the origin: ${url}`)
      }
    })
    page.on('requestfinished', (request) => this.waiting.delete(request))
    page.on('requestfailed', (request) => this.waiting.delete(request))
  }

  static async arrive(browser: Browser, device: Device = {}): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: device.phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      hasTouch: device.phone ?? false,
      isMobile: device.phone ?? false,
      locale: device.locale ?? 'zh-CN',
      colorScheme: device.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Lisbon', // the service keeps its own clock wherever the device is
      ...(device.position && { geolocation: device.position, permissions: ['geolocation'] }),
    })
    context.setDefaultTimeout(15_000)
    return new Visitor(context, await context.newPage())
  }

  async leave(): Promise<void> {
    await this.context.close()
  }

  async visit(path: string): Promise<void> {
    this.waiting.clear() // what the page before asked for does not count
    await this.page.goto(base + path)
    await this.page.locator('#title').waitFor({ state: 'attached' })
  }

  /** The query of the address, which is where the page keeps its state. */
  address(): Record<string, string> {
    return Object.fromEntries(new URL(this.page.url()).searchParams)
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  /** A chip or menu by its exact words; list rows may hold the same ones. */
  chip(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  text(text: string | RegExp): Locator {
    return this.page.getByText(text)
  }

  async back(): Promise<void> {
    await this.page.goBack()
  }

  // What is on the list

  stations(): Locator {
    return this.page.locator('[data-station]')
  }

  parcels(): Locator {
    return this.page.locator('[data-parcel]')
  }

  /** The minutes in the list, from above. */
  async minutes(): Promise<number[]> {
    await this.stations().first().waitFor()
    await this.page.locator('[data-minutes]').first().waitFor()
    return this.page.locator('[data-minutes]').evaluateAll((all) => all.map((e) => Number((e as HTMLElement).dataset.minutes)))
  }

  /** Waits for the list to be of n things. */
  async sees(list: Locator, n: number): Promise<void> {
    await poll(async () => (await list.count()) === n, async () => `${await list.count()} in the list, not ${n}`)
  }

  // What the list is filtered by

  /** Opens the filters, and the group with this title. */
  async openFilters(group?: string): Promise<void> {
    const panel = this.page.getByRole('dialog', { name: '筛选' })
    if (!(await panel.isVisible())) await this.page.locator('.filters').click()
    await panel.waitFor()
    if (!group) return
    const details = panel.locator('details', { has: this.page.getByRole('heading', { name: group, exact: true }) })
    if ((await details.getAttribute('open')) === null) await details.locator('summary').first().click()
  }

  /** The box of an option such as "use.10"; the filters open for it. */
  filter(option: string): { check(): Promise<void> } {
    return {
      check: async () => {
        await this.openFilters()
        await this.page.locator(`[data-filter="${option}"]`).check()
      },
    }
  }

  /** How many parcels the panel says an option would give. */
  async countAt(option: string): Promise<number> {
    await poll(async () => (await this.page.locator('.list[aria-busy=true]').count()) === 0, () => 'the list stays busy')
    const count = this.page.locator('label', { has: this.page.locator(`[data-filter="${option}"]`) }).locator('[data-count]')
    return Number(await count.getAttribute('data-count'))
  }

  // Where the way begins

  async startFrom(place: string): Promise<void> {
    await this.page.getByRole('button', { name: place, exact: true }).click()
  }

  async searchFor(text: string): Promise<void> {
    await this.page.getByRole('combobox', { name: '从哪里出发' }).fill(text)
  }

  // The map

  async mapIsOpen(): Promise<void> {
    await this.page.locator('.map[data-status=ready]').waitFor({ timeout: 30_000 })
  }

  /**
   * Waits until the map stands still: every answer is here, the map says that it has drawn all, and two pictures of it, some
   * time apart, are the same. Pictures alone are not enough: on a busy machine a map that waits for its tiles stands still too.
   */
  async mapIsStill(): Promise<Buffer> {
    await this.mapIsOpen()
    let before: Buffer | undefined
    const end = Date.now() + 60_000
    while (Date.now() < end) {
      await this.page.waitForTimeout(400)
      if (this.waiting.size > 0 || (await this.page.locator('.map[data-drawn]').count()) === 0) {
        before = undefined
        continue
      }
      const now = await this.pictureOfMap()
      if (before && now.equals(before)) return now
      before = now
    }
    throw new Error(`the map never stood still; ${this.waiting.size} requests wait for their answer`)
  }

  private async pictureOfMap(): Promise<Buffer> {
    return this.page.locator('.map canvas').screenshot()
  }

  async tapMap(x: number, y: number): Promise<void> {
    await this.mapIsStill()
    const box = await this.page.locator('.map canvas').boundingBox()
    if (!box) throw new Error('there is no map')
    await this.page.mouse.click(box.x + box.width * x, box.y + box.height * y)
  }

  /** How colourful the map is: the share of its pixels whose strongest and weakest channel are 60 or more apart. */
  async colourOfMap(): Promise<number> {
    const picture = (await this.mapIsStill()).toString('base64')
    const blank = await this.context.newPage()
    const share = await blank.evaluate(async (source) => {
      const image = new Image()
      image.src = `data:image/png;base64,${source}`
      await image.decode()
      const canvas = new OffscreenCanvas(image.width, image.height)
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
      context.drawImage(image, 0, 0)
      const { data } = context.getImageData(0, 0, image.width, image.height)
      let colourful = 0
      for (let i = 0; i < data.length; i += 4) {
        const [r = 0, g = 0, b = 0] = data.subarray(i, i + 3)
        if (Math.max(r, g, b) - Math.min(r, g, b) >= 60) colourful++
      }
      return colourful / (data.length / 4)
    }, picture)
    await blank.close()
    return share
  }

  // Access

  /** What axe has to say against the page as it stands: the rule, and where. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(axe)
    return this.page.evaluate(async () => {
      const run = (window as unknown as { axe: { run: (where: Document, how: object) => Promise<AxeResults> } }).axe.run
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
      const { violations } = await run(document, { runOnly: { type: 'tag', values: tags } })
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.join(' ')).join(', ')}`)
    })
  }

  /** What a thumb may miss: links and fields in sight that are under 44 pixels. */
  async smallTargets(): Promise<string[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLInputElement>('a[href], button, select, input, summary')]
        .filter((element) => element.checkVisibility() && !element.closest('.skip') && element.type !== 'radio')
        // The label of a box is its target too.
        .map((element) => ({ element, box: (element.type === 'checkbox' ? (element.closest('label') ?? element) : element).getBoundingClientRect() }))
        // A row whose pseudo-element fills it, and the sheet's handle, are larger than their boxes.
        .filter(({ element, box }) => !element.matches('.handle, tbody button') && box.width > 0 && (box.height < 43.5 || box.width < 43.5))
        .map(({ element, box }) => `${element.textContent?.trim() || element.className}: ${box.width}×${box.height}`),
    )
  }

  /** What has the focus: its words, or its label. */
  async focus(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
    })
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }
}

interface AxeResults {
  violations: { id: string; nodes: { target: string[] }[] }[]
}

/** Asks again until it is so, or says why it never was. */
export async function poll(
  isSo: () => Promise<boolean> | boolean,
  why: () => Promise<string> | string,
  ms = 12_000,
): Promise<void> {
  const end = Date.now() + ms
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(await why())
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** An answer of the service, for what the page ought to show. */
export async function answer<T>(path: string): Promise<T> {
  const response = await fetch(base + path)
  if (!response.ok) throw new Error(`${path} answers ${response.status}`)
  return (await response.json()) as T
}
