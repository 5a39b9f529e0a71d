import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const worthwhile = /\.(html|js|mjs|css|svg|json|webmanifest|txt)$/
const br = promisify(brotliCompress)
const gz = promisify(gzip)

/**
 * Writes a .br and a .gz beside every text file of the build, so that the server never compresses while someone waits,
 * and puts back the .gitkeep that keeps the empty folder in the repository.
 */
export function precompress(): Plugin {
  let dir = 'dist'
  return {
    name: 'kora:precompress',
    apply: 'build',
    configResolved(config) {
      dir = config.build.outDir
    },
    async closeBundle() {
      for (const file of await filesUnder(dir)) {
        if (!worthwhile.test(file)) continue
        const text = await readFile(file)
        const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
        await writeFile(`${file}.br`, await br(text, quality))
        await writeFile(`${file}.gz`, await gz(text, { level: 9 }))
      }
      await writeFile(join(dir, '.gitkeep'), '')
    },
  }
}

async function filesUnder(dir: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir(dir)) {
    const path = join(dir, name)
    if ((await stat(path)).isDirectory()) found.push(...(await filesUnder(path)))
    else found.push(path)
  }
  return found
}
