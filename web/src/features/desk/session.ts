import { readonly, ref, shallowRef } from 'vue'

/** Who works here, and by what the service knows that they may. */
export interface Session {
  token: string
  name: string
}

const keys = { token: 'kora.desk.token', name: 'kora.desk.name' } as const

function remembered(): Session | undefined {
  try {
    const token = sessionStorage.getItem(keys.token)
    const name = sessionStorage.getItem(keys.name)
    return token && name ? { token, name } : undefined
  } catch {
    return undefined // storage may be forbidden; then every page asks anew
  }
}

const current = shallowRef(remembered())
const refused = ref(false)

/** The session of this window. It is kept in the window's own storage, which ends with it; never in the address. */
export const session = readonly(current)

/** Whether the service did not take the token that was used last. */
export const tokenRefused = readonly(refused)

export function enter(entered: Session): void {
  current.value = entered
  refused.value = false
  try {
    sessionStorage.setItem(keys.token, entered.token)
    sessionStorage.setItem(keys.name, entered.name)
  } catch {
    // as above
  }
}

/** Forgets the token; the service may have refused it. */
export function leave(wasRefused = false): void {
  current.value = undefined
  refused.value = wasRefused
  try {
    sessionStorage.removeItem(keys.token)
    sessionStorage.removeItem(keys.name)
  } catch {
    // as above
  }
}
