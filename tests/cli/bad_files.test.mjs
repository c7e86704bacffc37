// Files that are not what they say: a sentence that names row and field, exit status 3, and nothing half-done.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, copyFileSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import test from 'node:test';
import { House, binary, csv, motcua, register, root } from './house.mjs';

const header = 'sample_code,full_name,phone,collected_at,method,result';
const line = (n) => `S${n},Nguyễn Văn An ${n},093800${1000 + n},2021-07-22,PCR,POS`;
const many = (n) => csv(header, ...Array.from({ length: n }, (_, i) => line(i)));

const house = new House();
house.import('residents', csv(register, '079090000011,,Nguyễn Văn An,1990-02-01,Nam,0938000204,,,'));
house.import('tests', csv(header, line(9999)));
house.link();
const before = house.links().text;
const unchanged = (what) => {
  house.link();
  assert.ok(house.links().text === before, `${what}: something was written`);
};

const good = many(5000);   // more than two batches: what is wrong comes after rows that could have been written
const at = (text, index, bytes) => Buffer.concat([Buffer.from(text.slice(0, index)), bytes, Buffer.from(text.slice(index))]);
const name4000 = good.indexOf('An 4000');
const field4000 = good.indexOf(',', good.indexOf('S4000,')) + 1;
const cases = {
  'UTF-16 with its mark': [Buffer.from('\uFEFF' + good, 'utf16le'), /UTF-16/],
  'UTF-16 without': [Buffer.from(good, 'utf16le'), /UTF-16/],
  'UTF-16 big-endian': [Buffer.from('\uFEFF' + good, 'utf16le').swap16(), /UTF-16/],
  'Latin-1': [Buffer.concat([Buffer.from(many(3000)), Buffer.from('S,Jos\xe9 Mar\xeda,,2021-07-22,PCR,POS\n', 'latin1')]), /row 3001.*full_name/i],
  'TCVN3': [Buffer.concat([Buffer.from(many(2)), Buffer.from([0x53, 0x2c, 0x4e, 0x67, 0x75, 0x79, 0xd4, 0x6e, 0x2c]), Buffer.from(',2021-07-22,PCR,POS\n')]), /row 3.*full_name/i],
  'a cut letter at the end': [Buffer.concat([Buffer.from(many(2)), Buffer.from([0x53, 0x2c, 0xe1, 0xba])]), /row 3/i],
  'a NUL byte': [at(good, name4000, Buffer.from([0])), /row 4001.*full_name/i],
  'a byte order mark in the middle': [at(good, name4000, Buffer.from([0xef, 0xbb, 0xbf])), /row 4001.*full_name/i],
  'gzip that ends too early': [gzipSync(good).subarray(0, 20000), /./],
  'gzip with a wrong byte': [((b) => { b[b.length >> 1] ^= 255; return b; })(gzipSync(good)), /./],
  'gzip with nothing behind its magic': [Buffer.from([0x1f, 0x8b]), /./],
  'gzip within gzip': [gzipSync(gzipSync(good)), /./],
  'a header of ten million columns': ['c,'.repeat(10_000_000) + '\n', /header.*1[,. ]?000|1[,. ]?000/],
  'a row of ten million columns': [csv(header) + 'c,'.repeat(10_000_000) + '\n', /row 1/i],
  'a quote that never closes': [at(good, field4000, Buffer.from('"')), /row 4001.*full_name/i],
  'a quote that never closes, in the last row': [many(3) + 'S4,"Nguyễn', /row 4.*full_name/i],
  'a quote in the middle of a quoted field': [many(3) + 'S4,"Nguyễn" An,,2021-07-22,PCR,POS\n', /row 4.*full_name/i],
  'a quote that never closes, in the header': ['sample_code,"full_name,phone\n' + many(2), /header|first line/i],
  'a quoted field of two megabytes': [many(2) + `S3,"${'a'.repeat(2 << 20)}",,2021-07-22,PCR,POS\n`, /row 3.*full_name.*1[,. ]?048[,. ]?576/i],
  'a field of a megabyte': [many(2) + `S3,${'a'.repeat(1 << 20)},,2021-07-22,PCR,POS\n`, /row 3/i],
  'a field of 70 kB': [many(2) + `S3,${'a'.repeat(70_000)},,2021-07-22,PCR,POS\n`, /row 3.*full_name/i],
  'an empty file': ['', /empty/i],
  'a byte order mark alone': ['\uFEFF', /empty/i],
  'blank lines alone': ['\n\n\r\n', /empty/i],
  'a column twice': [csv('sample_code,full_name,Full Name,collected_at,method,result'), /full_name/],
  'another file altogether': ['{"sample_code": "S1"}\n', /sample_code/],
  'a PDF': ['%PDF-1.7\n', /./],
  'old Excel': [Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(4096)]), /spreadsheet|Excel/i],
  'random bytes': [Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255)), /./],
};
for (const [what, [content, says]] of Object.entries(cases))
  test(what, () => {
    const said = house.refuses('tests', content, { name: what.startsWith('gzip') ? 'bad.csv.gz' : 'bad.csv' });
    assert.match(said, says);
    assert.ok(!/\{\{|undefined/.test(said), said);
    assert.ok(said.length < 600, `a sentence, not a dump: ${said.length} characters`);
    unchanged(what);
  });

test('a real spreadsheet', (t) => {
  let workbook;
  try {
    const xlsx = createRequire(join(root, 'package.json'))('xlsx');
    const book = xlsx.utils.book_new();
    xlsx.utils.book_append_sheet(book, xlsx.utils.aoa_to_sheet(many(3).split('\n').map((l) => l.split(','))), 'tests');
    workbook = xlsx.write(book, { type: 'buffer', bookType: 'xlsx' });
  } catch {
    workbook = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\0\0'), Buffer.alloc(200), Buffer.from('xl/workbook.xml')]);
    t.diagnostic('package xlsx is not there: a hand-made head of a zip file instead');
  }
  for (const name of ['tests.xlsx', 'tests.csv']) assert.match(house.refuses('tests', workbook, { name }), /spreadsheet|Excel/i);
  unchanged('spreadsheet');
});

test('a header alone is a file of no rows', () => {
  const done = house.import('tests', csv(header));
  assert.deepEqual([done.read, done.rejected_file], [0, '']);
  assert.equal(house.import('tests', header).read, 0);
  assert.equal(house.import('tests', '\uFEFF' + header + '\r\n').read, 0);
});

test('what is no file', () => {
  const folder = join(house.home, 'folder');
  mkdirSync(folder);
  for (const path of [folder, '/dev/null', join(house.home, 'absent.csv'), join(house.home, 'folder/../bad\n.csv')]) {
    const done = house.run('import', 'tests', path);
    assert.equal(done.status, 3, `${path}: ${done.status}`);
    assert.ok(done.err.length > 20, path);
  }
  unchanged('no file');
});

test('a file that is not there is named as it was typed', () => {
  const there = house.file(many(2), 'there.csv'), out = join(house.home, 'never');
  const asked = [
    ['import', 'tests', there, 'absent.csv'],
    ['graph', 'load', 'absent.csv', '--out', out],
    ['match', there, '--spec', 'absent.csv', '--out', out],
    ['match', there, 'absent.csv', '--spec', house.file('[input]\nid = "sample_code"\n[[field]]\nname = "full_name"\nkind = "name"\n', 'two.toml'), '--out', out],
    ['repair', 'doses', 'absent.csv', '--out', out],
    ['evaluate', 'link', '--truth', 'absent.csv'],
    ['keys', 'import', 'there.zip', '--key', 'absent.csv'],
    ['keys', 'match', 'absent.csv', '--observed', there],
  ];
  for (const args of asked) {
    const done = house.run(...args);
    assert.ok([2, 3].includes(done.status), args.join(' '));
    assert.match(done.err, /^absent\.csv: /, args.join(' '));
  }
  unchanged('absent');
});

test('a pipe is not waited for', () => {
  const pipe = join(house.home, 'pipe');
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
  const done = house.run('import', 'tests', pipe);
  assert.equal(done.status, 3);
  assert.match(done.err, /pipe/);
  const piped = motcua(['import', 'tests', '/dev/stdin', ...house.globals()], { input: many(2) });
  assert.equal(piped.status, 3, 'a file is read twice');
  assert.ok(piped.err.length > 20);
});

test('a file that may not be read', () => {
  const own = new House();
  const path = own.file(many(2), 'secret.csv');
  chmodSync(path, 0);
  const nobody = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};   // root may read everything
  const program = join(own.home, 'motcua');
  copyFileSync(binary, program);   // where it was built, nobody else may look
  if (nobody.uid) for (const p of [own.home, path, program]) chownSync(p, nobody.uid, nobody.gid);
  const done = motcua(['import', 'tests', path, ...own.globals()], { ...nobody, program });
  assert.equal(done.status, 3, done.err);
  assert.ok(done.err.length > 20);
});

test('two gigabytes of nothing in one line end at the limit, not in memory', () => {
  const path = house.file(csv(header), 'sparse.csv');
  const file = openSync(path, 'r+');
  writeSync(file, header + '\n' + 'S1,');
  ftruncateSync(file, 2 ** 31);
  closeSync(file);
  const began = Date.now();
  assert.match((house.run('import', 'tests', path)).err, /row 1/i);
  assert.ok(Date.now() - began < 10_000);
  unchanged('sparse');
});

test('a gzip bomb in one line ends at the limit', () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from(header + '\nS1,'), Buffer.alloc(64 << 20, 'a')]));
  assert.match(house.refuses('tests', bomb, { name: 'bomb.csv.gz' }), /row 1/i);
});

test('rows that are wrong do not keep good ones out; dates of 31/02 and phones of 25 digits are named', () => {
  const own = new House();
  const done = own.import('bluezone-users', csv('phone,registered_at', '0938000204,2021-07-01', `${'9'.repeat(25)},2021-07-01`, '0938000205,31/02/2021'), { status: 1 });
  assert.deepEqual([done.accepted, done.rejected], [1, 2]);
  assert.deepEqual(own.rejected(done).map((r) => [r.row, r.field]), [['2', 'phone'], ['3', 'registered_at']]);
});

test('the second of several files is bad: it is named, and says what became of the first', () => {
  const own = new House();
  const a = own.file(many(2), 'a.csv'), b = own.file('', 'b.csv');
  const done = own.run('import', 'tests', a, b);
  assert.equal(done.status, 3);
  assert.match(done.err, /b\.csv/);
  assert.equal(own.json(['import', 'tests', a]).accepted, 2, 'nothing of the first had come in');
});

test('both languages name row and field', () => {
  const path = house.file(cases['a NUL byte'][0], 'nul.csv');
  for (const [lang, says] of [['vi', /4001.*full_name/], ['en', /row 4001.*full_name/i]]) {
    const done = motcua(['import', 'tests', path, '--data', house.data, '--lang', lang]);
    assert.equal(done.status, 3);
    assert.match(done.err, says);
  }
});

test('rejected files are for their owner alone and cannot run as formulas', () => {
  const own = new House();
  const done = own.import('tests', csv(header, 'S1,=HYPERLINK("x"),,31/02/2021,PCR,POS', 'S2,@SUM(A1),,31/02/2021,PCR,POS'), { status: 1 });
  for (const row of own.rejected(done)) assert.ok(!/^[=@+-]/.test(row.full_name), row.full_name);
  assert.ok(readFileSync(done.rejected_file, 'utf8').length > 0);
});
