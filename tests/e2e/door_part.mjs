// Residents come in by their phones, without JavaScript, on a small screen, in both languages: who one is, for whom one speaks, and that it ends.
import { codeSentTo, comeIn } from './demo.mjs'

export async function run({ browser, demo, check }) {
  for (const [n, lang] of ['vi', 'en'].entries()) {
    const phone = `093822000${n}`, mothers = `093822001${n}`
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
    const page = await context.newPage()
    const follow = (what) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(what)])
    await page.goto(`${demo.base}/${lang}/me`)
    check(page.url().includes(`/${lang}/me/sign-in`), `${lang}: /me leads to the sign-in: ${page.url()}`)
    await page.fill('#phone', '0938')
    await page.click('main button:not([type="button"])')
    check((await page.inputValue('#phone')) === '0938' && (await page.isVisible('#phone-error')), `${lang}: a phone too short is told beside the field and kept`)

    await comeIn(page, demo, lang, { phone, name: 'Lý Thị Cửa', birth: '5/6/1991' })
    check((await page.innerText('h1')).includes('Lý Thị Cửa'), `${lang}: greeted by name`)

    // The first declaration, question by question; the next one is one page and one button.
    await follow('a[href*="/me/declare/"][href$="/health"]')
    await follow('main .govuk-button')
    check((await page.locator('.govuk-error-summary').count()) === 1 && (await page.locator('.govuk-error-message').count()) === 1, `${lang}: no answer is told at the top and at the question`)
    let questions = 0
    for (; /\/health\/[a-z]+$/.test(page.url()) && questions < 10; ++questions) {
      for (const none of await page.$$('main input[value="none"], main input[value="no"]')) await none.check()
      await follow('main .govuk-button')
    }
    check(questions === 5 && page.url().endsWith('/health'), `${lang}: five questions, then all answers to check: ${questions}, ${page.url()}`)
    await page.reload()
    check((await page.locator('main a[href*="/health/"]').count()) === 5, `${lang}: a refresh loses no answer`)
    await follow('main form .govuk-button')
    check(page.url().includes('/dec_') && (await page.locator('main svg').count()) === 1, `${lang}: the receipt with its pass: ${page.url()}`)
    await page.goto(`${demo.base}/${lang}/me`)
    await follow('a[href*="/me/declare/"][href$="/health"]')
    await follow('main form .govuk-button')
    check(page.url().includes('/dec_'), `${lang}: declared again by two taps`)
    await page.goto(`${demo.base}/${lang}/me`)

    await page.click('a[href$="/me/people/new"]')
    await page.check('#relation-parent')
    await page.fill('#full_name', 'Trần Thị Mẹ')
    await page.fill('#birth', '1961')
    await page.check('#sex-female')
    await page.click('main button:not([type="button"])')
    check(await page.isVisible('#phone-error'), `${lang}: an adult needs a phone to say yes`)
    check((await page.inputValue('#full_name')) === 'Trần Thị Mẹ' && (await page.isChecked('#relation-parent')), `${lang}: what was typed is kept`)
    await page.fill('#phone', mothers)
    await page.click('main button:not([type="button"])')
    const code = codeSentTo(demo, mothers)
    await page.fill('#code', code === '111111' ? '222222' : '111111')
    await page.click('main button:not([type="button"])')
    check(await page.isVisible('#code-error'), `${lang}: another code is none`)
    await page.fill('#code', code)
    await page.click('main button:not([type="button"])')
    check((await page.innerText('main')).includes('Trần Thị Mẹ') && (await page.locator('.mc-person').count()) === 2, `${lang}: two people on the page after the yes`)

    // Somebody else's browser does not find her by the address.
    const address = await page.locator('.mc-person').nth(1).locator('a').last().getAttribute('href')
    const other = await browser.newContext()
    const stranger = await other.newPage()
    await comeIn(stranger, demo, lang, { phone: `093822002${n}`, name: 'Người Khác', birth: '1980' })
    check((await stranger.goto(demo.base + address)).status() === 404, `${lang}: another account's person is not there`)
    await other.close()

    await page.goto(demo.base + address)
    await page.click('form[action$="/end"] button')
    check((await page.locator('.mc-person').count()) === 1, `${lang}: she is spoken for no more`)
    check((await page.goto(demo.base + address)).status() === 404, `${lang}: nor seen`)

    await page.goto(`${demo.base}/${lang}/me`)
    await page.click('form[action$="/me/sign-out"] button')
    await page.goto(`${demo.base}/${lang}/me`)
    check(page.url().includes('/me/sign-in'), `${lang}: signed out`)
    await context.close()
  }
}
