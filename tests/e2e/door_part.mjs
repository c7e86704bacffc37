// Residents come in by their phones, without JavaScript, on a small screen, in both languages: who one is, for whom one speaks, and that it ends.
import { codeSentTo, comeIn } from './demo.mjs'

export async function run({ browser, demo, check }) {
  for (const [n, lang] of ['vi', 'en'].entries()) {
    const phone = `093822000${n}`, mothers = `093822001${n}`
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
    const page = await context.newPage()
    await page.goto(`${demo.base}/${lang}/me`)
    check(page.url().includes(`/${lang}/me/sign-in`), `${lang}: /me leads to the sign-in: ${page.url()}`)
    await page.fill('#phone', '0938')
    await page.click('main button')
    check((await page.inputValue('#phone')) === '0938' && (await page.isVisible('#phone-error')), `${lang}: a phone too short is told beside the field and kept`)

    await comeIn(page, demo, lang, { phone, name: 'Lý Thị Cửa', birth: '5/6/1991' })
    check((await page.innerText('h1')).includes('Lý Thị Cửa'), `${lang}: greeted by name`)

    await page.click('a[href$="/me/people/new"]')
    await page.check('#relation-parent')
    await page.fill('#full_name', 'Trần Thị Mẹ')
    await page.fill('#birth', '1961')
    await page.check('#sex-female')
    await page.click('main button')
    check(await page.isVisible('#phone-error'), `${lang}: an adult needs a phone to say yes`)
    check((await page.inputValue('#full_name')) === 'Trần Thị Mẹ' && (await page.isChecked('#relation-parent')), `${lang}: what was typed is kept`)
    await page.fill('#phone', mothers)
    await page.click('main button')
    const code = codeSentTo(demo, mothers)
    await page.fill('#code', code === '111111' ? '222222' : '111111')
    await page.click('main button')
    check(await page.isVisible('#code-error'), `${lang}: another code is none`)
    await page.fill('#code', code)
    await page.click('main button')
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
