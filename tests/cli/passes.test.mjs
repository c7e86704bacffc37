// The pass in the browser's reader (web/scripts/pass.js): the same verdicts as the server's, on passes the server made; and what gates fetch.
import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { House, root, serve } from './house.mjs'

globalThis.crypto ??= webcrypto   // Node 18
const pass = await import(join(root, 'web/scripts/pass.js'))
const vectors = JSON.parse(readFileSync(join(root, 'src/rooms/declarations/pass_vectors.json'), 'utf8'))
const hex = (bytes) => Buffer.from(bytes).toString('hex')

test('the browser says what the server says, row by row', async () => {
  const keys = await pass.importKeys(vectors.keys)
  for (const [i, row] of vectors.rows.entries()) {
    const read = await pass.verifyPass(row.text, { keys, revoked: new Set(row.revoked), now: row.now })
    assert.equal(read.verdict, row.verdict, `row ${i}: ${row.text}`)
    assert.deepEqual(read.pass && { ...read.pass, id: hex(read.pass.id) }, row.pass, `row ${i}`)
    for (const { initials, birth_year, fits } of row.answers ?? []) assert.equal(await pass.fitsCheck(read.pass, initials, birth_year), fits, `row ${i}: ${initials} ${birth_year}`)
  }
  assert.equal(new Set(vectors.rows.map((row) => row.verdict)).size, 7)
})

test('initials are the same on both sides', () => {
  for (const { name, initials } of vectors.names) assert.equal(pass.initialsOf(name), initials, name)
})

test('whatever bit is changed, nothing is valid', async () => {
  const keys = await pass.importKeys(vectors.keys)
  const { text, now } = vectors.rows[0]
  for (let i = 0; i < text.length; ++i) {
    const changed = text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1)
    assert.notEqual((await pass.verifyPass(changed, { keys, revoked: new Set(), now })).verdict, 'valid', String(i))
  }
  for (const hostile of ['MC1:' + '9'.repeat(300), 'MC1:\u0000', 'MC1:\u202e', '💉', 'MC1:' + 'A'.repeat(1e6)]) assert.equal((await pass.verifyPass(hostile, { keys, revoked: new Set(), now })).verdict, 'unreadable')
})

test('a gate whose clock is a day off goes by the server', () => {
  const wrong = Date.now() - 86_400_000
  const clock = pass.serverClock(new Date(wrong + 86_400_000).toUTCString(), wrong)
  assert.ok(Math.abs(clock() - (Date.now() + 86_400_000)) < 2000, 'ahead by what the answer said')
  assert.ok(Math.abs(pass.serverClock(null)() - Date.now()) < 2000, 'no answer: its own')
})

const cbor = (await import('cbor').catch(() => null))?.default
test('an independent decoder reads the same claims', { skip: cbor ? false : 'npm cbor is not installed' }, () => {
  const row = vectors.rows[0]
  const [header, open, payload, signature] = cbor.decodeFirstSync(Buffer.from(pass.fromBase45(row.text.slice(4))))
  const parameters = cbor.decodeFirstSync(header), claims = cbor.decodeFirstSync(payload)
  assert.equal(parameters.get(1), -7)
  assert.equal(parameters.get(4).length, 4)
  assert.equal(open.size ?? Object.keys(open).length, 0)
  assert.equal(signature.length, 64)
  assert.deepEqual([...claims.keys()].sort((a, b) => a - b), [-65537, 4, 6, 7])
  assert.equal(claims.get(4), row.pass.expires)
  assert.equal(claims.get(6), row.pass.issued)
  assert.equal(hex(claims.get(7)), row.pass.id)
  assert.deepEqual(claims.get(-65537), [0, 1, row.pass.check])
  assert.equal(hex(cbor.Encoder.encodeCanonical(claims)).length, hex(payload).length, 'no longer than need be')
})

// ---- a house

let server
before(async () => { server = await serve(new House()) })
after(async () => { server.child.kill('SIGTERM'); await server.ended })

test('keys: the current and the next one, usable as they are, with a tag', async () => {
  const answer = await fetch(`${server.root}/api/v1/pass-keys`)
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('content-type'), 'application/jwk-set+json')
  const keys = await pass.importKeys(await answer.json())
  assert.equal(keys.length, 2)
  const again = await fetch(`${server.root}/api/v1/pass-keys`, { headers: { 'if-none-match': answer.headers.get('etag') } })
  assert.equal(again.status, 304)
  const stranger = await pass.verifyPass(vectors.rows[0].text, { keys, revoked: new Set(), now: vectors.rows[0].now })
  assert.equal(stranger.verdict, 'unknown-key')
})

test('revocations: nobody signs in, a moment that is none is refused', async () => {
  const answer = await fetch(`${server.root}/api/v1/pass-revocations`)
  assert.deepEqual(await answer.json(), { revoked: [], next: 0, more: false })
  assert.ok(answer.headers.get('etag'))
  assert.ok(!Number.isNaN(Date.parse(answer.headers.get('date'))), 'the clock of the house')
  for (const since of ['x', '-1', '1.5', '9'.repeat(30)]) {
    const refused = await fetch(`${server.root}/api/v1/pass-revocations?since=${since}`)
    assert.equal(refused.status, 400, since)
    assert.equal((await refused.json()).field, 'since')
  }
})

test('verifying asks for a sign-in', async () => {
  const answer = await fetch(`${server.root}/api/v1/passes/verify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: 'MC1:' }) })
  assert.ok([401, 403, 404].includes(answer.status), String(answer.status))
})
