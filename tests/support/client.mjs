// A client of the pages and the API without a browser: keeps cookies, sends the form token, signs in with password and code.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** The sign-in of a role that `motcua demo` left in its town: { login, password, secret }. */
export function demoSignIn(dataDir, role) {
  const line = readFileSync(join(dataDir, 'town/sign-ins.csv'), 'utf8').split('\n').map((l) => l.split(',')).find((l) => l[0] === role);
  return { login: line[1], password: line[2], secret: line[3] };
}

/** RFC 6238, SHA-1, 6 digits, 30 s. */
export function totp(secret, now) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const c of secret.replace(/=+$/, '')) bits += letters.indexOf(c.toUpperCase()).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30000)));
  const hash = createHmac('sha1', key).update(step).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

/** A served house on a port of its own: { root, pid, stop }; `more` arguments go behind. MOTCUA_BINARY names the binary. */
export async function serve(dataDir, more = []) {
  const motcua = process.env.MOTCUA_BINARY ?? join(process.cwd(), 'build/release/motcua');
  const server = spawn(motcua, ['serve', '--data', dataDir, '--listen', '127.0.0.1:0', '--lang', 'en', ...more], { stdio: ['ignore', 'pipe', 'ignore'] });
  const root = await new Promise((done, failed) => {
    let said = '';
    server.on('exit', () => failed(new Error(`the server ended: ${said}`)));
    server.stdout.on('data', (text) => {
      said += text;
      const port = /port (\d+)/.exec(said)?.[1];
      if (port) done(`http://127.0.0.1:${port}`);
    });
  });
  return { root, pid: server.pid, stop: () => server.kill() };
}

export class Client {
  constructor(root) { this.root = root; this.cookies = new Map(); this.csrf = ''; }
  async request(path, options = {}) {
    const headers = { ...options.headers, cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') };
    const answer = await fetch(this.root + path, { redirect: 'manual', ...options, headers, signal: AbortSignal.timeout(10000) });
    // Debian 12's Node has no getSetCookie(): all of them come in one line, and a date has a comma too.
    for (const line of (answer.headers.get('set-cookie') ?? '').split(/,\s*(?=[^;,=\s]+=)/).filter(Boolean)) {
      const [pair] = line.split(';');
      const equals = pair.indexOf('=');
      this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    const text = await answer.text();
    const found = /name="csrf" value="([^"]+)"/.exec(text);
    if (found) this.csrf = found[1];
    return { status: answer.status, location: answer.headers.get('location') ?? '', text };
  }
  post(path, fields) {
    return this.request(path, {
      method: 'POST', body: new URLSearchParams({ csrf: this.csrf, ...fields }),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: this.root },
    });
  }
  api(path, body, key) {
    return this.request(path, {
      method: body ? 'POST' : 'GET', body: body && JSON.stringify(body),
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-csrf-token': this.csrf, origin: this.root,
                 ...(key ? { 'idempotency-key': key } : {}) },
    });
  }
  async signIn({ login, password, secret }) {
    await this.request('/en/sign-in');
    const first = await this.post('/en/sign-in', { login, password });
    if (first.status !== 303) throw new Error(`password: ${first.status}`);
    await this.request(first.location);
    let second = await this.post(first.location, { code: totp(secret, Date.now()) });
    if (second.status !== 303) {   // a code is used once: the next one comes within 30 s
      await wait(30000 - (Date.now() % 30000) + 200);
      second = await this.post(first.location, { code: totp(secret, Date.now()) });
    }
    if (second.status !== 303) throw new Error(`code: ${second.status}`);
    await this.request('/en/desk');   // its form carries the token that writes need
  }
}
