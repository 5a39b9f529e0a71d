import { watch } from 'vue'
import { language, languages, languageTag, setLanguage, type Language } from '@/i18n'
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

/** Keeps the page, the address and the device's memory on one language; gives the function that changes it. */
export function useLanguage(): (chosen: Language) => void {
  watch(languageTag, (tag) => (document.documentElement.lang = tag), { immediate: true })
  watch(
    () => decode(shared, address.query).lang,
    (asked) => {
      if (asked && asked !== language.value) void setLanguage(asked)
    },
  )

  return (chosen) => {
    remember(chosen)
    void setLanguage(chosen)
    address.change({ lang: chosen })
  }
}
