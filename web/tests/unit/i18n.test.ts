import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseLanguage, fill, langOf, nameOf, openChapter, reviewed, setLanguage, t } from '@/i18n'
import { bo } from '@/i18n/bo'
import { en } from '@/i18n/en'
import { deskBo } from '@/i18n/desk/bo'
import { deskEn } from '@/i18n/desk/en'
import { deskZh } from '@/i18n/desk/zh'
import { landBo } from '@/i18n/land/bo'
import { landEn } from '@/i18n/land/en'
import { landZh } from '@/i18n/land/zh'
import { planBo } from '@/i18n/plan/bo'
import { planEn } from '@/i18n/plan/en'
import { planZh } from '@/i18n/plan/zh'
import { sitingBo } from '@/i18n/siting/bo'
import { sitingEn } from '@/i18n/siting/en'
import { sitingZh } from '@/i18n/siting/zh'
import { scenarioBo } from '@/i18n/scenario/bo'
import { scenarioEn } from '@/i18n/scenario/en'
import { scenarioZh } from '@/i18n/scenario/zh'
import { zh } from '@/i18n/zh'

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

afterEach(() => setLanguage('zh'))

type Texts = Record<string, string>

describe.each<[string, Texts, Texts]>([
  ['bo', bo.messages, zh],
  ['en', en.messages, zh],
  ['bo, land', landBo, landZh],
  ['en, land', landEn, landZh],
  ['bo, plan', planBo, planZh],
  ['en, plan', planEn, planZh],
  ['bo, siting', sitingBo, sitingZh],
  ['en, siting', sitingEn, sitingZh],
  ['bo, scenario', scenarioBo, scenarioZh],
  ['en, scenario', scenarioEn, scenarioZh],
  ['bo, desk', deskBo, deskZh],
  ['en, desk', deskEn, deskZh],
])('the texts in %s', (_, messages, zh) => {
  it('have the keys of the Chinese ones', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(zh).sort())
  })

  it('have the same placeholders in every form', () => {
    for (const [key, chinese] of Object.entries(zh)) {
      for (const form of (messages[key] ?? '').split('|')) {
        expect([...new Set(holes(form))], key).toEqual([...new Set(holes(chinese))])
      }
    }
  })

  it('leave nothing empty that Chinese says', () => {
    for (const [key, chinese] of Object.entries(zh)) {
      if (chinese) expect(messages[key], key).not.toBe('')
    }
  })
})

describe('Tibetan', () => {
  it('is marked as waiting for a native reader, and says so on the page', async () => {
    expect(bo.reviewed).toBe(false)
    await setLanguage('bo')
    expect(reviewed.value).toBe(false)
    expect(t('app.translation')).not.toBe('')
  })

  it('is written in Tibetan', () => {
    const latin = ['app.name', 'facility.wifi', 'facility.aed', 'find.count', 'land.area.between', 'unit.m2', 'lang.zh', 'lang.en',
      'unit.percent.n', 'unit.area.n', 'day.list', 'plan.streets.of', 'plan.assume.altitude.of', 'find.go.amap', 'find.go.baidu', 'find.go.tencent', 'find.go.apple', 'desk.range', 'desk.line.part'] // prettier-ignore
    for (const [key, text] of Object.entries({ ...bo.messages, ...landBo, ...deskBo })) {
      if (!latin.includes(key)) expect(text, key).toMatch(/[\u0f40-\u0fbc]/)
    }
  })
})

describe('a chapter', () => {
  it('is known from when it is opened, in every language, and hides nothing of the rest', async () => {
    expect(Object.keys(landZh).filter((key) => key in zh)).toEqual([])
    await openChapter('land')
    expect(t('land.need.title')).toBe(landZh['land.need.title'])
    await setLanguage('en')
    expect(t('land.need.title')).toBe(landEn['land.need.title'])
    expect(t('nav.land')).toBe(en.messages['nav.land'])
  })
})

describe('a text', () => {
  it('is filled, and shows a hole for which nothing was given', () => {
    expect(fill('{a} of {b}', { a: 3 })).toBe('3 of {b}')
  })

  it('has a singular and a plural in English', () => {
    expect(fill('{n} year|{n} years', { n: 1 })).toBe('1 year')
    expect(fill('{n} year|{n} years', { n: '1,200' })).toBe('1,200 years')
  })
})

describe('the language of a visitor', () => {
  it.each([
    [['bo-CN', 'zh-CN'], 'bo'],
    [['fr-FR', 'en-GB'], 'en'],
    [['zh-TW'], 'zh'],
    [['fr'], 'zh'],
    [[], 'zh'],
  ] as const)('%s is %s', (wanted, language) => {
    expect(chooseLanguage(wanted)).toBe(language)
  })
})

describe('a name', () => {
  it('is Chinese where the page language has none, and says so to screen readers', async () => {
    await setLanguage('bo')
    expect(nameOf({ zh: '八廓街' })).toBe('八廓街')
    expect(langOf({ zh: '八廓街' })).toBe('zh-CN')
    expect(langOf({ zh: '八廓街', bo: 'བར་སྐོར།' })).toBe('bo')
  })
})

it('shows what was asked for last, in whatever order the texts come', async () => {
  vi.resetModules() // so that English has to be fetched, and Chinese is here
  const fresh = await import('@/i18n')
  await Promise.all([fresh.setLanguage('en'), fresh.setLanguage('zh')])
  expect(fresh.t('nav.find')).toBe(zh['nav.find'])
  await Promise.all([fresh.openChapter('desk'), fresh.openChapter('plan'), fresh.setLanguage('en')])
  expect(fresh.t('desk.leave')).toBe(deskEn['desk.leave'])
  expect(fresh.t('plan.screen.coverage')).toBe(planEn['plan.screen.coverage'])
})
