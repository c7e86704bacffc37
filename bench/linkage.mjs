// `./x bench linkage`: the linkage engine on made-up registers of growing size, and beside DuckDB: the same blocks and the same comparisons as SQL.
//   node bench/linkage.mjs [--max ROWS] [--peer ROWS] [--program FILE] [--keep DIR]
// Prints a table in Markdown and writes bench/linkage.svg: seconds and memory against rows.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { duckdbPairs } from './linkage_duckdb.mjs';
import { drawGrowth } from './linkage_plot.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({ options: {
  max: { type: 'string', default: '1000000' }, peer: { type: 'string', default: '1000000' },
  program: { type: 'string', default: join(root, 'build/release/linkage_bench') }, keep: { type: 'string' } } });
const sizes = [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000].filter((n) => n <= Number(options.max));
const scratch = options.keep ?? mkdtempSync(join(tmpdir(), 'motcua-linkage-'));
mkdirSync(scratch, { recursive: true });
if (!options.keep) process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

function program(...args) {
  const done = spawnSync(options.program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

function register(rows) {
  const file = join(scratch, `register-${rows}.csv`), truth = join(scratch, `truth-${rows}.csv`);
  if (!existsSync(truth)) program('generate', String(rows), file, '--truth', truth);
  return { file, truth };
}

const count = (n) => Math.round(n).toLocaleString('en-US');
const load = () => loadavg()[0].toFixed(1);

console.log(`${new Date().toISOString().slice(0, 16)}Z, ${cpus().length} × ${cpus()[0].model}, load ${load()}\n`);
console.log('| rows | seconds | processor seconds | read, blocks, learn, pairs, link (processor) | pairs | bytes a row: table, peak | F1 | result | load |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
const growth = [];
for (const rows of sizes) {
  const { file, truth } = register(rows);
  const run = JSON.parse(program('match', file, '--truth', truth));
  growth.push(run);
  console.log(`| ${[count(rows), run.seconds.toFixed(2), run.processor_seconds.toFixed(2), ['read', 'blocks', 'learn', 'pairs', 'link'].map((p) => run.phases[p][1].toFixed(2)).join(', '),
    count(run.pairs), `${count(run.table_bytes_a_row)}, ${count(run.peak_bytes_a_row)}`, run.f1.toFixed(4), run.hash, load()].join(' | ')} |`);
}
writeFileSync(join(root, 'bench/linkage.svg'), drawGrowth(growth));

// One after the other in one run, twice, so that both meet the same neighbours on this machine.
const peerRows = Number(options.peer);
if (peerRows > 0) {
  const { file } = register(peerRows);
  console.log(`\nThe same blocks, pairs, comparisons and weights on ${count(peerRows)} rows:\n`);
  console.log('| | read | block and score | pairs | hash of the pairs | as likely as not | load |\n| --- | --- | --- | --- | --- | --- | --- |');
  for (let turn = 0; turn < 2; ++turn) {
    const ours = JSON.parse(program('pairs', file));
    const theirs = await duckdbPairs(file, ours);
    const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
    row('ours', ours.read_seconds.toFixed(2), ours.pairs_seconds.toFixed(2), count(ours.pairs), ours.hash, count(ours.likely), load());
    row('ours, no pair given up early', '', ours.whole_pairs_seconds.toFixed(2), '', '', count(ours.likely_whole), '');
    row('DuckDB', theirs.readSeconds.toFixed(2), theirs.pairsSeconds.toFixed(2), count(theirs.pairs), theirs.hash, count(theirs.likely), load());
    const times = (a, b) => `${(b / a).toFixed(1)}×`;
    row('DuckDB / ours', times(ours.read_seconds, theirs.readSeconds), `${times(ours.pairs_seconds, theirs.pairsSeconds)} (${times(ours.whole_pairs_seconds, theirs.pairsSeconds)})`,
      '', ours.hash === theirs.hash ? 'same' : 'DIFFERENT', '', '');
  }
}
