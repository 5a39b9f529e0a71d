import { onScopeDispose, ref, type Ref } from 'vue'

/** Follows a media query for as long as the caller lives. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const media = window.matchMedia(query)
  const matches = ref(media.matches)
  const follow = () => (matches.value = media.matches)
  media.addEventListener('change', follow)
  onScopeDispose(() => media.removeEventListener('change', follow))
  return matches
}

/** Whether list and map stand side by side. The same width is written in the style sheets. */
export const useWide = () => useMedia('(min-width: 840px)')
