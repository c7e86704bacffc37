// Exposure keys from a tracer's code to what another phone finds: an app, an archive's reader and a phone, written out once more from the protocol.
import assert from 'node:assert/strict'
import { createHmac, createPublicKey, createVerify, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { House, csv, motcua, parseCsv, register, serve } from './house.mjs'

const day = Math.floor(Date.now() / 86_400_000) * 144
// From the day before yesterday back: yesterday's key is told two hours after its end only.
const makeKeys = (n, first = 2) => Array.from({ length: n }, (_, i) => ({ key: randomBytes(16).toString('base64'), rollingStartNumber: day - 144 * (i + first), rollingPeriod: 144, transmissionRisk: 0 }))

// ---- an archive, read by nobody else's code
function unzip(zip) {
  const files = {}
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50;) {
    assert.equal(zip.readUInt16LE(at + 8), 0, 'stored')
    const size = zip.readUInt32LE(at + 18), name = zip.readUInt16LE(at + 26), data = at + 30 + name + zip.readUInt16LE(at + 28)
    files[zip.toString('latin1', at + 30, at + 30 + name)] = zip.subarray(data, data + size)
    at = data + size
  }
  return files
}
function fields(message) {
  const out = []
  let at = 0
  const varint = () => { let value = 0n, shift = 0n; for (;;) { const byte = BigInt(message[at++]); value |= (byte & 127n) << shift; if (byte < 128n) return value; shift += 7n } }
  while (at < message.length) {
    const tag = Number(varint()), type = tag & 7
    if (type === 0) out.push([tag >> 3, Number(varint())])
    else if (type === 1) out.push([tag >> 3, Number(message.readBigUInt64LE(at))]), at += 8
    else { assert.equal(type, 2); const size = Number(varint()); out.push([tag >> 3, message.subarray(at, at + size)]), at += size }
  }
  return out
}
const one = (list, number) => list.find(([n]) => n === number)?.[1]
function readArchive(zip, pem) {
  const files = unzip(zip)
  assert.deepEqual(Object.keys(files), ['export.bin', 'export.sig'])
  assert.equal(files['export.bin'].toString('latin1', 0, 16), 'EK Export v1    ')
  const signature = fields(one(fields(files['export.sig']), 1))
  assert.ok(createVerify('sha256').update(files['export.bin']).verify(createPublicKey(pem), one(signature, 4)), 'the signature holds')
  const info = fields(one(signature, 1)), all = fields(files['export.bin'].subarray(16))
  assert.equal(String(one(info, 5)), '1.2.840.10045.4.3.2')
  assert.deepEqual([one(signature, 2), one(signature, 3), one(all, 4), one(all, 5)], [1, 1, 1, 1])
  const keys = (number) => all.filter(([n]) => n === number).map(([, message]) => {
    const k = fields(message)
    return { key: one(k, 1).toString('base64'), risk: one(k, 2), start: one(k, 3), period: one(k, 4), type: one(k, 5), onset: one(k, 6) === undefined ? undefined : (one(k, 6) >>> 1) ^ -(one(k, 6) & 1) }
  })
  return { from: one(all, 1), to: one(all, 2), region: String(one(all, 3)), version: String(one(info, 3)), keys: keys(7), revised: keys(8) }
}

// ---- a phone
const macText = (keys) => keys.map((k) => `${k.key}.${k.rollingStartNumber}.${k.rollingPeriod}.${k.transmissionRisk}`).sort().join(',')
class Phone {
  constructor(root) { this.root = root; this.secret = randomBytes(32) }
  async post(path, body, headers = {}) {
    const answer = await fetch(`${this.root}/exposure-keys/v1/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) })
    const text = await answer.text()
    return { status: answer.status, text, json: answer.headers.get('content-type').includes('json') ? JSON.parse(text) : {}, headers: answer.headers }
  }
  async certify(code, keys) {
    const verified = await this.post('verify', { code, accept: ['confirmed', 'likely', 'negative'] })
    assert.equal(verified.status, 200, verified.text)
    const ekeyhmac = createHmac('sha256', this.secret).update(macText(keys)).digest('base64')
    const certified = await this.post('certificate', { token: verified.json.token, ekeyhmac })
    assert.equal(certified.status, 200, certified.text)
    return { certificate: certified.json.certificate, verified: verified.json }
  }
  body(keys, payload, more = {}) {
    return { temporaryExposureKeys: keys, healthAuthorityID: 'vn.motcua', verificationPayload: payload, hmacKey: this.secret.toString('base64'), padding: randomBytes(64).toString('base64'), ...more }
  }
}

let house, server, phone, caseId
before(async () => {
  house = new House()
  house.import('residents', csv(register, '079190000001,,Nguyễn Văn An,1990-01-02,Nam,0901000001,"1 Lê Lợi",27280,H1'))
  house.link('--full')
  caseId = house.confirm('--record', 'residents:079190000001', '--sampled-at', new Date(Date.now() - 86_400_000).toISOString())
  server = await serve(house)
  phone = new Phone(server.root)
})
after(async () => { server.child.kill('SIGTERM'); assert.equal((await server.ended).status, 0) })

const code = (type = 'confirmed', ...more) => house.json(['keys', 'code', '--case', caseId, '--type', type, ...more]).code
const get = (path, headers) => fetch(`${server.root}/exposure-keys/v1/${path}`, { headers })
async function lastArchive() {
  await new Promise((done) => setTimeout(done, 1100))   // archives are named by the second
  const made = house.json(['keys', 'archive'])
  const names = (await (await get('index')).text()).trimEnd().split('\n')
  assert.equal(names.at(-1), made.archive)
  const answer = await get(made.archive)
  assert.equal(answer.headers.get('content-type'), 'application/zip')
  const zip = Buffer.from(await answer.arrayBuffer())
  return { zip, name: made.archive, ...readArchive(zip, await (await get('public-key')).text()) }
}

test('from a code to what another phone hears', async () => {
  const keys = makeKeys(13)
  const onset = new Date((day / 144 - 3) * 86_400_000).toISOString().slice(0, 10)
  const { certificate, verified } = await phone.certify(code('confirmed', '--onset', onset), keys)
  assert.deepEqual([verified.testtype, verified.symptomDate], ['confirmed', onset])
  const done = await phone.post('publish', phone.body(keys, certificate))
  assert.equal(done.status, 200, done.text)
  assert.equal(done.json.insertedExposures, 13)

  const archive = await lastArchive()
  assert.equal(archive.region, 'VN')
  assert.ok(archive.keys.length >= 200)
  assert.deepEqual(archive.keys.map((k) => Buffer.from(k.key, 'base64').toString('hex')), archive.keys.map((k) => Buffer.from(k.key, 'base64').toString('hex')).sort())
  for (const k of keys) {
    const told = archive.keys.find((t) => t.key === k.key)
    assert.deepEqual(told, { key: k.key, risk: 2, start: k.rollingStartNumber, period: 144, type: 1, onset: (k.rollingStartNumber - (day - 3 * 144)) / 144 })
  }

  const sent = parseCsv(motcua(['keys', 'identifiers', '--tek', Buffer.from(keys[2].key, 'base64').toString('hex'), '--from-interval', String(keys[2].rollingStartNumber), '--count', '144']).out)
  const heard = house.file(csv('interval,identifier,metadata', `${Number(sent[70].interval) + 2},${sent[70].identifier},00000000`, `${sent[90].interval},${randomBytes(16).toString('hex')},`,
                               `${Number(sent[100].interval) + 13},${sent[100].identifier},`))
  const file = join(house.home, 'archive.zip')
  writeFileSync(file, archive.zip)
  const found = motcua(['keys', 'match', file, '--observed', heard])
  assert.equal(found.status, 0, found.err)
  const rows = parseCsv(found.out)
  assert.equal(rows.length, 1)
  assert.deepEqual([rows[0].key, rows[0].interval, rows[0].report_type], [Buffer.from(keys[2].key, 'base64').toString('hex'), sent[70].interval, 'confirmed'])
})

test('a code by itself, a revision by its own phone, and back', async () => {
  const keys = makeKeys(2)
  const first = await phone.post('publish', phone.body(keys, code('likely'), { hmacKey: '' }))
  assert.equal(first.status, 200, first.text)
  assert.equal((await lastArchive()).keys.find((k) => k.key === keys[0].key).type, 2)
  const without = await phone.post('publish', phone.body(keys, code()))
  assert.deepEqual([without.status, without.json.code, without.json.field], [400, 'missing_revision_token', 'revisionToken'])
  const again = await phone.post('publish', phone.body(keys, code(), { revisionToken: first.json.revisionToken }))
  assert.deepEqual([again.status, again.json.insertedExposures], [200, 0])
  const told = await lastArchive()
  assert.equal(told.revised.find((k) => k.key === keys[1].key)?.type, 1)
  assert.equal(told.keys.find((k) => k.key === keys[1].key), undefined)
})

test('bad input is named, and nothing of it is kept', async () => {
  const keys = makeKeys(3)
  const good = code()
  const wrong = [
    ['temporaryExposureKeys[1].key', (b) => { b.temporaryExposureKeys[1].key = 'AAAA' }], ['temporaryExposureKeys[0].rollingPeriod', (b) => { b.temporaryExposureKeys[0].rollingPeriod = 145 }],
    ['temporaryExposureKeys[2].rollingStartNumber', (b) => { b.temporaryExposureKeys[2].rollingStartNumber = day + 144 }],
    ['temporaryExposureKeys[2].rollingStartNumber', (b) => { b.temporaryExposureKeys[2].rollingStartNumber = day - 16 * 144 }],
    ['temporaryExposureKeys[0].transmissionRisk', (b) => { b.temporaryExposureKeys[0].transmissionRisk = 9 }], ['temporaryExposureKeys[1].key', (b) => { b.temporaryExposureKeys[1].key = b.temporaryExposureKeys[0].key }],
    ['temporaryExposureKeys', (b) => { b.temporaryExposureKeys = [] }], ['temporaryExposureKeys', (b) => { delete b.temporaryExposureKeys }], ['temporaryExposureKeys', (b) => { b.temporaryExposureKeys = makeKeys(31) }],
    ['healthAuthorityID', (b) => { b.healthAuthorityID = 'nobody' }], ['symptomOnsetInterval', (b) => { b.symptomOnsetInterval = day + 1000 }], ['hmacKey', (b) => { b.hmacKey = 'short' }],
    ['verificationPayload', (b) => { b.verificationPayload = '1111111111' }], ['verificationPayload', (b) => { b.verificationPayload = 'a.b.c' }], ['revisionToken', (b) => { b.revisionToken = 'x' }], ['traveler', (b) => { b.traveler = 'yes' }]]
  for (const [field, spoil] of wrong) {
    const body = structuredClone(phone.body(keys, good))
    spoil(body)
    const answer = await phone.post('publish', body)
    assert.ok([400, 401].includes(answer.status), `${field}: ${answer.status}`)
    assert.equal(answer.json.field, field, answer.text)
    assert.ok(answer.json.error && answer.json.code)
    assert.equal(Buffer.byteLength(answer.text), 4096)
  }
  assert.equal((await phone.post('publish', '{')).status, 400)
  assert.equal((await phone.post('publish', JSON.stringify({ padding: 'x'.repeat(70_000) }))).status, 413)
  const done = await phone.post('publish', phone.body(keys, good))
  assert.deepEqual([done.status, done.json.insertedExposures], [200, 3], 'the code was not used up, and no key was there')
  assert.equal((await phone.post('publish', phone.body(makeKeys(1), good))).status, 401, 'now it is')
})

test('Idempotency-Key: the same request again gets the first answer', async () => {
  const body = JSON.stringify(phone.body(makeKeys(1), code())), headers = { 'idempotency-key': randomBytes(16).toString('hex') }
  const first = await phone.post('publish', body, headers), second = await phone.post('publish', body, headers)
  assert.deepEqual([first.status, second.status, second.text === first.text], [200, 200, true])
})

test('a decoy looks like an upload', async () => {
  const chaff = { 'x-chaff': '1', 'idempotency-key': randomBytes(16).toString('hex') }, before = (await lastArchive()).keys.length
  assert.ok(before >= 200 && before <= 240)
  const times = { real: [], decoy: [] }
  for (let i = 0; i < 8; ++i) {
    const keys = makeKeys(13), { certificate } = await phone.certify(code(), keys)
    for (const kind of ['real', 'decoy']) {
      const began = performance.now()
      const answer = await phone.post('publish', phone.body(kind === 'real' ? keys : makeKeys(13), certificate), kind === 'real' ? {} : chaff)
      times[kind].push(performance.now() - began)
      assert.equal(answer.status, 200, answer.text)
      assert.equal(Buffer.byteLength(answer.text), 4096)
      assert.equal(answer.headers.get('content-encoding'), null)
      assert.equal(answer.headers.get('idempotency-replayed'), null, 'nothing of a decoy is kept')
      assert.deepEqual(Object.keys(answer.json).sort(), ['insertedExposures', 'padding', 'revisionToken'])
    }
  }
  const middle = (list) => list.sort((a, b) => a - b)[4].toFixed(1)
  console.log(`median of 8: real ${middle(times.real)} ms, decoy ${middle(times.decoy)} ms`)
  for (const path of ['verify', 'certificate']) assert.equal(Buffer.byteLength((await phone.post(path, { padding: '' }, chaff)).text), 2048)
})

test('archives are cacheable, and what is not there is not found', async () => {
  const { name } = await lastArchive()
  for (const path of ['index', name, `index/${name}`, 'public-key']) {
    const first = await get(path)
    assert.equal(first.status, 200)
    assert.match(first.headers.get('cache-control'), /^public, max-age=/)
    assert.equal((await get(path, { 'if-none-match': first.headers.get('etag') })).status, 304)
  }
  for (const path of ['nothing.zip', 'public-key?version=v2', 'public-key?version=x']) {
    const answer = await get(path)
    assert.equal(answer.status, 404)
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/)
  }
  const document = await (await fetch(`${server.root}/api/openapi.json`)).json()
  assert.deepEqual(document.paths['/exposure-keys/v1/publish'].post.security, [])
})

test('two authorities exchange files', async () => {
  const keys = makeKeys(3)
  assert.equal((await phone.post('publish', phone.body(keys, code()))).status, 200)
  const out = join(house.home, 'ours.zip'), pem = join(house.home, 'ours.pem')
  writeFileSync(pem, await (await get('public-key')).text())
  const told = house.json(['keys', 'export', '--since', new Date(Date.now() - 86_400_000).toISOString(), '--out', out])
  assert.ok(told.keys >= 3)
  readArchive(readFileSync(out), readFileSync(pem))
  const other = new House()
  const own = other.run('keys', 'import', out, '--key', pem, '--set', 'exposure.region=VN')
  assert.equal(own.status, 3, 'keys of its own region')
  const import_ = (...more) => JSON.parse(other.run('keys', 'import', out, '--key', pem, '--set', 'exposure.region=LA', '--json', ...more).out)
  const sum = import_()
  assert.deepEqual([sum.accepted, sum.origin], [told.keys, 'VN'])
  assert.equal(import_().unchanged, told.keys)
  const back = join(other.home, 'back.zip')
  assert.equal(other.json(['keys', 'export', '--since', '2020-01-01', '--out', back]).keys, 0, 'never sent on')
  const spoiled = readFileSync(out)
  spoiled[100] ^= 1
  writeFileSync(out, spoiled)
  assert.equal(other.run('keys', 'import', out, '--key', pem, '--origin', 'TH').status, 3)
  assert.equal(other.run('keys', 'import', out, '--key', out, '--origin', 'TH').status, 2, 'no key')
})
