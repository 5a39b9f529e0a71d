import type { Language, Name } from '@/i18n'

/** A text in the languages of the page as a form holds it; empty where there is none. */
export type Texts = Record<Language, string>

export function textsIn(name?: Name | null): Texts {
  return { zh: name?.zh ?? '', bo: name?.bo ?? '', en: name?.en ?? '' }
}

export function trimmed({ zh, bo, en }: Texts): Texts {
  return { zh: zh.trim(), bo: bo.trim(), en: en.trim() }
}
