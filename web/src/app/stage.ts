import { inject, nextTick, onScopeDispose, provide, ref, shallowRef, watch, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type { About, Bounds } from '@/api/types'
import type { Query } from '@/api/query'
import type { Scene } from '@/map/scene'

/** What the shell shares with the screens: the map beside them, and what the service says of itself. */
export interface Shell {
  about: Query<About>
  /** How often the record has changed since the page was opened; part of the key of whatever shows it and should follow. */
  changes: Ref<number>
  /** What the map draws; undefined where there is no map. */
  scene: ShallowRef<Scene | undefined>
  /** Pixels of the map under the sheet. */
  covered: Ref<number>
  /** The box in sight after a person moved the map. */
  view: ShallowRef<Bounds | undefined>
  /** Tells the box in sight right now; undefined without a map. */
  look: ShallowRef<(() => Bounds) | undefined>
  /** Puts a picture of the map where the map is, for print; undefined without a map. */
  picture: ShallowRef<(() => Promise<void>) | undefined>
  /** The map as it is drawn right now, as the address of an image; undefined without a map. */
  snapshot: ShallowRef<(() => string) | undefined>
}

const key: InjectionKey<Shell> = Symbol('shell')

export function provideShell(about: Query<About>): Shell {
  const shell: Shell = {
    about,
    changes: ref(0),
    scene: shallowRef(),
    covered: ref(0),
    view: shallowRef(),
    look: shallowRef(),
    picture: shallowRef(),
    snapshot: shallowRef(),
  }
  watch(
    () => about.data.value?.as_of,
    (now, before) => {
      if (now && before) shell.changes.value++
    },
  )
  provide(key, shell)
  return shell
}

export function useShell(): Shell {
  const shell = inject(key)
  if (!shell) throw new Error('no shell was provided')
  return shell
}

/** Puts the scene that make fetches on the map for as long as the caller lives; the list does not wait for it. */
export function useScene<S extends Scene>(make: () => Promise<S>): Readonly<ShallowRef<S | undefined>> {
  const shell = useShell()
  const scene = shallowRef<S>()
  let gone = false
  shell.view.value = undefined
  async function enter(): Promise<void> {
    const made = await make()
    scene.value = made
    await nextTick() // the caller tells the scene what there is before it is drawn
    if (!gone) shell.scene.value = made
  }
  enter().catch((cause: unknown) => console.warn('the map stays without its layers', cause))
  onScopeDispose(() => {
    gone = true
    if (shell.scene.value === scene.value) shell.scene.value = undefined
  })
  return scene
}
