// FHIR R4 at /fhir/R4, held against npm `fhir`: every resource that is answered is valid, what is sent comes back, and refusals are OperationOutcomes.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Client } from '../support/client.mjs'
import { House, serve } from './house.mjs'

let Fhir = null
try { ({ Fhir } = createRequire(import.meta.url)('fhir')) } catch { /* npm has not been run */ }
const validator = Fhir && new Fhir()

function isValid(resource) {
  if (!validator) return
  const found = validator.validate(resource, { errorOnUnexpected: true })
  const wrong = found.messages.filter((m) => m.severity === 'error' || m.severity === 'fatal')
  assert.deepEqual(wrong, [], JSON.stringify(resource).slice(0, 300))
}

let house, server, client
before(async () => {
  house = new House()
  server = await serve(house)
  client = await signIn('0938444001', 'Trần Thị Mai')
})
after(async () => { server.child.kill('SIGTERM'); await server.ended })

async function signIn(phone, name) {
  const made = new Client(server.root)
  await made.request('/en/me/sign-in')
  const arrived = await made.post('/en/me/sign-in', { phone })
  await made.request(arrived.location)
  const folder = join(house.data, 'sms/outgoing')
  const mine = readdirSync(folder).find((f) => readFileSync(join(folder, f), 'utf8').startsWith(`To: 84${phone.slice(1)}\n`))
  const code = /\d{6}/.exec(readFileSync(join(folder, mine), 'utf8').split('\n\n')[1])[0]
  rmSync(join(folder, mine))
  await made.post('/en/me/sign-in/code', { code })
  await made.request('/en/me/who')
  assert.equal((await made.post('/en/me/who', { full_name: name, birth: '6/5/1991', sex: 'female' })).status, 303)
  await made.request('/en/me')
  return made
}

async function get(path, { who = client, status = 200 } = {}) {
  const answer = await who.api(`/fhir/R4${path}`)
  assert.equal(answer.status, status, `${path}: ${answer.text.slice(0, 200)}`)
  const resource = JSON.parse(answer.text)
  isValid(resource)
  return resource
}

const answered = (patient, more = {}) => ({
  resourceType: 'QuestionnaireResponse', status: 'completed', questionnaire: 'urn:motcua:questionnaire:health|1', subject: { reference: `Patient/${patient}` },
  item: [
    { linkId: 'page-symptoms', item: [{ linkId: 'symptoms', answer: [{ valueCoding: { code: 'cough' } }, { valueCoding: { code: 'fever' } }] }] },
    { linkId: 'page-places', item: [{ linkId: 'travelled', answer: [{ valueBoolean: true }] }, { linkId: 'places', answer: [{ valueString: 'Đà Nẵng <b>\u202e' }] }] },
    { linkId: 'page-case', item: [{ linkId: 'contact_with_case', answer: [{ valueBoolean: false }] }] },
    { linkId: 'page-area', item: [{ linkId: 'from_affected_area', answer: [{ valueBoolean: false }] }] },
    { linkId: 'page-symptomatic', item: [{ linkId: 'contact_with_symptomatic', answer: [{ valueBoolean: false }] }] },
  ], ...more,
})

test('npm fhir is there where the browser tests are', { skip: Fhir ? false : 'npm fhir is not installed' }, () => {
  assert.ok(validator.validate({ resourceType: 'Patient', gender: 7 }, { errorOnUnexpected: true }).messages.length > 0, 'the validator can refuse')
})

test('what the server can, and every form', async () => {
  const stranger = new Client(server.root)
  assert.equal((await get('/metadata', { who: stranger })).fhirVersion, '4.0.1')
  const all = await get('/Questionnaire', { who: stranger })
  assert.equal(all.total, 4)
  for (const { resource } of all.entry) {
    const one = await get(`/Questionnaire/${resource.id}`, { who: stranger })
    assert.deepEqual(one, resource)
    const links = []
    const walk = (items) => items.forEach((i) => { links.push(i.linkId); walk(i.item ?? []) })
    walk(one.item)
    assert.equal(new Set(links).size, links.length, `${one.id}: link ids are unique`)
  }
  assert.equal((await get('/Questionnaire?url=urn:motcua:questionnaire:domestic%7C1', { who: stranger })).entry[0].resource.item.filter((i) => i.repeats).length, 1)
  assert.equal((await get('/Questionnaire?url=urn:nobody', { who: stranger })).total, 0)
  await get('/Questionnaire/none-1', { who: stranger, status: 404 })
})

test('a person declares, reads it back, and nobody else does', async () => {
  const people = await get('/Patient')
  assert.equal(people.total, 1)
  const patient = people.entry[0].resource
  assert.equal(patient.name[0].text, 'Trần Thị Mai')
  assert.equal(patient.birthDate, '1991-05-06')
  const sent = await client.api('/fhir/R4/QuestionnaireResponse', answered(patient.id))
  assert.equal(sent.status, 201, sent.text)
  const made = JSON.parse(sent.text)
  isValid(made)
  assert.equal(made.item[1].item[1].answer[0].valueString, 'Đà Nẵng <b>\u202e')
  assert.deepEqual(await get(`/QuestionnaireResponse/${made.id}`), made)
  assert.equal((await get(`/QuestionnaireResponse?patient=Patient/${patient.id}`)).total, 1)
  const again = await client.api('/fhir/R4/QuestionnaireResponse', answered(patient.id, { id: made.id }))
  assert.equal(JSON.parse(again.text).authored, made.authored, 'the same number is the same declaration')
  assert.equal((await get('/QuestionnaireResponse')).total, 1)

  const other = await signIn('0938444002', 'Người Khác')
  await get(`/Patient/${patient.id}`, { who: other, status: 404 })
  await get(`/QuestionnaireResponse/${made.id}`, { who: other, status: 404 })
  await get(`/QuestionnaireResponse?patient=${patient.id}`, { who: other, status: 404 })
  const stolen = await other.api('/fhir/R4/QuestionnaireResponse', answered(patient.id))
  assert.equal(stolen.status, 404)
  isValid(JSON.parse(stolen.text))
  await get('/Patient', { who: new Client(server.root), status: 401 })
})

test('what is wrong is said at its place, as an OperationOutcome', async () => {
  const patient = (await get('/Patient')).entry[0].resource.id
  const cases = [
    ['{', 'body'], [{ resourceType: 'Patient' }, 'resourceType'], [answered(patient, { questionnaire: 'urn:other' }), 'QuestionnaireResponse.questionnaire'],
    [answered(patient, { subject: {} }), 'QuestionnaireResponse.subject'], [answered(patient, { item: [{ linkId: 'none of ours' }] }), 'linkId'], [answered(patient, { item: [] }), 'symptoms'],
    [answered(patient, { item: [{ linkId: 'symptoms', answer: [{ valueCoding: { code: '<script>' } }] }] }), 'symptoms'],
    [answered(patient, { item: [{ linkId: 'symptoms', answer: [{ valueQuantity: {} }] }] }), 'answer'], [answered(patient, { id: 'dec-1; DROP TABLE' }), 'declaration'],
  ]
  for (const [body, place] of cases) {
    const refused = await client.request('/fhir/R4/QuestionnaireResponse', {
      method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/fhir+json', 'x-csrf-token': client.csrf, origin: client.root },
    })
    assert.equal(refused.status, 400, refused.text)
    const outcome = JSON.parse(refused.text)
    isValid(outcome)
    assert.equal(outcome.resourceType, 'OperationOutcome')
    assert.deepEqual(outcome.issue[0].expression, [place])
  }
  const forged = await client.request('/fhir/R4/QuestionnaireResponse', { method: 'POST', body: '{}', headers: { 'content-type': 'application/fhir+json' } })
  assert.equal(forged.status, 403)
  isValid(JSON.parse(forged.text))
  await get('/Nothing', { status: 404 })
})
