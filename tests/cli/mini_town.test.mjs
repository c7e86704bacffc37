// A town small enough to know by hand. Each drawing is told in visits and encounters; the classes below it follow from the rules of
// docs/formats.md, sections 4 and 6, and from nothing else.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { House, csv, parseCsv } from './house.mjs';

const names = { A: 'Nguyễn Văn An', B: 'Trần Thị Bình', C: 'Lê Văn Cường', D: 'Phạm Thị Dung', E: 'Hoàng Văn Em', F: 'Vũ Thị Phượng', G: 'Đặng Văn Giang', H: 'Bùi Thị Hạnh' };
const letters = Object.keys(names);
const phone = (x) => `09380001${10 + letters.indexOf(x)}`;
const id = (x) => { const n = letters.indexOf(x); return `07${n}1${n % 2}${70 + n}0000${10 + n}`.replace(/^(07\d).(.)/, (_, p) => `079${n % 2}`).padEnd(12, '0').slice(0, 12); };
const person = (x) => `phone:${phone(x)}`;
const at = (time) => (/^\d\d:/.test(time) ? `2021-08-01T${time}` : time);   // times of the first of August unless said otherwise

class Town extends House {
  constructor(people = letters) {
    super();
    this.import('residents', csv('id_number,full_name,birth_date,sex,phone',
      ...people.map((x) => `${id(x)},${names[x]},${1970 + letters.indexOf(x)}-03-0${1 + letters.indexOf(x)},${letters.indexOf(x) % 2 ? 'Nữ' : 'Nam'},${phone(x)}`)));
    this.link();
    this.visit = 0;
  }
  /// ['A P1 08:00-09:00', 'B P1 08:30-10:00 vehicle 12A']
  visits(...told) {
    this.import('visits', csv('visit_id,person,place_code,kind,seat,from,to', ...told.map((line) => {
      const [who, place, span, kind = 'venue', seat = ''] = line.split(' ');
      const [from, to] = span.split(/-(?=\d\d:\d\d$)|-(?=2021)|-$/);
      return `V${++this.visit},${who.includes(':') ? who : person(who)},${place},${kind},${seat},${at(from)},${to ? at(to) : ''}`;
    })));
    return this;
  }
  /// ['A B 08:00 15 1.5']
  meetings(...told) {
    this.import('encounters', csv('a,b,start,minutes,distance_m', ...told.map((line) => {
      const [a, b, start, minutes, distance = ''] = line.split(' ');
      return `${person(a)},${person(b)},${at(start)},${minutes},${distance}`;
    })));
    return this;
  }
  case(who, ...options) { return this.confirm('--record', `residents:${id(who)}`, '--sampled-at', '2021-08-05T08:00', ...options); }
  /// "B F1 30, C F2 10": who, class, minutes
  list(caseId, ...options) {
    const short = Object.fromEntries(Object.entries(names).map(([x, name]) => [name, x]));
    return this.trace(caseId, ...(options.includes('--depth') ? [] : ['--depth', '5']), ...options).contacts.map((c) => `${short[c.full_name] ?? c.full_name} ${c.class} ${c.minutes}`).join(', ');
  }
}

test('two stays in one place meet while they overlap; one that begins when the other ends does not', () => {
  // A  08:00 ======== 09:00
  // B           08:30 ======== 10:00      30 minutes
  // C                 09:00 ===           begins as A leaves: none
  // D       08:59 ===                     1 minute
  // E  08:00 ======== 09:00 elsewhere     none
  const town = new Town().visits('A P1 08:00-09:00', 'B P1 08:30-10:00', 'C P1 09:00-09:30', 'D P1 08:59-09:00', 'E P2 08:00-09:00');
  const trace = town.list(town.case('A', '--onset', '2021-08-03'), '--depth', '1');
  assert.equal(trace, 'B F1 30, D F1 1');
});

test('the infectious period begins at 00:00 Vietnam time three days before onset, and ends with isolation', () => {
  // onset 3 August: from 31 July 00:00 (+07:00); isolated 4 August 10:00
  const town = new Town().meetings('A B 2021-07-30T23:50 20', 'A C 2021-07-30T23:30 30', 'A D 2021-08-04T09:51 20', 'A E 2021-08-04T10:00 20', 'A F 2021-07-30T16:59:00Z 5', 'A G 2021-07-30T17:00:00Z 5');
  assert.equal(town.list(town.case('A', '--onset', '2021-08-03', '--isolated-at', '2021-08-04T10:00'), '--depth', '1'), 'B F1 10, D F1 9, G F1 5, F F1 4');
});

test('without symptoms it begins fourteen days before the sample', () => {
  const town = new Town().meetings('A B 2021-07-22T07:59 1', 'A C 2021-07-22T12:00 7', 'A D 2021-07-21T12:00 5', 'A E 2021-07-20T12:00 5');
  const got = town.list(town.case('A'), '--depth', '1');
  assert.match(got, /^C F1 7/);
  assert.ok(!got.includes('E F1'), got);
});

test('seats within two rows; an unknown seat is near; other vehicles are others', () => {
  const town = new Town().visits('A BUS1 08:00-09:00 vehicle 10A', 'B BUS1 08:00-08:50 vehicle 12D', 'C BUS1 08:00-09:00 vehicle 13A', 'D BUS1 08:00-08:40 vehicle', 'E BUS1 08:00-08:30 vehicle 8',
    'F BUS1 08:00-09:00 vehicle 7', 'G BUS2 08:00-09:00 vehicle 10B');
  assert.equal(town.list(town.case('A', '--onset', '2021-08-03'), '--depth', '1'), 'B F1 50, D F1 40, E F1 30');
});

test('a flight on another day is another flight', () => {
  const town = new Town().visits('A VN123 08:00-10:00 flight 10A', 'B VN123 08:00-10:00 flight 11A', 'C VN123 2021-08-02T08:00-2021-08-02T10:00 flight 10B');
  assert.equal(town.list(town.case('A', '--onset', '2021-08-03'), '--depth', '1'), 'B F1 120');
});

test('distance: two metres count, three do not, an unknown one counts and says so; one metre under the rules of April 2022', () => {
  const town = new Town().meetings('A B 08:00 50 2', 'A C 08:00 40 3', 'A D 08:00 30', 'A E 08:00 20 1', 'A F 08:00 10 1.01');
  const one = town.case('A', '--onset', '2021-08-03');
  assert.equal(town.list(one, '--depth', '1'), 'B F1 50, D F1 30, E F1 20, F F1 10');
  assert.equal(town.list(one, '--depth', '1', '--policy', 'vn-2022-04'), 'D F1 30, E F1 20');
  const unknown = town.trace(one, '--depth', '1').contacts.find((c) => c.full_name === names.D), known = town.trace(one, '--depth', '1').contacts.find((c) => c.full_name === names.B);
  assert.match(unknown.reason, /distance|how near|unknown/i);
  assert.ok(!/unknown|not recorded/i.test(known.reason), known.reason);
});

test('time-respecting: a contact passes on only what the person already had', () => {
  //        08      09      10      11
  // A-B                     10-11
  // B-C            09-10                 before: none
  // B-D            09:30 ----- 10:30     half of it, 30 minutes
  // B-E                            11:00 20 minutes after
  // E-F   08:00                          before E: none
  // E-G                            11:10 overlaps what E has from 11:00: 10 minutes of 11:10..11:20
  const town = new Town().meetings('A B 10:00 60', 'B C 09:00 60', 'B D 09:30 60', 'B E 11:00 20', 'E F 08:00 30', 'E G 11:10 10');
  assert.equal(town.list(town.case('A', '--onset', '2021-08-03')), 'B F1 60, D F2 30, E F2 20, G F3 10');
});

test('depth goes as far as asked; each person once, in the closest class, by the strongest path', () => {
  const town = new Town().meetings('A B 08:00 10', 'B C 09:00 20', 'C D 10:00 30', 'D E 11:00 40', 'E F 12:00 50', 'F G 13:00 60', 'A C 2021-08-02T08:00 5');
  const one = town.case('A', '--onset', '2021-08-03');
  const at = (depth) => town.trace(one, '--depth', String(depth)).contacts.map((c) => `${Object.keys(names).find((x) => names[x] === c.full_name)}${c.class}`).join(' ');
  assert.equal(at(1), 'BF1 CF1');
  // C is an F1 by the second of August; that she had it on the first, by B, is what reaches D.
  assert.equal(at(3), 'BF1 CF1 DF3');
  assert.equal(at(4), 'BF1 CF1 DF3 EF4');
  assert.equal(at(5), 'BF1 CF1 DF3 EF4 FF5');
});

test('a person isolated passes nothing on from then', () => {
  // B, an F1 of A, is a case herself and was isolated at 10:30.
  const town = new Town().meetings('A B 10:00 15', 'B C 10:20 20', 'B D 10:30 20', 'B E 10:40 20');
  town.case('B', '--onset', '2021-08-03', '--isolated-at', '2021-08-01T10:30');
  const list = town.list(town.case('A', '--onset', '2021-08-03'));
  assert.equal(list, 'B F1 15, C F2 10');
});

test('visits carry every class, as they carry F1', () => {
  const town = new Town().visits('A P1 08:00-09:00', 'B P1 08:30-09:00', 'B P2 10:00-11:00 work', 'C P2 10:15-12:00 work', 'C P3 13:00-14:00 household', 'D P3 13:30-15:00 household');
  const trace = town.trace(town.case('A', '--onset', '2021-08-03'), '--depth', '3');
  assert.deepEqual(trace.contacts.map((c) => [c.full_name, c.class, c.minutes, c.evidence.join()]), [[names.B, 'F1', 30, 'venue'], [names.C, 'F2', 45, 'work'], [names.D, 'F3', 30, 'household']]);
  const path = trace.contacts[2].path;
  assert.equal(path.length, 3, 'the whole path');
  assert.equal(path[0].from_person_id, trace.case_person_id);
  assert.equal(path[2].to_person_id, trace.contacts[2].person_id);
  assert.equal(trace.contacts[2].via_person_id, trace.contacts[1].person_id);
});

test('stays without an end last as long as their kind does', () => {
  const stays = { venue: 60, vehicle: 45, flight: 120, household: 1440, work: 480, school: 480, health: 120 };
  for (const [kind, minutes] of Object.entries(stays)) {
    const town = new Town(['A', 'B']).visits(`A P1 00:30- ${kind}`, `B P1 00:00-2021-08-03T00:00 ${kind}`);
    assert.equal(town.list(town.case('A', '--onset', '2021-08-03')), `B F1 ${minutes}`, kind);
  }
});

test('a late fact classifies anew: a file, an earlier onset, a new case, a corrected visit', () => {
  const town = new Town().meetings('A B 08:00 10', 'B C 09:00 20');
  const one = town.case('A', '--onset', '2021-08-03');
  assert.equal(town.list(one), 'B F1 10, C F2 20');
  town.meetings('A C 12:00 5', 'C D 13:00 15', 'A E 2021-07-28T08:00 30');
  assert.equal(town.list(one), 'B F1 10, C F1 5, D F2 15');
  assert.equal(town.case('A', '--onset', '2021-07-31'), one, 'the same case, now known to have begun earlier');
  assert.equal(town.list(one), 'E F1 30, B F1 10, C F1 5, D F2 15');
  town.visits('A P1 2021-08-02T08:00-2021-08-02T09:00', 'F P1 2021-08-02T10:00-2021-08-02T11:00');
  assert.ok(!town.list(one).includes('F F1'));
  town.import('visits', csv('visit_id,person,place_code,kind,seat,from,to', `V1,${person('A')},P1,venue,,2021-08-02T08:00,2021-08-02T10:30`));
  assert.match(town.list(one), /F F1 30/);
  town.case('B', '--onset', '2021-08-03', '--isolated-at', '2021-08-01T08:30');
  assert.match(town.list(one), /C F1 5/);
});

test('a person found by nobody yet waits, and is there once known', () => {
  const town = new Town(['A', 'B']).meetings('A C 08:00 10', 'A B 09:00 5');
  town.visits('A P1 10:00-11:00', `id:${id('D')} P1 10:00-10:20`, 'record:tests:S7 P1 10:00-10:40');
  const one = town.case('A', '--onset', '2021-08-03');
  assert.equal(town.list(one), 'B F1 5');
  town.import('residents', csv('id_number,full_name,birth_date,sex,phone', `${id('C')},${names.C},1972-03-03,Nam,${phone('C')}`, `${id('D')},${names.D},1973-03-04,Nữ,`));
  town.import('tests', csv('sample_code,full_name,birth_date,collected_at,method,result', `S7,${names.H},1977-03-08,2021-08-03,PCR,NEG`));
  town.link();
  assert.equal(town.list(one), 'H F1 40, D F1 20, C F1 10, B F1 5');
});

test('a phone that changed hands means whoever claimed it last before the fact', () => {
  const town = new Town(['A']);
  const shared = '0938000777';
  const declare = (n, when, x, year, other = '0') => `X${n},${when},HDHealth,${other},${names[x]},${year},Nam,${shared}`;
  town.import('vhd', csv('id,createdAt,type,otherUser,fullName,birthYear,gender,phone', declare(1, '2021-06-01', 'C', 1972), declare(2, '2021-08-02', 'E', 1974),
    declare(3, '2021-08-01', 'G', 1976, '1')));   // G was declared for: the phone is not his
  town.link();
  town.import('encounters', csv('a,b,start,minutes', `${person('A')},phone:${shared},2021-08-01T12:00,10`, `${person('A')},phone:${shared},2021-08-03T12:00,20`, `${person('A')},phone:${shared},2021-05-01T12:00,30`));
  assert.equal(town.list(town.case('A', '--onset', '2021-08-03')), 'E F1 20, C F1 10');
});

test('a phone claimed only after the fact names nobody before it, unless nobody else ever did', () => {
  const town = new Town(['A']);
  town.import('encounters', csv('a,b,start,minutes', `${person('A')},phone:0938000778,2021-08-01T12:00,10`));
  town.import('bluezone-users', csv('phone,base_key,registered_at', '0938000778,,2021-07-01'));
  town.link();
  const trace = town.trace(town.case('A', '--onset', '2021-08-03'));
  assert.equal(trace.contacts.length, 1, 'an app user without a name is a person with a phone');
  assert.match(trace.contacts[0].phone, /938000778$/);
});

/// The identifiers of an app whose key was made on `madeOn` (a UTC day): SHA-256 by the day, then by the quarter of an hour.
function identifier(baseKey, madeOn, at) {
  const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const day = 86_400_000;
  let key = baseKey;
  for (let d = Math.floor(Date.parse(madeOn) / day); d < Math.floor(at / day); ++d) key = sha(key);
  let slot = sha(key, Buffer.from('bluzonesubkey'));
  for (let i = 0; i < Math.floor((at % day) / 900_000); ++i) slot = sha(slot);
  return Buffer.from([0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30].map((i) => slot[i])).toString('hex').toUpperCase();
}

test('sightings of the app become one contact once the key is known, over all the identifiers of half an hour', () => {
  const key = Buffer.alloc(32, 0x5b), from = Date.parse('2021-08-01T08:00:00+07:00');
  const every5 = [0, 5, 10, 15, 20, 25, 30].map((m) => from + m * 60_000);
  const told = (t) => `${identifier(key, '2021-07-20', t)}`;
  const town = new Town(['A', 'B']);
  const one = town.case('A', '--onset', '2021-08-03');
  town.import('bluezone-trace', csv('reporter_phone,platform,own_blid,contact_blid,rssi,tx_power,ts', ...every5.map((t) => `${phone('A')},android,${'0A'.repeat(12)},${told(t)},-60,-20,${t}`),
    `${phone('A')},android,,${'0B'.repeat(12)},-60,,${from}`));   // and a stranger's
  assert.equal(town.list(one), '', 'whose they are is not known yet');
  town.import('bluezone-users', csv('phone,base_key,registered_at', `${phone('B')},${key.toString('hex')},2021-07-20T09:00:00+07:00`));
  town.link();
  const [contact, ...more] = town.trace(one).contacts;
  assert.deepEqual(more, []);
  assert.deepEqual([contact.class, contact.full_name, contact.minutes, contact.evidence.join()], ['F1', names.B, 35, 'proximity'], 'the last sighting, too, stands for five minutes');
});

test('the same by the app\'s own file, in seconds, once around midnight UTC, with a clock a quarter of an hour off', () => {
  const key = Buffer.alloc(32, 0x7c), from = Date.parse('2021-08-01T06:50:00+07:00');   // 07:00 in Vietnam is a new day of the key
  const times = [0, 5, 10, 15, 20].map((m) => from + m * 60_000);
  const town = new Town(['A', 'C']);
  town.import('bluezone-users', csv('phone,base_key,registered_at', `${phone('C')},${key.toString('hex').toUpperCase()},2021-07-31T20:00:00+07:00`));
  const file = times.map((t) => `${'0A'.repeat(12)}\t${identifier(key, '2021-07-31', t - 900_000 * (t === times[1] ? 1 : 0)).toLowerCase()}\t0\t${t / 1000}\n`).join('');
  assert.equal(town.import('bluezone-trace', file, { args: ['--reporter', phone('A')], name: 'data_trace.txt' }).accepted, 5);
  town.link();
  assert.equal(town.list(town.case('A', '--onset', '2021-08-03')), 'C F1 25');
});

test('as of a moment: what had happened and was recorded by then', () => {
  const town = new Town().meetings('A B 08:00 10');
  const one = town.case('A', '--onset', '2021-08-03');
  assert.equal(town.list(one, '--as-of', '2030-01-01'), 'B F1 10');
  assert.equal(town.list(one, '--as-of', '2021-07-01'), '');
  const trace = town.trace(one, '--as-of', '2021-07-01T08:00');
  assert.equal(trace.as_of, '2021-07-01T08:00:00+07:00');
});

test('the four policies, their numbers, and the one in force on the sampling day', () => {
  const town = new Town(['A', 'B']).meetings('A B 08:00 10');
  const one = town.case('A', '--onset', '2021-08-03');
  const numbers = { latent_minutes: 0, distance_m: 2, infectious_days_before_onset: 3, days_before_sample: 14 };
  for (const [name, from, to, more] of [['vn-2020', '2020-01-23', '2021-07-29', {}], ['vn-2021-07', '2021-07-30', '2021-12-28', {}], ['vn-2021-12', '2021-12-29', '2022-04-14', {}], ['vn-2022-04', '2022-04-15', null, { distance_m: 1 }]]) {
    const { policy } = town.trace(one, '--policy', name);
    assert.equal(policy.name, name);
    assert.deepEqual([policy.from, policy.to], [from, to], name);
    assert.ok(policy.citation.length > 10);
    assert.equal(typeof policy.minutes_min, 'number');
    for (const [key, value] of Object.entries({ ...numbers, ...more })) assert.equal(policy[key], value, `${name} ${key}`);
  }
  assert.equal(town.trace(one).policy.name, 'vn-2021-07');
  assert.equal(town.run('trace', '--case', one, '--policy', 'vn-1999').status, 2);
  for (const [day, name] of [['2021-07-29T23:59', 'vn-2020'], ['2021-07-30T00:00', 'vn-2021-07'], ['2021-12-28T23:59', 'vn-2021-07'], ['2021-12-29T00:00', 'vn-2021-12'], ['2022-04-14T16:59:00Z', 'vn-2021-12'], ['2022-04-15', 'vn-2022-04']])
    assert.equal(town.trace(town.confirm('--record', `residents:${id('B')}`, '--sampled-at', day)).policy.name, name, day);
});

test('every form of a trace, with the columns and keys stated, in both languages, the same each time', () => {
  const town = new Town().meetings('A B 08:00 10', 'A C 08:00 30', 'B D 09:00 5').visits('A P1 10:00-11:00', 'B P1 10:30-12:00');
  const one = town.case('A', '--onset', '2021-08-03');
  const as = (format, ...more) => { const d = town.run('trace', '--case', one, '--format', format, ...more); assert.equal(d.status, 0, d.err); assert.equal(d.err, ''); assert.equal(d.out, town.run('trace', '--case', one, '--format', format, ...more).out); return d.out; };
  const text = as('csv');
  assert.equal(text.split(/\r?\n/)[0], 'class,person_id,full_name,phone,ward_code,via_person_id,first_contact_at,last_contact_at,minutes,evidence,reason');
  const rows = parseCsv(text);
  assert.deepEqual(rows.map((r) => [r.class, r.full_name, r.minutes, r.evidence]), [['F1', names.B, '40', 'encounter;venue'], ['F1', names.C, '30', 'encounter'], ['F2', names.D, '5', 'encounter']]);
  assert.equal(rows[0].first_contact_at, '2021-08-01T08:00:00+07:00');
  assert.equal(rows[0].last_contact_at, '2021-08-01T11:00:00+07:00');
  assert.equal(rows[2].via_person_id, rows[0].person_id);
  for (const r of rows) assert.ok(r.reason.length > 15 && /^\+84/.test(r.phone), r.reason);
  const json = JSON.parse(as('json'));
  for (const key of ['case_id', 'policy', 'partial', 'contacts']) assert.ok(key in json, key);
  assert.equal(json.case_id, one);
  assert.equal(json.partial, false);
  for (const c of json.contacts) for (const key of Object.keys(rows[0]).concat('path')) assert.ok(key in c, key);
  assert.match(as('dot'), /^digraph [^]*->[^]*\}\n$/);
  assert.ok(as('table').includes(names.B));
  town.lang = 'vi';
  const vi = town.run('trace', '--case', one, '--format', 'csv');
  assert.notEqual(parseCsv(vi.out)[0].reason, rows[0].reason);
  assert.match(parseCsv(vi.out)[0].reason, /[ạảãàáâậấăđêếôốơờưứ]/);
});

test('confirming: by record or by person, again, and what contradicts itself', () => {
  const town = new Town(['A', 'B']);
  const one = town.case('A', '--onset', '2021-08-03');
  assert.match(one, /^cas_/);
  assert.equal(town.case('A', '--onset', '2021-08-03'), one, 'the same case again');
  const personOfB = town.persons()[`residents:${id('B')}`];
  const two = town.confirm('--person', personOfB, '--sampled-at', '2021-08-05T08:00');
  assert.notEqual(two, one);
  assert.equal(town.case('B'), two, 'the same case by the other form');
  assert.equal(town.run('case', 'confirm', '--record', `residents:${id('A')}`, '--sampled-at', '2099-01-01').status, 2, 'a sample of the future');
  assert.equal(town.run('case', 'confirm', '--record', `residents:${id('A')}`, '--sampled-at', '1990-01-01').status, 2, 'a sample before the disease');
});
