// Every page anybody of the house can reach: both languages, 360 and 1280 px, with and without JavaScript; the pages of the day's work in the
// dark and on paper, too; axe finds nothing; nothing comes from elsewhere; no Content-Security-Policy is broken; nothing is wider than the screen. Pictures go to build/screenshots.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { comeIn, root, signIn } from './demo.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pictures = join(root, 'build/screenshots')

const variants = [
  { lang: 'vi', width: 360, js: true },
  { lang: 'en', width: 360, js: true },
  { lang: 'vi', width: 1280, js: true },
  { lang: 'en', width: 1280, js: true },
  { lang: 'vi', width: 360, js: false },
  { lang: 'en', width: 360, js: false },
  { lang: 'vi', width: 1280, js: false },
  { lang: 'en', width: 1280, js: false },
]
const inTheDark = [
  { lang: 'vi', width: 360, js: true, dark: true },
  { lang: 'en', width: 1280, js: true, dark: true },
]
const worked = ['/desk', '/cases', '/cases/{}', '/cases/{}/chain', '/cases/{}/what-if', '/cases/{}/sources', '/contacts/{}', '/worklist', '/tasks/{}', '/colleagues', '/people', '/people/{}', '/people/{}/readers',
  '/review', '/review/{}', '/imports', '/operations', '/audit', '/admin/accounts']

// Kinds of pages that must be among those found by following links.
const expected = {
  visitor: ['/', '/sign-in', '/me/sign-in'],
  resident: ['/me', '/me/people/new', '/me/people/{}', '/me/devices', '/me/declare/{}/health', '/me/declare/{}/daily', '/me/pass/{}'],
  tracer: ['/desk', '/cases', '/cases/new', '/cases/{}', '/cases/{}/chain', '/cases/{}/timeline', '/cases/{}/as-of', '/cases/{}/what-if', '/cases/{}/places', '/cases/{}/sources', '/cases/{}/bridges', '/cases/{}/export', '/cases/{}/amend', '/cases/{}/exposure-codes', '/contacts/{}', '/tasks/{}',
    '/worklist', '/colleagues', '/people', '/people/{}', '/people/{}/readers', '/people/{}/cases', '/review', '/review/{}', '/imports', '/imports/new', '/imports/{}', '/account'],
  ward_health_worker: ['/desk', '/cases', '/worklist'],
  reviewer: ['/review', '/people'],
  tracing_supervisor: ['/operations', '/approvals'],
  auditor: ['/audit'],
  administrator: ['/operations', '/admin/accounts', '/admin/accounts/{}'],
}
// Reachable by a way of work, not by a link everybody sees.
const unlinked = { tracing_supervisor: ['/approvals'] }

const hasDesk = (role) => role !== 'visitor' && role !== 'resident'
const kindOf = (path) => path.replace(/^\/(vi|en)(?=\/)/, '').replace(/\/[a-z]{2,4}_[0-9a-z]{26}/g, '/{}')

/// One address for each kind of page, by following links from the first.
async function addresses(context, demo, role) {
  const page = await context.newPage()
  const found = new Map()
  const queue = ['/vi/', '/vi/desk', ...(unlinked[role] ?? []).map((p) => `/vi${p}`), ...(role === 'tracer' ? [`/vi/cases/${demo.caseId}`] : [])]
  if (!hasDesk(role)) queue.splice(1)
  while (queue.length > 0 && found.size < 60) {
    const path = queue.shift()
    const kind = kindOf(path)
    if (found.has(kind)) continue
    const answer = await page.goto(demo.base + path)
    if (answer.status() !== 200 || !answer.headers()['content-type'].startsWith('text/html')) continue
    found.set(kindOf(new URL(page.url()).pathname), new URL(page.url()).pathname)
    found.set(kind, path)
    for (const href of await page.$$eval('a[href]', (links) => links.filter((a) => !a.hasAttribute('download')).map((a) => a.getAttribute('href')))) {
      const url = new URL(href, page.url())
      if (url.origin === demo.base && url.pathname.startsWith('/vi/') && !found.has(kindOf(url.pathname))) queue.push(url.pathname)
    }
  }
  await page.close()
  return found
}

/// On paper: black on white, without what one presses, and links as the words they are.
async function printed(page, where, check) {
  await page.emulateMedia({ media: 'print' })
  const seen = await page.evaluate(() => {
    const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0
    const light = (colour) => colour.match(/[\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) > 3 * 140
    const texts = [...document.querySelectorAll('main *')].filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== ''))
    return { rail: shown(document.querySelector('.mc-rail')), pressed: [...document.querySelectorAll('main button, main input, main select, main textarea')].filter(shown).length,
      words: texts.length, pale: texts.filter((e) => light(getComputedStyle(e).color)).map((e) => e.className || e.tagName).slice(0, 3),
      links: [...document.querySelectorAll('main td a[href]')].filter((a) => shown(a) && a.innerText.trim() === '').length,
      rows: [...document.querySelectorAll('main tbody tr')].filter((row) => !shown(row)).length }
  })
  check(!seen.rail && seen.pressed === 0, `${where}: on paper stand the rail (${seen.rail}) and ${seen.pressed} things to press`)
  check(seen.words > 0 && seen.rows === 0 && seen.links === 0, `${where}: on paper ${seen.words} texts are left, ${seen.rows} rows and ${seen.links} links' words are missing`)
  check(seen.pale.length === 0, `${where}: pale on paper: ${seen.pale}`)
  await page.emulateMedia({ media: 'screen' })
}

async function lookAt(page, demo, path, { lang, width, js, dark }, check, name) {
  const heard = []
  const listen = (message) => { if (message.type() === 'error') heard.push(message.text()) }
  const ask = (request) => { if (!request.url().startsWith(demo.base) && !request.url().startsWith('data:')) heard.push(`asks ${request.url()}`) }
  page.on('console', listen)
  page.on('pageerror', (problem) => heard.push(String(problem)))
  page.on('request', ask)
  const answer = await page.goto(demo.base + path.replace(/^\/vi/, `/${lang}`), { waitUntil: 'load' })
  const where = `${lang} ${width} ${js ? 'js' : 'no-js'}${dark ? ' dark' : ''} ${kindOf(path)}`
  check(answer.status() === 200, `${where}: status ${answer.status()}`)
  const policy = answer.headers()['content-security-policy'] ?? ''
  check(policy.includes('frame-ancestors') && !policy.includes('unsafe-inline'), `${where}: policy ${policy}`)
  const seen = await page.evaluate(() => ({
    lang: document.documentElement.lang, title: document.title, headings: document.querySelectorAll('h1').length,
    skip: document.querySelector('a[href="#main"]') !== null, main: document.querySelectorAll('main').length,
    wide: document.documentElement.scrollWidth - window.innerWidth, braces: document.body.innerText.includes('{{'),
    key: document.body.innerText.match(/\b(pages|desk|tracing|identity|auth|i18n)\.[a-z]+[a-z_.]*_[a-z_]+\b/)?.[0] ?? '',
  }))
  check(seen.lang === lang, `${where}: lang ${seen.lang}`)
  check(seen.title.endsWith('Một Cửa') && seen.title.length > 12, `${where}: title ${seen.title}`)
  check(seen.headings === 1 && seen.main === 1 && seen.skip, `${where}: ${seen.headings} h1, ${seen.main} main, skip link ${seen.skip}`)
  check(seen.wide <= 0, `${where}: ${seen.wide} px wider than the screen`)
  check(!seen.braces, `${where}: a value was not filled`)
  if (!kindOf(path).startsWith('/audit') && !kindOf(path).endsWith('/readers')) check(seen.key === '', `${where}: a text key shows: ${seen.key}`)
  if (js) {
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
    check(violations.length === 0, `${where}: ${violations.map((v) => `${v.id} (${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join('; ')})`).join(', ')}`)
    await page.screenshot({ path: join(pictures, `${name}-${lang}-${width}${dark ? '-dark' : ''}.png`), fullPage: true })
  }
  if (dark) await printed(page, where, check)
  check(heard.length === 0, `${where}: ${heard.join(' | ')}`)
  page.removeAllListeners()
  return seen.title
}

export async function run({ browser, demo, check }) {
  mkdirSync(pictures, { recursive: true })
  const done = new Set()
  for (const role of Object.keys(expected)) {
    const first = await browser.newContext()
    if (role === 'resident') await comeIn(await first.newPage(), demo, 'vi', { phone: '0938111222', name: 'Hồ Thị Thử', birth: '2/3/1990' })
    else if (role !== 'visitor') await signIn(first, demo, role)
    const found = await addresses(first, demo, role)
    for (const kind of expected[role]) check(found.has(kind), `${role} finds ${kind} by following links`)
    const storageState = await first.storageState()
    for (const variant of [...variants, ...(hasDesk(role) ? inTheDark : [])]) {
      const context = await browser.newContext({ storageState, javaScriptEnabled: variant.js, colorScheme: variant.dark ? 'dark' : 'light', viewport: { width: variant.width, height: variant.width === 360 ? 780 : 800 } })
      const page = await context.newPage()
      const titles = new Map()
      for (const [kind, path] of found) {
        const key = `${JSON.stringify(variant)} ${kind}`
        if (done.has(key) || (hasDesk(role) && kind === '/') || (variant.dark && !worked.includes(kind))) continue
        done.add(key)
        const title = await lookAt(page, demo, path, variant, check, `${role}${kind.replaceAll('/', '-').replaceAll('{}', 'id')}`)
        if (kindOf(new URL(page.url()).pathname) !== kind) continue   // led on to another page, which has its own turn
        check(!titles.has(title), `${role} ${variant.lang} ${kind}: title "${title}" is also that of ${titles.get(title)}`)
        titles.set(title, kind)
      }
      await context.close()
    }
    await first.close()
  }
}
