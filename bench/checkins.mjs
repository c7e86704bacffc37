// Check-ins as a whole country made them: the shape of a day (half hours), three times its height, pressed into some minutes, with bursts of ten times
// the rate; every one durable and a visit of tracing when it is answered, while people read pages.
//   node bench/checkins.mjs [--seconds 600] [--times 3] [--residents 400] [--venues 200] [--burst-every 60] [--burst-times 10] [--connections 256] [--data DIR] [--curve CSV]
// The curve: a CSV with 48 columns behind the date, its last row is taken; without one the shape of MySejahtera's 1 April 2022 (Ministry of Health
// Malaysia, open data), rounded to thousands. Latency counts from when a check-in was due, not from when a connection was free. Afterwards some of the acknowledged
// ones are told again: each must be known.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Client, demoSignIn } from '../tests/support/client.mjs';

const { values: o } = parseArgs({ options: Object.fromEntries(Object.entries({ seconds: '600', times: '3', residents: '400', venues: '200', 'burst-every': '60', 'burst-times': '10', connections: '256', data: '', curve: '' })
  .map(([name, value]) => [name, { type: 'string', default: value }])) });
const number = (name) => Number(o[name]);
const thousands = [19, 13, 9, 6, 5, 4, 3, 3, 4, 6, 13, 36, 101, 225, 383, 667, 697, 679, 630, 618, 649, 640, 648, 678, 812, 962, 1114, 758, 705, 675, 654, 624, 596, 567, 597, 634, 685, 708, 687, 650, 682, 625, 486, 313, 203, 148, 100, 62];
const slots = o.curve ? readFileSync(o.curve, 'utf8').trim().split('\n').at(-1).split(',').slice(1).map(Number) : thousands.map((n) => n * 1000);
const rates = slots.map((n) => (n / 1800) * number('times'));

const motcua = process.env.MOTCUA_BINARY ?? join(process.cwd(), 'build/release/motcua');
const data = o.data || mkdtempSync(join(tmpdir(), 'motcua-checkins-'));
const base32 = '0123456789abcdefghjkmnpqrstvwxyz';
const newNumber = () => 'chk_' + base32[randomBytes(1)[0] & 7] + [...randomBytes(25)].map((b) => base32[b & 31]).join('');

// ---- a town, its doors and its residents
if (!o.data) spawnSync(motcua, ['demo', '--people', '1000', '--no-serve', '--data', data], { stdio: 'ignore' });
const server = spawn(motcua, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--lang', 'en'], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, MOTCUA_HTTP_TRUSTED_PROXIES: '127.0.0.1', MOTCUA_LOG_LEVEL: 'warning' } });
const port = await new Promise((done, failed) => {
  let said = '';
  server.on('exit', () => failed(new Error(`the server ended: ${said}`)));
  server.stdout.on('data', (text) => ((said += text), /port (\d+)/.test(said) && done(Number(/port (\d+)/.exec(said)[1]))));
});
const root = `http://127.0.0.1:${port}`;
const staff = new Client(root);
await staff.signIn(demoSignIn(data, 'venue'));
const cookieOf = (client) => [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; ');

const venues = [];
const ward = readFileSync(join(data, 'town/residents.csv'), 'utf8').split('\n')[1].split(',').find((f) => /^\d{5}$/.test(f));
for (let i = 0; i < number('venues'); ++i) {
  const made = await staff.api('/api/v1/venues', { name: `Địa điểm ${i}`, kind: 'shop', address: `Số ${i}`, ward_code: ward });
  if (made.status !== 201) throw new Error(made.text);
  venues.push(JSON.parse(made.text));
}
async function comeIn(i) {
  const client = new Client(root), phone = `093${String(7000000 + i)}`;
  const proxied = { 'x-forwarded-for': `10.${i >> 16 & 255}.${i >> 8 & 255}.${i & 255}` };
  const request = client.request.bind(client);
  client.request = (path, options = {}) => request(path, { ...options, headers: { ...options.headers, ...proxied } });
  await client.request('/en/me/sign-in');
  const asked = await client.post('/en/me/sign-in', { phone });
  await client.request(asked.location);
  const dir = join(data, 'sms/outgoing');
  for (const name of readdirSync(dir)) {
    const file = readFileSync(join(dir, name), 'utf8');
    if (!file.startsWith(`To: 84${phone.slice(1)}\n`)) continue;
    rmSync(join(dir, name));
    await client.post(asked.location, { code: /\d{6}/.exec(file.slice(file.indexOf('\n\n')))[0] });
  }
  await client.request('/en/me/who');
  await client.post('/en/me/who', { full_name: 'Người Đi Chợ', birth: '1990', sex: 'female' });
  await client.request('/en/me');
  return { cookie: cookieOf(client), csrf: client.csrf };
}
const residents = [];
for (let i = 0; i < number('residents'); ++i) residents.push(await comeIn(i));

// ---- requests: every second one of a resident, as long as one has a place left to go to, the others at a door
let resident = 0, phone = 0;
const packed = (path, who, body) => {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${root}\r\nCookie: ${who.cookie}\r\nX-CSRF-Token: ${who.csrf}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};
const door = { cookie: cookieOf(staff), csrf: staff.csrf };
function next(i) {
  const places = Math.min(venues.length, 150);
  if (i % 2 === 0 && resident < residents.length * places) {
    const who = residents[resident % residents.length], venue = venues[Math.floor(resident / residents.length)];
    ++resident;
    return packed('/api/v1/check-ins', who, { number: newNumber(), code: venue.code });
  }
  const venue = venues[i % venues.length];
  return packed(`/api/v1/venues/${venue.venue_id}/check-ins`, door, { number: newNumber(), shown: [`+84${900000000 + phone++}`] });
}

// ---- connections: one request at a time each
const free = [], waiting = [], latencies = [], kept = [];
let refused = 0, in_line = 0, under_way = 0, worst_queue = 0;
class Wire {
  constructor() { this.connect(); }
  connect() {
    this.buffer = '';
    this.socket = net.connect(port, '127.0.0.1', () => this.ready());
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => this.take(bytes.toString('latin1')));
    this.socket.on('error', () => {});
    this.socket.on('close', () => (this.job && ((++refused), (this.job = null), --under_way), stopped || setTimeout(() => this.connect(), 50)));
  }
  ready() {
    const job = waiting.shift();
    if (job) this.send(job);
    else free.push(this);
  }
  send(job) { this.job = job; ++under_way; this.socket.write(job.packet); }
  take(text) {
    this.buffer += text;
    const end = this.buffer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.buffer)?.[1] ?? 0);
    if (this.buffer.length < end + 4 + length) return;
    const { job, buffer } = this;
    this.buffer = '';
    this.job = null;
    --under_way;
    job.done(Number(buffer.slice(9, 12)), buffer.slice(end + 4));
    this.ready();
  }
}
let stopped = false;
const wires = Array.from({ length: number('connections') }, () => new Wire());
function ask(packet, done) {
  const wire = free.pop();
  if (wire) wire.send({ packet, done });
  else waiting.push({ packet, done }), (worst_queue = Math.max(worst_queue, waiting.length));
}

// ---- the day
const seconds = number('seconds'), pages = [];
const began = performance.now();
const reader = setInterval(async () => {
  const from = performance.now();
  const inside = residents.length > 0 && pages.length % 2 === 0 ? { cookie: residents[0].cookie } : {};   // every other one comes newly, and may find a line before the door
  const answer = await fetch(`${root}/vi/v/${venues[0].code}`, { headers: inside }).catch(() => null);
  await answer?.text();
  if (answer?.ok) pages.push(performance.now() - from);
  else if (answer?.status === 503 && !inside.cookie) ++in_line;
  else ++refused;
}, 100);
let due = 0, sent = 0, at = 0;
const bursts = number('burst-every') > 0 ? Math.floor(seconds / number('burst-every')) : 0;
const inBurst = (s) => bursts > 0 && s % number('burst-every') >= number('burst-every') - 1;
await new Promise((done) => {
  const timer = setInterval(() => {
    const now = (performance.now() - began) / 1000;
    for (; at < Math.min(now, seconds); at += 0.001) due += rates[Math.min(47, Math.floor((at / seconds) * 48))] * 0.001 * (inBurst(at) ? number('burst-times') : 1);
    for (; sent < Math.floor(due); ++sent) {
      const packet = next(sent), from = performance.now();
      ask(packet, (status) => {
        if (status !== 201) return void (++refused);
        latencies.push(performance.now() - from);
        if (kept.length < 1000) kept.push(packet);
        else if (Math.random() < 1000 / latencies.length) kept[Math.floor(Math.random() * 1000)] = packet;
      });
    }
    if (now >= seconds && under_way === 0 && waiting.length === 0) clearInterval(timer), done();
  }, 2);
});
clearInterval(reader);
const took = (performance.now() - began) / 1000;
let known = 0;
await Promise.all(kept.map((packet) => new Promise((done) => ask(packet, (status, body) => ((known += status === 201 && body.includes('"again"') ? 1 : 0), done())))));
stopped = true;
wires.forEach((wire) => wire.socket.destroy());
server.removeAllListeners('exit');
server.kill();
if (!o.data) rmSync(data, { recursive: true, force: true });

const share = (times, p) => times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * p))]?.toFixed(1);
console.log(`check-ins: ${sent} in ${took.toFixed(1)} s, highest ${Math.round(Math.max(...rates))}/s, ${bursts} bursts of ${Math.round(Math.max(...rates) * number('burst-times'))}/s for a second; acknowledged ${latencies.length}, refused ${refused}, longest queue at the client ${worst_queue}`);
console.log(`check-in: p50 ${share(latencies, 0.5)} ms, p95 ${share(latencies, 0.95)} ms, p99 ${share(latencies, 0.99)} ms, worst ${share(latencies, 1)} ms; told again ${kept.length}, known ${known}`);
console.log(`page /vi/v/{code} meanwhile: ${pages.length} times, newcomers asked to wait ${in_line} times, p50 ${share(pages, 0.5)} ms, p95 ${share(pages, 0.95)} ms; load of the machine ${loadavg().map((n) => n.toFixed(1)).join(' ')}`);
process.exit(known === kept.length && refused === 0 ? 0 : 1);
