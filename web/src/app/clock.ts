import { onScopeDispose, ref, type Ref } from 'vue'

/** The time, told again every half minute while the page is in sight. */
export function useNow(): Readonly<Ref<Date>> {
  const now = ref(new Date())
  const tick = () => {
    if (document.visibilityState === 'visible') now.value = new Date()
  }
  const timer = setInterval(tick, 30_000)
  document.addEventListener('visibilitychange', tick)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  })
  return now
}

/** Changes every few minutes, for asking again what changes with the clock. */
export function slot(now: Date, minutes: number): number {
  return Math.floor(now.getTime() / (minutes * 60_000))
}

/** Whether the device says that it has a network. */
export function useOnline(): Readonly<Ref<boolean>> {
  const online = ref(navigator.onLine)
  const follow = () => (online.value = navigator.onLine)
  window.addEventListener('online', follow)
  window.addEventListener('offline', follow)
  onScopeDispose(() => {
    window.removeEventListener('online', follow)
    window.removeEventListener('offline', follow)
  })
  return online
}
