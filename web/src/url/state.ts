import { shallowRef, watch, type ShallowRef } from 'vue'
import { languages, type Language } from '@/i18n'
import type { Address } from './address'
import { choice, decode, encode, maybeCamera, type Camera, type Codec } from './codec'

/** What every screen has in its address. An empty lang means: whatever this person chose before. */
export interface Shared {
  lang: Language | ''
  map: Camera | undefined
}

export const shared: Codec<Shared> = {
  lang: choice<Language | ''>(['', ...languages], ''),
  map: maybeCamera(),
}

export interface UrlState<S> {
  readonly state: Readonly<ShallowRef<S>>
  /** Changes part of the state and the address with it; push makes it a step that "back" undoes. */
  set(patch: Partial<S>, how?: { push?: boolean }): void
}

/** The state of a screen, kept in step with the address both ways while that screen is on. Unknown keys are left alone. */
export function useUrlState<S extends object>(address: Address, codec: Codec<S>): UrlState<S> {
  const { path } = address
  const state = shallowRef(decode(codec, address.query)) as ShallowRef<S>
  const same = (a: S, b: S) => JSON.stringify(encode(codec, a)) === JSON.stringify(encode(codec, b))

  watch(
    () => address.query,
    (query) => {
      if (address.path !== path) return
      const next = decode(codec, query)
      if (!same(next, state.value)) state.value = next
    },
    { flush: 'sync' },
  )

  function set(patch: Partial<S>, how: { push?: boolean } = {}): void {
    if (address.path !== path) return
    const next = { ...state.value, ...patch }
    if (same(next, state.value)) return
    state.value = next
    const absent = Object.fromEntries(Object.keys(codec).map((key) => [key, undefined]))
    address.change({ ...absent, ...encode(codec, next) }, how.push)
  }

  return { state, set }
}
