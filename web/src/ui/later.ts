import { onScopeDispose } from 'vue'

/** Calls act with the last of several values that come in quick succession, ms after it; now calls at once. */
export function useLater<T>(act: (value: T) => void, ms: number): { later(value: T): void; now(value: T): void } {
  let timer = 0
  const stop = () => window.clearTimeout(timer)
  onScopeDispose(stop)
  return {
    later: (value) => {
      stop()
      timer = window.setTimeout(() => act(value), ms)
    },
    now: (value) => {
      stop()
      act(value)
    },
  }
}
