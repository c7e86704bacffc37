// Door staff: an hour without network at a hospital's gate. Thirty people: passes good, expired and revoked, people who have none; the browser dies in the
// middle; when the network is back everything is sent, once. Before that, one person declared for by keyboard, timed; and the page without JavaScript.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { signIn } from './demo.mjs'

const declareSecondsMax = 20
const card = (n, name, sex = 'Nữ') => `0791${sex === 'Nam' ? 0 : 1}0${String(n).padStart(6, '0')}||${name}|0${1 + (n % 9)}0519${70 + (n % 25)}|${sex}|${n} Lê Lợi, Phường Bến Nghé, Quận 1, TP.HCM|01072021`

/// A cable between browser and house that can be pulled: the network seems to be there, and nothing answers.
async function cableTo(base) {
  const house = Number(new URL(base).port), ends = new Set()
  let pulled = false
  const server = createServer((end) => {
    if (pulled) return end.destroy()
    const other = connect(house, '127.0.0.1')
    for (const [from, to] of [[end, other], [other, end]]) {
      ends.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => ends.delete(from))
    }
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    pull: () => { pulled = true; ends.forEach((end) => end.destroy()) },
    plug: () => { pulled = false },
    end: () => { ends.forEach((end) => end.destroy()); server.close() },
  }
}

/// Through the API as the page would: for passes to show.
const declare = (page, people) => page.evaluate(async (list) => {
  const { newNumber } = await import(document.querySelector('script[src*="gate.js"]').src.replace('gate.js', 'outbox.js'))
  const token = document.querySelector('[name="csrf"]').value
  const declarations = list.map(({ agoH = 0, ...one }) => ({ declaration: newNumber(), all_no: true, told_at: Date.now() - agoH * 3600e3, ...one }))
  const answer = await fetch('/api/v1/gate/declarations', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify({ sent_at: Date.now(), declarations }) })
  return (await answer.json()).answers
}, people)

async function ask(page, text) {
  await page.fill('#text', text)
  await page.press('#text', 'Enter')
  await page.waitForFunction(() => document.querySelector('#gate-answer .mc-answer') && document.getElementById('text').value === '')
  return page.locator('#gate-answer .mc-answer__word').innerText()
}
const clear = (page) => page.evaluate(() => document.getElementById('gate-answer').replaceChildren())
const ready = (page) => page.waitForSelector('html[data-gate="ready"]', { state: 'attached' })
const unsent = (page) => page.getAttribute('#gate-state', 'data-unsent').then(Number)
const declaredToday = async (page) => Number(/(\d+)\s*$/.exec(await page.innerText('#gate-today-title'))[1])

async function keyboardOnly({ page, check, lang, picture }) {
  const begun = Date.now()
  const word = await ask(page, card(lang === 'vi' ? 11 : 12, 'Nguyễn Thị Bàn Phím'))
  check(/CHƯA KHAI|NOT DECLARED/.test(word), `${lang}: nobody is known by this card: ${word}`)
  check((await page.inputValue('#full_name')) === 'Nguyễn Thị Bàn Phím', `${lang}: the card fills the name in`)
  await picture(page, 'declare')
  await page.waitForFunction(() => document.activeElement?.id === 'all_no')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#gate-answer .mc-answer--ok a')
  const seconds = (Date.now() - begun) / 1000
  check(seconds < declareSecondsMax, `${lang}: declared for somebody with a card in ${seconds.toFixed(1)} s by keyboard`)
  console.log(`  ${lang}: a declaration at the gate, scripted: ${seconds.toFixed(1)} s`)
  await picture(page, 'declared')
  const again = await ask(page, card(lang === 'vi' ? 11 : 12, 'Nguyễn Thị Bàn Phím'))
  check(/ĐÃ KHAI|DECLARED/.test(again) && !/CHƯA|NOT/.test(again), `${lang}: the same card is declared now: ${again}`)
}

async function withoutScript({ browser, demo, check, lang }) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } })
  await signIn(context, demo, 'gate_staff', lang)
  const page = await context.newPage()
  await page.goto(`${demo.base}/${lang}/gate`)
  await page.fill('#text', card(lang === 'vi' ? 21 : 22, 'Trần Thị Không Mã'))
  await page.click('#gate-check .govuk-button')
  await page.click('[data-declare] .govuk-button')
  check((await page.locator('.govuk-error-summary').count()) === 1 && (await page.inputValue('#full_name')) === 'Trần Thị Không Mã', `${lang}: without JavaScript an unanswered question is told and nothing is lost`)
  await page.check('#all_no')
  await page.click('[data-declare] .govuk-button')
  check((await page.locator('#gate-answer .mc-answer--ok').count()) === 1, `${lang}: without JavaScript declared`)
  await page.click('#gate-answer a')
  check((await page.locator('.mc-slip svg').count()) === 1, `${lang}: a slip to print`)
  await page.goto(`${demo.base}/${lang}/gate`)
  await page.fill('#text', 'Nguyen')
  await page.click('#gate-check .govuk-button')
  check((await page.locator('#gate-answer .mc-gate__list li').count()) <= 8, `${lang}: a family name alone lists nobody's neighbourhood`)
  await context.close()
}

async function anHourOffline({ browser, demo, check, lang, picture, executablePath }) {
  const profile = mkdtempSync(join(tmpdir(), 'motcua-gate-'))
  const open = () => chromium.launchPersistentContext(profile, { executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'], viewport: { width: 800, height: 900 } })
  const cookies = await (async () => { const c = await browser.newContext(); await signIn(c, demo, 'gate_staff', lang); const all = await c.cookies(); await c.close(); return all })()
  const cable = await cableTo(demo.base)
  let context = await open()
  await context.addCookies(cookies)
  let page = await context.newPage()
  await page.goto(`${cable.base}/${lang}/gate`)
  await ready(page)
  const offset = lang === 'vi' ? 100 : 200
  const people = Array.from({ length: 20 }, (_, i) => ({ text: card(offset + i, `Lê Thị ${String.fromCharCode(65 + i)}`) }))
  const given = await declare(page, people)
  check(given.every((one) => one.status === 'accepted'), `${lang}: twenty people have passes: ${JSON.stringify(given.find((one) => one.status !== 'accepted') ?? '')}`)
  const [expired] = await declare(page, [{ text: card(offset + 50, 'Phạm Thị Hết Hạn'), agoH: 100 }])
  await declare(page, [{ text: people[19].text, answers: { symptoms: ['fever'] } }])     // takes the earlier pass of the twentieth back
  await page.reload()
  await ready(page)
  await page.waitForFunction(async (path) => (await (await caches.open('motcua-gate')).match(path)) !== undefined && navigator.serviceWorker.controller !== null, `/${lang}/gate`)
  const before = await declaredToday(page)

  cable.pull()
  await page.reload()
  await ready(page)
  check((await page.getAttribute('#gate-state', 'class')).includes('warn'), `${lang}: the page opens without network and says so`)
  let good = 0
  for (const one of given.slice(0, 19)) good += /ĐÃ KHAI|DECLARED/.test(await ask(page, one.pass)) ? 1 : 0
  check(good === 19, `${lang}: nineteen passes are good without network: ${good}`)
  await picture(page, 'offline')
  await page.fill('#initials', 'LTA')
  await page.fill('#birth_year', '1999')
  await page.press('#birth_year', 'Enter')
  await page.waitForSelector('#gate-answer .mc-answer--bad')
  await clear(page)
  check(/HẾT HẠN|EXPIRED/.test(await ask(page, expired.pass)), `${lang}: an expired pass`)
  check(/THU HỒI|REVOKED/.test(await ask(page, given[19].pass)), `${lang}: a revoked pass`)
  await clear(page)
  check(/MÃ BỊ SỬA|ALTERED|KHÔNG ĐỌC|UNREADABLE/.test(await ask(page, given[0].pass.slice(0, -9) + 'AAAAAAAAA')), `${lang}: an altered pass`)

  const declareOffline = async (n) => {
    await clear(page)
    await ask(page, card(offset + 60 + n, `Võ Thị ${String.fromCharCode(65 + n)}`))
    await page.check('#all_no')
    await page.press('#all_no', 'Enter')
    await page.waitForFunction((count) => Number(document.getElementById('gate-state').dataset.unsent) === count, n + 1)
  }
  for (let n = 0; n < 4; ++n) await declareOffline(n)
  await context.close()                                   // the browser dies
  context = await open()
  page = await context.newPage()
  await page.goto(`${cable.base}/${lang}/gate`)
  await ready(page)
  check((await unsent(page)) === 4, `${lang}: four declarations survived the browser: ${await unsent(page)}`)
  for (let n = 4; n < 8; ++n) await declareOffline(n)
  await picture(page, 'waiting')
  check(!(await page.evaluate(async () => JSON.stringify(await new Promise((done) => { const r = indexedDB.open('motcua-gate'); r.onsuccess = () => { const all = r.result.transaction('waiting').objectStore('waiting').getAll(); all.onsuccess = () => done(all.result.map((row) => [...new Uint8Array(row.sealed)].map((b) => String.fromCharCode(b)).join(''))) } })))).includes('Lê Lợi'), `${lang}: nothing stands in the clear on the device`)

  await context.addCookies(cookies)
  cable.plug()
  await page.evaluate(() => document.getElementById('gate-answer').replaceChildren())
  await page.waitForFunction(() => document.getElementById('gate-state')?.dataset.unsent === '0' && document.querySelector('[name="csrf"]').value !== '', null, { timeout: 40000 })
  await ready(page)
  check((await declaredToday(page)) === before + 8, `${lang}: eight more declared, none twice, none lost: ${(await declaredToday(page)) - before}`)
  check(/ĐÃ KHAI|DECLARED/.test(await ask(page, card(offset + 60, 'Võ Thị A'))), `${lang}: the house knows them`)
  await context.close()
  cable.end()
  rmSync(profile, { recursive: true, force: true })
}

export async function run({ browser, demo, check, executablePath = '/usr/bin/chromium' }) {
  for (const lang of ['vi', 'en']) {
    const picture = (page, name) => page.screenshot({ path: join('build/screenshots', `gate-${name}-${lang}.png`), fullPage: true })
    const context = await browser.newContext({ viewport: { width: 900, height: 900 } })
    await signIn(context, demo, 'gate_staff', lang)
    const page = await context.newPage()
    page.on('console', (message) => { if (message.type() === 'error') console.log(`  console: ${message.text()}`) })
    await page.goto(`${demo.base}/${lang}/gate`)
    await ready(page)
    await picture(page, 'begin')
    await keyboardOnly({ page, check, lang, picture })
    await context.close()
    await withoutScript({ browser, demo, check, lang })
    await anHourOffline({ browser, demo, check, lang, picture, executablePath })
  }
}
