import { existsSync, readFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'

const document = new URL('../../../api/openapi.json', import.meta.url)
const types = new URL('../../src/api/schema.d.ts', import.meta.url)

it.skipIf(!existsSync(document))('the types of the HTTP interface are those of its OpenAPI document', async () => {
  const made = astToString(await openapi(document))
  const kept = readFileSync(types, 'utf8')
  // The command line puts a notice above what it makes.
  expect(kept.endsWith(made), 'stale; run npm run api').toBe(true)
})
