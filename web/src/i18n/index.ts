import { computed, shallowRef } from 'vue'
import { zh } from './zh'

/** The languages of the page, the first is the one to fall back to. */
export const languages = ['zh', 'bo', 'en'] as const
export type Language = (typeof languages)[number]

export type Key = keyof typeof zh
export type Messages = Record<Key, string>
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

const current = shallowRef<{ language: Language } & Translation>({ language: 'zh', reviewed: true, messages: zh })

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
  await loaders[lang]()
}

/** Shows the texts of lang, which are fetched when they are not here yet. */
export async function setLanguage(lang: Language): Promise<void> {
  const translation = await loaders[lang]()
  current.value = { language: lang, ...translation }
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
  return fill(current.value.messages[key], params)
}

/** The text of a key made from data, such as `county.540102`; undefined when there is none. */
export function maybe(key: string, params?: Params): string | undefined {
  return key in zh ? t(key as Key, params) : undefined
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
