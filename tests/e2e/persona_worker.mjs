// A young worker with a telephone: comes in once on a device of their own, declares, shows the pass, speaks for a child and a parent, and the next morning is one page
// and one tap. 360 px, both languages. SHOTS names a folder for pictures.
import { codeSentTo, comeIn } from './demo.mjs'

const follow = (page, what) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(what)])
const go = (page) => follow(page, 'main form .govuk-button:not(.govuk-button--secondary)')

async function tellWho(page, { relation, name, birth, phone }) {
  await follow(page, 'a[href$="/me/people/new"]')
  await page.check(`#relation-${relation}`)
  await page.fill('#full_name', name)
  await page.fill('#birth', birth)
  await page.check('#sex-male')
  if (phone) await page.fill('#phone', phone)
  await go(page)
}

async function worker({ browser, demo, check }, lang, n) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  let page = await context.newPage()
  const picture = async (name) => { if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/worker-${name}-${lang}.png`, fullPage: true }) }
  const mine = () => page.goto(`${demo.base}/${lang}/me`)
  const oneWide = async (what) => check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${lang}: worker: ${what} is no wider than the screen`)
  await comeIn(page, demo, lang, { phone: `093833300${n}`, name: 'Đặng Văn Thợ', birth: '6/7/1999', idNumber: `07909900${n}777` })
  await picture('me')
  await follow(page, 'a[href*="/declare/"][href$="/health"]')
  let questions = 0
  for (; /\/health\/[a-z]+$/.test(page.url()) && questions < 10; ++questions) {
    for (const none of await page.$$('main input[value="none"], main input[value="no"]')) await none.check()
    if (questions === 0) await picture('question')
    await oneWide('a question')
    await go(page)
  }
  await picture('check')
  await go(page)
  check((await page.locator('main svg').count()) === 1, `${lang}: worker: the pass after ${questions} questions`)
  await oneWide('the receipt')
  await picture('pass')

  await mine()
  await tellWho(page, { relation: 'child', name: 'Đặng Thị Con', birth: '1/6/2019' })
  check(/\/me$/.test(page.url()), `${lang}: worker: a child needs no code: ${page.url()}`)
  const fathers = `093833310${n}`
  await tellWho(page, { relation: 'parent', name: 'Đặng Văn Cha', birth: '1960', phone: fathers })
  check(/\/code$/.test(page.url()), `${lang}: worker: a parent says yes by a code: ${page.url()}`)
  await page.fill('#code', codeSentTo(demo, fathers))
  await go(page)
  check((await page.locator('.mc-person').count()) === 3, `${lang}: worker: three people on one page`)
  await picture('three')
  await page.locator('.mc-person', { hasText: 'Đặng Thị Con' }).locator('a[href*="/declare/"][href$="/health"]').click()
  await page.waitForLoadState()
  for (let i = 0; i < 10 && /\/health\/[a-z]+$/.test(page.url()); ++i) {
    for (const none of await page.$$('main input[value="none"], main input[value="no"]')) await none.check()
    await go(page)
  }
  await go(page)
  check((await page.locator('main svg').count()) === 1 && (await page.innerText('main')).includes('Đặng Thị Con'), `${lang}: worker: declared for the child`)

  // The browser is closed and opened on the trusted telephone: still in, and only what lasts is kept.
  const lasting = (await context.cookies()).filter((cookie) => cookie.expires > 0)
  await context.close()
  const again = await browser.newContext({ viewport: { width: 360, height: 740 } })
  await again.addCookies(lasting)
  page = await again.newPage()
  await mine()
  check(/\/me$/.test(page.url()), `${lang}: worker: a trusted telephone stays signed in: ${page.url()}`)
  const begun = Date.now()
  await page.locator('.mc-person', { hasText: 'Đặng Văn Thợ' }).locator('a[href*="/declare/"][href$="/health"]').click()
  await page.waitForURL(/\/health$/)
  await go(page)
  const seconds = (Date.now() - begun) / 1000
  check((await page.locator('main svg').count()) === 1, `${lang}: worker: declared again by one page and one tap`)
  console.log(`  ${lang}: worker: the next declaration, scripted: ${seconds.toFixed(2)} s`)
  await again.close()
}

export async function run(given) {
  for (const [n, lang] of ['vi', 'en'].entries()) await worker(given, lang, n)
}
