// motcua match: anybody's tables. What comes out, and what is said when something is wrong.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'node:test';
import { House, binary, csv, motcua, parseCsv } from './house.mjs';

const house = new House();
const fields = [['given', 'name'], ['surname', 'name'], ['born', 'date'], ['city', 'category']];
const spec = (more = {}) => `[input]\nid = "${more.id ?? 'row'}"\n${more.input ?? ''}\n` +
  (more.fields ?? fields).map(([name, kind, rest = '']) => `[[field]]\nname = "${name}"\nkind = "${kind}"\n${rest}\n`).join('') + (more.rest ?? '');
const replaced = (list, at, value) => list.map((v, i) => (i === at ? value : v));
const header = 'row,given,surname,born,city';
const given = ['Anna', 'Boris', 'Clara', 'Dmitri', 'Elena', 'Fedor', 'Galina', 'Henrik', 'Irina', 'Jakob'];
const surname = ['Larkin', 'Moreno', 'Novak', 'Osborne', 'Petrov', 'Quist', 'Rossi', 'Santos', 'Tanaka', 'Urban', 'Vogel', 'Weber'];
const person = (i) => [given[i % 10], surname[(i * 7 + (i / 10 | 0)) % 12], `${1940 + (i * 13) % 70}-0${1 + i % 9}-${10 + (i * 11) % 18}`, ['Hue', 'Vinh', 'Dalat'][i % 3]];
/// Everybody twice, the second time with a slip now and then.
const twice = (n) => Array.from({ length: n }, (_, i) => [[`a${i}`, ...person(i)], [`b${i}`, ...replaced(person(i), 1, person(i)[1] + (i % 5 ? '' : 'x'))]]).flat();
const table = (rows) => csv(header, ...rows.map((r) => r.join(',')));

let runs = 0;
function match(files, specification, args = []) {
  const out = join(house.home, `clusters${++runs}.csv`);
  const paths = files.map((f) => house.file(f));
  const done = house.run('match', ...paths, '--spec', house.file(specification, `spec${runs}.toml`), '--out', out, '--json', ...args);
  return { ...done, out: done.status === 0 ? JSON.parse(done.out) : done.out, clusters: existsSync(out) ? parseCsv(readFileSync(out, 'utf8')) : null };
}
const right = (done) => { assert.equal(done.status, 0, done.err); return done; };

test('one file: every row once, the two of a person together', () => {
  const { out, clusters } = right(match([table(twice(60))], spec()));
  assert.equal(clusters.length, 120);
  assert.deepEqual(Object.keys(clusters[0]), ['row_id', 'cluster_id']);
  const of = Object.fromEntries(clusters.map((c) => [c.row_id, c.cluster_id]));
  assert.ok([...Array(60).keys()].filter((i) => of[`a${i}`] === of[`b${i}`]).length >= 58);
  assert.equal(out.clusters, new Set(clusters.map((c) => c.cluster_id)).size);
  for (const key of ['rows', 'candidate_pairs', 'pairs_scored', 'clusters', 'seconds', 'phase_seconds', 'peak_memory_bytes', 'expected_precision', 'expected_recall', 'blocks', 'parameters'])
    assert.ok(key in out, key);
  for (const f of out.parameters) for (const l of f.levels) assert.ok(l.m > 0 && l.m < 1 && l.u > 0 && l.u < 1, l.level);
});

test('gzip, semicolons, a column called otherwise, and the same answer', () => {
  const rows = twice(40), renamed = fields.map(([n, k]) => n === 'born' ? ['birth', k, 'column = "born"'] : [n, k]);
  const plain = right(match([table(rows)], spec()));
  assert.deepEqual(right(match([gzipSync(table(rows))], spec())).clusters, plain.clusters);
  assert.deepEqual(right(match([table(rows).replaceAll(',', ';')], spec({ fields: renamed }))).clusters, plain.clusters);
});

test('two files: pairs across only, at most one partner where asked', () => {
  const rows = twice(40), a = rows.filter((r) => r[0][0] === 'a'), b = rows.filter((r) => r[0][0] === 'b');
  const pairs = join(house.home, 'pairs.csv');
  const { clusters } = right(match([table([...a, ['a0x', ...a[0].slice(1)]]), table(b)], spec({ input: 'one_to_one = true' }), ['--pairs', pairs]));
  assert.deepEqual(Object.keys(clusters[0]), ['file', 'row_id', 'cluster_id']);
  assert.equal(clusters.length, 81);
  const sizes = {};
  for (const c of clusters) sizes[c.cluster_id] = (sizes[c.cluster_id] ?? 0) + 1;
  assert.ok(Math.max(...Object.values(sizes)) === 2);
  for (const p of parseCsv(readFileSync(pairs, 'utf8'))) {
    assert.match(p.row_a, /^a/);
    assert.match(p.row_b, /^b/);
    assert.ok(['link', 'review'].includes(p.decided) && p.probability >= 0.5);
  }
});

test('a model is written once and read from then on', () => {
  const model = join(house.home, 'model.json'), rows = table(twice(50));
  const first = right(match([rows], spec(), ['--model', model])), text = readFileSync(model, 'utf8');
  const again = right(match([rows], spec(), ['--model', model]));
  assert.deepEqual([first.out.model_learned, again.out.model_learned], [true, false]);
  assert.equal(readFileSync(model, 'utf8'), text);
  assert.deepEqual(again.clusters, first.clusters);
  assert.deepEqual(again.out.parameters, first.out.parameters);
  assert.match(match([rows], spec({ fields: fields.slice(1) }), ['--model', model]).err, /linkage\.model_unreadable/);
});

test('blocks of one’s own are the only ones', () => {
  const { out } = right(match([table(twice(60))], spec({ rest: '[[block]]\non = ["born", "city"]\n' })));
  assert.equal(out.blocks.length, 1);
  assert.ok(out.candidate_pairs <= 120);
});

test('odd tables end soon with a sane answer', () => {
  const persons = (rows) => right(match([table(rows)], spec())).out.clusters;
  assert.equal(persons([]), 0);
  assert.equal(persons([['1', ...person(1)]]), 1);
  const copies = Array.from({ length: 10_000 }, (_, i) => [i, ...person(3)]);
  assert.ok(right(match([table(copies)], spec())).out.pairs_scored < 5_000_000);
  const among = right(match([table([...twice(500).map((r) => [...r.slice(0, 2), `${r[2]}${r[0].slice(1)}`, ...r.slice(3)]), ...copies])], spec())).out;
  assert.ok(among.pairs_scored > 0 && among.pairs_scored < 5_000_000, `${among.pairs_scored}`);   // half of the rows one row: the others still meet
  assert.ok(among.clusters < 600, `${among.clusters}`);
  assert.equal(persons(twice(30).map(([id]) => [id, '', '', '', ''])), 60);                                  // nothing to compare
  assert.ok(persons(twice(60).map((r) => replaced(r, 4, ''))) <= 64);                                    // one empty column
  assert.ok(persons(twice(60).map((r) => [...r.slice(0, 4), 'Hue'])) <= 64);                               // one value everywhere
  assert.equal(right(match([table([['1', ...person(1)]]), table([['1', ...person(1)]])], spec())).clusters.length, 2);
});

const good = table(twice(20));
const wrong = {
  'a column the file lacks': [2, [good], spec({ fields: [...fields, ['phone', 'phone']] }), /app\.match_column_missing/, /phone.*5 column/],
  'an id column it lacks': [2, [good], spec({ id: 'number' }), /app\.match_column_missing/, /number/],
  'an id twice': [3, [table([...twice(3), ['b1', ...person(9)]])], spec(), /app\.match_id_twice/, /row 7.*row 4/i],
  'an id that is empty': [3, [table([...twice(3), ['', ...person(9)]])], spec(), /app\.match_id_empty/, /7/],
  'text that is not UTF-8': [3, [Buffer.concat([Buffer.from(good), Buffer.from('x,Jos\xe9,Larkin,1990-01-01,Hue\n', 'latin1')])], spec(), /intake\.not_utf8/, /given/],
  'a short row': [3, [good + 'x,Anna\n'], spec(), /intake\.row_short/, /./],
  'an empty file': [3, [''], spec(), /intake\.empty/, /./],
  'cut gzip': [3, [gzipSync(good).subarray(0, 100)], spec(), /intake\.gzip/, /./],
  'one file to be linked': [2, [good], spec({ input: 'mode = "link"' }), /app\.match_files/, /2/],
  'two files to be de-duplicated': [2, [good, good], spec({ input: 'mode = "dedupe"' }), /app\.match_files/, /1/],
  'a mode unknown': [2, [good], spec({ input: 'mode = "join"' }), /toml\.out_of_bounds/, /input\.mode/],
  'a kind unknown': [2, [good], spec({ fields: [['given', 'colour']] }), /linkage\.unknown_kind/, /colour/],
  'a locale unknown': [2, [good], spec({ fields: [['given', 'name', 'locale = "xx"']] }), /app\.match_locale/, /xx/],
  'a key unknown': [2, [good], spec({ fields: [['given', 'name', 'fuzzy = true']] }), /toml\.unknown_key/, /fuzzy/],
  'a section unknown': [2, [good], spec({ rest: '[decide]\n' }), /toml\.unknown_key/, /decide/],
  'no field': [2, [good], spec({ fields: [] }), /linkage\.no_fields/, /./],
  'a field twice': [2, [good], spec({ fields: [['given', 'name'], ['given', 'text']] }), /linkage\.duplicate_field/, /given/],
  'twenty-five fields': [2, [good], spec({ fields: Array.from({ length: 25 }, (_, i) => [`f${i}`, 'text', 'column = "given"']) }), /linkage\.too_many_fields/, /24/],
  'the id compared': [2, [good], spec({ fields: [['row', 'id']] }), /app\.match_id_compared/, /row/],
  'a block on no field': [2, [good], spec({ rest: '[[block]]\non = ["town"]\n' }), /linkage\.unknown_block_field/, /town/],
  'a block on nothing': [2, [good], spec({ rest: '[[block]]\non = []\n' }), /toml\.out_of_bounds/, /on/],
  'review above link': [2, [good], spec({ rest: '[decision]\nlink_probability = 0.6\nreview_probability = 0.8\n' }), /linkage\.bad_probability/, /./],
  'a probability of two': [2, [good], spec({ rest: '[decision]\nlink_probability = 2\n' }), /toml\.out_of_bounds/, /link_probability/],
  'no TOML': [2, [good], 'id = = 3', /toml\.unreadable/, /row 1/i],
};
for (const [what, [status, files, specification, code, sentence]] of Object.entries(wrong))
  test(`wrong: ${what}`, () => {
    const done = match(files, specification);
    assert.equal(done.status, status, done.err);
    assert.match(done.err, code);
    assert.match(done.err, sentence);
    assert.equal(done.clusters, null, 'nothing is written');
    assert.ok(!/Larkin|Jos/.test(done.err), 'no value of a row is shown');
  });

test('what is read is not written over', () => {
  const file = house.file(good), specification = house.file(spec(), 'same.toml');
  assert.equal(house.run('match', file, '--spec', specification, '--out', file).status, 2);
  assert.equal(readFileSync(file, 'utf8'), good);
  assert.equal(house.run('match', file, '--spec', join(house.home, 'none.toml'), '--out', join(house.home, 'x.csv')).status, 2);
  assert.equal(house.run('match', join(house.home, 'none.csv'), '--spec', specification, '--out', join(house.home, 'x.csv')).status, 3);
});

test('what cannot be written is said before the work, and leaves nothing behind', () => {
  const specification = house.file(spec(), 'out.toml'), refused = (file, out, program) => {
    const done = motcua(['match', file, '--spec', specification, '--out', out], program);
    assert.equal(done.status, 3, done.err);
    assert.match(done.err, /app\.file_not_written/);
    assert.ok(done.err.includes(out), done.err);
    assert.ok(!existsSync(`${out}.part`));
  };
  const missing = join(house.home, 'none.csv');
  refused(missing, join(house.home, 'no/folder/x.csv'));
  refused(missing, house.home);
  const small = house.file('#!/bin/bash\nulimit -f 8\nexec "$MOTCUA_PROGRAM" "$@"\n', 'small.sh');   // files end after 8 KiB
  chmodSync(small, 0o755);
  refused(house.file(table(twice(1000)), 'many.csv'), join(house.home, 'x.csv'), { program: small, env: { MOTCUA_PROGRAM: binary } });
});

test('what a run that was killed left half written is written over by the next', () => {
  const out = join(house.home, 'after.csv');
  writeFileSync(`${out}.part`, 'row_id,cl');
  assert.equal(house.run('match', house.file(good), '--spec', house.file(spec(), 'after.toml'), '--out', out).status, 0);
  assert.ok(!existsSync(`${out}.part`));
  assert.match(readFileSync(out, 'utf8'), /^row_id,cluster_id\n/);
});
