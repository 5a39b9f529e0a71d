import type { Language } from '@/i18n'

/** How the map is drawn: in which theme, with the colours by token name, and the language of its labels. */
export interface Look {
  colour(token: string): string
  dark: boolean
  language: Language
}

/** The same for paper, which is light whatever the screen is: the colours that stand outside of every media query. */
export function paperLook(language: Language): Look {
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule): rule is CSSStyleRule => rule instanceof CSSStyleRule && rule.selectorText === ':root')
  return {
    colour: (token) => rules.map(({ style }) => style.getPropertyValue(token).trim()).find(Boolean) ?? '#888888',
    dark: false,
    language,
  }
}

/** Reads the colours from the style sheet, so that page and map cannot drift apart. */
export function readLook(language: Language): Look {
  const style = getComputedStyle(document.documentElement)
  return {
    colour: (token) => style.getPropertyValue(token).trim() || '#888888',
    dark: window.matchMedia('(prefers-color-scheme: dark)').matches,
    language,
  }
}
