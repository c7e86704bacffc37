// A grandmother without a telephone: received at a counter, a card is printed, a gate reads it and declares for her, she sees it on a counter's tablet by card and PIN;
// then the card is lost, another is printed, and the old one opens nothing. Both languages. SHOTS names a folder for pictures. Reads the printed PDF with pdftotext.
import { execFileSync } from 'node:child_process'
import { signIn } from './demo.mjs'

const follow = (page, what) => Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(what)])

/// What stands on the paper: { code, pin }, as somebody types it.
function readPaper(pdf) {
  const text = execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' })
  return { text, code: /^\s*([A-Z0-9]{5}(?: [A-Z0-9]{1,5})+)\s*$/m.exec(text)?.[1], pin: /^\s*(\d{3} \d{3})\s*$/m.exec(text)?.[1] }
}

async function grandmother({ browser, demo, check }, lang, n) {
  const counter = await browser.newContext({ viewport: { width: 1280, height: 800 }, javaScriptEnabled: false })
  await signIn(counter, demo, 'gate_staff', lang)
  const desk = await counter.newPage()
  const picture = async (page, name) => { if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/grandmother-${name}-${lang}.png`, fullPage: true }) }
  const name = ['Phan Thị Bà', 'Phan Thị Ngoại'][n]
  await desk.goto(`${demo.base}/${lang}/counter`)
  await desk.fill('#full_name', name)
  await desk.fill('#birth', '1941')
  await desk.check('#sex-female')
  await follow(desk, 'form:has(#full_name) .govuk-button')
  check((await desk.innerText('h1')).includes(name), `${lang}: grandmother: received without a telephone: ${desk.url()}`)
  const address = desk.url()
  const print = async () => {
    const answer = await counter.request.post(`${address}/cards`, { form: { csrf: await desk.locator('[name="csrf"]').first().inputValue(), paper: 'a4' }, headers: { origin: demo.base } })
    check(answer.headers()['content-type'] === 'application/pdf', `${lang}: grandmother: a card is printed: ${answer.status()}`)
    return readPaper(await answer.body())
  }
  const card = await print()
  check(card.code && card.pin && card.text.includes(name) && !card.text.includes('1941'), `${lang}: grandmother: the paper has her name, a code and a PIN, and no more of her`)

  const askGate = async (code) => {
    await desk.goto(`${demo.base}/${lang}/gate`)
    await desk.fill('#text', code)
    await follow(desk, '#gate-check .govuk-button')
    return (await desk.locator('#gate-answer').innerText()).toUpperCase()
  }
  check(/CHƯA KHAI|NOT DECLARED/.test(await askGate(card.code)), `${lang}: grandmother: the gate knows her by the card, and that she has not declared`)
  await picture(desk, 'gate')
  check((await desk.locator('#full_name').count()) === 0, `${lang}: grandmother: what is known is not asked`)
  await desk.check('#all_no')
  await follow(desk, '[data-declare] .govuk-button')
  check((await desk.locator('#gate-answer .mc-answer--ok').count()) === 1, `${lang}: grandmother: declared for at the gate`)
  const declared = await askGate(card.code)
  check(/ĐÃ KHAI|DECLARED/.test(declared) && !/CHƯA KHAI|NOT DECLARED/.test(declared), `${lang}: grandmother: the next gate sees it by the card`)

  const tablet = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false })
  const page = await tablet.newPage()
  const comeIn = async (code, pin) => {
    await page.goto(`${demo.base}/${lang}/card`)
    await page.fill('#card', code)
    await page.fill('#pin', pin)
    await follow(page, 'main form .govuk-button')
  }
  const wrong = card.pin === '000 000' ? '111 111' : '000 000'
  await comeIn(card.code, wrong)
  check(await page.isVisible('#pin-error'), `${lang}: grandmother: another PIN opens nothing`)
  await picture(page, 'pin')
  await comeIn(card.code, card.pin)
  check(/\/me$/.test(page.url()) && (await page.innerText('main')).includes(name), `${lang}: grandmother: her own page by card and PIN: ${page.url()}`)
  await picture(page, 'me')
  await follow(page, 'main a[href*="/me/declarations/"]')
  check((await page.locator('main a[href*="/dec_"]').count()) === 1, `${lang}: grandmother: what was declared for her is hers to see`)

  // Lost: the next print ends the card before it, and whoever came in by it.
  await desk.goto(address)
  const next = await print()
  check(next.code && next.code !== card.code && next.pin, `${lang}: grandmother: another card`)
  await comeIn(card.code, card.pin)
  check(/\/card$/.test(page.url()) && (await page.locator('.govuk-error-summary').count()) === 1, `${lang}: grandmother: the lost card opens nothing: ${page.url()}`)
  const unknown = await askGate(card.code)
  check(!/ĐÃ KHAI/.test(unknown) && !/(?<!NOT )DECLARED/.test(unknown), `${lang}: grandmother: the gate does not know the lost card`)
  await comeIn(next.code, next.pin)
  check(/\/me$/.test(page.url()) && (await page.innerText('main')).includes(name), `${lang}: grandmother: the new one opens her page: ${page.url()}`)
  await tablet.close()
  await counter.close()
}

export async function run(given) {
  for (const [n, lang] of ['vi', 'en'].entries()) await grandmother(given, lang, n)
}
