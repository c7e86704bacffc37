// kill -9 under imports and under HTTP writes, on both databases: what was acknowledged is there, what was not is not, and doing it
// again completes it.
//
//   ./x kill [--kills 100] [--seed 1] [--only sqlite|postgres]
//
// Half of the kills hit `motcua import`, half a server that writers keep busy with follow-up calls. MOTCUA_BINARY names the program; without
// it build/release/motcua is meant.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, demoSignIn } from '../support/client.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const kills = Number(option('kills', '100'));
const only = option('only', '');
let seed = Number(option('seed', '1'));
const motcua = process.env.MOTCUA_BINARY ?? join(process.cwd(), 'build/release/motcua');
const home = mkdtempSync(join(tmpdir(), 'motcua-kill-'));
console.log(`seed ${seed}, ${kills} kills`);

const random = () => {   // mulberry32: every run replays from its seed
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const failures = [];
const expect = (holds, what) => { if (!holds) { failures.push(what); console.error(`  FAILED: ${what}`); } };

function run(args, quiet = false) {
  const done = spawnSync(motcua, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (!quiet && done.status > 1) throw new Error(`motcua ${args[0]} ended with ${done.status}: ${done.stderr}`);
  return done;
}
const summary = (args) => JSON.parse(run([...args, '--json']).stdout.trim().split('\n').pop());

// ---- a PostgreSQL of our own, on a socket

function startPostgres() {
  const dir = join(home, 'postgres');
  const bin = '/usr/lib/postgresql/15/bin';
  const asPostgres = process.getuid() === 0 ? (command, args) => ['runuser', ['-u', 'postgres', '--', command, ...args]] : (c, a) => [c, a];
  const call = (command, args) => {
    const [program, all] = asPostgres(command, args);
    const done = spawnSync(program, all, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  };
  chmodSync(home, 0o755);
  spawnSync('mkdir', ['-p', dir]);
  if (process.getuid() === 0) {
    const id = Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout);
    chownSync(dir, id, id);
  }
  call(`${bin}/initdb`, ['-D', `${dir}/data`, '-A', 'trust', '-U', 'postgres', '--encoding=UTF8', '--locale=C']);
  call(`${bin}/pg_ctl`, ['-D', `${dir}/data`, '-w', '-l', `${dir}/log`, '-o', `-c listen_addresses= -k ${dir}`, 'start']);
  return {
    database(name) {
      call(`${bin}/createdb`, ['-h', dir, '-U', 'postgres', name]);
      return `postgresql:///${name}?host=${dir}&user=postgres`;
    },
    stop() { call(`${bin}/pg_ctl`, ['-D', `${dir}/data`, '-m', 'immediate', 'stop']); },
  };
}

// ---- imports

async function killImports(name, url, count) {
  const place = (dir) => ['--data', dir, ...(url ? ['--database', url(dir.split('/').pop())] : [])];
  const calm = place(join(home, `${name}_calm`));
  const began = Date.now();
  const expected = summary(['import', 'ncovi', join(home, 'town/ncovi.csv'), ...calm]);
  const whole = Date.now() - began;
  // Small batches, so that a kill falls between two of them. An import that ends before its kill is checked, and the next begins anew.
  const task = (where) => ['import', 'ncovi', join(home, 'town/ncovi.csv'), '--set', 'imports.batch_rows=100', '--json', ...where];
  let storms = 0, hit = 0, patience = whole;
  let stormy = place(join(home, `${name}_stormy${storms}`));
  while (hit < count) {
    const child = spawn(motcua, task(stormy), { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (text) => { said += text; });
    const ended = new Promise((done) => child.on('close', (code, signal) => done(signal)));
    await wait(5 + random() * patience);
    child.kill('SIGKILL');
    if ((await ended) === 'SIGKILL') {
      if (++hit % 10 === 0) expect(run(['check', ...stormy], true).status === 0, `${name}: check after import kill ${hit}`);
      continue;
    }
    const done = JSON.parse(said);
    expect(done.accepted + done.unchanged === expected.accepted, `${name}: complete after kills`);
    stormy = place(join(home, `${name}_stormy${++storms}`));
    patience = Math.max(20, patience * 0.9);
  }
  const last = summary(['import', 'ncovi', join(home, 'town/ncovi.csv'), ...stormy]);
  expect(last.read === last.accepted + last.updated + last.unchanged + last.rejected, `${name}: reconciliation`);
  expect(last.accepted + last.unchanged === expected.accepted && last.updated === 0, `${name}: every row once`);
  const again = summary(['import', 'ncovi', join(home, 'town/ncovi.csv'), ...stormy]);
  expect(again.unchanged === expected.accepted && again.accepted === 0, `${name}: a second run changes nothing`);
  const exportOf = (where, file) => {
    run(['link', '--full', ...where]);
    run(['link', 'export', file, ...where]);
    return readFileSync(file, 'utf8').split('\n').map((line) => line.split(',').slice(0, 2).join(',')).join('\n');
  };
  expect(exportOf(calm, join(home, 'calm.csv')) === exportOf(stormy, join(home, 'stormy.csv')), `${name}: the same records as without kills`);
  console.log(`${name}: ${hit} imports killed while running, then complete`);
  return hit;
}

// ---- HTTP writes

async function startServer(where) {
  const child = spawn(motcua, ['serve', '--listen', '127.0.0.1:0', '--lang', 'en', ...where], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (text) => { said += text; });
  child.stderr.on('data', (text) => { said += text; });
  for (let i = 0; i < 400; ++i) {
    const port = /port (\d+)/.exec(said)?.[1];
    if (port) return { child, root: `http://127.0.0.1:${port}` };
    await wait(50);
  }
  throw new Error(`the server did not start: ${said}`);
}

async function killWrites(name, url, count) {
  const dir = join(home, `${name}_serve`);
  const where = ['--data', dir, ...(url ? ['--database', url(`${name}_serve`)] : [])];
  run(['demo', '--people', '2000', '--no-serve', ...where]);
  const signIn = demoSignIn(dir, 'tracing_supervisor');
  const sent = new Map();      // task -> keys sent
  const acked = new Map();     // task -> keys answered with 201
  let browser, number = 0, done = 0;
  const tasksOf = async () => {
    const all = [];
    for (let page = 1; ; ++page) {
      const part = JSON.parse((await browser.api(`/api/v1/tasks?page=${page}&page_size=200`)).text);
      all.push(...part.tasks);
      if (all.length >= part.total || part.tasks.length === 0) return all;
    }
  };
  for (let i = 0; i < count; ++i) {
    const { child, root } = await startServer(where);
    const cookies = browser?.cookies, csrf = browser?.csrf;
    browser = new Client(root);
    if (cookies) { browser.cookies = cookies; browser.csrf = csrf; }   // sessions outlive the server
    if ((await browser.api('/api/v1/tasks')).status !== 200) await browser.signIn(signIn);
    const tasks = await tasksOf();
    for (const task of tasks) {
      const confirmed = acked.get(task.task_id)?.size ?? 0, most = sent.get(task.task_id)?.size ?? 0;
      if (task.calls < confirmed || task.calls > most) expect(false, `${name}: task has ${task.calls} calls, ${confirmed} acknowledged of ${most} sent`);
    }
    let stopped = false;
    const writer = async (mine) => {
      const versions = new Map(mine.map((t) => [t.task_id, t.version]));
      for (let n = 0; !stopped && mine.length; n = (n + 1) % mine.length) {
        const id = mine[n].task_id, key = `kill-${String(++number).padStart(8, '0')}`;
        sent.set(id, (sent.get(id) ?? new Set()).add(key));
        try {
          const answer = await browser.api(`/api/v1/tasks/${id}/calls`, { outcome: 'no_answer', version: versions.get(id) }, key);
          if (answer.status === 201) { acked.set(id, (acked.get(id) ?? new Set()).add(key)); ++done; versions.set(id, versions.get(id) + 1); }
          else { sent.get(id).delete(key); versions.set(id, JSON.parse((await browser.api(`/api/v1/tasks?page_size=200`)).text).tasks.find((t) => t.task_id === id)?.version ?? versions.get(id)); }
        } catch { return; }   // killed in between: sent, and nobody knows
      }
    };
    const writers = [0, 1, 2, 3].map((w) => writer(tasks.filter((_, k) => k % 4 === w)));
    await wait(50 + random() * 400);
    const ended = new Promise((fin) => child.on('exit', fin));
    child.kill('SIGKILL');
    await ended;
    stopped = true;
    await Promise.all(writers);
    if (i % 10 === 9) expect(run(['check', ...where], true).status === 0, `${name}: check after server kill ${i + 1}`);
  }
  const { child, root } = await startServer(where);
  browser.root = root;
  let lost = 0;
  for (const task of await tasksOf()) lost += Math.max(0, (acked.get(task.task_id)?.size ?? 0) - task.calls);
  expect(lost === 0, `${name}: ${lost} acknowledged calls lost`);
  expect(done > count, `${name}: only ${done} calls were acknowledged: nothing was tested`);
  const began = Date.now();
  const ended = new Promise((fin) => child.on('exit', (code) => fin(code)));
  child.kill('SIGTERM');
  expect((await ended) === 0 && Date.now() - began < 5000, `${name}: SIGTERM ends within 5 s with status 0`);
  console.log(`${name}: server killed ${count} times, ${done} calls acknowledged, ${lost} lost`);
}

// ----

let postgres;
try {
  run(['simulate', '--people', '6000', '--days', '14', '--seed', '7', '--out', join(home, 'town')]);
  const engines = [];
  if (only !== 'postgres') engines.push(['sqlite', null]);
  if (only !== 'sqlite') {
    postgres = startPostgres();
    const known = new Map();
    engines.push(['postgres', (database) => known.get(database) ?? known.set(database, postgres.database(database)).get(database)]);
  }
  const each = Math.ceil(kills / 2 / engines.length);
  for (const [name, url] of engines) {
    await killImports(name, url, each);
    await killWrites(name, url, each);
  }
} catch (error) {
  failures.push(String(error));
  console.error(error);
}
postgres?.stop();
rmSync(home, { recursive: true, force: true });
console.log(failures.length ? `${failures.length} failed` : 'nothing acknowledged was lost');
process.exit(failures.length ? 1 : 0);
