// The picture of the README: a case of the demonstration as its tracer sees it. node tests/e2e/picture.mjs [OUT.png]
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { root, signIn, startDemo } from './demo.mjs'

const demo = await startDemo({ people: 20000, binary: process.env.E2E_BINARY })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] })
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  await signIn(context, demo, 'tracer', 'en')
  const page = await context.newPage()
  await page.goto(`${demo.base}/en/cases/${demo.caseId}`)
  await page.keyboard.press('j')
  await page.waitForSelector('#beside .mc-reason')
  await page.screenshot({ path: process.argv[2] ?? join(root, 'docs/pictures/desk.png') })
} finally {
  await browser.close()
  await demo.stop()
}
