// Starts the demonstration on a free port with a folder of its own, and knows its sign-ins.
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const root = new URL('../..', import.meta.url).pathname
const startSecondsMax = 300

export async function startDemo({ people = 1500, binary = join(root, 'build/release/motcua') } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'motcua-e2e-'))
  const child = spawn(binary, ['demo', '--people', String(people), '--data', data, '--listen', '127.0.0.1:0', '--lang', 'en'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const base = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the demonstration did not start in ${startSecondsMax} s:\n${output}`)), startSecondsMax * 1000)
    const read = (bytes) => {
      output += bytes
      const found = output.match(/(http:\/\/127\.0\.0\.1:\d+)\/en\/\n/)
      if (found) clearTimeout(timer), resolve(found[1])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('exit', (code) => reject(new Error(`the demonstration ended with ${code}:\n${output}`)))
  })
  const lines = readFileSync(join(data, 'town/sign-ins.csv'), 'utf8').trim().split('\n').map((line) => line.split(','))
  const signIns = Object.fromEntries(lines.filter((parts) => parts.length === 5).map(([role, login, password, secret]) => [role, { login, password, secret }]))
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit')
      child.on('exit', (code) => {
        rmSync(data, { recursive: true, force: true })
        resolve(code)
      })
      child.kill('SIGTERM')
    })
  return { base, data, signIns, caseId: lines.find((parts) => parts[0] === 'case')[1], stop }
}

/// RFC 6238 with the common parameters.
export function totp(secret, now = Date.now()) {
  let bits = ''
  for (const letter of secret) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0')
}

/// Through the pages, as a person does; the context is signed in afterwards. A code is good once, so a role signs in once and its other
/// windows take the cookies.
export async function signIn(context, demo, role, lang = 'vi') {
  demo.cookies ??= {}
  if (demo.cookies[role]) return context.addCookies(demo.cookies[role])
  const { login, password, secret } = demo.signIns[role]
  const page = await context.newPage()
  await page.goto(`${demo.base}/${lang}/sign-in`)
  await page.fill('#login', login)
  await page.fill('#password', password)
  await page.click('main button:not([type="button"])')
  await page.fill('#code', totp(secret))
  await page.click('main button:not([type="button"])')
  await page.waitForURL(/\/(desk)?$/)
  await page.close()
  demo.cookies[role] = await context.cookies()
}

/// The six digits that were sent to a phone last, as the telephone network would fetch them.
export function codeSentTo(demo, phone) {
  const outgoing = join(demo.data, 'sms/outgoing')
  for (const name of readdirSync(outgoing)) {
    const message = readFileSync(join(outgoing, name), 'utf8')
    if (!message.startsWith(`To: 84${phone.slice(1)}\n`)) continue
    rmSync(join(outgoing, name))
    return /\d{6}/.exec(message.slice(message.indexOf('\n\n')))[0]
  }
  throw new Error(`nothing was sent to ${phone}`)
}

/// A resident comes in by a phone and says who they are; the page stands on /me afterwards.
export async function comeIn(page, demo, lang, { phone, name, birth, idNumber = '' }) {
  await page.goto(`${demo.base}/${lang}/me`)
  await page.fill('#phone', phone)
  await page.click('main button:not([type="button"])')
  await page.fill('#code', codeSentTo(demo, phone))
  await page.check('#trusted')
  await page.click('main button:not([type="button"])')
  await page.fill('#full_name', name)
  await page.fill('#birth', birth)
  await page.check('#sex-female')
  await page.fill('#id_number', idNumber)
  await page.click('main button:not([type="button"])')
  await page.waitForURL(/\/me$/)
}
