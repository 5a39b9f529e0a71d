import { watch, type Ref, type ShallowRef } from 'vue'
import { api } from '@/api/client'
import { useQuery } from '@/api/query'
import type { Bounds } from '@/api/types'
import { address } from '@/app/address'
import { useScene, useShell } from '@/app/stage'
import type { PlanState } from './model'
import type { PlanScene } from './scene'

interface What<S extends PlanScene> {
  state: Readonly<Ref<PlanState>>
  /** What the cells ask for beside profile and kinds; undefined while it is not known. */
  cells: () => Record<string, string | number | undefined> | undefined
  home: () => Bounds | undefined
  /** The chosen area by its id, with its box. */
  chosen: () => { id: number; bbox: Bounds } | undefined
  onArea: (id: number | undefined) => void
  /** Makes the scene when it is more than the circle. */
  make?: () => Promise<S>
}

/** The service circle on the map, in step with a screen of the planner. */
export function usePlanMap<S extends PlanScene = PlanScene>({ state, cells, home, chosen, onArea, make }: What<S>): Readonly<ShallowRef<S | undefined>> {
  const shell = useShell()
  const scene = useScene<S>(async () => {
    if (make) return make()
    const { PlanScene } = await import('./scene')
    return new PlanScene({ home, onArea }) as S // which is PlanScene when nobody makes another
  })
  watch([scene, () => state.value.minutes], ([on, n]) => on?.setMinutes(n))
  watch([scene, () => state.value.kind], ([on, kind]) => on?.setKinds(kind))
  for (const resolution of [10, 8] as const) {
    const ids = useQuery(
      () => `ids ${shell.changes.value}`,
      (signal) => api.cellIds(resolution, signal),
    )
    const times = useQuery(
      () => {
        const more = cells()
        const { profile, kind } = state.value
        return more && JSON.stringify([profile, kind, more, shell.changes.value])
      },
      (signal) => {
        const { profile, kind } = state.value
        return api.cellTimes({ profile, kind, resolution, ...cells() }, signal)
      },
    )
    watch([scene, ids.data, times.data], ([on, known, now]) => {
      if (known && now) on?.setTable(resolution, known, now)
    })
  }
  let follow = address.query.map === undefined
  watch(
    [() => chosen()?.id, () => home() !== undefined, scene],
    ([id, known, on], [before]) => {
      on?.choose(chosen())
      // The map may have opened before it was known where the areas are.
      const found = follow && known && address.query.map === undefined
      if (found || (id !== undefined && id !== before)) on?.fit()
      if (on && known) follow = false
    },
  )
  return scene
}
