// The gate's page without a reload, and without network: passes are verified with the keys and revocations this device fetched last, declarations wait
// in the outbox. Everything works without this file as long as there is network.
import { importKeys, verifyPass, fitsCheck } from './pass.js'
import { gateBox, newNumber, sendGate } from './outbox.js'

const lang = document.documentElement.lang
const page = `/${lang}/gate`
const keysHoldMs = 24 * 3600 * 1000     // older keys and revocations verify nothing
const clockSlackMs = 10 * 60 * 1000
const everyMs = 60 * 1000
const offlineEveryMs = 10 * 1000
const lookUpMs = 4000                   // then the device answers by itself
const shellCache = 'motcua-gate'

const words = document.getElementById('gate-words').content
const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`[${key}]`, value), words.querySelector(`[data-say="${name}"]`).textContent)
const form = document.getElementById('gate-check')
const input = form.elements.text
const answerPart = document.getElementById('gate-answer')
const clockText = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric' })
const when = (ms) => clockText.format(new Date(ms))

// ---- keys and revocations

let kept = null                         // { jwks, revoked, next, at, ahead }: `at` by this device's clock, `ahead` what the server's is before it
const clock = () => Date.now() + (kept?.ahead ?? 0)

async function fetchKept() {
  const jwks = await (await fetch('/api/v1/pass-keys', { cache: 'no-store' })).json()
  const revoked = new Set(kept?.revoked ?? [])
  let next = kept?.next ?? 0
  for (let more = true; more;) {
    const sent = Date.now()
    const answer = await fetch(`/api/v1/pass-revocations?since=${next}`, { cache: 'no-store' })
    const json = await answer.json()
    json.revoked.forEach((id) => revoked.add(id))
    more = json.more && json.next !== next
    next = json.next
    const server = Date.parse(answer.headers.get('Date'))
    kept = { jwks, revoked: [...revoked], next, at: Date.now(), ahead: Number.isNaN(server) || Math.abs(server - sent) < 5000 ? 0 : server - sent }
  }
  await gateBox.remember('keys', kept)
}
const keysHold = () => kept !== null && Date.now() - kept.at < keysHoldMs && kept.at - Date.now() < clockSlackMs

// ---- answers of the device itself

function sign(name, label = '', times = '') {
  const element = words.querySelector(`[data-name="${name}"]`).cloneNode(true)
  element.querySelector('[data-label]').textContent = label
  element.querySelector('[data-times]').textContent = times
  return element
}
function show(...elements) {
  answerPart.replaceChildren(...elements)
  form.reset()
  input.focus()
}

async function verifyHere(text, initials, year) {
  if (!keysHold()) return show(sign('stale', '', kept ? when(kept.at) : ''))
  const { verdict, pass } = await verifyPass(text, { keys: await importKeys(kept.jwks), revoked: new Set(kept.revoked), now: clock() })
  const name = verdict === 'valid' ? `valid-${pass.state}` : verdict
  const element = sign(name, '', pass ? say('times', { from: when(pass.issued * 1000), to: when(pass.expires * 1000) }) : '')
  if (verdict !== 'valid' || pass.check === null) return show(element)
  if (initials) {
    const line = document.createElement('p')
    const fits = await fitsCheck(pass, initials, year)
    line.textContent = say(fits ? 'fits' : 'fits_not')
    if (!fits) element.className = 'mc-answer mc-answer--bad'
    element.append(line)
  }
  const factor = document.getElementById('gate-factor-form').content.cloneNode(true)
  factor.querySelector('[name="text"]').value = text
  show(element, factor)
}

/// What a citizen card says of its holder: number|old number|name|ddmmyyyy|sex|address|ddmmyyyy.
function cardOf(text) {
  const parts = text.split('|')
  if (parts.length < 6 || !/^\d{12}$/.test(parts[0])) return null
  return { full_name: parts[2], birth: parts[3].replace(/^(\d\d)(\d\d)(\d{4})$/, '$1/$2/$3'), sex: parts[4] === 'Nam' ? 'male' : 'female', id_number: parts[0], address: parts[5] }
}

function declareHere(text) {
  const part = document.getElementById('gate-declare-form').content.cloneNode(true)
  const fields = part.querySelector('form').elements
  fields.declaration.value = newNumber()
  const card = cardOf(text)
  if (card) Object.entries(card).forEach(([name, value]) => { fields[name].value = value })
  else if (/^\+?[\d .-]{9,}$/.test(text)) (text.replace(/\D/g, '').length === 12 && !text.startsWith('+') ? fields.id_number : fields.phone).value = text
  else if (/[|:/]/.test(text)) fields.scanned.value = text
  else fields.full_name.value = text
  show(sign('offline'), part)
  focusDeclaring()
}

function focusDeclaring() {
  const declaring = answerPart.querySelector('[data-declare]')
  const first = declaring && [...declaring.querySelectorAll('[name="full_name"], [name="birth"], [name="sex"], [name="all_no"]')].find((field) => field.type === 'checkbox' || (field.type === 'radio' ? !declaring.querySelector('[name="sex"]:checked') : field.value === ''))
  first?.focus()
}

// ---- asking the house

/// The same page by the server, its parts put in place; false: no answer came.
async function fromHouse(address, body) {
  try {
    const answer = await fetch(address, { method: body ? 'POST' : 'GET', body, headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(lookUpMs) })
    if (!new URL(answer.url).pathname.startsWith(page) || answer.status >= 500) return false
    const there = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const error = there.querySelector('.govuk-error-summary')
    show(...(error ? [document.adoptNode(error)] : []), ...[...there.getElementById('gate-answer').childNodes].map((node) => document.adoptNode(node)))
    const today = document.getElementById('gate-today'), list = there.querySelector('#gate-today .mc-gate__list:not(#gate-waiting)')
    document.getElementById('gate-today-title').textContent = there.getElementById('gate-today-title').textContent
    today.querySelectorAll('.mc-gate__list:not(#gate-waiting), .mc-empty').forEach((old) => old.remove())
    if (list) today.append(document.adoptNode(list))
    focusDeclaring()
    return true
  } catch {
    return false
  }
}

const canAsk = () => navigator.onLine && form.elements.csrf.value !== ''

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const text = input.value.trim()
  if (text === '') return input.focus()
  if (canAsk() && (await fromHouse(page, new URLSearchParams(new FormData(form))))) return
  if (text.startsWith('MC1:')) await verifyHere(text)
  else declareHere(text)
  update()
})

answerPart.addEventListener('submit', async (event) => {
  const sent = event.target
  event.preventDefault()
  if (sent.matches('[data-declare]')) return declare(sent)
  const said = new FormData(sent)
  if (canAsk() && (await fromHouse(page, new URLSearchParams(said)))) return
  if (sent.matches('[data-factor]')) await verifyHere(said.get('text'), said.get('initials'), Number(said.get('birth_year')))
})

// ---- declaring

function bodyOf(declaring) {
  const said = new FormData(declaring)
  const answers = {}
  for (const [name, value] of said) if (name.startsWith('q_') && value.trim() !== '') (answers[name.slice(2)] ??= []).push(value)
  const person = Object.fromEntries(['full_name', 'birth', 'sex', 'id_number', 'phone', 'address', 'insurance_number'].map((name) => [name, String(said.get(name) ?? '').trim()]))
  return { declaration: said.get('declaration') || newNumber(), form: 'health', answers, all_no: said.has('all_no'), about: said.get('about'), text: said.get('scanned'), told_at: Date.now(), person }
}

/// The first thing that is missing; the house looks again.
function missingIn(declaring, body) {
  if (body.about === '' && body.text === '') {
    for (const name of ['full_name', 'birth']) if (body.person[name] === '') return declaring.elements[name]
    if (body.person.sex === '') return declaring.querySelector('[name="sex"]')
  }
  if (body.all_no) return null
  return [...declaring.querySelectorAll('.mc-gate__question')].map((question) => question.querySelector('input')).find((field) => field.type !== 'text' && !body.answers[field.name.slice(2)]) ?? null
}

function complain(declaring, sentence, field) {
  declaring.querySelector('.govuk-error-message')?.remove()
  const line = Object.assign(document.createElement('p'), { className: 'govuk-error-message', textContent: sentence })
  line.setAttribute('role', 'alert')
  declaring.prepend(line)
  field?.focus()
}

async function declare(declaring) {
  const body = bodyOf(declaring)
  const missing = missingIn(declaring, body)
  if (missing) return complain(declaring, say('missing'), missing)
  try {
    await gateBox.keep(body)
  } catch {
    if (!canAsk() || !(await fromHouse(declaring.action, new URLSearchParams(new FormData(declaring))))) complain(declaring, say('unkept'))
    return
  }
  const result = navigator.onLine ? await send() : { state: 'offline', answers: [] }
  const answer = result.answers.find((one) => one.declaration === body.declaration)
  if (answer?.status === 'refused') {
    await gateBox.drop(body.declaration)
    complain(declaring, answer.sentence, declaring.querySelector(`[name="${CSS.escape(answer.field || 'full_name')}"], [name="q_${CSS.escape(answer.field || '-')}"]`))
    return update()
  }
  if (answer?.status === 'accepted' && (await fromHouse(`${page}?declared=${body.declaration}`))) return
  show(sign('waiting', body.person.full_name))
  navigator.serviceWorker?.ready.then((worker) => worker.sync?.register('send')).catch(() => {})
  update()
}

// ---- what is not sent

let sending = 'sent', skew = 0
async function send() {
  const result = await sendGate(page)
  sending = result.state
  if (result.answers.length > 0) skew = result.skew
  await update()
  return result
}

async function update() {
  const waiting = await gateBox.list().catch(() => [])
  const unsent = waiting.filter((entry) => !entry.refused)
  const state = document.getElementById('gate-state')
  const lines = []
  if (!navigator.onLine || sending === 'offline') lines.push(say('no_net'))
  if (unsent.length > 0) lines.push(say('unsent', { count: unsent.length, since: when(unsent[0].at) }))
  if (sending === 'sign-in' && unsent.length > 0) lines.push(say('sign_in'))
  if (Math.abs(skew) > clockSlackMs) lines.push(say('skew', { minutes: Math.round(skew / 60000) }))
  state.hidden = false
  state.className = `mc-state mc-gate__net mc-state--${lines.length > 0 ? 'warn' : 'ok'}`
  const told = lines.length > 0 ? lines.join(' · ') : say('net')
  if (state.textContent !== told) state.textContent = told
  state.dataset.unsent = unsent.length
  const list = document.getElementById('gate-waiting')
  list.hidden = waiting.length === 0
  document.querySelector('#gate-today .mc-empty')?.toggleAttribute('hidden', waiting.length > 0)
  list.replaceChildren(...waiting.map(waitingRow))
}

function waitingRow({ declaration, at, refused, body }) {
  const row = document.createElement('li')
  const part = (tag, text) => row.append(Object.assign(document.createElement(tag), { textContent: text }))
  part('span', when(at))
  part('strong', body.person.full_name || body.text.slice(0, 12))
  part('span', refused ? `${say('not_taken')}: ${refused}` : say('waits'))
  if (refused) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'mc-link-button', textContent: say('drop') })
    button.addEventListener('click', () => gateBox.drop(declaration).then(update))
    row.append(button)
  }
  return row
}

// ---- the page itself, for when there is no network

async function keepShell() {
  if (!navigator.serviceWorker) return
  await navigator.serviceWorker.register('/sw.js', { scope: page })
  const shell = await fetch(`${page}/offline`, { cache: 'no-store' })
  if (!shell.ok) return
  const there = new DOMParser().parseFromString(await shell.clone().text(), 'text/html')
  const named = [...there.querySelectorAll('[href^="/assets/"], [src^="/assets/"]')].map((element) => element.getAttribute('href') ?? element.getAttribute('src'))
  const imported = ['./pass.js', './outbox.js', './zxing.js'].map((name) => new URL(name, import.meta.url).pathname)
  const fonts = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname).filter((path) => path.startsWith('/assets/') && path.endsWith('.woff2'))
  const all = new Set([...named, ...imported, ...fonts])
  const cache = await caches.open(shellCache)
  await cache.addAll([...all])
  await cache.put(page, shell)
  for (const request of await cache.keys()) if (!all.has(new URL(request.url).pathname) && new URL(request.url).pathname !== page) await cache.delete(request)
}

/// The page a device kept has no token: once the house answers, the real one takes its place, unless somebody is being declared for.
async function refresh() {
  const reached = navigator.onLine && (await fetchKept().then(() => true, () => false))
  if (!reached) sending = 'offline'
  else if ((await gateBox.list().catch(() => [])).length > 0) await send()
  else sending = 'sent'
  await update()
  if (reached && form.elements.csrf.value === '' && !answerPart.querySelector('[data-declare]')) location.reload()
}
async function keepRefreshing() {
  for (;;) {
    await new Promise((later) => setTimeout(later, sending === 'offline' ? offlineEveryMs : everyMs))
    await refresh()
  }
}

/// Signing out takes everything away; what is not sent yet is sent first, or given up knowingly.
document.querySelector('form[action$="/sign-out"]')?.addEventListener('submit', async (event) => {
  event.preventDefault()
  await send().catch(() => {})
  const left = (await gateBox.list().catch(() => [])).length
  if (left > 0 && !confirm(say('leave', { count: left }))) return
  await Promise.allSettled([gateBox.wipe(), caches.delete(shellCache)])
  event.target.submit()
})

kept = (await gateBox.recall('keys').catch(() => null)) ?? null
addEventListener('online', refresh)
addEventListener('offline', update)
await refresh()
keepRefreshing()
if (form.elements.csrf.value !== '') keepShell().catch(() => {})
document.head.append(Object.assign(document.createElement('link'), { rel: 'manifest', href: `${page}/app.webmanifest` }))
document.documentElement.dataset.gate = 'ready'
