// link, link export and resolve on a few people whose links are known by hand.
import assert from 'node:assert/strict';
import test from 'node:test';
import { House, csv, motcua } from './house.mjs';

function filled() {
  const house = new House();
  house.import('residents', csv('id_number,full_name,birth_date,sex,phone,address', '079090000011,Nguyễn Văn An,1990-02-01,Nam,0938000101,12 Lê Lợi', '079190000022,Trần Thị Bình,1990-05-06,Nữ,0938000102,14 Lê Lợi',
    '079075000033,Lê Văn Cường,1975-07-08,Nam,0938000103,16 Lê Lợi'));
  house.import('ncovi', csv('declaration_id,declared_at,full_name,birth_date,sex,id_number,phone', 'D1,2021-07-20T08:00,NGUYEN VAN AN,01/02/1990,Nam,079090000011,938000101', 'D2,2021-07-20T09:00,Trần Thị Bình,06/05/1990,Nữ,079190000022,0938000102'));
  house.import('tests', csv('sample_code,full_name,birth_date,phone,id_number,collected_at,method,result', 'S1,Nguyễn Văn An,1990-02-01,+84938000101,079090000011,2021-07-22,PCR,POS', 'S2,Phạm Thị Dung,1960-01-02,0938000104,,2021-07-22,PCR,NEG'));
  house.import('bluezone-users', csv('phone,base_key,registered_at', '0938000101,,2021-05-01'));
  house.import('visits', csv('visit_id,person,place_code,from', 'V1,phone:0938000101,P1,2021-07-20T08:00'));
  house.import('encounters', csv('a,b,start,minutes', 'phone:0938000101,phone:0938000102,2021-07-20T08:00,5'));
  return house;
}

test('link: what is one person is one, what is not is not; a second run has nothing to do', () => {
  const house = filled();
  const first = house.link('--full');
  assert.deepEqual([first.records, first.persons], [8, 4]);
  const of = house.persons();
  assert.equal(of['ncovi:D1'], of['residents:079090000011']);
  assert.equal(of['tests:S1'], of['residents:079090000011']);
  assert.equal(of['bluezone-users:0938000101'], of['residents:079090000011']);
  assert.equal(of['ncovi:D2'], of['residents:079190000022']);
  assert.equal(new Set(Object.values(of)).size, 4);
  for (const id of Object.values(of)) assert.match(id, /^per_/);
  house.link();
  assert.deepEqual(house.persons(), of, 'persons keep their ids');
  house.link('--full');
  assert.deepEqual(house.persons(), of, 'also when all is linked anew');
});

test('link export: columns, one row a record, sorted, facts are not records', () => {
  const house = filled();
  house.link();
  const { text, rows } = house.links();
  assert.equal(text.split(/\r?\n/)[0], 'source,record_id,person_id,probability,decided_by');
  const keys = rows.map((r) => `${r.source},${r.record_id}`);
  assert.deepEqual(keys, [...keys].sort());
  assert.deepEqual(keys, ['bluezone-users,0938000101', 'ncovi,D1', 'ncovi,D2', 'residents,079075000033', 'residents,079090000011', 'residents,079190000022', 'tests,S1', 'tests,S2']);
  for (const r of rows) {
    assert.ok(Number(r.probability) > 0 && Number(r.probability) <= 1, r.probability);
    assert.ok(['auto', 'rule'].includes(r.decided_by), r.decided_by);
  }
  assert.equal(house.links().text, text);
});

test('what comes after a link is linked by the next one', () => {
  const house = filled();
  house.link();
  const before = house.persons();
  house.import('doses', csv('dose_id,full_name,birth_date,phone,id_number,vaccine,injected_at', 'L1,Tran Thi Binh,1990-05-06,0938000102,079190000022,AstraZeneca,2021-06-01', 'L2,Võ Văn Nam,1988-08-08,0938000109,,AstraZeneca,2021-06-01'));
  assert.equal(house.link().records, 10);
  const after = house.persons();
  assert.equal(after['doses:L1'], before['residents:079190000022']);
  assert.equal(new Set(Object.values(after)).size, 5);
});

test('a phone shared by a family merges nobody', () => {
  const house = new House();
  house.import('residents', csv('id_number,full_name,birth_date,sex,phone,household_id', '079060000011,Nguyễn Văn Ông,1960-02-01,Nam,0938000201,H1', '079162000022,Trần Thị Bà,1962-05-06,Nữ,0938000201,H1', '079290000033,Nguyễn Văn Cháu,2015-07-08,Nam,0938000201,H1'));
  house.import('vhd', csv('id,createdAt,type,otherUser,fullName,birthYear,gender,phone', 'X1,2021-07-20,HDHealth,0,NGUYEN VAN ONG,1960,Nam,0938000201', 'X2,2021-07-20,HDHealth,1,TRAN THI BA,1962,Nu,0938000201', 'X3,2021-07-20,HDHealth,1,NGUYEN VAN CHAU,2015,Nam,0938000201'));
  house.link();
  const of = house.persons();
  assert.equal(new Set(['residents:079060000011', 'residents:079162000022', 'residents:079290000033'].map((k) => of[k])).size, 3);
  assert.notEqual(of['vhd:X1'], of['residents:079162000022']);
  assert.notEqual(of['vhd:X2'], of['residents:079060000011']);
  assert.notEqual(of['vhd:X3'], of['residents:079060000011']);
});

test('resolve: by phone, by number, by name and birth, in every spelling; with reasons, in order', () => {
  const house = filled();
  house.link();
  const an = house.persons()['residents:079090000011'];
  const first = (...args) => house.json(['resolve', ...args]).candidates[0];
  for (const args of [['--phone', '0938000101'], ['--phone', '+84 938 000 101'], ['--phone', '938000101'], ['--id', '079090000011'], ['--id', '79090000011'], ['--name', 'Nguyễn Văn An', '--birth', '1990-02-01'],
    ['--name', 'nguyen van an', '--birth', '01/02/1990'], ['--name', 'NGUYEN VAN AN', '--birth', '1990'], ['--name', 'Nguyeexn Vawn An', '--birth', '1990-02-01']]) {
    const found = first(...args);
    assert.equal(found?.person_id, an, args.join(' '));
    assert.equal(found.full_name, 'Nguyễn Văn An');
    assert.ok(found.probability > 0 && found.probability <= 1);
    assert.ok(found.reasons.length > 0, args.join(' '));
  }
  const ranked = house.json(['resolve', '--name', 'Nguyễn Văn An', '--phone', '0938000102']).candidates;
  assert.deepEqual([...ranked].sort((a, b) => b.probability - a.probability).map((c) => c.person_id), ranked.map((c) => c.person_id));
  assert.deepEqual(house.json(['resolve', '--phone', '0999999999']).candidates, []);
  const nobody = house.run('resolve', '--phone', '0999999999');
  assert.equal(nobody.status, 0);
  assert.match(nobody.out, /Nobody/);
  for (const args of [['--phone', '12'], ['--phone', 'abc'], ['--birth', '31/02/1990', '--name', 'An'], ['--id', '1']]) assert.equal(house.run('resolve', ...args).status, 2, args.join(' '));
});

test('the zone of the machine changes nothing: Vietnam time is meant', () => {
  const house = filled();
  house.link();
  const id = house.confirm('--record', 'residents:079090000011', '--sampled-at', '2021-07-22T00:30', '--onset', '2021-07-22');
  const texts = ['UTC', 'America/New_York', 'Asia/Ho_Chi_Minh', 'Pacific/Kiritimati'].map((TZ) => motcua(['trace', '--case', id, '--format', 'json', ...house.globals()], { env: { TZ } }).out);
  assert.equal(new Set(texts).size, 1);
  assert.equal(JSON.parse(texts[0]).contacts[0].first_contact_at, '2021-07-20T08:00:00+07:00');
});
