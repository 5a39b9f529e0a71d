// Adds up what the stages, go test and vitest report, shows what failed, and ends with the one line that counts.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const out = process.argv[2]
let passed = 0
let failed = 0
let skipped = 0

for (const line of readFileSync(join(out, 'stages'), 'utf8').trim().split('\n')) {
  line === 'pass' ? passed++ : failed++
}

// go test -json: an event a line; output is shown for what failed. A package that fails without a failed test did not
// build, or ended by itself, and counts as one failure.
const output = new Map()
const failures = new Map()
const at = (e) => `${e.Package ?? e.ImportPath}/${e.Test ?? ''}`
for (const line of readFileSync(join(out, 'go.json'), 'utf8').split('\n')) {
  if (!line.startsWith('{')) {
    if (line) console.log(line)
    continue
  }
  const e = JSON.parse(line)
  if (e.Action === 'output' || e.Action === 'build-output') {
    output.set(at(e), (output.get(at(e)) ?? '') + e.Output)
  } else if (e.Action === 'build-fail') {
    console.log(output.get(at(e)) ?? `${e.ImportPath} does not build`)
  } else if (e.Action === 'fail') {
    const inside = failures.get(e.Package) ?? 0
    if (e.Test || inside === 0) {
      failed++
      console.log(`--- FAIL: ${at(e)}\n${output.get(at(e)) ?? ''}`)
    }
    failures.set(e.Package, inside + 1)
  } else if (e.Test && e.Action === 'pass') {
    passed++
    output.delete(at(e))
  } else if (e.Test && e.Action === 'skip') {
    skipped++
    console.log((output.get(at(e)) ?? '').trim())
  }
}

for (const name of ['unit', 'e2e']) {
  const file = join(out, `${name}.json`)
  if (!existsSync(file)) {
    console.log(`the ${name} tests of the web app did not run`)
    failed++
    continue
  }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  passed += report.numPassedTests
  skipped += report.numPendingTests ?? 0
  failed += report.numFailedTests
  // A file that cannot even be loaded has no failed tests.
  failed += report.testResults.filter((r) => r.status === 'failed' && r.assertionResults.length === 0).length
}

if (skipped > 0) console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
