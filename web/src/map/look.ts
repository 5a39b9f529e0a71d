import type { Language } from '@/i18n'

/** How the map is drawn: the colours by token name, and the language of its labels. */
export interface Look {
  colour(token: string): string
  dark: boolean
  language: Language
  /** Where the page comes from: the style needs whole addresses. */
  origin: string
}

/** Reads the colours from the style sheet, so that page and map cannot drift apart. */
export function readLook(language: Language): Look {
  const style = getComputedStyle(document.documentElement)
  return {
    colour: (token) => style.getPropertyValue(token).trim() || '#888888',
    dark: window.matchMedia('(prefers-color-scheme: dark)').matches,
    language,
    origin: location.origin,
  }
}
