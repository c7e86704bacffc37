// motcua graph append under kill -9: what was counted on standard output is in the graph, whatever happened then. MOTCUA_TEST_KILLS says how many
// times (500 and more: node --test tests/cli/graph_kill.test.mjs); half of them fold their log
// meanwhile, and now and then it is a load that dies while it folds it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { binary, environment, motcua, parseCsv, scratch } from './house.mjs';

const kills = Number(process.env.MOTCUA_TEST_KILLS ?? 12);
const folder = scratch('motcua-graph-kill-');
const dir = join(folder, 'graph');
const header = 'a,b,start,minutes\n';
writeFileSync(join(folder, 'nothing.csv'), header);

let state = Number(process.env.MOTCUA_TEST_SEED ?? 11);
const random = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
const row = (i) => `A,P${i},2021-07-${22 + (i % 5)}T08:00,10\n`;
const ended = (child) => new Promise((done) => child.on('exit', (status, signal) => done({ status, signal })));

/// Appends rows from number `first` on until the process is killed; how many were written to it and how many it acknowledged.
async function appendUntilKilled(first, after) {
  const child = spawn(binary, ['graph', 'append', dir, ...(random(2) ? ['--fold-bytes', '1500'] : [])], { stdio: ['pipe', 'pipe', 'inherit'], env: environment() });
  let said = '', written = 0;
  child.stdout.on('data', (text) => { said += text; });
  child.stdin.on('error', () => {});
  child.stdin.write(header);
  const end = ended(child);
  const feeding = setInterval(() => {
    for (let n = 1 + random(40); n > 0; --n) child.stdin.write(row(first + written++));
  }, 1);
  setTimeout(() => child.kill('SIGKILL'), after);
  const { signal } = await end;
  clearInterval(feeding);
  assert.equal(signal, 'SIGKILL');
  const lines = said.slice(0, said.lastIndexOf('\n') + 1).trim().split('\n').filter(Boolean);
  return { written, acknowledged: Number(lines.at(-1) ?? 0) };
}

/// One that is killed has changed nothing; one that was quicker has folded the log.
async function loadUntilKilled(after) {
  const child = spawn(binary, ['graph', 'load', join(folder, 'nothing.csv'), '--out', dir], { stdio: 'ignore', env: environment() });
  const end = ended(child);
  setTimeout(() => child.kill('SIGKILL'), after);
  return (await end).signal === 'SIGKILL';
}

function known() {
  const done = motcua(['graph', 'trace', dir, '--seed', 'A', '--from', '2021-07-01', '--to', '2021-08-01', '--depth', '1']);
  assert.equal(done.status, 0, done.err);
  return new Map(parseCsv(done.out).map((r) => [r.person, r.minutes]));
}

test(`${kills} deaths lose nothing that was acknowledged`, { timeout: 3_600_000 }, async (t) => {
  assert.equal(motcua(['graph', 'load', join(folder, 'nothing.csv'), '--out', dir]).status, 0);
  const kept = new Set();
  let next = 0, acknowledged = 0, landed = 0;
  while (landed < kills) {
    const { written, acknowledged: here } = await appendUntilKilled(next, 5 + random(120));
    for (let i = next; i < next + here; ++i) kept.add(`P${i}`);
    acknowledged += here;
    next += written;
    ++landed;
    if (landed % 4 === 0 && (await loadUntilKilled(random(600)))) ++landed;
    if (kept.size === 0 || (landed % 10 !== 0 && landed < kills)) continue;      // what is lost stays lost: now and then is enough
    const rows = known();
    for (const person of kept) assert.equal(rows.get(person), '10', `${person} after ${landed} deaths`);
    assert.ok([...rows.keys()].every((p) => Number(p.slice(1)) < next));
  }
  assert.ok(acknowledged > 0);
  t.diagnostic(`${landed} deaths, ${acknowledged} rows acknowledged of ${next} written, none lost`);
});

test('rows are counted when they are kept; what is refused is said; one writer at a time', async () => {
  const other = join(folder, 'other');
  const child = spawn(binary, ['graph', 'append', other, '--lang', 'en'], { stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
  let said = '', refused = '';
  child.stdout.on('data', (text) => { said += text; });
  child.stderr.on('data', (text) => { refused += text; });
  child.stdin.write('start,a,b,minutes\n' + '2021-07-22 08:00,A,B,10\n2021-07-22 08:00,A,A,10\n2021-07-22 09:00,A,"C, c",5\n');
  while (said !== '3\n') await new Promise((done) => setTimeout(done, 5));
  const trace = () => parseCsv(motcua(['graph', 'trace', other, '--seed', 'A', '--from', '2021-07-01', '--to', '2021-08-01', '--depth', '1']).out).map((r) => `${r.person} ${r.minutes}`);
  assert.deepEqual(trace(), ['B 10', 'C, c 5'], 'in the answer while the writer lives');
  const second = motcua(['graph', 'append', other, '--lang', 'en'], { input: header });
  assert.deepEqual([second.status, /another process/i.test(second.err)], [3, true]);
  const end = ended(child);
  child.stdin.end();
  assert.equal((await end).status, 1);
  assert.match(refused, /^2: b: /);
  const forget = (...more) => motcua(['graph', 'forget', other, '--before', '2021-08-01', '--json', '--lang', 'en', ...more]);
  assert.equal(forget().status, 3, 'the log is not folded');
  assert.equal(motcua(['graph', 'load', join(folder, 'nothing.csv'), '--out', other]).status, 0);
  assert.deepEqual(trace(), ['B 10', 'C, c 5']);
  assert.deepEqual(JSON.parse(forget().out), { files: 1, contacts: 2, visits: 0, persons: 3, places: 0 });
  assert.deepEqual(trace(), []);
});

test('a copy made while rows are appended and folded has all that was acknowledged, and proofs of what was forgotten', { timeout: 300_000 }, async () => {
  const from = join(folder, 'running');
  const child = spawn(binary, ['graph', 'append', from, '--fold-bytes', '1500'], { stdio: ['pipe', 'pipe', 'inherit'], env: environment() });
  let said = '', written = 0;
  child.stdout.on('data', (text) => { said += text; });
  child.stdin.write(header);
  const feeding = setInterval(() => { for (let n = 30; n > 0; --n) child.stdin.write(row(written++)); }, 1);
  while (said === '') await new Promise((later) => setTimeout(later, 5));
  for (let i = 0; i < 5; ++i) {
    const acknowledged = Number(said.trim().split('\n').at(-1));
    const copy = join(folder, `copy-${i}`);
    const done = await new Promise((end) => {
      const backup = spawn(binary, ['graph', 'backup', from, '--to', copy, '--json'], { env: environment() });
      let out = '';
      backup.stdout.on('data', (text) => { out += text; });
      backup.on('exit', (status) => end({ status, out }));
    });
    assert.equal(done.status, 0);
    assert.equal(JSON.parse(done.out).damaged, 0);
    const there = motcua(['graph', 'trace', copy, '--seed', 'A', '--from', '2021-07-01', '--to', '2021-08-01', '--depth', '1']);
    assert.equal(there.status, 0, there.err);
    const persons = new Set(parseCsv(there.out).map((r) => r.person));
    for (let n = 0; n < acknowledged; ++n) assert.ok(persons.has(`P${n}`), `row ${n} of ${acknowledged}`);
  }
  clearInterval(feeding);
  const end = ended(child);
  child.stdin.end();
  assert.equal((await end).status, 0);
  assert.equal(motcua(['graph', 'load', join(folder, 'nothing.csv'), '--out', from]).status, 0);
  assert.equal(motcua(['graph', 'forget', from, '--before', '2021-07-24']).status, 0);
  assert.equal(motcua(['graph', 'backup', from, '--to', join(folder, 'after')]).status, 0);
  assert.equal(readFileSync(join(folder, 'after', 'forgotten'), 'utf8'), readFileSync(join(from, 'forgotten'), 'utf8'));
  assert.equal(motcua(['graph', 'backup', from, '--to', join(folder, 'after')]).status, 3, 'not over something');
  assert.equal(motcua(['graph', 'backup', folder, '--to', join(folder, 'none')]).status, 3, 'no graph');
  const day = readdirSync(from).find((name) => name.startsWith('day-'));
  writeFileSync(join(from, day), 'nothing');
  const hurt = motcua(['graph', 'backup', from, '--to', join(folder, 'hurt'), '--lang', 'en']);
  assert.equal(hurt.status, 1);
  assert.ok(hurt.err.includes(day), hurt.err);
});
