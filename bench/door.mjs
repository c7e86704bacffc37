// The residents' door under load, beside nginx and a bare Node server on the same machine: declarations a second (parsed, checked, on record, durable),
// pages everybody sees, pages of one's own, and the line before the door when more come than it takes.
//   motcua demo --people 1000000 --no-serve --data DATA
//   node bench/door.mjs DATA [--accounts 1000] [--people 10] [--seconds 10] [--connections 1000] [--set name=value]...
// Needs build/release/http_load (-DMOTCUA_BENCH=ON) and, for the comparison, nginx. Every declaration answered is counted again in the house afterwards.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Client, serve } from '../tests/support/client.mjs';

const { values: options, positionals: [data] } = parseArgs({
  allowPositionals: true,
  options: {
    accounts: { type: 'string', default: '1000' }, people: { type: 'string', default: '10' }, seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '1000' }, set: { type: 'string', multiple: true, default: [] },
  },
});
const loader = process.env.HTTP_LOAD ?? 'build/release/http_load';
const work = mkdtempSync(join(tmpdir(), 'motcua-door-'));
const settings = ['http.trusted_proxies=127.0.0.1', 'log.level=warning', ...options.set];
const { root, pid, stop } = await serve(data, settings.flatMap((s) => ['--set', s]));
const port = Number(new URL(root).port);
process.on('exit', () => { stop(); rmSync(work, { recursive: true, force: true }); });

// ---- people with a session each, by the same door as everybody
const firstPhone = 10_000_000 + Math.floor(Math.random() * 40_000_000);   // a house may be measured twice
const spool = join(data, 'sms/outgoing');
const codes = new Map();
function readCodes() {
  for (const name of readdirSync(spool)) {
    const text = readFileSync(join(spool, name), 'utf8');
    codes.set(/^To: (\d+)/m.exec(text)?.[1], /\b(\d{6})\b/.exec(text.slice(text.indexOf('\n\n')))?.[1]);
    rmSync(join(spool, name));
  }
}
async function signIn(n) {
  const phone = `09${String(firstPhone + n * 37).padStart(8, '0')}`;
  const address = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
  const client = new Client(root);
  const headers = { 'x-forwarded-for': address };
  const ask = async (path, body) => {
    const answer = await client.request(path, {
      method: 'POST', body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': client.csrf, origin: root },
    });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  };
  const { token } = await ask('/api/v1/me/sign-in', { phone });
  readCodes();
  const entered = await ask('/api/v1/me/sign-in/code', { token, code: codes.get(`84${phone.slice(1)}`), trusted: true });
  client.csrf = entered.csrf;
  const persons = [];
  for (let i = 0; i < Number(options.people); ++i) {
    const details = { full_name: `Nguyễn Văn ${String.fromCharCode(65 + (n % 26))}${i}`, birth: i ? `201${i % 10}-05-0${1 + (i % 9)}` : '1980-02-03', sex: i % 2 ? 'male' : 'female', relation: i ? 'child' : 'self' };
    persons.push((await ask('/api/v1/me/people', i ? details : { ...details, phone })).person);
  }
  return { cookie: [...client.cookies].map(([k, v]) => `${k}=${v}`).join('; '), csrf: client.csrf, persons };
}
const people = [];
let next = 0;
const began = performance.now();
await Promise.all(Array.from({ length: 16 }, async () => {
  while (next < Number(options.accounts)) people.push(await signIn(next++));
}));
console.log(`${new Date().toISOString().slice(0, 16)}Z, load ${loadavg()[0].toFixed(1)}: ${people.length} accounts, ${people.length * Number(options.people)} people in ${((performance.now() - began) / 1000).toFixed(1)} s`);

// ---- the load
/** Microseconds of processor the house has used. */
const used = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks) * 10_000, 0);
function load(name, requests, { to = port, connections = options.connections, expect = 200, rate = 0, seconds = options.seconds } = {}) {
  const file = join(work, 'requests');
  writeFileSync(file, requests.map((request) => JSON.stringify({ request })).join('\n'));
  const before = used();
  const run = spawnSync(loader, [to, file, '--connections', connections, '--seconds', seconds, '--expect', expect, '--rate', rate].map(String), { encoding: 'utf8' });
  if (!run.stdout) throw new Error(`${name}: ${run.stderr}`);
  const r = JSON.parse(run.stdout);
  console.log(`${name.padEnd(44)} ${Math.round(r.per_second).toString().padStart(7)}/s  p50 ${r.p50_ms.toFixed(1)}  p95 ${r.p95_ms.toFixed(1)}  p99 ${r.p99_ms.toFixed(1)}  max ${r.max_ms.toFixed(0)} ms  ${to === port ? `${((used() - before) / r.requests).toFixed(0)} us of processor each  ` : ''}${JSON.stringify(r.statuses)}${r.broken ? ` broken ${r.broken}` : ''}`);
  return r;
}
const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n${more}\r\n`;
const shuffled = people.flatMap((p) => p.persons.map((person) => ({ ...p, person }))).sort((a, b) => (a.person < b.person ? -1 : 1));

const answers = { symptoms: ['none'], travelled: 'no', contact_with_case: 'no', from_affected_area: 'no', contact_with_symptomatic: 'no' };
const declare = shuffled.map(({ cookie, csrf, person }) => {
  const body = JSON.stringify({ form: 'health', declaration: '{{dec}}', answers });
  return `POST /api/v1/me/people/${person}/declarations HTTP/1.1\r\nHost: a\r\nCookie: ${cookie}\r\nX-CSRF-Token: ${csrf}\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: ${Buffer.byteLength(body) + 23}\r\n\r\n${body}`;
});
const declared = load('declarations', declare, { expect: 201 });
let kept = 0;
for (const { cookie, persons } of people)
  for (const person of persons) {
    const answer = await fetch(`${root}/api/v1/me/people/${person}/declarations`, { headers: { cookie, accept: 'application/json' } });
    kept += (await answer.json()).declarations.length;
  }
console.log(`declarations answered ${declared.statuses[201]}, kept ${kept}${kept === declared.statuses[201] ? '' : ' (a list shows the newest 50 of a person)'}`);

load('own page (/vi/me), 1 at a time', people.map(({ cookie }) => get('/vi/me', `Cookie: ${cookie}\r\n`)), { connections: 1 });
load('own page (/vi/me), 64 connections', people.map(({ cookie }) => get('/vi/me', `Cookie: ${cookie}\r\n`)), { connections: 64 });

// ---- pages for everybody, beside nginx and Node's bare server with the same bytes
const asked = await fetch(`${root}/vi/`, { headers: { 'accept-encoding': 'gzip' } });
const page = Buffer.from(await asked.arrayBuffer());
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
console.log(`front page ${page.length} bytes, ${hash(page)}`);
const ours = load('front page', [get('/vi/')], { connections: 64 });
const bareAt = 10000 + (process.pid % 10000);
writeFileSync(join(work, 'page'), gzipSync(page, { level: 4 }));
const bare = spawn(process.execPath, ['-e', `const page = require('fs').readFileSync(process.argv[1]);
require('http').createServer((q, r) => r.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip', 'content-length': page.length }).end(page)).listen(${bareAt}, '127.0.0.1')`, join(work, 'page')]);
await new Promise((done) => setTimeout(done, 500));
load("Node's bare server, the same bytes", [get('/vi/')], { to: bareAt, connections: 64 });
bare.kill();
function startNginx() {
  const folder = join(work, 'nginx');
  mkdirSync(join(folder, 'www/vi'), { recursive: true });
  writeFileSync(join(folder, 'www/vi/index.html'), page);
  writeFileSync(join(folder, 'www/vi/index.html.gz'), gzipSync(page, { level: 4 }));   // compressed once, as ours is
  const at = 20000 + (process.pid % 20000);
  writeFileSync(join(folder, 'nginx.conf'), `worker_processes 1; pid ${folder}/pid; ${process.getuid() === 0 ? 'user root; ' : ''}error_log ${folder}/error; daemon off;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; sendfile on; default_type text/html; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  gzip_static on;
  server { listen 127.0.0.1:${at}; root ${folder}/www; } }`);
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  return { at, child };
}
try {
  execFileSync('nginx', ['-v'], { stdio: 'ignore' });
  const { at, child } = startNginx();
  await new Promise((done) => setTimeout(done, 500));
  const same = Buffer.from(await (await fetch(`http://127.0.0.1:${at}/vi/`)).arrayBuffer());
  console.log(`nginx serves ${hash(same)}`);
  const nginx = load('nginx, the same bytes', [get('/vi/')], { to: at, connections: 64 });
  child.kill();
  console.log(`front page: ${(ours.per_second / nginx.per_second).toFixed(2)} of nginx`);
} catch (error) {
  console.log(`nginx: ${error.message}`);
}
// ---- more newcomers than it takes: those inside before and during
const inside = people.map(({ cookie }) => get('/vi/me', `Cookie: ${cookie}\r\n`));
const calm = load('inside, 100 a second, nobody else', inside, { connections: 256, rate: 100 });
const crowd = join(work, 'crowd');
writeFileSync(crowd, JSON.stringify({ request: get('/vi/me/sign-in') }));
const rush = spawn(loader, [String(port), crowd, '--connections', '512', '--seconds', String(Number(options.seconds) + 4)], { stdio: ['ignore', 'pipe', 'ignore'] });
let rushed = '';
rush.stdout.on('data', (text) => { rushed += text; });
await new Promise((done) => setTimeout(done, 3000));
const during = load('inside, 100 a second, while 512 push', inside, { connections: 256, rate: 100 });
await new Promise((done) => (rush.exitCode === null ? rush.on('exit', done) : done()));
const { statuses, per_second: pushed } = JSON.parse(rushed);
console.log(`newcomers ${Math.round(pushed)}/s: let in ${statuses[200] ?? 0}, given a place ${statuses[503] ?? 0}; inside p95 ${calm.p95_ms.toFixed(1)} -> ${during.p95_ms.toFixed(1)} ms`);
process.exit(0);
