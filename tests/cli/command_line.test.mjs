// Section 1 of docs/formats.md, subcommand by subcommand: help, exit statuses, keys of --json, options and their precedence.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { House, csv, motcua, register, scratch } from './house.mjs';

const subcommands = ['demo', 'serve', 'import', 'link', 'link export', 'resolve', 'case', 'case confirm', 'trace', 'simulate', 'evaluate', 'evaluate link',
                     'evaluate trace', 'migrate', 'check', 'backup', 'restore', 'purge', 'admin create'];

test('every subcommand has --help with an example and the options of all', () => {
  for (const name of subcommands) {
    const done = motcua([...name.split(' '), '--help']);
    assert.equal(done.status, 0, name);
    assert.match(done.out, new RegExp(`Example:\\n\\s+motcua ${name}`), name);
    for (const option of ['--data', '--database', '--config', '--lang']) assert.ok(done.out.includes(option), `${name} ${option}`);
  }
  assert.match(motcua(['match', '--help']).out, /Usage: motcua match \[OPTIONS\] FILE \[FILE2\]\n/);
  const all = motcua(['--help']);
  assert.equal(all.status, 0);
  for (const name of subcommands) assert.ok(all.out.includes(name.split(' ')[0]), name);
});

const wrong = [
  [[], 'no subcommand'],
  [['nonsense'], 'unknown subcommand'],
  [['import', 'ncovi', 'x.csv', '--nonsense'], 'unknown option'],
  [['import', 'ncovi'], 'no file'],
  [['import', 'cats', 'x.csv'], 'unknown KIND'],
  [['link', '--lang', 'fr'], 'unknown language'],
  [['resolve'], 'nothing asked'],
  [['admin', 'create', '--login', 'a', '--name', 'Trần Thị Lan'], 'a login of one letter'],
  [['case', 'confirm', '--person', 'per_x'], 'no sampling time'],
  [['case', 'confirm', '--sampled-at', '2021-08-02'], 'nobody named'],
  [['case', 'confirm', '--person', 'per_x', '--record', 'a:b', '--sampled-at', '2021-08-02'], 'both forms at once'],
  [['case', 'confirm', '--record', 'nocolon', '--sampled-at', '2021-08-02'], 'a record without its source'],
  [['case', 'confirm', '--record', 'tests:', '--sampled-at', '2021-08-02'], 'a record without its id'],
  [['case', 'confirm', '--record', 'tests:S1', '--sampled-at', 'yesterday'], 'unreadable time'],
  [['case', 'confirm', '--record', 'tests:S1', '--sampled-at', '2021-02-31'], 'no such day'],
  [['case', 'confirm', '--record', 'tests:S1', '--sampled-at', '2021-08-02', '--onset', '31/02/2021'], 'no such onset'],
  [['case', 'confirm', '--record', 'tests:S1', '--sampled-at', '2021-08-02', '--onset', '2021'], 'an onset of a year'],
  [['case', 'confirm', '--record', 'tests:S1', '--sampled-at', '2021-08-02', '--isolated-at', 'soon'], 'unreadable isolation'],
  [['trace'], 'no case'],
  [['trace', '--case', 'cas_x', '--format', 'xml'], 'unknown format'],
  [['trace', '--case', 'cas_x', '--json'], '--json is not taken'],
  [['trace', '--case', 'cas_x', '--depth', '0'], 'depth 0'],
  [['trace', '--case', 'cas_x', '--depth', 'many'], 'depth in words'],
  [['trace', '--case', 'cas_x', '--as-of', 'noon'], 'unreadable --as-of'],
  [['simulate', '--people', '1000', '--days', '3', '--seed', '1'], 'no --out'],
  [['simulate', '--people', '-5', '--days', '3', '--seed', '1', '--out', 'x'], 'negative people'],
  [['simulate', '--people', '1000', '--out', 'x', '--noise', 'deafening'], 'unknown noise'],
  [['evaluate', 'link'], 'no truth'],
  [['serve', '--listen', 'nowhere'], 'an address without a port'],
  [['serve', '--listen', '127.0.0.1:99999'], 'a port that is none'],
  [['migrate', '--set', 'nonsense'], 'a setting without a value'],
  [['migrate', '--set', 'no.such=1'], 'an unknown setting'],
];
test('what is wrong on the command line is 2, said on standard error alone', () => {
  const house = new House();
  for (const [args, what] of wrong) {
    const done = house.run(...args);
    assert.equal(done.status, 2, `${what}: ${done.status} ${done.out}${done.err}`);
    assert.equal(done.out, '', what);
    assert.ok(done.err.length > 10, what);
  }
});

test('a word that is no subcommand is named', () => {
  assert.match(motcua(['nonsense']).err, /nonsense/);
});

test('of several files one that cannot be brought in is named, and nothing comes in', () => {
  const house = new House();
  const good = join(house.home, 'good.csv');
  writeFileSync(good, csv(register, '079090000011,,Nguyễn Văn An,1990-02-01,Nam,0938000204,,,'));
  const absent = join(house.home, 'absent.csv');
  for (const files of [[good, absent], [absent, good]]) {
    const done = house.run('import', 'residents', ...files, '--json');
    assert.deepEqual([done.status, done.out], [3, ''], done.err);
    assert.ok(done.err.startsWith(`${absent}: `), done.err);
  }
  assert.equal(house.json(['import', 'residents', good]).accepted, 1, 'nothing came in before');
});

test('people are ranked with reasons in words', () => {
  const house = new House();
  const file = join(house.home, 'one.csv');
  writeFileSync(file, csv(register, '079090000011,,Nguyễn Văn An,1990-02-01,Nam,0938000204,,,'));
  house.run('import', 'residents', file);
  house.run('link');
  const done = house.run('resolve', '--name', 'Nguyen Van An', '--birth', '1990');
  assert.equal(done.status, 0, done.err);
  assert.doesNotMatch(done.out, /[a-z]+\.[a-z_]+$/m, 'a code instead of a sentence');
});

test('what cannot be done is 3', () => {
  const house = new House();
  const cases = [
    [['import', 'ncovi', join(house.home, 'absent.csv')], 'missing file'],
    [['case', 'confirm', '--record', 'tests:S1', '--sampled-at', '2021-08-02'], 'unknown record'],
    [['case', 'confirm', '--person', 'per_00000000000000000000000000', '--sampled-at', '2021-08-02'], 'unknown person'],
    [['trace', '--case', 'cas_nobody'], 'unknown case'],
    [['restore', join(house.home, 'absent.backup')], 'missing backup'],
    [['evaluate', 'link', '--truth', join(house.home, 'absent.csv')], 'missing truth'],
    [['evaluate', 'trace', '--truth', join(house.home, 'absent.csv')], 'missing truth'],
    [['link', 'export', join(house.home, 'no/such/folder/links.csv')], 'nowhere to write'],
    [['backup', join(house.home, 'no/such/folder/a.backup')], 'nowhere to write'],
    [['migrate', '--database', 'postgresql://localhost:1/nothing'], 'no such database'],
  ];
  for (const [args, what] of cases) {
    const done = house.run(...args);
    assert.equal(done.status, 3, `${what}: ${done.status} ${done.out}${done.err}`);
    assert.equal(done.out, '', what);
    assert.match(done.err, /^\S.{15,}/, what);
  }
});

test('--json is one object on standard output, with the keys stated', () => {
  const house = new House();
  const town = join(house.home, 'town');
  const keys = (args, wanted, status = 0) => {
    const done = house.run(...args, '--json');
    assert.equal(done.status, status, done.err);
    assert.equal(done.err, '', `${args[0]}: progress although not a terminal`);
    assert.equal(done.out.trim().split('\n').length, 1, args[0]);
    const object = JSON.parse(done.out);
    for (const key of wanted) assert.ok(key in object, `${args.join(' ')}: ${key}`);
    return object;
  };
  keys(['simulate', '--people', '300', '--days', '5', '--seed', '4', '--out', town], []);
  for (const file of ['persons', 'contacts']) assert.ok(existsSync(join(town, `truth/${file}.csv`)), file);
  const header = (file) => readFileSync(join(town, file), 'utf8').split('\n')[0];
  assert.equal(header('truth/persons.csv'), 'source,record_id,person');
  assert.match(header('truth/contacts.csv'), /^a,b,start,minutes,kind\b/);
  const done = house.run('import', 'residents', join(town, 'residents.csv'), '--json');
  const summary = JSON.parse(done.out);
  for (const key of ['read', 'accepted', 'updated', 'unchanged', 'rejected', 'warned', 'rejected_file']) assert.ok(key in summary, key);
  assert.equal(done.status, summary.rejected ? 1 : 0);
  const links = keys(['link', '--full'], ['records', 'persons', 'pairs_scored', 'review_tasks', 'seconds', 'peak_memory_bytes']);
  for (const value of Object.values(links)) assert.equal(typeof value, 'number');
  keys(['link', 'export', join(house.home, 'links.csv')], []);
  keys(['resolve', '--phone', '0938000204'], []);
  keys(['evaluate', 'link', '--truth', join(town, 'truth/persons.csv')], []);
  keys(['migrate'], []);
  keys(['check'], []);
  keys(['purge', '--dry-run'], []);
  keys(['backup', join(house.home, 'a.backup')], []);
});

test('both languages, and the same everywhere an option may stand', () => {
  const house = new House();
  const vi = motcua(['import', 'cats', 'x.csv', '--data', house.data]);
  const en = motcua(['import', 'cats', 'x.csv', '--data', house.data, '--lang', 'en']);
  assert.match(vi.err, /[ạảãàáâậầấẩẫăắằặẳẵđêếềệểễôốồộổỗơớờợởỡưứừựửữ]/i, 'Vietnamese is the default');
  assert.match(en.err, /There is no kind of file/);
  assert.equal(motcua(['--lang', 'en', '--data', house.data, 'import', 'cats', 'x.csv']).err, en.err);
});

test('settings: the file, then MOTCUA_*, then flags; what is wrong in any of them is 2 and named', () => {
  const house = new House();
  const visits = csv('visit_id,person,place_code,kind,from,to', 'V1,phone:0938000204,P1,venue,2021-07-20T08:00,');
  const lengthWith = (minutes, env, ...flags) => {
    const one = new House();
    const config = one.file(`[visits]\nvenue_stay_min = ${minutes}\n`, 'motcua.toml');
    const file = one.file(visits);
    const done = motcua(['import', 'visits', file, '--config', config, '--json', ...flags, ...one.globals()], { env });
    assert.equal(done.status, 0, done.err);
    one.import('residents', csv(register, '079090000011,,Nguyễn Văn An,1990-02-01,Nam,0938000204,,,', '079090000022,,Trần Văn Bình,1990-03-01,Nam,0938000205,,,'));
    one.import('visits', csv('visit_id,person,place_code,kind,from,to', 'V2,phone:0938000205,P1,venue,2021-07-20T08:00,2021-07-20T23:00'));
    one.link('--full');
    return one.trace(one.confirm('--record', 'residents:079090000011', '--sampled-at', '2021-07-22'), '--depth', '1').contacts[0].minutes;
  };
  assert.equal(lengthWith(70, {}), 70);
  assert.equal(lengthWith(70, { MOTCUA_VISITS_VENUE_STAY_MIN: '80' }), 80);
  assert.equal(lengthWith(70, { MOTCUA_VISITS_VENUE_STAY_MIN: '80' }, '--set', 'visits.venue_stay_min=90'), 90);
  const bad = { 'unknown key': '[visits]\nnonsense = 1\n', 'out of bounds': '[visits]\nvenue_stay_min = 0\n', 'wrong type': '[visits]\nvenue_stay_min = "x"\n', 'no TOML': '[[[', 'not text': '\0\0' };
  for (const [what, text] of Object.entries(bad)) {
    const done = house.run('migrate', '--config', house.file(text, `${what}.toml`));
    assert.equal(done.status, 2, `${what}: ${done.status} ${done.err}`);
    assert.ok(done.err.length > 20, what);
  }
  assert.equal(house.run('migrate', '--config', join(house.home, 'absent.toml')).status, 2);
  assert.equal(house.run('migrate', '--config', house.home).status, 2);
  assert.match(house.run('migrate', '--config', house.file('[visits]\nvenue_stay_min = 0\n', 'b.toml')).err, /venue_stay_min/);
  assert.equal(motcua(['migrate', '--data', house.data], { env: { MOTCUA_VISITS_VENUE_STAY_MIN: 'long' } }).status, 2);
  assert.equal(motcua(['migrate', '--data', house.data], { env: { MOTCUA_BINARY: 'x', MOTCUA_SOMETHING_ELSE: '1' } }).status, 0, 'other people\'s variables are theirs');
});

test('--data, --database and --lang may be said by the environment; a flag goes before it', () => {
  const house = new House();
  const env = { MOTCUA_DATA: join(house.home, 'by-env'), MOTCUA_LANG: 'en' };
  assert.equal(motcua(['migrate', '--json'], { env, cwd: house.home }).status, 0);
  assert.ok(existsSync(join(house.home, 'by-env/motcua.sqlite')));
  assert.match(motcua(['import', 'cats', 'x'], { env, cwd: house.home }).err, /There is no kind of file/);
  motcua(['migrate', '--data', join(house.home, 'by-flag')], { env, cwd: house.home });
  assert.ok(existsSync(join(house.home, 'by-flag/motcua.sqlite')));
  assert.equal(motcua(['migrate'], { env: { ...env, MOTCUA_DATABASE: 'postgresql://localhost:1/nothing' }, cwd: house.home }).status, 3);
});

test('./data is made on first use, for its owner alone', () => {
  const home = scratch();
  assert.equal(motcua(['migrate'], { cwd: home }).status, 0);
  assert.ok(existsSync(join(home, 'data/motcua.sqlite')));
  const file = join(home, 'there');
  writeFileSync(file, 'a file, not a folder');
  const done = motcua(['migrate', '--data', file], { cwd: home });
  assert.equal(done.status, 3);
  assert.ok(done.err.length > 20);
});

test('a demonstration leaves a filled house behind', () => {
  const house = new House();
  const summary = house.json(['demo', '--people', '400', '--days', '6', '--no-serve']);
  assert.ok(Object.keys(summary).length > 0);
  assert.ok(house.links().rows.length > 400);
  assert.ok(existsSync(join(house.data, 'town/sign-ins.csv')));
  mkdirSync(join(house.home, 'elsewhere'));
});
