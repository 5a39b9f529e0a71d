import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ApiError } from '@/api/client'
import { t } from '@/i18n'

/** What somebody else made of the same thing meanwhile, and how the service tells that. */
export interface Conflict<T> {
  detail: string
  theirs: T | undefined
}

export interface Writing<T> {
  readonly busy: Ref<boolean>
  readonly refusal: Ref<string>
  readonly told: Ref<string>
  readonly conflict: ShallowRef<Conflict<T> | undefined>
  /** Does one write and keeps why it was refused. */
  attempt(write: () => Promise<void>): Promise<void>
}

/** Writes of a form to the record; current asks for what stands there when somebody else was faster. */
export function useWriting<T>(current: () => Promise<T>): Writing<T> {
  const busy = ref(false)
  const refusal = ref('')
  const told = ref('')
  const conflict = shallowRef<Conflict<T>>()

  async function attempt(write: () => Promise<void>): Promise<void> {
    busy.value = true
    refusal.value = ''
    told.value = ''
    conflict.value = undefined
    try {
      await write()
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      if (cause.status === 412) conflict.value = { detail: cause.detail, theirs: await current().catch(() => undefined) }
      else refusal.value = cause.offline ? t('state.offline') : cause.detail
    } finally {
      busy.value = false
    }
  }
  return { busy, refusal, told, conflict, attempt }
}
