// How people and spreadsheets write sex, levels, dates, times, phones and numbers; which of it is read, warned of, or rejected.
import assert from 'node:assert/strict';
import test from 'node:test';
import { House, csv } from './house.mjs';

/// One row a value through KIND; what became of each: "ok", "warned <field>" is not told, so counts decide, "rejected <field>".
function fates(kind, header, rowOf, values) {
  const house = new House();
  const text = csv(header, ...values.map((v, i) => rowOf(v, i)));
  const done = house.run('import', kind, house.file(text), '--json');
  assert.ok(done.status === 0 || done.status === 1, done.err);
  const summary = JSON.parse(done.out);
  const rejected = new Map(summary.rejected ? house.rejected(summary).map((r) => [Number(r.row), r.field]) : []);
  return { house, summary, of: values.map((_, i) => (rejected.has(i + 1) ? `rejected ${rejected.get(i + 1)}` : 'ok')) };
}
const allOk = (result, values) => result.of.forEach((fate, i) => assert.equal(fate, 'ok', JSON.stringify(values[i])));
const allRejected = (result, values, field) => result.of.forEach((fate, i) => assert.equal(fate, `rejected ${field}`, JSON.stringify(values[i])));
const person = (n) => `0790900${String(10000 + n)}`;

test('sex in every spelling stated, in any case', () => {
  const stated = ['Nam', 'Nữ', 'Nu', 'Khac', 'male', 'female', 'other', 'M', 'F', '1', '2'];
  const values = [...new Set(stated.flatMap((v) => [v, v.toLowerCase(), v.toUpperCase()])), 'Khác', ' nữ ', 'Nữ'.normalize('NFD')];
  const header = 'id_number,full_name,birth_date,sex';
  const result = fates('residents', header, (v, i) => `${person(i)},Nguyễn Văn An,1990-02-01,${v}`, values);
  allOk(result, values);
  const wrong = ['', 'x', '7', 'Nam Nữ', 'con trai?'];
  allRejected(fates('residents', header, (v, i) => `${person(i)},Nguyễn Văn An,1990-02-01,${v}`, wrong), wrong, 'sex');
  const optional = fates('tests', 'sample_code,full_name,sex,collected_at,method,result', (v, i) => `S${i},Nguyễn Văn An,${v},2021-07-22,PCR,POS`, wrong);
  allOk(optional, wrong);
  assert.equal(optional.summary.warned, 4, 'optional: kept as it came and warned of');
});

test('levels of units', () => {
  const values = ['province', 'Province', 'PROVINCE'];
  allOk(fates('units', 'code,name,level', (v, i) => `9${i + 1},Tỉnh Mới ${i},${v}`, values), values);
  const wrong = ['country', '7', ''];
  allRejected(fates('units', 'code,name,level', (v, i) => `9${i + 1},Tỉnh Mới ${i},${v}`, wrong), wrong, 'level');
});

test('birth dates as people and spreadsheets write them are one date', () => {
  const same = ['1990-02-01', '01/02/1990', '1/2/1990', '01-02-1990', '1.2.1990', '01021990', '1021990', '19900201', '32905', '01/02/90', "'01/02/1990", '1990/02/01', '1990-02-01T00:00:00+07:00',
    '1990-02-01 00:00:00', '32905.0'];
  const house = new House();
  const text = (v) => csv('id_number,full_name,birth_date,sex', `079090000011,Nguyễn Văn An,${v},Nam`);
  house.import('residents', text(same[0]));
  for (const v of same) assert.equal(house.import('residents', text(v)).unchanged, 1, v);
  const wrong = ['31/02/1990', '29/02/1990', '1990-13-01', '32/01/1990', 'hôm qua', '99999999', '1', '12/31/1990', '0000-00-00', '1e9'];
  allRejected(fates('residents', 'id_number,full_name,birth_date,sex', (v, i) => `${person(i)},Nguyễn Văn An,${v},Nam`, wrong), wrong, 'birth_date');
});

test('a year alone stays a year', () => {
  const house = new House();
  house.import('residents', csv('id_number,full_name,birth_date,sex,phone', '079090000011,Nguyễn Văn An,1990,Nam,0938000204', '079090000022,Trần Văn Bình,2/1990,Nam,0938000205',
    '079090000033,Lê Văn Cả,00/00/1990,Nam,0938000206'));
  house.link();
  assert.equal(house.json(['resolve', '--phone', '0938000204']).candidates[0].birth, '1990');
  assert.equal(house.json(['resolve', '--phone', '0938000205']).candidates[0].birth, '1990-02');
  assert.equal(house.json(['resolve', '--phone', '0938000206']).candidates[0].birth, '1990', 'an office that knows the year alone writes zeros');
});

test('phones in every form are one phone', () => {
  const same = ['0938000204', '+84938000204', '84938000204', '938000204', '0938 000 204', '0938.000.204', '(0938) 000-204', "'0938000204", '"0938000204"', '0084938000204', '+84 (0) 938 000 204',
    '9.38000204E+08', '938000204.0', '0938\u00a0000\u00a0204'];
  const house = new House();
  const text = (v) => csv('sample_code,full_name,phone,collected_at,method,result', `S1,Nguyễn Văn An,${v},2021-07-22,PCR,POS`);
  house.import('tests', text(same[0]));
  for (const v of same) assert.deepEqual([house.import('tests', text(v)).unchanged], [1], v);
});

test('numbers of eleven digits are those of today', () => {
  const house = new House();
  const moved = { '01208000204': '0708000204', '01218000204': '0798000204', '01228000204': '0778000204', '01268000204': '0768000204', '01288000204': '0788000204', '01238000204': '0838000204',
    '01248000204': '0848000204', '01258000204': '0858000204', '01278000204': '0818000204', '01298000204': '0828000204', '01628000204': '0328000204', '01638000204': '0338000204', '01648000204': '0348000204',
    '01658000204': '0358000204', '01668000204': '0368000204', '01678000204': '0378000204', '01688000204': '0388000204', '01698000204': '0398000204', '01868000204': '0568000204', '01888000204': '0588000204',
    '01998000204': '0598000204', '841208000204': '0708000204', '+841208000204': '0708000204', '1208000204': '0708000204' };
  const text = (phones) => csv('sample_code,full_name,phone,collected_at,method,result', ...phones.map((p, i) => `S${i},Nguyễn Văn An,${p},2021-07-22,PCR,POS`));
  const before = house.import('tests', text(Object.keys(moved)));
  assert.deepEqual([before.accepted, before.warned], [24, 0]);
  assert.equal(house.import('tests', text(Object.values(moved))).unchanged, 24);
});

test('a phone nobody can read: optional is warned of and kept, required rejects', () => {
  const wrong = ['9.38E+08', '12345', '0'.repeat(25), '1'.repeat(25), 'không có', '0123', '00000000000000', '0938000204/0938000205', '+', '1.23E+99', '0418000204'];
  const header = 'sample_code,full_name,phone,collected_at,method,result';
  const optional = fates('tests', header, (v, i) => `S${i},Nguyễn Văn An,${v},2021-07-22,PCR,POS`, wrong);
  allOk(optional, wrong);
  assert.equal(optional.summary.warned, wrong.length);
  const again = optional.house.import('tests', csv(header, ...wrong.map((v, i) => `S${i},Nguyễn Văn An,${v},2021-07-22,PCR,POS`)));
  assert.equal(again.unchanged, wrong.length, 'what was kept as it came is the same the second time');
  allRejected(fates('bluezone-users', 'phone,registered_at', (v) => `${v},2021-07-01`, wrong), wrong, 'phone');
  allRejected(fates('vhd', 'id,createdAt,type,fullName,birthYear,phone', (v, i) => `X${i},2021-07-20,HDHealth,Nguyễn Văn An,1990,${v}`, wrong), wrong, 'phone');
});

test('times: with an offset, without, Vietnamese order, epoch seconds and milliseconds are one moment', () => {
  const same = ['2021-07-20T08:00:00+07:00', '2021-07-20T01:00:00Z', '2021-07-20T08:00', '2021-07-20 08:00:00', '20/07/2021 08:00', '20/7/2021 8:00:00', '1626742800', '1626742800000', '2021-07-20T08:00:00.000+0700',
    '2021-07-19T21:00:00-04:00'];
  const house = new House();
  const text = (v) => csv('visit_id,person,place_code,from,to', `V1,phone:0938000204,P1,${v},2021-07-20T09:00`);
  house.import('visits', text(same[0]));
  for (const v of same) assert.equal(house.import('visits', text(v)).unchanged, 1, v);
  const wrong = ['', 'sáng', '2021-02-31T08:00', '2021-07-20T25:00', '2021-07-20T08:61', '99', '2021', '-5', '2021-07-20T08:00:00+99:00', '1850-01-01T00:00'];
  allRejected(fates('visits', 'visit_id,person,place_code,from', (v, i) => `V${i},phone:0938000204,P1,${v}`, wrong), wrong, 'from');
  allRejected(fates('ncovi', 'declaration_id,declared_at,full_name', (v, i) => `D${i},${v},Nguyễn Văn An`, wrong.slice(0, 5)), wrong.slice(0, 5), 'declared_at');
  allRejected(fates('tests', 'sample_code,full_name,collected_at,method,result', (v, i) => `S${i},Nguyễn Văn An,${v},PCR,POS`, wrong.slice(0, 5)), wrong.slice(0, 5), 'collected_at');
  const sightings = fates('bluezone-trace', 'reporter_phone,contact_blid,ts', (v) => `0938000204,${'A'.repeat(24)},${v}`, ['1626742800', '1626742800000', '2021-07-20T08:00']);
  assert.deepEqual([sightings.summary.accepted, sightings.summary.unchanged], [1, 2], 'one moment, one sighting');
});

test('fields of a choice and numbers: wrong ones reject where required, warn where optional', () => {
  const cases = [
    ['tests', 'sample_code,full_name,collected_at,method,result', 'S1,Nguyễn Văn An,2021-07-22,PCRX,POS', 'rejected method'],
    ['tests', 'sample_code,full_name,collected_at,method,result', 'S1,Nguyễn Văn An,2021-07-22,PCR,MAYBE', 'rejected result'],
    ['tests', 'sample_code,full_name,collected_at,method,result', 'S1,Nguyễn Văn An,2021-07-22,pcr,pos', 'ok'],
    ['vhd', 'id,createdAt,type,fullName,birthYear,phone', 'X1,2021-07-20,HDNothing,Nguyễn Văn An,1990,0938000204', 'rejected type'],
    ['vhd', 'id,createdAt,type,fullName,birthYear,phone', 'X1,2021-07-20,HDHealth,Nguyễn Văn An,19x0,0938000204', 'rejected birthYear'],
    ['encounters', 'a,b,start,minutes', 'phone:0938000204,phone:0938000205,2021-07-20T08:00,many', 'rejected minutes'],
    ['encounters', 'a,b,start,minutes', 'phone:0938000204,phone:0938000205,2021-07-20T08:00,0', 'rejected minutes'],
    ['encounters', 'a,b,start,minutes', 'phone:0938000204,phone:0938000205,2021-07-20T08:00,-5', 'rejected minutes'],
    ['encounters', 'a,b,start,minutes', 'phone:0938000204,phone:+84938000204,2021-07-20T08:00,5', 'rejected b'],
    ['encounters', 'a,b,start,minutes', '0938000204,phone:0938000205,2021-07-20T08:00,5', 'rejected a'],
    ['encounters', 'a,b,start,minutes', 'phone:0938000204,record:tests,2021-07-20T08:00,5', 'rejected b'],
    ['encounters', 'a,b,start,minutes', 'phone:0938000204,record:tests:S1,2021-07-20T08:00,5.5', 'ok'],
    ['encounters', 'a,b,start,minutes,distance_m', 'phone:0938000204,id:079090000011,2021-07-20T08:00,5,near', 'warned'],
    ['encounters', 'a,b,start,minutes,distance_m', 'phone:0938000204,id:079090000011,2021-07-20T08:00,5,-1', 'warned'],
    ['visits', 'visit_id,person,place_code,kind,from,to', 'V1,phone:12,P1,venue,2021-07-20T08:00,', 'rejected person'],
    ['visits', 'visit_id,person,place_code,kind,from,to', 'V1,phone:0938000204,P1,moon,2021-07-20T08:00,', 'warned'],
    ['visits', 'visit_id,person,place_code,kind,from,to', 'V1,phone:0938000204,P1,venue,2021-07-20T08:00,later', 'warned'],
    ['visits', 'visit_id,person,place_code,kind,from,to', 'V1,phone:0938000204,P1,venue,2021-07-20T08:00,2021-07-20T07:00', 'rejected to'],
    ['bluezone-users', 'phone,base_key,registered_at', '0938000204,xyz,2021-07-01', 'warned'],
    ['bluezone-trace', 'reporter_phone,contact_blid,ts', '0938000204,ABC,1626742800', 'rejected contact_blid'],
    ['bluezone-trace', 'reporter_phone,contact_blid,rssi,ts', `0938000204,${'A'.repeat(24)},strong,1626742800`, 'warned'],
    ['residents', 'id_number,full_name,birth_date,sex', '12345,Nguyễn Văn An,1990-02-01,Nam', 'rejected id_number'],
    ['residents', 'id_number,full_name,birth_date,sex', '079090000011,...,1990-02-01,Nam', 'rejected full_name'],
    ['residents', 'id_number,full_name,birth_date,sex', '79090000011,Nguyễn Văn An,1990-02-01,Nam', 'ok'],
    ['residents', 'id_number,full_name,birth_date,sex,phone', '079090000011,Nguyễn Văn An,1990-02-01,Nam,12', 'warned'],
    ['ncovi', 'declaration_id,declared_at,full_name,birth_date', 'D1,2021-07-20,Nguyễn Văn An,31/02/1990', 'warned'],
    ['ncovi', 'declaration_id,declared_at,full_name,id_number', 'D1,2021-07-20,Nguyễn Văn An,99', 'warned'],
    ['doses', 'dose_id,full_name,vaccine,injected_at,birth_date', 'L1,Nguyễn Văn An,AstraZeneca,2021-06-01,gì đó', 'warned'],
    ['doses', 'dose_id,full_name,vaccine,injected_at', 'L1,Nguyễn Văn An,AstraZeneca,31/02/2021', 'rejected injected_at'],
  ];
  for (const [kind, header, row, fate] of cases) {
    const { of, summary } = fates(kind, header, () => row, ['']);
    const got = of[0] === 'ok' && summary.warned ? 'warned' : of[0];
    assert.equal(got, fate, `${kind}: ${row}`);
  }
});

test('a row with too few or too many fields is rejected and named', () => {
  const house = new House();
  const done = house.import('tests', csv('sample_code,full_name,collected_at,method,result', 'S1,Nguyễn Văn An,2021-07-22,PCR', 'S2,Nguyễn, Văn An,2021-07-22,PCR,POS', 'S3,Nguyễn Văn An,2021-07-22,PCR,POS'), { status: 1 });
  assert.deepEqual([done.accepted, done.rejected], [1, 2]);
  assert.deepEqual(house.rejected(done).map((r) => r.row), ['1', '2']);
});

test('reasons are in the language asked for', () => {
  const text = csv('sample_code,full_name,collected_at,method,result', 'S1,Nguyễn Văn An,31/02/2021,PCR,POS');
  const [vi] = ((h) => h.rejected(h.import('tests', text, { status: 1 })))(new House({ lang: 'vi' }));
  const [en] = ((h) => h.rejected(h.import('tests', text, { status: 1 })))(new House({ lang: 'en' }));
  assert.match(vi.reason, /[ạảãàáâậấăđêếôốơờưứ]/);
  assert.match(en.reason, /^[A-Z][ -~“”]+$/);
});
