import type { Plugin } from 'vite'

const asked = 'else if ("useId" in vue) id = vue.useId?.();'
const answered = 'else if (true) id = (0, vue.useId)();'

/**
 * Reka UI asks its whole Vue namespace whether it has useId, which keeps every part of Vue in the first chunk (18 kB
 * more on the wire). Vue has had it since 3.5, so the question is answered here.
 */
export function leanReka(): Plugin {
  return {
    name: 'kora:lean-reka',
    apply: 'build',
    transform(code, id) {
      if (!id.endsWith('/reka-ui/dist/shared/useId.js')) return
      if (!code.includes(asked)) this.error(`${id} has changed; read it again or remove this plugin`)
      return { code: code.replace(asked, answered), map: null }
    },
  }
}
