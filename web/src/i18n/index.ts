import { computed, shallowRef } from 'vue'
import type { deskZh } from './desk/zh'
import type { landZh } from './land/zh'
import type { planZh } from './plan/zh'
import type { sitingZh } from './siting/zh'
import type { scenarioZh } from './scenario/zh'
import { zh } from './zh'

/** The languages of the page, the first is the one to fall back to. */
export const languages = ['zh', 'bo', 'en'] as const
export type Language = (typeof languages)[number]

export type BaseKey = keyof typeof zh
export type LandKey = keyof typeof landZh
export type DeskKey = keyof typeof deskZh
export type PlanKey = keyof typeof planZh
export type SitingKey = keyof typeof sitingZh
export type ScenarioKey = keyof typeof scenarioZh
/** Keys of land.*, desk.*, plan.*, siting.* and scenario.* come with a chapter; a screen that uses them opens it first. */
export type Key = BaseKey | LandKey | DeskKey | PlanKey | SitingKey | ScenarioKey
export type Messages = Record<BaseKey, string>
export interface Translation {
  /** Whether a native speaker has signed the texts. */
  reviewed: boolean
  messages: Messages
}

type Params = Record<string, string | number>

const loaders: Record<Language, () => Promise<Translation>> = {
  zh: async () => ({ reviewed: true, messages: zh }),
  bo: async () => (await import('./bo')).bo,
  en: async () => (await import('./en')).en,
}

/** Texts that are many and belong to a few screens; the first list does without them. */
const chapters = {
  land: {
    zh: async () => (await import('./land/zh')).landZh,
    bo: async () => (await import('./land/bo')).landBo,
    en: async () => (await import('./land/en')).landEn,
  },
  desk: {
    zh: async () => (await import('./desk/zh')).deskZh,
    bo: async () => (await import('./desk/bo')).deskBo,
    en: async () => (await import('./desk/en')).deskEn,
  },
  plan: {
    zh: async () => (await import('./plan/zh')).planZh,
    bo: async () => (await import('./plan/bo')).planBo,
    en: async () => (await import('./plan/en')).planEn,
  },
  siting: {
    zh: async () => (await import('./siting/zh')).sitingZh,
    bo: async () => (await import('./siting/bo')).sitingBo,
    en: async () => (await import('./siting/en')).sitingEn,
  },
  scenario: {
    zh: async () => (await import('./scenario/zh')).scenarioZh,
    bo: async () => (await import('./scenario/bo')).scenarioBo,
    en: async () => (await import('./scenario/en')).scenarioEn,
  },
} satisfies Record<string, Record<Language, () => Promise<Record<string, string>>>>
export type Chapter = keyof typeof chapters
const opened = new Set<Chapter>()

interface Current {
  language: Language
  reviewed: boolean
  messages: Readonly<Record<string, string>>
}
const current = shallowRef<Current>({ language: 'zh', reviewed: true, messages: zh })

export const language = computed(() => current.value.language)

/** BCP 47 tag of the page, for `lang` attributes and Accept-Language. */
export const languageTag = computed(() => tagOf(current.value.language))

/** False when the texts on screen still wait for a native speaker. */
export const reviewed = computed(() => current.value.reviewed)

export function tagOf(lang: Language): string {
  return lang === 'zh' ? 'zh-CN' : lang
}

/** Fetches the texts of lang without showing them. */
export async function fetchLanguage(lang: Language): Promise<void> {
  await textsOf(lang)
}

async function textsOf(lang: Language): Promise<Current> {
  const [{ reviewed, messages }, ...more] = await Promise.all([
    loaders[lang](),
    ...[...opened].map((chapter) => chapters[chapter][lang]()),
  ])
  return { language: lang, reviewed, messages: Object.assign({}, messages, ...more) as Record<string, string> }
}

/** Makes the texts of chapter known, in this language and in those that are chosen later. */
export async function openChapter(chapter: Chapter): Promise<void> {
  if (opened.has(chapter)) return
  opened.add(chapter)
  await show()
}

/** Shows the texts of lang, which are fetched when they are not here yet. */
export async function setLanguage(lang: Language): Promise<void> {
  asked = lang
  await show()
}

/** The language that was chosen last; its texts may be on their way. */
let asked: Language = 'zh'

/** Shows what was asked for; when another language or chapter is asked for meanwhile, that as well. */
async function show(): Promise<void> {
  const [lang, chapters] = [asked, opened.size]
  const texts = await textsOf(lang)
  if (lang !== asked || chapters !== opened.size) return show()
  current.value = texts
}

/** The best language for someone who reads wanted (BCP 47 tags, best first). */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0]
    const match = languages.find((l) => l === base)
    if (match) return match
  }
  return 'zh'
}

export function t(key: Key, params?: Params): string {
  return fill(current.value.messages[key] ?? key, params)
}

/** The text of a key made from data, such as `county.540102`; undefined when there is none. */
export function maybe(key: string, params?: Params): string | undefined {
  return key in current.value.messages ? t(key as Key, params) : undefined
}

/**
 * Puts params into the {placeholders} of message. A message of the form "one|many" is read as singular and plural by
 * its parameter n; only English has such.
 */
export function fill(message: string, params: Params = {}): string {
  const [one, many] = message.split('|')
  const form = many === undefined || String(params.n) === '1' ? one : many
  return (form ?? '').replace(/\{(\w+)\}/g, (hole, name: string) => String(params[name] ?? hole))
}

/** A name in the three languages of the record; only zh is sure to be there. */
export interface Name {
  zh: string
  bo?: string
  en?: string
}

/** A name in the page's language, or else in Chinese. */
export function nameOf(name: Name | undefined): string {
  return name?.[current.value.language] || name?.zh || ''
}

/** The language that nameOf answers in, for the `lang` attribute. */
export function langOf(name: Name | undefined): string {
  return name?.[current.value.language] ? tagOf(current.value.language) : 'zh-CN'
}
