// What else motcua graph answers: as of a past moment, with seats and distances, differences, places, bridges, origins, within limits.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { csv, motcua, parseCsv, scratch } from './house.mjs';

class Graph {
  constructor() {
    this.folder = scratch('motcua-graph-questions-');
    this.dir = join(this.folder, 'graph');
  }
  file(name, ...lines) {
    writeFileSync(join(this.folder, name), csv(...lines));
    return join(this.folder, name);
  }
  load(lines, ...more) {
    const done = motcua(['graph', 'load', this.file('rows.csv', ...lines), '--out', this.dir, '--json', ...more]);
    assert.equal(done.status, 0, done.err);
    return JSON.parse(done.out);
  }
  ask(command, seeds, ...more) {
    return motcua(['graph', command, this.dir, ...seeds.flatMap((s) => ['--seed', s]), '--from', '2021-07-20', '--to', '2021-08-20', '--depth', '3', '--lang', 'en', ...more]);
  }
  rows(...args) {
    const done = this.ask(...args);
    assert.equal(done.status, 0, done.err);
    return parseCsv(done.out);
  }
}

test('as of a past moment, and facts that are taken back', () => {
  const graph = new Graph();
  graph.load(['a,b,start,minutes', 'A,B,2021-07-21 08:00,10'], '--recorded', '2021-07-22 09:00');
  graph.load(['a,b,start,minutes', 'B,C,2021-07-21 09:00,10'], '--recorded', '2021-07-23 09:00');
  const back = graph.load(['a,b,start,minutes', 'B,A,2021-07-21 08:00,10', 'B,A,2021-07-21 08:00,11'], '--recorded', '2021-07-24 09:00', '--withdraw');
  assert.equal(back.withdrawn, 1, 'with the same ids and times only');
  const known = (...more) => graph.rows('trace', ['A'], ...more).map((r) => r.person).join('');
  assert.equal(known('--as-of', '2021-07-22 08:59'), '');
  assert.equal(known('--as-of', '2021-07-22 09:00'), 'B');
  assert.equal(known('--as-of', '2021-07-23 09:00'), 'BC');
  assert.equal(known('--as-of', '2021-07-24 09:00'), '');
  assert.equal(known(), '');
  const appended = motcua(['graph', 'append', graph.dir], { input: 'a,b,start,minutes\nA,D,2021-07-21 08:00,10\n' });
  assert.equal(appended.out, '1\n');
  assert.equal(known(), 'D');
  assert.equal(known('--as-of', '2021-07-30'), '');
  assert.equal(motcua(['graph', 'append', graph.dir, '--withdraw'], { input: 'a,b,start,minutes\nA,D,2021-07-21 08:00,10\n' }).status, 0);
  assert.equal(known(), '');
});

test('how near is near is a table', () => {
  const graph = new Graph();
  graph.load(['person,place,from,to,kind,seat', 'A,bus,2021-07-21 08:00,2021-07-21 09:00,vehicle,3A', 'B,bus,2021-07-21 08:00,2021-07-21 09:00,vehicle,5B', 'C,bus,2021-07-21 08:00,2021-07-21 09:00,vehicle,6A',
    'D,bus,2021-07-21 08:00,2021-07-21 09:00,vehicle,']);
  graph.load(['a,b,start,minutes,kind,distance_m', 'A,E,2021-07-21 10:00,10,proximity,1.5', 'A,F,2021-07-21 10:00,10,proximity,2.5']);
  const near = graph.file('near.csv', 'kind,distance_max_m,seat_rows_max', 'vehicle,,2', 'proximity,2,');
  const first = (...more) => graph.rows('trace', ['A'], ...more, '--isolated', graph.file('isolated.csv', 'person,at', ...[...'BCDEF'].map((p) => `${p},2021-01-01`))).map((r) => r.person).join('');
  assert.equal(first(), 'BCDEF');
  assert.equal(first('--near', near), 'BDE');
  const refused = graph.ask('trace', ['A'], '--near', graph.file('far.csv', 'kind,seat_rows_max', 'spaceship,2'));
  assert.deepEqual([refused.status, /kind/.test(refused.err)], [3, true]);
});

test('what a moved window changes is what two questions differ in', () => {
  const graph = new Graph();
  const rows = [];
  let state = 5;
  const random = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
  for (let i = 0; i < 300; ++i) {
    const a = random(60), b = random(60);
    if (a !== b) rows.push(`P${a},P${b},2021-07-${22 + random(6)} ${String(random(24)).padStart(2, '0')}:00,${1 + random(120)}`);
  }
  graph.load(['a,b,start,minutes', ...rows]);
  const at = (from, to, ...more) => {
    const done = motcua(['graph', 'trace', graph.dir, '--seed', 'P1', '--seed', 'P2', '--from', from, '--to', to, '--depth', '3', ...more]);
    assert.equal(done.status, 0, done.err);
    return parseCsv(done.out);
  };
  const kept = (r) => `${r.level} ${r.at} ${r.minutes} ${r.via}`;
  const before = new Map(at('2021-07-24', '2021-07-26').map((r) => [r.person, kept(r)]));
  const after = new Map(at('2021-07-22', '2021-07-25').map((r) => [r.person, kept(r)]));
  const changes = at('2021-07-24', '2021-07-26', '--against-from', '2021-07-22', '--against-to', '2021-07-25');
  const expected = [...new Set([...before.keys(), ...after.keys()])].filter((p) => before.get(p) !== after.get(p)).sort();
  assert.ok(expected.length > 3);
  assert.deepEqual(changes.map((c) => c.person), expected);
  for (const c of changes) {
    assert.equal(c.change, !before.has(c.person) ? 'added' : !after.has(c.person) ? 'removed' : 'changed');
    if (after.has(c.person)) assert.equal(kept(c), after.get(c.person));
    if (before.has(c.person)) assert.equal(`${c.level_before} ${c.at_before} ${c.minutes_before} ${c.via_before}`, before.get(c.person));
  }
  const json = JSON.parse(motcua(['graph', 'trace', graph.dir, '--seed', 'P1', '--from', '2021-07-24', '--to', '2021-07-26', '--depth', '2', '--against-from', '2021-07-24', '--format', 'json']).out);
  assert.deepEqual([json.changes, json.second_run], [[], false]);
});

test('places, bridges and origins', () => {
  const graph = new Graph();
  graph.load(['person,place,from,to,kind', ...['A1', 'A2', 'A3', 'teacher'].map((p) => `${p},factory,2021-07-21 08:00,2021-07-21 17:00,work`),
    ...['B1', 'B2', 'teacher'].map((p) => `${p},school,2021-07-22 08:00,2021-07-22 12:00,school`)]);
  graph.load(['a,b,start,minutes', 'index,A1,2021-07-20 08:00,600', 'index,B1,2021-07-20 19:00,600']);
  const places = graph.rows('places', ['A2']);
  assert.deepEqual(places.map((p) => `${p.place} ${p.kind} ${p.persons}`), ['factory work 3', 'school school 2']);
  const bridges = graph.rows('bridges', ['A1', 'A2'], '--other', 'B1', '--other', 'B2');
  assert.deepEqual([bridges[0].person, bridges[0].pairs, bridges[0].seeds, bridges[0].level_from_others], ['teacher', '4', '2', '1']);
  const origins = graph.rows('origins', ['A1', 'B1']);
  assert.deepEqual([origins[0].person, origins[0].cases, origins[0].direct, origins[0].is_case], ['index', '2', '2', 'false']);
  for (const [command, key] of [['places', 'places'], ['origins', 'origins']]) {
    const json = JSON.parse(graph.ask(command, ['A1', 'B1'], '--format', 'json').out);
    assert.ok(json[key].length > 0 && json.partial === false);
  }
  assert.equal(JSON.parse(graph.ask('bridges', ['A1'], '--other', 'B1', '--format', 'json').out).bridges[0].person, 'index');
});

test('with the earliest and the strongest chain to each person', () => {
  const graph = new Graph();
  graph.load(['a,b,start,minutes,kind', 'A,B,2021-07-21 08:00,5,vehicle', 'A,C>1,2021-07-21 09:00,600,household', 'B,D,2021-07-21 10:00,5,vehicle', 'C>1,D,2021-07-22 10:00,600,household']);
  graph.load(['person,place,from,to', 'D,market,2021-07-23 08:00,2021-07-23 09:00', 'E,market,2021-07-23 08:30,2021-07-23 10:00']);
  const plain = graph.rows('trace', ['A']), chains = graph.rows('trace', ['A'], '--chains');
  assert.deepEqual(chains.map(({ person, level, at, minutes, via }) => ({ person, level, at, minutes, via })), plain, 'more columns, the same rows');
  const of = (person) => chains.find((r) => r.person === person);
  assert.deepEqual([of('D').earliest, of('D').strongest], ['A>B>D', 'A>C\\>1>D']);
  assert.deepEqual([of('E').earliest, of('E').strongest], ['A>B>D>E', 'A>C\\>1>D>E']);
  assert.ok(of('D').strength > 0.5 && of('D').strength <= 1 && of('E').strength < of('D').strength);
  const json = JSON.parse(graph.ask('trace', ['A'], '--chains', '--format', 'json').out);
  const last = json.contacts.find((r) => r.person === 'E').strongest.at(-1);
  assert.deepEqual({ ...last, strength: 0 }, { from: 'D', to: 'E', begin: '2021-07-23T08:30:00+07:00', end: '2021-07-23T09:00:00+07:00', kind: 'venue', place: 'market', strength: 0 });
  const back = graph.rows('trace', ['E'], '--direction', 'backward', '--chains');
  assert.deepEqual(back.map(({ person, level, at, minutes, via }) => ({ person, level, at, minutes, via })), graph.rows('trace', ['E'], '--direction', 'backward'));
  assert.equal(back.find((r) => r.person === 'B').earliest, 'E>D>B');
});

test('a limit ends a question with a partial answer that says so', () => {
  const graph = new Graph();
  graph.load(['person,place,from,to', ...Array.from({ length: 400 }, (_, i) => `P${i},market,2021-07-21 08:00,2021-07-21 09:00`)]);
  for (const [command, ...more] of [['trace'], ['places'], ['origins'], ['bridges', '--other', 'P1']])
    for (const limit of [['--contacts-max', '100'], ['--milliseconds-max', '0']]) {
      const done = graph.ask(command, ['P0'], '--format', 'json', ...more, ...limit);
      assert.equal(done.status, 1, `${command} ${limit}: ${done.err}`);
      assert.equal(JSON.parse(done.out).partial, true);
      assert.match(done.err, /limit/);
    }
});

test('contacts from a binary file', () => {
  const graph = new Graph();
  const records = [[1, 2, '2021-07-21T08:00:00+07:00', 600_000, 150, 7], [2, 3, '2021-07-21T09:00:00+07:00', 90_000, 65_535, 8], [3, 3, '2021-07-21T09:00:00+07:00', 90_000, 65_535, 8]];
  const bytes = Buffer.alloc(8 + 32 * records.length);
  bytes.write('MCCONT1\n');
  records.forEach(([a, b, start, length, distance, kind], i) => {
    const at = 8 + 32 * i;
    bytes.writeBigUInt64LE(BigInt(a), at);
    bytes.writeBigUInt64LE(BigInt(b), at + 8);
    bytes.writeBigInt64LE(BigInt(Date.parse(start)), at + 16);
    bytes.writeUInt32LE(length, at + 24);
    bytes.writeUInt16LE(distance, at + 28);
    bytes.writeUInt8(kind, at + 30);
  });
  const file = join(graph.folder, 'contacts.bin');
  writeFileSync(file, bytes);
  const done = motcua(['graph', 'load', file, '--out', graph.dir, '--json']);
  assert.equal(done.status, 1, done.err);
  const { contacts, rejected } = JSON.parse(done.out);
  assert.deepEqual([contacts, rejected], [2, 1]);
  assert.deepEqual(graph.rows('trace', ['1']).map((r) => `${r.person} ${r.minutes}`), ['2 10', '3 1.5']);
  writeFileSync(file, bytes.subarray(0, 50));
  const cut = motcua(['graph', 'load', file, '--out', graph.dir, '--lang', 'en']);
  assert.deepEqual([cut.status, /cut off/.test(cut.err)], [3, true]);
});
