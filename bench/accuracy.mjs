// How right `motcua match` is on public tables with known answers: unsupervised, one default configuration, blocks of its own choosing.
//   node bench/accuracy.mjs [DATA] [NAME...]      DATA: the folder with febrl/, opencr-uganda/, splink-fake1000/ (docs/accuracy.md says whose)
// MOTCUA_BINARY names the program. A town of `motcua simulate` is made when none of these names excludes it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const binary = process.env.MOTCUA_BINARY ?? join(root, 'build/release/motcua');
const [data = join(root, '../shared/data'), ...only] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'motcua-accuracy-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

function motcua(...args) {
  const done = spawnSync(binary, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`motcua ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

function readCsv(file) {
  const [header, ...rows] = readFileSync(file, 'utf8').split('\n').filter((l) => l.trim()).map((l) => {
    const fields = [];
    for (const m of l.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)) fields.push((m[1]?.replaceAll('""', '"') ?? m[2]).trim());
    return fields;
  });
  return rows.map((r) => Object.fromEntries(header.map((h, i) => [h, r[i] ?? ''])));
}

const field = ([name, kind, more = '']) => `[[field]]\nname = "${name}"\nkind = "${kind}"\n${more}`;
const spec = (id, fields) => `[input]\nid = "${id}"\n${fields.map(field).join('\n')}`;

const pairsOf = (n) => (n * (n - 1)) / 2;
/// Over pairs of rows.
function score(found, truth) {
  const count = (keys) => { const sizes = new Map(); for (const k of keys) sizes.set(k, (sizes.get(k) ?? 0) + 1); return [...sizes.values()].reduce((s, n) => s + pairsOf(n), 0); };
  const linked = count(found), all = count(truth), right = count(found.map((c, i) => `${c} ${truth[i]}`));
  const precision = linked ? right / linked : 1, recall = all ? right / all : 1;
  return { precision, recall, f1: 2 * precision * recall / (precision + recall || 1), pairs: all };
}

const febrl = (withId) => [['given_name', 'name'], ['surname', 'name'], ['street_number', 'category'], ['address_1', 'address'], ['address_2', 'address'],
  ['suburb', 'text'], ['postcode', 'id'], ['state', 'category'], ['date_of_birth', 'date'], ...(withId ? [['soc_sec_id', 'id']] : [])];
const recId = (r) => r.rec_id.split('-')[1];
const uganda = (withIds) => [['sex', 'category'], ['date_of_birth', 'date'], ['given_name', 'name'], ['surname', 'name'], ['phone_number', 'phone'],
  ...(withIds ? [['uganda_nin', 'id'], ['art_number', 'id']] : [])];
const sets = [];
for (const n of [1, 2, 3]) for (const withId of [true, false])
  sets.push({ name: `febrl${n}${withId ? '' : ' without id'}`, file: join(data, `febrl/dataset${n}.csv`), id: 'rec_id', fields: febrl(withId), truth: recId });
for (const withIds of [true, false])
  sets.push({ name: `uganda${withIds ? '' : ' without ids'}`, file: join(data, 'opencr-uganda/uganda_patients.csv'), id: 'rec_id', fields: uganda(withIds), truth: recId });
sets.push({ name: 'fake_1000', file: join(data, 'splink-fake1000/fake_1000.csv'), id: 'unique_id', truth: (r) => r.cluster,
  fields: [['first_name', 'name'], ['surname', 'name'], ['dob', 'date'], ['city', 'category'], ['email', 'email']] });

/// The register and the declarations of a made-up town as one table, with the truth that `simulate` leaves beside them.
function town(noise, people, seed) {
  const name = `town ${noise} ${seed}`, dir = join(scratch, `town-${noise}-${seed}`);
  const make = () => {
    motcua('simulate', '--people', String(people), '--days', '7', '--seed', String(seed), '--noise', noise, '--out', dir);
    const person = new Map(readCsv(join(dir, 'truth/persons.csv')).map((r) => [`${r.source}:${r.record_id}`, r.person]));
    const rows = [['row', 'name', 'birth', 'sex', 'phone', 'id', 'ward', 'address', 'person'].join(',')];
    const add = (source, key, r, v) => {
      const who = person.get(`${source}:${r[key]}`);
      if (who) rows.push([`${source}:${r[key]}`, ...v, who].map((x) => `"${(x ?? '').replaceAll('"', '""')}"`).join(','));
    };
    for (const r of readCsv(join(dir, 'residents.csv'))) add('residents', 'id_number', r, [r.full_name, r.birth_date, r.sex, r.phone, r.id_number, r.ward_code, r.address]);
    for (const r of readCsv(join(dir, 'ncovi.csv'))) add('ncovi', 'declaration_id', r, [r.full_name, r.birth_date, r.sex, r.phone, r.id_number, r.ward, r.address]);
    for (const r of readCsv(join(dir, 'vhd.csv'))) add('vhd', 'id', r, [r.fullName, r.birthYear, r.gender, r.phone, r.passport, r.ward, r.address]);
    writeFileSync(join(dir, 'table.csv'), rows.join('\n') + '\n');
  };
  return { name, make, file: join(dir, 'table.csv'), id: 'row', truth: (r) => r.person,
    fields: [['name', 'name', 'locale = "vi"\n'], ['birth', 'date'], ['sex', 'category'], ['phone', 'phone'], ['id', 'id'], ['ward', 'category'], ['address', 'address', 'locale = "vi"\n']] };
}
for (const noise of ['low', 'mid', 'high']) sets.push(town(noise, 5000, 1));

console.log(`${new Date().toISOString()}, load ${loadavg()[0].toFixed(1)}`);
console.log('set                        rows  true pairs  precision  recall      F1   expected P   R   seconds');
for (const set of sets) {
  if (only.length && !only.some((o) => set.name.startsWith(o))) continue;
  set.make?.();
  if (!existsSync(set.file)) { console.log(`${set.name}: no data`); continue; }
  writeFileSync(join(scratch, 'spec.toml'), spec(set.id, set.fields));
  const out = join(scratch, 'clusters.csv'), pairs = process.env.MOTCUA_PAIRS;
  const summary = JSON.parse(motcua('match', set.file, '--spec', join(scratch, 'spec.toml'), '--out', out, '--json', ...(pairs ? ['--pairs', pairs] : [])));
  const person = new Map(readCsv(set.file).map((r) => [r[set.id], set.truth(r)]));
  const rows = readCsv(out), s = score(rows.map((r) => r.cluster_id), rows.map((r) => person.get(r.row_id)));
  const n = (x, width, digits) => x.toFixed(digits).padStart(width);
  console.log(set.name.padEnd(24) + n(rows.length, 7, 0) + n(s.pairs, 12, 0) + n(s.precision, 11, 4) + n(s.recall, 8, 4) + n(s.f1, 8, 4)
    + n(summary.expected_precision, 9, 3) + n(summary.expected_recall, 7, 3) + n(summary.seconds, 8, 2));
}
