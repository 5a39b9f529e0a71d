import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import subsetFont from 'subset-font'
import type { Plugin } from 'vite'

const require = createRequire(import.meta.url)
const source = '@fontsource/noto-serif-tibetan/files/noto-serif-tibetan-tibetan-400-normal.woff2'

/** The one Tibetan word on a page in another language: the language's own name in the switch. */
const switchWord = 'བོད་ཡིག'

const fileName = 'assets/bo-switch-1.woff2'

/**
 * Cuts that word out of Noto Serif Tibetan (OFL-1.1): under 3 kB, where the whole font, which only pages in Tibetan
 * load, has 160. Its name is fixed so that the style sheet can say it; it may be cached for ever.
 */
export function tibetanSwitchFont(): Plugin {
  const cut = async () => subsetFont(await readFile(require.resolve(source)), switchWord, { targetFormat: 'woff2' })
  return {
    name: 'kora:tibetan-switch-font',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: new Uint8Array(await cut()) })
    },
    configureServer(server) {
      server.middlewares.use(async (req, res, next) => {
        if (req.url !== `/${fileName}`) return next()
        res.end(await cut())
      })
    },
  }
}
