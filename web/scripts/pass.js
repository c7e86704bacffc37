// Reads and verifies a pass ("MC1:..." of a QR code) without the network: base45, CBOR, COSE_Sign1 with ES256 by the browser's own WebCrypto. What a
// pass holds and what the verdicts mean stands in src/rooms/declarations/pass.hpp; both answer the same.
//
//   const keys = await importKeys(await (await fetch('/api/v1/pass-keys')).json())
//   const { verdict, pass } = await verifyPass(text, { keys, revoked: new Set(ids), now: clock() })
//
// A gate whose own clock is wrong takes the server's: clock = serverClock(answer.headers.get('Date')), once at each answer it gets.

const prefix = 'MC1:'
const textCharsMax = 512
const issuedLeewayS = 5 * 60
const states = ['declared', 'green', 'yellow', 'red']
const forms = ['', 'health', 'domestic', 'entry', 'daily']
const base45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'
const revocationChars = 13
const initialsMax = 8
const secondsMax = 2 ** 40

/// Bytes of a base45 text (RFC 9285); null when it is none.
export function fromBase45(text) {
  if (text.length % 3 === 1) return null
  const bytes = []
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((c) => base45.indexOf(c))
    if (digits.includes(-1)) return null
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0)
    if (value > (digits.length === 3 ? 0xffff : 0xff)) return null
    if (digits.length === 3) bytes.push(value >> 8)
    bytes.push(value & 0xff)
  }
  return Uint8Array.from(bytes)
}

// The part of CBOR (RFC 8949) that a pass is written in: whole numbers, bytes, text, arrays, maps, tags, null. Throws on anything else.
const depthMax = 8
function readCbor(bytes) {
  let at = 0
  const take = (n) => {
    if (at + n > bytes.length) throw new Error('cut off')
    at += n
    return bytes.subarray(at - n, at)
  }
  const argument = (info) => {
    if (info < 24) return info
    if (info > 27) throw new Error('length')
    const value = take(1 << (info - 24)).reduce((sum, byte) => sum * 256 + byte, 0)
    if (!Number.isSafeInteger(value)) throw new Error('number')
    return value
  }
  const map = (pairs, depth) => {
    const out = new Map()
    for (let i = 0; i < pairs; ++i) {
      const key = item(depth)
      if (out.has(key)) throw new Error('key twice')
      out.set(key, item(depth))
    }
    return out
  }
  function item(depth) {
    if (depth > depthMax) throw new Error('deep')
    const [head] = take(1)
    const major = head >> 5
    if (head === 0xf6) return null
    const n = argument(head & 0x1f)
    if (major === 0) return n
    if (major === 1) return -1 - n
    if (major === 2) return take(n).slice()
    if (major === 3) return new TextDecoder('utf-8', { fatal: true }).decode(take(n))
    if (major === 4) return Array.from({ length: Math.min(n, bytes.length) }, () => item(depth + 1))
    if (major === 5) return map(n, depth + 1)
    if (major === 6) return { tag: n, item: item(depth + 1) }
    throw new Error('type')
  }
  const value = item(0)
  if (at !== bytes.length) throw new Error('trailing')
  return value
}

function cborString(major, content) {
  const n = content.length
  const head = n < 24 ? [major << 5 | n] : n < 256 ? [major << 5 | 24, n] : [major << 5 | 25, n >> 8, n & 0xff]
  return [...head, ...content]
}

/// Sig_structure (RFC 9052, 4.4).
function toBeSigned(header, payload) {
  return Uint8Array.from([0x84, ...cborString(3, new TextEncoder().encode('Signature1')), ...cborString(2, header), 0x40, ...cborString(2, payload)])
}

function passOf(payload) {
  const claims = readCbor(payload)
  const [expires, issued, id, own] = [4, 6, 7, -65537].map((key) => claims.get(key))
  const time = (t) => Number.isInteger(t) && t >= 0 && t <= secondsMax
  if (!time(expires) || !time(issued) || !(id instanceof Uint8Array) || id.length !== 16 || !Array.isArray(own) || own.length !== 3) return null
  const [state, form, check] = own
  if (!states[state] || !forms[form] || !(check === null || (Number.isInteger(check) && check >= 0 && check <= 255))) return null
  return { id, state: states[state], form: forms[form], issued, expires, check }
}

/// { header, kid, payload, signature, pass } or null.
function messageOf(text) {
  const trimmed = text.replace(/[\r\n]+$/, '')   // scanners that type end a line
  if (!trimmed.startsWith(prefix) || trimmed.length > textCharsMax) return null
  const bytes = fromBase45(trimmed.slice(prefix.length))
  if (!bytes) return null
  try {
    let whole = readCbor(bytes)
    if (whole.tag === 61) whole = whole.item.tag === 18 ? whole.item : null
    if (whole.tag === 18) whole = whole.item
    if (!Array.isArray(whole) || whole.length !== 4 || !(whole[1] instanceof Map)) return null
    const [header, , payload, signature] = whole
    if (![header, payload, signature].every((part) => part instanceof Uint8Array)) return null
    const parameters = readCbor(header)
    const kid = parameters.get(4) ?? whole[1].get(4)
    if (parameters.get(1) !== -7 || parameters.has(2) || !(kid instanceof Uint8Array)) return null
    const pass = passOf(payload)
    return pass && { header, kid: hex(kid), payload, signature, pass }
  } catch {
    return null
  }
}

const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')

/// The JWK set of /api/v1/pass-keys as verifyPass takes it: an array of { kid, key }. Keys of another kind are left out.
export async function importKeys({ keys }) {
  const usable = keys.filter((jwk) => jwk.kty === 'EC' && jwk.crv === 'P-256' && typeof jwk.kid === 'string')
  return Promise.all(usable.map(async ({ kid, x, y }) => ({
    kid: hex(Uint8Array.from(atob(kid.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))),
    key: await crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']),
  })))
}

/// How a revoked pass is named in /api/v1/pass-revocations.
export function revocationOf(id) {
  const bits = [...id].map((b) => b.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: revocationChars }, (_, i) => base32[parseInt(bits.slice(5 * i, 5 * i + 5), 2)]).join('')
}

function judge(pass, revoked, nowS) {
  if (nowS >= pass.expires) return 'expired'
  if (nowS + issuedLeewayS < pass.issued) return 'not-yet'
  return revoked.has(revocationOf(pass.id)) ? 'revoked' : 'valid'
}

/// keys of importKeys; revoked: a Set; now: milliseconds. Gives { verdict, pass }: pass once the signature holds, times in seconds, else null.
export async function verifyPass(text, { keys, revoked, now }) {
  const message = messageOf(String(text))
  if (!message) return { verdict: 'unreadable', pass: null }
  const known = keys.filter(({ kid }) => kid === message.kid)
  for (const { key } of known) {
    const held = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, message.signature, toBeSigned(message.header, message.payload))
    if (held) return { verdict: judge(message.pass, revoked, now / 1000), pass: message.pass }
  }
  return { verdict: known.length > 0 ? 'bad-signature' : 'unknown-key', pass: null }
}

const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toUpperCase()

/// "NVA" of "Nguyễn Văn An".
export const initialsOf = (name) => plain(name).replace(/['‘’ʼ`]/g, '').split(/[^\p{L}\p{N}]+/u).filter(Boolean).slice(0, initialsMax).map((word) => [...word][0]).join('')

/// What was answered at the gate fits: true, false, or null when the pass has no check.
export async function fitsCheck(pass, initials, birthYear) {
  if (pass.check === null) return null
  const said = new TextEncoder().encode(plain(initials).replace(/[^\p{L}\p{N}]/gu, '') + String(birthYear))
  const hash = await crypto.subtle.digest('SHA-256', Uint8Array.from([...pass.id, ...said]))
  return new Uint8Array(hash)[0] === pass.check
}

/// A clock that goes with the server's from this answer on, whatever the device's says: a function giving milliseconds.
export function serverClock(date, local = Date.now()) {
  const server = Date.parse(date)
  const ahead = Number.isNaN(server) ? 0 : server - local
  return () => Date.now() + ahead
}
