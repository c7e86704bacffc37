// `motcua keys identifiers` and `keys bluezone`: published vectors, and the chain written out once more.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { motcua } from './house.mjs'

test('identifiers of an exposure key are the published ones', () => {
  const done = motcua(['keys', 'identifiers', '--tek', '75c734c6dd1a782de7a965da5eb93125', '--from-interval', '2642976', '--count', '144'])
  assert.equal(done.status, 0)
  const lines = done.out.trimEnd().split('\n')
  assert.equal(lines.length, 145)
  assert.equal(lines[0], 'interval,identifier,metadata_key')
  assert.equal(lines[1], '2642976,8be6cd371c5c891604bfbe49df845096,d57c46af7a1d83965b9bed8bd152936a')
  assert.equal(lines[144], '2643119,f431b62ecf443102ce4ed0407de54bd4,d57c46af7a1d83965b9bed8bd152936a')
})

test("Bluezone's identifiers of a day follow the key chain", () => {
  const sha = (bytes) => createHash('sha256').update(bytes).digest()
  const baseKey = sha('a base key')
  let day = baseKey
  for (let n = 0; n < 40; n++) day = sha(day)   // 2021-06-01 to 2021-07-11, in UTC
  let slot = sha(Buffer.concat([day, Buffer.from('bluzonesubkey')]))
  const expected = ['slot,blid']
  for (let i = 0; i < 96; i++, slot = sha(slot))
    expected.push(`${i},${Buffer.from([0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30].map((at) => slot[at])).toString('hex').toUpperCase()}`)
  const done = motcua(['keys', 'bluezone', '--base-key', baseKey.toString('hex'), '--day', '2021-07-11', '--since', '2021-06-01T07:00:00+07:00'])
  assert.equal(done.status, 0)
  assert.equal(done.out, expected.join('\n') + '\n')
  // Half past six in Vietnam is still the day before in UTC: the chain is one step longer.
  const earlier = motcua(['keys', 'bluezone', '--base-key', baseKey.toString('hex'), '--day', '2021-07-11', '--since', '2021-06-01T06:30:00+07:00'])
  assert.notEqual(earlier.out, done.out)
})

const wrong = [
  ['bluezone', '--base-key', '0'.repeat(64), '--day', '2021-05-31', '--since', '2021-06-01T07:00:00+07:00'],
  ['bluezone', '--base-key', '0'.repeat(63), '--day', '2021-07-11', '--since', '2021-06-01'],
  ['bluezone', '--base-key', '0'.repeat(64), '--day', '31/02/2021', '--since', '2021-06-01'],
  ['identifiers', '--tek', '00', '--from-interval', '1', '--count', '1'],
  ['identifiers', '--tek', '0'.repeat(32), '--from-interval', '1', '--count', '0'],
  ['identifiers', '--tek', '0'.repeat(32), '--from-interval', '1', '--count', '145'],
  ['identifiers', '--tek', '0'.repeat(32), '--from-interval', '4294967295', '--count', '2'],
  ['identifiers', '--tek', '0'.repeat(32), '--from-interval', '-1', '--count', '2'],
]
for (const args of wrong)
  test(`keys ${args.join(' ')} is refused`, () => {
    const done = motcua(['keys', ...args])
    assert.equal(done.status, 2)
    assert.equal(done.out, '')
    assert.notEqual(done.err, '')
  })
