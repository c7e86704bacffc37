// A clerk with paper forms: scans given, read, each confirmed by keyboard alone. MOTCUA_TEST_PAPERS=50 for a day's stack; three otherwise.
import { join } from 'node:path'
import { comeIn, signIn } from './demo.mjs'

const papers = Number(process.env.MOTCUA_TEST_PAPERS ?? 3)

/** Forms with what is known filled in, each printed anew so that it has a number of its own. */
async function printed(browser, demo, lang) {
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } })
  const page = await context.newPage()
  await comeIn(page, demo, lang, { phone: lang === 'vi' ? '0938111201' : '0938111202', name: 'Nguyễn Thị Giấy', birth: '02/03/1954' })
  const href = await page.locator('a[href*="/me/paper/"]').first().getAttribute('href')
  const files = []
  for (let n = 0; n < papers; ++n) files.push({ name: `${n}.pdf`, mimeType: 'application/pdf', buffer: await (await context.request.get(new URL(href, demo.base).href)).body() })
  await context.close()
  return files
}

/** Enter where it is right; where nothing was ticked the clerk ticks: "none of these" by the blank, "no" by the arrow. */
async function confirmOne(page) {
  for (let step = 0; step < 30; ++step) {
    const at = await page.evaluate(() => ({ confirm: document.activeElement.hasAttribute('data-confirm'), name: document.activeElement.name, type: document.activeElement.type, value: document.activeElement.value,
      ticked: Boolean(document.activeElement.closest('[data-field]')?.querySelector('input:checked')) }))
    if (at.confirm) break
    if (at.name === 'person.full_name') await page.keyboard.type('Nguyễn Thị Giấy')
    else if (at.name === 'person.birth') await page.keyboard.type('02/03/1954')
    else if (at.type === 'text' && at.name !== 'person.address') await page.keyboard.press('Delete')
    else if (at.type === 'checkbox' && !at.ticked) await page.keyboard.press('Space')
    else if (at.type === 'radio' && !at.ticked) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
  }
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
}

export async function run({ browser, demo, check }) {
  for (const lang of ['vi', 'en']) {
    const picture = (page, name) => page.screenshot({ path: join('build/screenshots', `clerk-${name}-${lang}.png`), fullPage: true })
    const files = await printed(browser, demo, lang)
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } })
    await signIn(context, demo, 'clerk', lang)
    const page = await context.newPage()
    await page.goto(`${demo.base}/${lang}/papers`)
    for (let i = 0; i < files.length; i += 20) {
      await page.setInputFiles('#file', files.slice(i, i + 20))
      await Promise.all([page.waitForNavigation(), page.click('form[data-upload] .govuk-button')])
    }
    await page.waitForFunction(() => !document.querySelector('[data-live]') || document.querySelector('[data-live] [data-done]'), null, { timeout: 60000 + papers * 10000 })
    await picture(page, 'waiting')
    await page.locator('a[href*="/papers/ppr_"]').first().click()
    await page.waitForSelector('form[data-papers]')
    await picture(page, 'paper')
    const begun = Date.now()
    for (let n = 0; n < papers; ++n) {
      await confirmOne(page)
      check((await page.locator('.govuk-error-summary').count()) === 0, `${lang}: form ${n + 1} is taken`)
    }
    check((await page.locator('a[href*="/papers/ppr_"]').count()) === 0 && page.url().includes('/papers?done'), `${lang}: all ${papers} forms are done, and nothing waits`)
    console.log(`  ${lang}: ${papers} paper forms by keyboard: ${((Date.now() - begun) / 1000 / papers).toFixed(1)} s a form, scripted`)
    await picture(page, 'done')
    await context.close()
  }
}
