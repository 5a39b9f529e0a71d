import { describe, expect, it } from 'vitest'
import type { Position, Station } from '@/api/types'
import { points } from '@/features/plan/points'
import {
  add,
  begin,
  historyKey,
  hoursAreSaid,
  longestInAddress,
  maybeEdits,
  move,
  nextNumber,
  place,
  push,
  redo,
  remove,
  restore,
  setHours,
  setName,
  setOpen,
  shifted,
  stepOf,
  undo,
  type Edits,
  type Placed,
} from '@/features/plan/scenario'
import { parseSeen } from '@/features/plan/scenarioApi'
import { areasOf, bytes, changedTable, differences, measuresOf, Latest, timeOf, Trials, type Answer } from '@/features/plan/trial'
import { kinds } from '@/api/types'
import { random, type Random } from './random'

const station = (id: number, status = 'open', hours = '24/7') =>
  ({ id, geometry: { type: 'Point', coordinates: [91 + id / 100, 29.65] }, properties: { kind: 'union_station', name: { zh: `站${id}` }, status, hours } }) as unknown as Station

const record = [station(1), station(2, 'closed'), station(3, 'trial', 'Mo-Su 09:00-18:00')]
const find = (edits: Edits, id: number) => place(record, edits).find((p) => p.id === id) as Placed

/** A scenario that somebody made by whatever the page offers. */
function drawn(r: Random): Edits {
  let edits: Edits = []
  for (let i = r.whole(0, 14); i > 0; i--) {
    const all = place(record, edits)
    const one = r.pick(all)
    const at: Position = [r.between(-180, 180), r.between(-90, 90)]
    edits = r.pick([
      () => add(edits, r.pick(kinds), at),
      () => move(edits, one.id, at),
      () => setOpen(edits, one, r.pick([true, false])),
      () => setHours(edits, one, r.pick(['', '24/7', 'Mo-Fr 09:00-18:00; Sa,Su off'])),
      () => setName(edits, one.id, r.pick(['', '八廓', 'a!b~c,d%&'])),
      () => remove(edits, r.whole(0, 5)),
      () => restore(edits, one.id),
    ])()
  }
  return edits
}

describe('edits', () => {
  it('have one line for each deed of a station, and none for what the record says already', () => {
    let edits = move([], 1, [91.2, 29.7])
    edits = move(edits, 1, [91.3, 29.7])
    expect(edits).toEqual([{ deed: 'move', station: 1, point: [91.3, 29.7] }])
    expect(find(edits, 1)).toMatchObject({ at: [91.3, 29.7], from: [91.01, 29.65], touched: true })
    edits = setOpen(edits, find(edits, 1), false)
    edits = setOpen(edits, find(edits, 1), true)
    edits = setHours(edits, find(edits, 1), '24/7')
    expect(edits).toHaveLength(1)
    expect(setOpen([], find([], 2), true)).toEqual([{ deed: 'reopen', station: 2 }])
    expect(setOpen([], find([], 2), false)).toEqual([])
    expect(restore(edits, 1)).toEqual([])
  })

  it('change what is added in its own line, and go with it', () => {
    let edits = add([], 'oxygen_bar', [91.123456789, 29.6])
    expect(nextNumber(edits)).toBe(-2)
    edits = add(edits, 'drivers_home', [91, 29])
    edits = move(edits, -1, [91.5, 29.5])
    edits = setHours(edits, find(edits, -1), '24/7')
    edits = setName(edits, -1, '东门')
    edits = setOpen(edits, find(edits, -1), false)
    expect(edits[0]).toEqual({ deed: 'add', station: -1, kind: 'oxygen_bar', point: [91.5, 29.5], hours: '24/7', name: '东门' })
    expect(find(edits, -1)).toMatchObject({ name: '东门', open: false, from: undefined })
    expect(remove(edits, 0).map((e) => e.station)).toEqual([-2])
    expect(nextNumber(remove(edits, 1))).toBe(-2)
  })

  it('never have two lines of the same deed, whatever is done', () => {
    for (let seed = 0; seed < 300; seed++) {
      const edits = drawn(random(seed))
      const deeds = edits.map((e) => `${e.deed === 'reopen' ? 'close' : e.deed} ${e.station}`)
      expect(new Set(deeds).size, `seed ${seed}`).toBe(deeds.length)
      const added = new Set(edits.filter((e) => e.deed === 'add').map((e) => e.station))
      expect(edits.every((e) => e.station > 0 || added.has(e.station)), `seed ${seed}`).toBe(true)
    }
  })
})

describe('the address', () => {
  const field = maybeEdits()

  it('reads what it wrote, but for marks that it needs itself', () => {
    for (let seed = 0; seed < 300; seed++) {
      const edits = drawn(random(seed))
      const text = field.format(edits)
      if (text === '') {
        expect(JSON.stringify(edits).length).toBeGreaterThan(longestInAddress / 2)
        continue
      }
      const clean = edits.map(({ name, hours, ...e }) => ({
        ...e,
        ...((e.deed === 'hours' || hours) && { hours: hours ?? '' }),
        ...(name && { name: name.replace(/[!~]/g, ' ') }),
      }))
      expect(field.parse(text), `seed ${seed}: ${text}`).toEqual(clean)
    }
  })

  it('tells nothing from no changes, and takes nothing that is none of ours', () => {
    expect(field.format(undefined)).toBe('')
    expect(field.format([])).toBe('0')
    expect(field.parse('0')).toEqual([])
    for (const raw of ['x~1', 'a~1~0~91,29', 'a~-1~9~91,29~~', 'a~-1~0~91~~', 'm~1~91,99', 'c~0', 'c~1~2', 'm~1~91,29!m~1~92,29', 'c~1!!', 'h~1']) {
      expect(field.parse(raw), raw).toBeUndefined()
    }
  })
})

describe('the history', () => {
  it('goes back step by step and on again, and forgets what was undone when something else is done', () => {
    for (let seed = 0; seed < 50; seed++) {
      const r = random(seed)
      const steps = Array.from({ length: 8 }, () => drawn(r))
      const ends = steps.reduce(push, begin([]))
      let at = ends
      const seen = [at.now]
      while (at.past.length > 0) seen.unshift((at = undo(at)).now)
      expect(at.now).toEqual([])
      expect(undo(at)).toEqual(at)
      for (const now of seen.slice(1)) expect((at = redo(at)).now).toEqual(now)
      expect(redo(at)).toEqual(at)
      expect(push(undo(at), [{ deed: 'close', station: 9 }]).future).toEqual([])
    }
    expect(push(begin([]), [])).toEqual(begin([]))
  })

  it('knows its keys', () => {
    const key = (key: string, more = {}) => historyKey({ key, ctrlKey: true, metaKey: false, shiftKey: false, altKey: false, ...more })
    expect(key('z')).toBe('undo')
    expect(key('Z', { shiftKey: true })).toBe('redo')
    expect(key('z', { ctrlKey: false, metaKey: true })).toBe('undo')
    expect(key('y')).toBe('redo')
    for (const other of [key('z', { ctrlKey: false }), key('a'), key('z', { altKey: true })]) expect(other).toBeUndefined()
  })
})

describe('without a mouse', () => {
  it('a station goes 25 metres a key, and ten times as far with Shift', () => {
    const at: Position = [91.1, 29.65]
    const [east = 0, north = 0] = stepOf('ArrowUp', false) ?? []
    const [lon, lat] = shifted(at, east, north)
    expect(lon).toBe(91.1)
    expect(Math.abs((lat - 29.65) * 111_195 - 25)).toBeLessThan(1) // five decimals are a metre
    expect(stepOf('ArrowLeft', true)).toEqual([-250, 0])
    expect(stepOf('Enter', false)).toBeUndefined()
    expect((shifted(at, 1000, 0)[0] - 91.1) * 111_195 * Math.cos((29.65 * Math.PI) / 180)).toBeCloseTo(1000, -1)
  })

  it('hours are read as the record reads them', () => {
    for (const good of ['', '24/7', 'Mo-Su 09:00-21:00', '09:00-12:00,14:00-18:00', 'Mo-Fr 09:00-18:00; Sa,Su off', 'Mo,We-Fr 22:00-06:00']) {
      expect(hoursAreSaid(good), good).toBe(true)
    }
    for (const bad of ['noon', '9:00-18:00', 'Mo-Su', 'Xx 09:00-18:00', '09:00-18:00;', '25:00-26:00']) expect(hoursAreSaid(bad), bad).toBe(false)
  })
})

describe('a trial', () => {
  const share = (n: number) => ({ covered: n, share: n / 10, twice: 0, twice_share: 0 })
  const row = (level: string, id: number | undefined, before: number, after: number, measure = 'cells') => ({
    level, id, code: String(id), measures: [{ measure, unit: 'cells', total: 10, bands: [share(before), share(after)] }],
  })

  it('unpacks the cells that changed', () => {
    const before = Uint8Array.from({ length: 400 }, (_, i) => i % 250)
    const after = changedTable(before, Uint8Array.from([2, 200, 0, 201, 0x80 | 44, 2, 202]))
    expect([after[2], after[3], after[4 + 300]]).toEqual([200, 201, 202])
    expect([...after].filter((v, i) => v !== before[i])).toHaveLength(3)
    expect(bytes(btoa('\x00\xff'))).toEqual(Uint8Array.from([0, 255]))
  })

  it('does not have a table sent twice, and keeps the ones of other questions', async () => {
    const asked: string[][] = []
    const trials = new Trials(async (body) => {
      const { have, minutes } = body as { have: string[]; minutes: number }
      asked.push(have)
      const tag = `t${minutes}`
      return {
        cells: [{ resolution: 10, tag, changed: btoa('\x01\x07'), ...(!have.includes(tag) && { before: btoa('\x05\x05\x05') }) }],
      } as unknown as Answer
    })
    const ask = (minutes: number) => trials.ask({ settings: { profile: 'walk', minutes }, edits: [] })
    for (const minutes of [5, 10, 5]) expect([...((await ask(minutes)).tables.get(10) ?? [])]).toEqual([5, 7, 5])
    expect(asked).toEqual([[], ['t5'], ['t5', 't10']])
  })

  it('asks one question at a time, and of those that wait only the latest', async () => {
    const asked: number[] = []
    const told: number[] = []
    const answers: (() => void)[] = []
    const latest = new Latest<number, number>(
      (q) => {
        asked.push(q)
        return new Promise((resolve, reject) => answers.push(() => (q === 4 ? reject(new Error('no')) : resolve(q))))
      },
      (a) => told.push(a),
      () => told.push(-1),
    )
    const settle = async () => {
      answers.shift()?.()
      await new Promise((resolve) => setTimeout(resolve))
    }
    for (const q of [1, 2, 3]) latest.want(q)
    expect(asked).toEqual([1])
    await settle()
    expect(asked).toEqual([1, 3])
    latest.want(4)
    await settle()
    await settle()
    latest.want(5)
    await settle()
    expect(told).toEqual([1, 3, -1, 5])
  })

  it('keeps areas in their places while they change', () => {
    const trial = { rows: [row('city', undefined, 9, 9), row('area', 1, 9, 9), row('area', 2, 2, 10), row('area', 3, 5, 4)] } as never
    expect(areasOf(differences(trial, 'cells')).map((r) => [r.row.id, r.after.covered - r.before.covered])).toEqual([
      [2, 8],
      [3, -1],
      [1, 0],
    ])
  })

  it('offers streets though an answer tells of them only when they are asked for', () => {
    const told = (...measures: object[]) => ({ rows: [{ level: 'city', code: '', measures }] }) as never
    const cells = { measure: 'cells' }
    const people = { measure: 'demand', demand: 'people' }
    expect(measuresOf(told(cells, people))).toEqual(['cells', 'streets', 'demand:people'])
    expect(measuresOf(told(cells, { measure: 'streets' }, people))).toEqual(['cells', 'streets', 'demand:people'])
    expect(differences(told(cells, people), 'streets')).toEqual([])
  })

  it('tells a difference with its sign, and never as nothing what is something', () => {
    expect([0, 0.0274, -0.004, 0.00001, -0.00001].map(points)).toEqual(['0', '+2.7', '−0.4', '+0.1', '−0.1'])
  })
})

it('remembers only what is a scenario', () => {
  const good = { id: '6b5a5d31-0000-4000-8000-000000000000', name: '甲' }
  expect(parseSeen(JSON.stringify([good, { id: 'x', name: 'y' }, null, 3]))).toEqual([good])
  expect(parseSeen('{')).toEqual([])
  expect(parseSeen(null)).toEqual([])
})

it('knows the time of its settings', () => {
  expect([undefined, 'now', '2026-07-01T23:00:00+08:00'].map(timeOf)).toEqual(['any', 'now', 'night'])
})
