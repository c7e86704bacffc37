// `./x bench contacts`: the contact graph's store on random pairs of growing number, and beside PostgreSQL and DuckDB with equal answers.
//   node bench/contacts.mjs [--max CONTACTS] [--peer CONTACTS] [--program FILE] [--motcua FILE] [--skip-postgres]
// Prints tables in Markdown and writes bench/contacts.svg.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { askDuckdb, askPostgres } from './contacts_peers.mjs';
import { drawSeries } from './contacts_plot.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({ options: {
  max: { type: 'string', default: '10000000' }, peer: { type: 'string', default: '1000000' }, 'skip-postgres': { type: 'boolean' },
  program: { type: 'string', default: join(root, 'build/release/contacts_bench') }, motcua: { type: 'string', default: join(root, 'build/release/motcua') } } });
const scratch = mkdtempSync(join(tmpdir(), 'motcua-contacts-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

function run(program, args) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`${program} ${args.slice(0, 4).join(' ')}: ${done.stderr}`);
  return done.stdout;
}
const load = () => loadavg()[0].toFixed(1);
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const count = (n) => Math.round(n).toLocaleString('en-US');

console.log(`${new Date().toISOString().slice(0, 16)}Z, ${cpus().length} × ${cpus()[0].model}, load ${load()}; times of questions are processor times\n`);
row('contacts', 'persons', 'load s (processor)', 'bytes a contact', 'open ms', 'held in s', 'depth 3: p50, p99 ms', '1,000 cases, depth 2: ms, reached', 'everybody: s, M contacts/s', 'hash', 'load');
row(...Array(11).fill('---'));
const growth = [];
for (const contacts of [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000].filter((n) => n <= Number(options.max))) {
  const dir = join(scratch, `graph-${contacts}`);
  const r = JSON.parse(run(options.program, [dir, String(contacts), String(contacts / 10)]));
  rmSync(dir, { recursive: true });
  growth.push(r);
  row(count(r.contacts), count(r.persons), `${r.load_seconds} (${r.load_cpu_seconds})`, r.bytes_a_contact, r.open_ms, r.held ? r.hold_seconds : 'in files', `${r.depth3_p50_ms}, ${r.depth3_p99_ms}`, `${r.cases_ms}, ${count(r.cases_reached)}`,
    `${(r.sweep_ms / 1000).toFixed(2)}, ${(r.sweep_contacts / r.sweep_ms / 1000).toFixed(1)}`, r.hash, load());
}
writeFileSync(join(root, 'bench/contacts.svg'), drawSeries('the contact graph: cost against contacts', growth.map((r) => r.contacts), [
  { name: 'load, processor seconds', colour: '#1d70b8', values: growth.map((r) => r.load_cpu_seconds) },
  { name: 'everybody from 1,000 cases, seconds', colour: '#d4351c', values: growth.map((r) => r.sweep_ms / 1000) },
  { name: 'depth 3 from one case, p99, ms', colour: '#00703c', values: growth.map((r) => r.depth3_p99_ms) }]));

// The same contacts and questions, one system after the other.
const peer = Number(options.peer), persons = peer / 10;
const csv = join(scratch, 'contacts.csv'), dir = join(scratch, 'graph');
run(options.program, ['-', String(peer), String(persons), csv]);
const id = (n) => `p${String(n).padStart(8, '0')}`;
const questions = [
  ...Array.from({ length: 10 }, (_, i) => ({ name: 'one case, depth 3', seeds: [id(Math.floor(persons / 10) * i + 3)], depth: 3 })),
  { name: '1,000 cases, depth 2', seeds: Array.from({ length: 1000 }, (_, i) => id(Math.floor((persons / 1000) * i))), depth: 2 },
].map((q) => ({ ...q, from: '2021-07-01T00:00:00+07:00', to: '2021-08-01T00:00:00+07:00' }));

function askOurs() {
  const began = performance.now();
  run(options.motcua, ['graph', 'load', csv, '--out', dir]);
  const loaded = performance.now();
  const answers = questions.map((q) => {
    const from = performance.now();
    const lines = run(options.motcua, ['graph', 'trace', dir, ...q.seeds.flatMap((s) => ['--seed', s]), '--from', q.from, '--to', q.to, '--depth', String(q.depth)]);
    return { ms: performance.now() - from, lines: lines.trim().split('\n').slice(1).map((l) => l.split(',').slice(0, 3).join(',')) };
  });
  return { load_seconds: (loaded - began) / 1000, answers };
}

/// The same graph, held open as the others hold their tables: in its files, or in memory from the start.
function askOpened(...how) {
  const file = join(scratch, 'questions.txt');
  writeFileSync(file, questions.map((q) => `${q.depth} ${q.seeds.join(' ')}\n`).join(''));
  const [held, ...texts] = run(options.program, [dir, file, ...how]).split('# ');
  const answers = texts.map((text) => text.trim().split('\n')).map(([ms, ...lines]) => ({ ms: Number(ms), lines }));
  return { answers, load_seconds: how.length ? Number(held.split(' ')[1]) : undefined };
}

const hash = (lines) => createHash('sha256').update([...lines].sort().join('\n')).digest('hex').slice(0, 16);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
console.log(`\n${count(peer)} contacts of ${count(persons)} persons from one CSV file:\n`);
row('', 'load s', 'one case, depth 3: median ms', '1,000 cases, depth 2: ms', 'hash of the answers', 'load');
row(...Array(6).fill('---'));
const systems = { 'motcua graph, a process for each question': askOurs, 'the same, opened once': () => askOpened(), 'the same, held in memory (load: holding)': () => askOpened('held'), 'DuckDB, recursive query': () => askDuckdb(csv, questions) };
if (!options['skip-postgres']) systems['PostgreSQL 15, recursive query, covering index'] = () => askPostgres(csv, questions, scratch);
for (const [name, ask] of Object.entries(systems)) {
  const done = await ask();
  const of = (what) => done.answers.filter((_, i) => questions[i].name === what).map((a) => a.ms);
  row(name, done.load_seconds?.toFixed(2) ?? '', median(of('one case, depth 3')).toFixed(2), of('1,000 cases, depth 2')[0].toFixed(0), hash(done.answers.flatMap((a, i) => a.lines.map((l) => `${i},${l}`))), load());
}
