import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Licences under which a part of the page may be passed on without more ado. */
const welcome = /^(MIT|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|OFL-1\.1)$/

/** Packages whose code reaches the page by other ways than imports: MapLibre's worker is built on its own. */
const others = ['@fontsource/noto-serif-tibetan', 'maplibre-gl']

/**
 * Writes licences.txt: every package that is in the page, with its version and the full text of its licence. The build
 * fails when one is there whose licence nobody has looked at.
 */
export function licences(): Plugin {
  return {
    name: 'kora:licences',
    apply: 'build',
    generateBundle(_, bundle) {
      const folders = new Set(others.map((name) => join('node_modules', name)))
      for (const part of Object.values(bundle)) {
        for (const id of part.type === 'chunk' ? part.moduleIds : []) {
          const folder = /^.*\/(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1]
          if (folder) folders.add(folder)
        }
      }
      const parts = [...folders].sort().map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
        if (!welcome.test(license)) this.error(`${name} is under ${license}; may the page contain it?`)
        return `${name} ${version} (${license})\n\n${textOf(folder) ?? 'The package holds no licence text.'}`
      })
      const rule = `\n\n${'-'.repeat(78)}\n\n`
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: `${parts.join(rule)}\n` })
    },
  }
}

function textOf(folder: string): string | undefined {
  const file = existsSync(folder) && readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name))
  return file ? readFileSync(join(folder, file), 'utf8').trim() : undefined
}
