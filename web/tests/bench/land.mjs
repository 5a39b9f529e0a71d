// How soon a changed filter of /land is to be seen: from the input event to the frame with the new list and counts, and to
// the map that has drawn what it holds. Run by `make bench-land-web`.
import { chromium } from 'playwright-core'

const [base, rounds = '60'] = process.argv.slice(2)
const settled = 400 // milliseconds without a change on the map: it is done

const browser = await chromium.launch({
  executablePath: process.env.KORA_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader'],
})
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', reducedMotion: 'reduce' })

// Whatever matters is noted in the page, on one clock.
await page.addInitScript((settled) => {
  const seen = { input: 0, list: 0, map: 0, begun: 0, answered: 0, asked: 0, long: 0 }
  window.seen = seen
  const note = (event) => {
    if (event.isTrusted && !seen.input) seen.input = event.timeStamp
  }
  for (const type of ['keydown', 'change']) window.addEventListener(type, note, true)
  // The page measures a change until the frame is made; the next task comes after it was painted.
  const painted = new MessageChannel()
  painted.port1.onmessage = () => (seen.list = performance.now())
  const measure = performance.measure.bind(performance)
  performance.measure = (name, ...how) => {
    if (name === 'land.filter') painted.port2.postMessage('')
    return measure(name, ...how)
  }
  const mark = performance.mark.bind(performance)
  performance.mark = (name, ...how) => {
    if (name === 'land.asked') seen.asked = performance.now()
    return mark(name, ...how)
  }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (/\/v1\/parcels\?/.test(entry.name) && entry.startTime >= seen.input) [seen.begun, seen.answered] = [entry.startTime, entry.responseEnd]
    }
  }).observe({ type: 'resource' })
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) if (startTime + duration > seen.input) seen.long = Math.max(seen.long, duration)
  }).observe({ type: 'longtask' })
  window.addEventListener('DOMContentLoaded', () => {
    new MutationObserver((all) => {
      for (const { target } of all) if (target.dataset.drawn !== undefined) seen.map = performance.now()
    }).observe(document, { subtree: true, attributeFilter: ['data-drawn'] })
  })
  window.over = () => {
    const map = document.querySelector('.map')
    const now = performance.now()
    return seen.list > 0 && seen.map > seen.list && map?.dataset.drawn !== undefined && now - seen.map > settled
  }
}, settled)

// Numbers from which a step to either side finds others.
await page.goto(`${base}/land?area=40000..&far=2..&altitude=3200..`)
await page.locator('.map[data-drawn]').waitFor({ timeout: 120_000 })
await page.locator('.filters').click()
await page.locator('[data-filter="use.10"]').waitFor()
await page.locator('details[data-group]').evaluateAll((groups) => groups.forEach((group) => (group.open = true)))
await page.waitForTimeout(2000)

const boxes = ['use.10', 'stage.available', 'use.09', 'county.540402', 'facility.road', 'stage.bidding', 'county.540421', 'supply.GP', 'use.07', 'status.ready']
const sliders = ['area', 'far', 'altitude']
const steps = []
for (let i = 0; steps.length < Number(rounds); i++) {
  const box = boxes[i % boxes.length]
  steps.push({ name: box, do: () => page.locator(`[data-filter="${box}"]`).press('Space') })
  if (i % 2) {
    const name = sliders[(i >> 1) % sliders.length]
    const key = (i >> 1) % 6 < 3 ? 'ArrowRight' : 'ArrowLeft'
    steps.push({ name, do: () => page.locator(`[data-range=${name}] [role=slider]`).first().press(key) })
  }
}

const all = []
for (const step of steps.slice(0, Number(rounds))) {
  await page.evaluate(() => Object.assign(window.seen, { input: 0, list: 0, map: 0, begun: 0, answered: 0, asked: 0, long: 0 }))
  await step.do()
  try {
    await page.waitForFunction(() => window.over(), undefined, { timeout: 20_000, polling: 50 })
  } catch {
    console.error(`land: ${step.name} changed nothing that was seen`)
    continue
  }
  const { input, asked, begun, answered, list, map, long } = await page.evaluate(() => window.seen)
  all.push({ ...step, asked: asked - input, answer: answered - begun, list: list - input, drawn: list - answered, map: map - input, long })
}
await browser.close()

const at = (name, share) => all.map((one) => one[name]).sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(share * all.length))]
const ms = (n) => `${n.toFixed(0).padStart(6)} ms`
const parts = {
  'list and counts repainted': 'list',
  '  of which until it is asked': 'asked',
  '  of which until the answer is here': 'answer',
  '  of which until it is drawn': 'drawn',
  'map repainted': 'map',
  'longest task': 'long',
}
if (process.env.EACH) for (const { name, ...one } of all) console.log(name.padEnd(20), Object.entries(one).filter(([, v]) => typeof v === 'number').map(([k, v]) => `${k} ${v.toFixed(0)}`).join(', '))
console.log(`${all.length} changes of a filter, from the input event           p50        p95        most`)
for (const [text, name] of Object.entries(parts)) console.log(text.padEnd(50), ms(at(name, 0.5)), ' ', ms(at(name, 0.95)), ' ', ms(at(name, 1)))
if (all.length < Number(rounds) * 0.9) process.exit(1)
