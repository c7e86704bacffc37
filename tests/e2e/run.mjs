// The browser through every page of a demonstration town. node tests/e2e/run.mjs [public|door|gate|clerk|travel|worker|grandmother|work|venues|pages]...
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { makeCheck } from './check.mjs'
import { startDemo } from './demo.mjs'

const parts = { public: './public_part.mjs', door: './door_part.mjs', gate: './persona_gate.mjs', clerk: './persona_clerk.mjs', travel: './persona_travel.mjs', worker: './persona_worker.mjs', grandmother: './persona_grandmother.mjs', work: './work_part.mjs', venues: './venues_part.mjs', pages: './pages_part.mjs' }
const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(parts)
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const check = makeCheck()

const demo = await startDemo({ binary: process.env.E2E_BINARY })
const browser = await chromium.launch({
  executablePath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
})
try {
  for (const name of wanted) {
    console.log(`e2e: ${name}`)
    const { run } = await import(parts[name])
    try {
      await run({ browser, demo, check })
    } catch (problem) {
      check(false, `${name} came to its end: ${problem.stack}`)
    }
  }
} finally {
  await browser.close()
  check((await demo.stop()) === 0, 'the server ends with status 0 when told to')
}
for (const failure of check.failures) console.error(`e2e: FAILED ${failure}`)
console.log(`e2e: ${check.passed()} checks passed, ${check.failures.length} failed`)
process.exit(check.failures.length === 0 ? 0 : 1)
