import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { ApiError } from './client'

export interface Query<T> {
  /** The last answer; it stays on screen while the next one is on its way. */
  readonly data: Readonly<ShallowRef<T | undefined>>
  readonly error: Readonly<ShallowRef<ApiError | undefined>>
  readonly loading: Readonly<Ref<boolean>>
  /** When data came. */
  readonly at: Readonly<ShallowRef<Date | undefined>>
  reload(): void
  /** Puts more into the answer that is on screen. */
  extend(add: (now: T) => T): void
}

/**
 * Asks anew whenever key changes and drops the question before; an undefined key asks nothing and forgets the answer.
 * A question that failed for want of a network is asked again when the network is back.
 */
export function useQuery<T>(key: () => string | undefined, ask: (signal: AbortSignal) => Promise<T>): Query<T> {
  const data = shallowRef<T>()
  const error = shallowRef<ApiError>()
  const loading = ref(false)
  const at = shallowRef<Date>()
  let controller: AbortController | undefined

  async function run(): Promise<void> {
    controller?.abort()
    const mine = (controller = new AbortController())
    loading.value = true
    try {
      const answer = await ask(mine.signal)
      if (mine.signal.aborted) return
      data.value = answer
      error.value = undefined
      at.value = new Date()
    } catch (cause) {
      if (mine.signal.aborted) return
      error.value = cause instanceof ApiError ? cause : new ApiError(0, 'internal', String(cause))
      if (!error.value.offline) data.value = undefined
    }
    loading.value = false
  }

  watch(
    key,
    (now) => {
      if (now !== undefined) return void run()
      controller?.abort()
      data.value = undefined
      error.value = undefined
      loading.value = false
    },
    { immediate: true },
  )

  const again = () => {
    if (error.value?.offline) void run()
  }
  if (typeof window !== 'undefined') window.addEventListener('online', again)
  onScopeDispose(() => {
    controller?.abort()
    if (typeof window !== 'undefined') window.removeEventListener('online', again)
  })

  return {
    data,
    error,
    loading,
    at,
    reload: () => void run(),
    extend: (add) => {
      if (data.value !== undefined) data.value = add(data.value)
    },
  }
}
