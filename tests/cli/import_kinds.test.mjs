// Section 2 of docs/formats.md: every KIND in every everyday form, what makes a row itself, what is rejected and what is only warned of.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import test from 'node:test';
import { House, csv } from './house.mjs';

// One good row of each KIND, all columns; values must suit every delimiter.
const rows = {
  units: { code: '79', name: 'Thành phố Hồ Chí Minh', level: 'province', parent_code: '', valid_from: '1976-07-02', valid_to: '' },
  residents: { id_number: '079090000011', old_id_number: '024000011', full_name: 'Nguyễn Văn An', birth_date: '01/02/1990', sex: 'Nam', phone: '0938000204',
    address: '12 Lê Lợi', ward_code: '26740', household_id: 'H1' },
  ncovi: { declaration_id: 'D1', declared_at: '2021-07-20T08:00:00+07:00', full_name: 'Nguyễn Văn An', birth_date: '1990-02-01', sex: 'Nam', id_number: '079090000011',
    insurance_number: 'DN4790000000001', nationality: 'VN', phone: '0938000204', email: 'an@example.org', address: '12 Lê Lợi', ward: 'Bến Nghé', district: 'Quận 1',
    province: 'TP Hồ Chí Minh', symptoms: 'sốt', contact_case: '0', contact_symptomatic: '0', from_affected_area: '1', chronic: '' },
  vhd: { id: 'X1', createdAt: '2021-07-20T08:00:00+07:00', type: 'HDLocal', otherUser: '0', fullName: 'NGUYEN VAN AN', passport: '079090000011', birthYear: '1990', gender: 'Nam',
    nation: 'VN', province: 'TP Hồ Chí Minh', district: 'Quận 1', ward: 'Bến Nghé', address: '12 Lê Lợi', phone: '0938000204', email: '', countryPassing: '', signals: '',
    hasPatient: '2', hasFromSickCountry: '2', hasSick: '2', vehicle: 'airplane', flightCode: 'VN123', vehicleCode: '', seat: '12A', startTime: '20/07/2021',
    startProvince: 'Hà Nội', endProvince: 'TP Hồ Chí Minh' },
  'bluezone-users': { phone: '0938000204', base_key: 'ab'.repeat(32), registered_at: '2021-07-01T08:00:00+07:00' },
  'bluezone-trace': { reporter_phone: '0938000204', platform: 'android', own_blid: '0A'.repeat(12), contact_blid: '0B'.repeat(12), rssi: '-70', tx_power: '-20', ts: '1626742800000' },
  encounters: { a: 'phone:0938000204', b: 'id:079090000022', start: '2021-07-20T08:00', minutes: '15', distance_m: '1.5', kind: 'encounter' },
  visits: { visit_id: 'V1', person: 'phone:0938000204', place_code: 'P1', place_name: 'Chợ Bến Thành', ward_code: '26740', kind: 'venue', seat: '', from: '2021-07-20T08:00', to: '2021-07-20T09:00' },
  tests: { sample_code: 'S1', full_name: 'Nguyễn Văn An', birth_date: '1990-02-01', birth_year: '1990', sex: 'Nam', phone: '0938000204', id_number: '079090000011',
    collected_at: '2021-07-22T07:40', method: 'PCR', result: 'POS', ct: '22.5', lab: 'Lab A' },
  doses: { dose_id: 'L1', full_name: 'Nguyễn Văn An', birth_date: '1990-02-01', sex: 'Nam', phone: '0938000204', id_number: '079090000011', insurance_number: 'DN4790000000001',
    vaccine: 'AstraZeneca', lot: 'A1', dose_number: '1', injected_at: '2021-06-01', site: 'BV Q1' },
};
const required = {
  units: ['code', 'name', 'level'], residents: ['id_number', 'full_name', 'birth_date', 'sex'], ncovi: ['declaration_id', 'declared_at', 'full_name'],
  vhd: ['id', 'createdAt', 'type', 'fullName', 'birthYear', 'phone'], 'bluezone-users': ['phone', 'registered_at'], 'bluezone-trace': ['reporter_phone', 'contact_blid', 'ts'],
  encounters: ['a', 'b', 'start', 'minutes'], visits: ['visit_id', 'person', 'place_code', 'from'],
  tests: ['sample_code', 'full_name', 'collected_at', 'method', 'result'], doses: ['dose_id', 'full_name', 'vaccine', 'injected_at'],
};
// Columns whose other values make the same row another one (encounters and sightings are themselves by their content).
const change = { units: ['name', 'Thành phố Sài Gòn'], residents: ['address', '14 Lê Lợi'], ncovi: ['symptoms', 'ho'], vhd: ['address', '14 Lê Lợi'], 'bluezone-users': ['base_key', 'cd'.repeat(32)],
  visits: ['to', '2021-07-20T10:00'], tests: ['result', 'NEG'], doses: ['lot', 'A2'] };

const write = (row, { delimiter = ',', newline = '\n', columns = Object.keys(row), name = (c) => c, quote = (v) => v } = {}) =>
  [columns.map(name).join(delimiter), columns.map((c) => quote(row[c] ?? '')).join(delimiter)].join(newline) + newline;
const marks = (c) => c.normalize('NFD').replace(/([aeiou])/, '$1\u0301').normalize('NFC');   // "fúll_name": people translate headers half

for (const kind of Object.keys(rows)) {
  const row = rows[kind];
  test(`${kind}: the same row in every form is the same row`, () => {
    const house = new House();
    if (kind === 'units') house.run('migrate');
    const first = house.import(kind, write(row));
    assert.equal(first.read, 1);
    assert.equal(first.warned, 0, `${kind}: a good row without a warning`);
    assert.equal(first.rejected_file, '');
    if (kind !== 'units') assert.equal(first.accepted, 1);
    const columns = Object.keys(row);
    const forms = {
      again: write(row),
      'byte order mark': '\uFEFF' + write(row),
      semicolons: write(row, { delimiter: ';' }),
      tabs: write(row, { delimiter: '\t' }),
      'CR LF': write(row, { newline: '\r\n' }),
      'no newline at the end': write(row).trimEnd(),
      shuffled: write(row, { columns: [...columns].reverse() }),
      'upper case': write(row, { name: (c) => c.toUpperCase() }),
      'blanks for underscores': write(row, { name: (c) => ` ${c.replaceAll('_', ' ')} ` }),
      diacritics: write(row, { name: marks }),
      quoted: write(row, { quote: (v) => `"${v}"`, name: (c) => `"${c}"` }),
      'blanks around': write(row, { quote: (v) => ` ${v} ` }),
      'an empty line at the end': write(row) + '\n',
      'a hint for spreadsheets': 'sep=;\n' + write(row, { delimiter: ';' }),
    };
    for (const [what, text] of Object.entries(forms)) {
      const again = house.import(kind, text);
      assert.deepEqual([again.read, again.unchanged], [1, 1], `${what}: ${JSON.stringify(again)}`);
    }
    const packed = house.import(kind, gzipSync(write(row)), { name: 'a.csv.gz' });
    assert.equal(packed.unchanged, 1, 'gzip');
    if (change[kind]) {
      const other = house.import(kind, write({ ...row, [change[kind][0]]: change[kind][1] }));
      assert.deepEqual([other.updated, other.unchanged, other.accepted], [1, 0, 0], 'a changed row is updated');
      assert.equal(house.import(kind, write(row)).updated, 1, 'and back');
    }
  });

  test(`${kind}: a required field that is empty rejects the row, and the file says which`, () => {
    const house = new House();
    const columns = Object.keys(row);
    for (const field of required[kind]) {
      const text = write(row).trimEnd() + '\n' + columns.map((c) => (c === field ? '  ' : row[c])).join(',') + '\n';
      const done = house.import(kind, text, { status: 1 });
      assert.deepEqual([done.read, done.rejected], [2, 1], field);
      const file = readFileSync(done.rejected_file, 'utf8');
      assert.ok(file.startsWith(`row,field,reason,${columns.join(',')}\n`), file.split('\n')[0]);
      const [rejected] = house.rejected(done);
      assert.equal(rejected.row, '2');
      assert.equal(rejected.field, field);
      assert.ok(rejected.reason.length > 10 && !rejected.reason.includes('_'), `a sentence: ${rejected.reason}`);
      const other = columns.find((c) => c !== field && row[c]);
      assert.equal(rejected[other], row[other], 'the columns as they came');
    }
  });

  test(`${kind}: a file that lacks a required column changes nothing`, () => {
    const house = new House();
    for (const field of required[kind]) {
      const said = house.refuses(kind, write(row, { columns: Object.keys(row).filter((c) => c !== field) }));
      assert.ok(said.includes(field), `${field}: ${said}`);
    }
  });

  test(`${kind}: the required columns are enough`, () => {
    const house = new House();
    const done = house.import(kind, write(row, { columns: required[kind] }));
    assert.equal(done.rejected, 0);
  });
}

test('unknown columns stay with the record, and changing one changes it', () => {
  const house = new House();
  for (const kind of ['residents', 'ncovi', 'vhd', 'tests', 'doses']) {
    house.import(kind, write({ ...rows[kind], 'Ghi chú': 'có con nhỏ' }));
    assert.equal(house.import(kind, write({ ...rows[kind], 'Ghi chú': 'có con nhỏ' })).unchanged, 1, kind);
    assert.equal(house.import(kind, write({ ...rows[kind], 'Ghi chú': 'đã chuyển nhà' })).updated, 1, kind);
  }
});

test('a quoted field may hold newlines, delimiters and quotes; rows are counted by record', () => {
  const house = new House();
  const done = house.import('residents', csv('id_number,full_name,birth_date,sex,address',
    '079090000011,Nguyễn Văn An,1990-02-01,Nam,"12 Lê Lợi', 'tầng 2, ""nhà xanh"""', '079090000022,Trần Thị Bình,1990-13-01,Nữ,x', ',Lê Văn Cả,1990-01-01,Nam,"a', 'b"'), { status: 1 });
  assert.deepEqual([done.read, done.accepted, done.rejected], [3, 1, 2]);
  const rejected = house.rejected(done);
  assert.deepEqual(rejected.map((r) => [r.row, r.field]), [['2', 'birth_date'], ['3', 'id_number']]);
  assert.equal(rejected[1].address, 'a\nb');
});

test('one row twice in one file, and one id with two contents', () => {
  const house = new House();
  const line = (id, name) => `${id},${name},1990-02-01,Nam`;
  const done = house.import('residents', csv('id_number,full_name,birth_date,sex', line('079090000011', 'Nguyễn Văn An'), line('079090000011', 'Nguyễn Văn An'),
    line('079090000022', 'Trần Văn Bình'), line('079090000022', 'Trần Văn Bảo')));
  assert.deepEqual([done.read, done.accepted, done.unchanged, done.updated], [4, 2, 1, 1]);
  house.link();
  assert.equal(house.links().rows.length, 2);
});

test('--source names another source: the same id is another record', () => {
  const house = new House();
  house.import('tests', write(rows.tests));
  assert.equal(house.import('tests', write(rows.tests), { args: ['--source', 'lab-b'] }).accepted, 1);
  assert.equal(house.import('tests', write(rows.tests), { args: ['--source', 'lab-b'] }).unchanged, 1);
  house.link();
  assert.deepEqual(Object.keys(house.persons()), ['lab-b:S1', 'tests:S1']);
});

test('several files at once are one summary', () => {
  const house = new House();
  const a = house.file(write(rows.tests)), b = house.file(write({ ...rows.tests, sample_code: 'S2' }));
  const done = house.json(['import', 'tests', a, b, a]);
  assert.deepEqual([done.read, done.accepted, done.unchanged], [3, 2, 1]);
});

test('the app\'s own file without a header needs --reporter', () => {
  const house = new House();
  const blid = (c) => c.repeat(24);
  const own = `${blid('A')}\t${blid('B')}\t-70\t1626742800000\n${blid('A')}\t${blid('B')}\t0\t1626742860\n`;
  const done = house.import('bluezone-trace', own, { args: ['--reporter', '0938000204'], name: 'data_trace.txt' });
  assert.deepEqual([done.read, done.accepted], [2, 2]);
  assert.equal(house.import('bluezone-trace', own, { args: ['--reporter', '0938 000 204'], name: 'data_trace.txt' }).unchanged, 2);
  const without = house.run('import', 'bluezone-trace', house.file(own, 'data_trace.txt'));
  assert.notEqual(without.status, 0);
  assert.match(without.err + without.out, /./);
  assert.notEqual(house.run('import', 'bluezone-trace', house.file(own, 'data_trace.txt'), '--reporter', '12').status, 0);
});
