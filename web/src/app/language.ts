import { watch } from 'vue'
import { fetchLanguage, language, languages, languageTag, setLanguage, type Language } from '@/i18n'
import { decode } from '@/url/codec'
import { shared } from '@/url/state'
import { address } from './address'

const key = 'kora.language'

/** The language that was chosen on this device before. */
export function rememberedLanguage(): Language | undefined {
  try {
    const stored = localStorage.getItem(key)
    return languages.find((l) => l === stored)
  } catch {
    return undefined // storage may be forbidden; then each visit chooses anew
  }
}

function remember(chosen: Language): void {
  try {
    localStorage.setItem(key, chosen)
  } catch {
    // as above
  }
}

const patience = 2000 // milliseconds

/**
 * Shows the page in chosen. Tibetan waits for its font, within reason: few devices have one, and boxes that turn into
 * text push everything about.
 */
export async function showLanguage(chosen: Language): Promise<void> {
  if (chosen === 'bo') {
    const font = document.fonts.load('1em "Kora Tibetan"', 'ཀ')
    const enough = new Promise((resolve) => setTimeout(resolve, patience))
    await Promise.all([fetchLanguage(chosen), Promise.race([font, enough])]).catch(() => undefined)
  }
  await setLanguage(chosen)
}

/** Keeps the page, the address and the device's memory on one language; gives the function that changes it. */
export function useLanguage(): (chosen: Language) => void {
  watch(languageTag, (tag) => (document.documentElement.lang = tag), { immediate: true })
  watch(
    () => decode(shared, address.query).lang,
    (asked) => {
      if (asked && asked !== language.value) void showLanguage(asked)
    },
  )

  return (chosen) => {
    remember(chosen)
    void showLanguage(chosen)
    address.change({ lang: chosen })
  }
}
