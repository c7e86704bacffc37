// Can a decoy be told from an upload of exposure keys by its time? Both in turn, in one run, against a house of its own.
//   node bench/decoys.mjs [pairs=60]
// Prints quantiles in milliseconds and the largest distance between the two distributions (Kolmogorov-Smirnov), beside what chance exceeds in one run of 20.
import { createHmac, randomBytes } from 'node:crypto'
import { loadavg } from 'node:os'
import { House, csv, register, serve } from '../tests/cli/house.mjs'

const pairs = Number(process.argv[2] ?? 60), keysEach = 14
const day = Math.floor(Date.now() / 86_400_000) * 144
const makeKeys = () => Array.from({ length: keysEach }, (_, i) => ({ key: randomBytes(16).toString('base64'), rollingStartNumber: day - 144 * (i + 1), rollingPeriod: 144, transmissionRisk: 0 }))
const macText = (keys) => keys.map((k) => `${k.key}.${k.rollingStartNumber}.144.0`).sort().join(',')

const house = new House()
house.import('residents', csv(register, '079190000001,,Nguyễn Văn An,1990-01-02,Nam,0901000001,"1 Lê Lợi",27280,H1'))
house.link('--full')
const caseId = house.confirm('--record', 'residents:079190000001', '--sampled-at', new Date(Date.now() - 86_400_000).toISOString())
const server = await serve(house)
const secret = randomBytes(32)

async function post(path, body, headers = {}) {
  const text = JSON.stringify(body), began = performance.now()
  const answer = await fetch(`${server.root}/exposure-keys/v1/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text })
  const json = await answer.json()
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${json.error}`)
  return { json, ms: performance.now() - began }
}

const times = { real: [], decoy: [] }
for (let i = 0; i < pairs; ++i) {
  const keys = makeKeys(), verified = await post('verify', { code: house.json(['keys', 'code', '--case', caseId]).code })
  const certified = await post('certificate', { token: verified.json.token, ekeyhmac: createHmac('sha256', secret).update(macText(keys)).digest('base64') })
  for (const kind of i % 2 ? ['real', 'decoy'] : ['decoy', 'real']) {
    const body = { temporaryExposureKeys: kind === 'real' ? keys : makeKeys(), healthAuthorityID: 'vn.motcua', verificationPayload: certified.json.certificate, hmacKey: secret.toString('base64') }
    times[kind].push((await post('publish', body, kind === 'real' ? {} : { 'x-chaff': '1' })).ms)
  }
}
server.child.kill('SIGTERM')

for (const [kind, list] of Object.entries(times)) {
  list.sort((a, b) => a - b)
  const at = (p) => list[Math.floor(p * (list.length - 1))].toFixed(2)
  console.log(`${kind}: ${list.length} uploads, p10 ${at(0.1)} ms, p50 ${at(0.5)} ms, p90 ${at(0.9)} ms`)
}
const share = (list, x) => list.filter((y) => y <= x).length / list.length
const distance = Math.max(...[...times.real, ...times.decoy].map((x) => Math.abs(share(times.real, x) - share(times.decoy, x))))
console.log(`distance ${distance.toFixed(3)}; by chance above ${(1.358 * Math.sqrt(2 / pairs)).toFixed(3)} once in 20 runs; load ${loadavg()[0].toFixed(1)}`)
