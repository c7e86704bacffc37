// motcua graph load and motcua graph trace against a slow reading of docs/formats.md, in small random worlds and in bad ones.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'node:test';
import { csv, motcua, parseCsv, scratch } from './house.mjs';

const minute = 60_000;
const hour = 60 * minute;
const vietnam = 7 * hour;
const iso = (ms) => new Date(ms + vietnam).toISOString().replace(/(\.000)?Z$/, '+07:00');
const at = (text) => Date.parse(`2021-07-${text}+07:00`);

// ---- the definition, sentence by sentence

/// Contacts {a, b, from, to}; visits {person, place, from, to}. "two visits to one place make a contact over their overlap, when it is
/// longer than zero".
function allContacts(contacts, visits) {
  const met = visits.flatMap((v, i) => visits.slice(i + 1)
    .filter((w) => w.place === v.place && w.person !== v.person)
    .map((w) => ({ a: v.person, b: w.person, from: Math.max(v.from, w.from), to: Math.min(v.to, w.to) })));
  return [...contacts, ...met.filter((c) => c.to > c.from)];
}

/// Whom a person with arrival `when` gives it to, and during what.
function passedOn(q, all, person, when) {
  const end = (p) => q.isolated?.[p] ?? Infinity;
  const forward = q.direction !== 'backward';
  const window = q.seeds.includes(person) ? [q.from, q.to] : forward ? [when + q.latent, end(person)] : [-Infinity, when - q.latent];
  return all.filter((c) => c.a === person || c.b === person).map((c) => {
    const other = c.a === person ? c.b : c.a;
    const last = forward ? Infinity : end(other);
    return { other, from: Math.max(c.from, window[0]), to: Math.min(c.to, window[1], last) };
  }).filter((o) => !q.seeds.includes(o.other) && o.to > o.from && o.to - o.from >= q.minutes);
}

function reference(q, contacts, visits) {
  const all = allContacts(contacts, visits);
  const forward = q.direction !== 'backward';
  const arrival = (o) => (forward ? o.from : o.to);
  const earlier = (x, y) => (forward ? x < y : x > y);
  let known = new Map(q.seeds.map((s) => [s, forward ? q.from : q.to]));
  const rows = [];
  for (let level = 1; level <= q.depth; ++level) {
    const next = new Map(known);
    for (const [person, when] of known)
      for (const o of passedOn(q, all, person, when))
        if (!next.has(o.other) || earlier(arrival(o), next.get(o.other))) next.set(o.other, arrival(o));
    for (const [person, when] of next) {
      if (known.has(person)) continue;
      const giving = [...known].flatMap(([via, then]) => passedOn(q, all, via, then).filter((o) => o.other === person).map((o) => ({ via, ...o })));
      const via = giving.filter((o) => arrival(o) === when).map((o) => o.via).sort()[0];
      rows.push({ person, level: String(level), at: iso(when), minutes: String(giving.reduce((sum, o) => sum + o.to - o.from, 0) / minute), via });
    }
    known = next;
  }
  return rows.sort((x, y) => x.level - y.level || (x.person < y.person ? -1 : 1));
}

// ---- the tool

const contactsText = (rows, when = iso) => csv('a,b,start,minutes,kind', ...rows.map((c) => `${c.a},${c.b},${when(c.from)},${(c.to - c.from) / minute},${c.kind ?? ''}`));
const visitsText = (rows, when = iso) => csv('person,place,from,to', ...rows.map((v) => `${v.person},${v.place},${when(v.from)},${when(v.to)}`));

class Graph {
  constructor() {
    this.folder = scratch('motcua-graph-');
    this.dir = join(this.folder, 'graph');
  }
  file(name, content) {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }
  load(...files) {
    const done = motcua(['graph', 'load', ...files, '--out', this.dir, '--json']);
    assert.ok(done.status === 0 || done.status === 1, done.err);
    return { status: done.status, ...JSON.parse(done.out) };
  }
  run(q, ...more) {
    const args = ['graph', 'trace', this.dir, ...q.seeds.flatMap((s) => ['--seed', s]), '--from', iso(q.from), '--to', iso(q.to), '--depth', String(q.depth)];
    if (q.latent) args.push('--latent-minutes', String(q.latent / minute));
    if (q.minutes) args.push('--min-minutes', String(q.minutes / minute));
    if (q.direction) args.push('--direction', q.direction);
    if (q.isolated) args.push('--isolated', this.file('isolated.csv', csv('person,at', ...Object.entries(q.isolated).map(([p, t]) => `${p},${iso(t)}`))));
    return motcua([...args, ...more, '--lang', 'en']);
  }
  trace(q) {
    const done = this.run(q);
    assert.equal(done.status, 0, done.err);
    return parseCsv(done.out);
  }
}
const ask = (more) => ({ seeds: ['A'], from: at('20T00:00:00'), to: at('30T00:00:00'), depth: 9, latent: 0, minutes: 0, ...more });

let state = 20211123;
const random = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
const some = (n, make) => Array.from({ length: random(n) }, make);
const person = () => 'ABCDEFGH'[random(8)];
/// Around two midnights; now and then seconds and milliseconds.
const time = () => at('21T12:00:00') + random(48 * 6) * 10 * minute + (random(4) ? 0 : random(600) * 1000 + (random(2) ? 0 : random(1000)));
const length = () => (random(3) ? (1 + random(90)) * minute : random(10) ? 500 + random(9000) * 10 : 30 * hour);

function world() {
  const contacts = some(22, () => ({ a: person(), b: person(), from: time() })).map((c) => ({ ...c, to: c.from + length() })).filter((c) => c.a !== c.b);
  const visits = some(16, () => ({ person: person(), place: 'xyz'[random(3)], from: time() })).map((v) => ({ ...v, to: v.from + length() }));
  return { contacts, visits };
}

test('random worlds, both directions', () => {
  for (let round = 0; round < 40; ++round) {
    const { contacts, visits } = world();
    const graph = new Graph();
    const half = contacts.length >> 1;
    // Times as three clocks write them, files plain and packed, in one load or in two.
    const utc = (ms) => new Date(ms).toISOString();
    const local = (ms) => iso(ms).replace('+07:00', '').replace('T', ' ');
    const files = [graph.file('a.csv', contactsText(contacts.slice(0, half), utc)), graph.file('b.csv.gz', gzipSync(contactsText(contacts.slice(half), local))), graph.file('v.csv', visitsText(visits))];
    const done = round % 2 ? graph.load(...files) : files.map((f) => graph.load(f)).at(-1);
    assert.deepEqual([done.contacts, done.visits, done.rejected], [contacts.length, visits.length, 0]);
    const known = [...new Set([...contacts.flatMap((c) => [c.a, c.b]), ...visits.map((v) => v.person)])];
    assert.equal(done.persons, known.length);
    for (let n = 0; n < 4 && known.length; ++n) {
      const from = time();
      const q = {
        seeds: random(4) ? [known[random(known.length)]] : [...new Set([known[random(known.length)], known[random(known.length)]])], from, to: from + length() * 8,
        depth: 1 + random(6), latent: random(2) * random(200) * minute, minutes: random(2) * random(40) * minute,
        direction: random(2) ? 'forward' : 'backward', isolated: Object.fromEntries(some(4, () => [person(), time()])),
      };
      assert.deepEqual(graph.trace(q), reference(q, contacts, visits), JSON.stringify({ q, contacts, visits }));
    }
  }
});

test('half-open ends, and contacts that go on past midnight', () => {
  const contacts = [['A', 'B', '22T07:00:00', 60], ['A', 'C', '22T09:00:00', 10], ['A', 'D', '22T08:59:00', 10], ['D', 'E', '22T23:50:00', 30], ['E', 'F', '23T00:05:00', 2880]]
    .map(([a, b, from, m]) => ({ a, b, from: at(from), to: at(from) + m * minute }));
  const graph = new Graph();
  graph.load(graph.file('c.csv', contactsText(contacts)));
  const q = ask({ from: at('22T08:00:00'), to: at('22T09:00:00') });
  assert.deepEqual(graph.trace(q).map((r) => `${r.person} ${r.level} ${r.at.slice(8, 16)} ${r.minutes} ${r.via}`),
    ['D 1 22T08:59 1 A', 'E 2 22T23:50 30 D', 'F 3 23T00:05 2880 E']);
  // Two days later the long contact is found from its day: E has it from the 25th on.
  assert.deepEqual(graph.trace(ask({ seeds: ['E'], from: at('24T12:00:00') })).map((r) => `${r.person} ${r.at} ${r.minutes}`), [`F 2021-07-24T12:00:00+07:00 725`]);
});

test('a longer but earlier chain opens contacts and hides no level', () => {
  const contacts = [['A', 'B', '22T12:00:00', 10], ['A', 'C', '22T08:00:00', 10], ['C', 'B', '22T09:00:00', 10], ['B', 'D', '22T10:00:00', 10], ['B', 'E', '22T13:00:00', 10]]
    .map(([a, b, from, m]) => ({ a, b, from: at(from), to: at(from) + m * minute }));
  const graph = new Graph();
  graph.load(graph.file('c.csv', contactsText(contacts)));
  assert.deepEqual(graph.trace(ask()).map((r) => r.person + r.level + r.at.slice(11, 16)), ['B112:00', 'C108:00', 'E213:00', 'D310:00']);
});

test('ids are any text', () => {
  const ids = ['Nguyễn "Văn" A', 'a,b', '0', '00', 'ä', 'z'.repeat(1000), '=1+1'];
  const rows = ids.slice(1).map((id, i) => ({ a: ids[i], b: id, from: at('22T08:00:00') + i * hour, to: at('22T08:30:00') + i * hour }));
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const graph = new Graph();
  graph.load(graph.file('c.csv', contactsText(rows.map((r) => ({ ...r, a: quoted(r.a), b: quoted(r.b) })))));
  assert.deepEqual(graph.trace(ask({ seeds: [ids[0]] })).map((r) => [r.person, r.via]), ids.slice(1).map((id, i) => [id, ids[i]]));
});

test('rows that are rejected say why', () => {
  const graph = new Graph();
  const done = graph.load(graph.file('c.csv', csv('minutes;start;B;a', '10;2021-07-22 08:00;B;A', '0;2021-07-22 08:00;B;A', '-5;2021-07-22 08:00;B;A', '10;2021-07-22 08:00;A;A',
    '10;no time;B;A', 'ten;2021-07-22 08:00;B;A', '10;1999-12-31 08:00;B;A', '10;2100-01-02 08:00;B;A', `10;2021-07-22 08:00;${'x'.repeat(10_000)};A`, '10;2021-07-22 08:00;;A', '7.5;22/07/2021 09:00;C;A')),
    graph.file('v.csv', csv('person,place,from,to', 'A,x,2021-07-22 08:00,2021-07-22 07:00', 'A,x,2021-07-22 08:00,2021-07-22 08:00')));
  assert.deepEqual([done.status, done.contacts, done.visits, done.rejected, done.persons, done.places], [1, 2, 1, 10, 3, 1]);
  const reasons = done.rejected_file.split(';').flatMap((f) => parseCsv(readFileSync(f, 'utf8')));
  assert.deepEqual(reasons.map((r) => `${r.row} ${r.field}`), ['2 minutes', '3 minutes', '4 b', '5 start', '6 minutes', '7 start', '8 start', '9 b', '10 b', '1 to']);
  assert.ok(reasons.every((r) => r.reason.length > 10 && !r.reason.includes('{{')));
  assert.deepEqual(graph.trace(ask()).map((r) => r.person + r.minutes), ['B10', 'C7.5']);
});

test('the summary, and rows given twice', () => {
  const graph = new Graph();
  const file = graph.file('c.csv', contactsText([{ a: 'A', b: 'B', from: at('22T08:00:00'), to: at('22T08:10:00') }]));
  const once = graph.load(file);
  for (const key of ['persons', 'places', 'contacts', 'visits', 'rejected', 'bytes', 'bytes_per_contact', 'rows_per_second']) assert.equal(typeof once[key], 'number', key);
  assert.equal(once.bytes_per_contact, once.bytes / once.contacts);
  assert.equal(graph.load(file).contacts, 2);
  assert.deepEqual(graph.trace(ask()).map((r) => r.minutes), ['20']);
});

test('json and dot', () => {
  const graph = new Graph();
  graph.load(graph.file('c.csv', contactsText([{ a: 'A', b: 'B "b"', from: at('22T08:00:00'), to: at('22T08:10:00') }].map((c) => ({ ...c, b: '"B ""b"""' })))));
  assert.deepEqual(JSON.parse(graph.run(ask(), '--format', 'json').out),
    { direction: 'forward', partial: false, contacts: [{ person: 'B "b"', level: 1, at: '2021-07-22T08:00:00+07:00', minutes: 10, via: 'A' }] });
  assert.match(graph.run(ask(), '--format', 'dot').out, /^digraph [\s\S]*"A" -> "B \\"b\\""[\s\S]*\}\n$/);
  assert.deepEqual(JSON.parse(graph.run(ask({ to: at('20T00:00:00') }), '--format', 'json').out).contacts, []);
});

test('questions that cannot be asked', () => {
  const graph = new Graph();
  graph.load(graph.file('c.csv', contactsText([{ a: 'A', b: 'B', from: at('22T08:00:00'), to: at('22T08:10:00') }])));
  const refuses = (done, status, says) => {
    assert.equal(done.status, status, done.err);
    assert.match(done.err, says);
    assert.equal(done.out, '');
  };
  refuses(graph.run(ask({ seeds: ['Z'] })), 3, /does not know/);
  refuses(graph.run(ask({ from: at('31T00:00:00') })), 2, /after/);
  refuses(graph.run(ask({ depth: 0 })), 2, /depth/);
  refuses(graph.run(ask({ depth: 10_000 })), 2, /depth/);
  refuses(graph.run(ask(), '--latent-minutes', '-1'), 2, /minutes/);
  refuses(graph.run(ask(), '--min-minutes', 'nan'), 2, /minutes/);
  refuses(graph.run(ask(), '--isolated', graph.file('i.csv', csv('person,at', 'A,soon'))), 3, /1.*at|at.*1/s);
  refuses(motcua(['graph', 'trace', graph.folder, '--seed', 'A', '--from', '2021-07-20', '--to', '2021-07-21', '--depth', '1', '--lang', 'en']), 3, /no contact graph/);
  refuses(motcua(['graph', 'load', graph.file('x.csv', csv('person,phone', 'A,1')), '--out', graph.dir, '--lang', 'en']), 3, /header/i);
  refuses(motcua(['graph', 'load', graph.file('y.csv', csv('a,b,start,minutes')), '--out', graph.folder, '--lang', 'en']), 3, /something else/);
});

test('a damaged file is named and the rest answers', () => {
  const graph = new Graph();
  graph.load(graph.file('c.csv', contactsText([['A', 'B', '22T08:00:00'], ['A', 'C', '24T08:00:00']].map(([a, b, from]) => ({ a, b, from: at(from), to: at(from) + hour })))));
  const name = readdirSync(graph.dir).find((n) => n.startsWith('day-2021-07-22'));
  const bytes = readFileSync(join(graph.dir, name));
  bytes[100] ^= 1;
  writeFileSync(join(graph.dir, name), bytes);
  const done = graph.run(ask());
  assert.equal(done.status, 1);
  assert.ok(done.err.includes(name), done.err);
  assert.deepEqual(parseCsv(done.out).map((r) => r.person), ['C']);
  const checked = motcua(['graph', 'check', graph.dir, '--json']);
  assert.deepEqual([checked.status, JSON.parse(checked.out).damaged], [1, 1]);
});

test('a file that is not a table changes nothing', () => {
  const graph = new Graph();
  const good = contactsText([{ a: 'A', b: 'B', from: at('22T08:00:00'), to: at('22T08:10:00') }]);
  graph.load(graph.file('c.csv', good));
  const done = motcua(['graph', 'load', graph.file('more.csv', good), graph.file('bad.csv', good + 'A,"never closed\n'), '--out', graph.dir]);
  assert.equal(done.status, 3);
  assert.deepEqual(graph.trace(ask()).map((r) => r.minutes), ['10']);
  mkdirSync(join(graph.folder, 'empty'));
  assert.equal(motcua(['graph', 'load', graph.file('none.csv', csv('a,b,start,minutes')), '--out', join(graph.folder, 'empty')]).status, 0);
});
