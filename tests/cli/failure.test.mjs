// What goes wrong around the program: killed, no space, two at once, no permission, files damaged, keys lost.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import test, { before } from 'node:test';
import { House, binary, csv, environment, motcua, scratch, serve } from './house.mjs';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const start = (house, ...args) => {
  const child = spawn(binary, [...args, ...house.globals()], { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  let out = '', err = '';
  child.stdout.on('data', (t) => { out += t; });
  child.stderr.on('data', (t) => { err += t; });
  return { child, ended: new Promise((done) => child.on('exit', (status, signal) => done({ status, signal, out, err }))) };
};
const header = 'sample_code,full_name,birth_date,phone,collected_at,method,result';
const row = (n) => `S${n},Nguyễn Văn Số ${n},19${50 + (n % 50)}-0${1 + (n % 9)}-1${n % 10},0938${String(n).padStart(6, '0')},2021-07-22,PCR,NEG`;
const rows = (n) => csv(header, ...Array.from({ length: n }, (_, i) => row(i)));

let town;   // a filled house, copied by the tests that damage it
before(() => {
  town = new House();
  const done = town.run('demo', '--people', '500', '--days', '6', '--no-serve', '--json');
  assert.equal(done.status, 0, done.err);
});
function copyOfTown() {
  const copy = new House();
  cpSync(town.data, copy.data, { recursive: true });
  return copy;
}

test('killed in the middle of an import, run again: everything once', async () => {
  const count = 30_000, house = new House(), calm = new House();
  house.run('migrate');
  const file = house.file(rows(count));
  const began = Date.now();
  assert.equal(calm.json(['import', 'tests', file]).accepted, count);
  const whole = Date.now() - began;
  let killed = 0;
  for (const share of [0.2, 0.35, 0.5, 0.65, 0.8]) {
    const { child, ended } = start(house, 'import', 'tests', file);
    await wait(whole * share);
    child.kill('SIGKILL');
    if ((await ended).signal === 'SIGKILL') ++killed;
    assert.equal(house.json(['check']).audit_holds, true);
  }
  assert.ok(killed > 0, 'nothing was killed');
  const last = house.json(['import', 'tests', file]);
  assert.deepEqual([last.accepted + last.unchanged, last.updated, last.rejected], [count, 0, 0]);
  assert.equal(house.json(['import', 'tests', file]).unchanged, count);
  house.link('--full');
  assert.equal(house.links().rows.length, count);
});

test('terminated in the middle of an import: it ends, and can run again', async () => {
  const house = new House();
  house.run('migrate');
  const file = house.file(rows(30_000));
  const { child, ended } = start(house, 'import', 'tests', file);
  await wait(150);
  child.kill('SIGTERM');
  const began = Date.now();
  await ended;
  assert.ok(Date.now() - began < 5000);
  const last = house.json(['import', 'tests', file]);
  assert.equal(last.accepted + last.unchanged, 30_000);
});

test('two imports at once: both do what they say, together everything once', async () => {
  const house = new House();
  house.run('migrate');
  const file = house.file(rows(8000));
  const done = await Promise.all([start(house, 'import', 'tests', file, '--json').ended, start(house, 'import', 'tests', file, '--json').ended]);
  let accepted = 0;
  for (const one of done) {
    assert.equal(one.status, 0, one.err);
    const summary = JSON.parse(one.out);
    assert.equal(summary.read, summary.accepted + summary.updated + summary.unchanged + summary.rejected);
    accepted += summary.accepted;
  }
  assert.equal(accepted, 8000);
  assert.equal(house.json(['check']).audit_holds, true);
});

test('two on a house that is not there yet: it is made once', async () => {
  const house = new House();
  const file = house.file(rows(10));
  const done = await Promise.all([1, 2, 3].map(() => start(house, 'import', 'tests', file, '--json').ended));
  for (const one of done) assert.equal(one.status, 0, one.err);
  assert.equal(house.json(['check']).audit_holds, true);
  assert.equal(house.json(['import', 'tests', file]).unchanged, 10);
});

test('a full disk: the import says so and ends with 3; with space again it succeeds', (t) => {
  if (process.getuid() !== 0) return t.skip('mounting a small disk needs root');
  const mount = scratch();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', mount]).status !== 0) return t.skip('no small disk can be mounted here');
  try {
    const house = new House({ data: join(mount, 'data') });
    house.json(['migrate']);
    assert.equal(house.import('tests', rows(10)).accepted, 10);
    const file = house.file(rows(60_000));
    const full = house.run('import', 'tests', file);
    assert.equal(full.status, 3, full.out + full.err);
    assert.match(full.err, /disk|space/i);
    assert.equal(full.out, '');
    const still = house.run('trace', '--case', 'cas_nobody');
    assert.equal(still.status, 3);
    const enlarged = spawnSync('mount', ['-o', 'remount,size=400m', mount]);
    assert.equal(enlarged.status, 0, String(enlarged.stderr));
    assert.equal(house.json(['check']).audit_holds, true);
    const done = house.json(['import', 'tests', file]);
    assert.equal(done.accepted + done.unchanged, 60_000);
    assert.equal(house.json(['import', 'tests', file]).unchanged, 60_000);
    assert.equal(house.json(['check']).database_findings, 0);
  } finally {
    spawnSync('umount', [mount]);
  }
});

test('a file size limit is a full disk: the import ends with 3, and succeeds without it', () => {
  const house = new House();
  house.json(['migrate']);
  const file = house.file(rows(20_000)), small = house.file('#!/bin/bash\nulimit -f 3000\nexec "$MOTCUA_PROGRAM" "$@"\n', 'small.sh');
  chmodSync(small, 0o755);
  if (house.database) return;   // PostgreSQL writes its files itself
  const full = motcua(['import', 'tests', file, ...house.globals()], { program: small, env: { MOTCUA_PROGRAM: binary } });
  assert.deepEqual([full.status, full.signal, full.out], [3, null, ''], full.err);
  assert.match(full.err, /storage\.unavailable|disk|space/i);
  const done = house.json(['import', 'tests', file]);
  assert.equal(done.accepted + done.unchanged, 20_000);
  assert.equal(house.json(['check']).audit_holds, true);
});

test('the server ends within 5 seconds of SIGTERM, with status 0, and answers until then', async () => {
  const house = copyOfTown();
  const { child, ended, root } = await serve(house);
  assert.equal((await fetch(`${root}/healthz`)).status, 200);
  assert.equal((await fetch(`${root}/readyz`)).status, 200);
  const began = Date.now();
  child.kill('SIGTERM');
  const { status, signal } = await ended;
  assert.deepEqual([status, signal], [0, null]);
  assert.ok(Date.now() - began < 5000);
});

test('a port that is taken is 3 and says so', async () => {
  const house = copyOfTown(), other = copyOfTown();
  const { child, ended, root } = await serve(house);
  const done = other.run('serve', '--listen', root.slice(7));
  assert.equal(done.status, 3, done.err);
  assert.ok(done.err.length > 20);
  child.kill('SIGTERM');
  assert.equal((await ended).status, 0);
});

test('backup while serving, restored elsewhere with the master key: the same links; without it a clear sentence', async () => {
  const house = copyOfTown();
  const before = house.links().text;
  const backup = join(house.home, 'town.backup');
  const { child, ended } = await serve(house);
  assert.ok(house.json(['backup', backup]).bytes > 10_000);
  child.kill('SIGTERM');
  assert.equal((await ended).status, 0);
  assert.equal(statSync(backup).mode & 0o077, 0, 'for its owner alone');
  assert.ok(!readFileSync(backup).includes('SQLite format'), 'encrypted');

  const elsewhere = new House();
  mkdirSync(join(elsewhere.data, 'keys'), { recursive: true, mode: 0o700 });
  copyFileSync(join(house.data, 'keys/master.key'), join(elsewhere.data, 'keys/master.key'));
  chmodSync(join(elsewhere.data, 'keys/master.key'), 0o600);
  const restored = elsewhere.run('restore', backup, '--json');
  assert.equal(restored.status, 0, restored.err);
  assert.equal(elsewhere.json(['check']).audit_holds, true);
  assert.ok(elsewhere.links().text === before, 'the same links');
  assert.equal(elsewhere.run('restore', backup).status, 3, 'a house that is there is not overwritten');
  assert.ok(elsewhere.links().text === before);

  const keyless = new House();
  const refused = keyless.run('restore', backup);
  assert.equal(refused.status, 3, refused.err);
  assert.match(refused.err, /key/i);
  assert.ok(!keyless.has('motcua.sqlite'), 'nothing half-done');
  assert.ok(!spawnSync('find', [keyless.data], { encoding: 'utf8' }).stdout.includes('plain'), 'nothing in the clear left behind');

  const half = join(house.home, 'half.backup');
  writeFileSync(half, readFileSync(backup).subarray(0, 5000));
  const damaged = new House();
  mkdirSync(join(damaged.data, 'keys'), { recursive: true, mode: 0o700 });
  copyFileSync(join(house.data, 'keys/master.key'), join(damaged.data, 'keys/master.key'));
  chmodSync(join(damaged.data, 'keys/master.key'), 0o600);
  assert.equal(damaged.run('restore', half).status, 3);
  assert.ok(!damaged.has('motcua.sqlite'));
  assert.equal(damaged.run('restore', damaged.file('not a backup')).status, 3);
  assert.equal(damaged.run('restore', backup).status, 0, 'a failed try does not stand in the way of the right one');
});

test('the master key: lost, of another house, of no length, readable by others', () => {
  const key = (house) => join(house.data, 'keys/master.key');
  const says = (house, what) => {
    const done = house.run('link');
    assert.equal(done.status, 3, `${what}: ${done.status} ${done.err}`);
    assert.match(done.err, /key/i, what);
  };
  const lost = copyOfTown();
  rmSync(key(lost));
  says(lost, 'lost');
  assert.ok(!existsSync(key(lost)), 'no new key in place of a lost one');
  const other = copyOfTown(), stranger = new House();
  stranger.run('migrate');
  copyFileSync(key(stranger), key(other));
  chmodSync(key(other), 0o600);
  says(other, 'of another house');
  const empty = copyOfTown();
  writeFileSync(key(empty), '');
  says(empty, 'empty');
  const open = copyOfTown();
  chmodSync(key(open), 0o644);
  says(open, 'readable by others');
  chmodSync(key(open), 0o600);
  assert.equal(open.run('link').status, 0);
});

test('a data folder that may not be written', (t) => {
  const house = copyOfTown();
  if (process.getuid() === 0) {
    const mount = scratch();
    if (spawnSync('mount', ['--bind', house.data, mount]).status !== 0 || spawnSync('mount', ['-o', 'remount,bind,ro', mount]).status !== 0) {
      spawnSync('umount', [mount]);
      return t.skip('no read-only mount can be made here');
    }
    try {
      const readOnly = new House({ data: mount });
      const done = readOnly.run('import', 'tests', readOnly.file(rows(3)));
      assert.equal(done.status, 3, done.out + done.err);
      assert.ok(done.err.length > 20);
      assert.equal(readOnly.run('link', 'export', join(readOnly.home, 'l.csv')).status, 3, 'an export that cannot be put on record is not made');
    } finally {
      spawnSync('umount', [mount]);
    }
    return undefined;
  }
  chmodSync(house.data, 0o500);
  const done = house.run('import', 'tests', house.file(rows(3)));
  chmodSync(house.data, 0o700);
  assert.equal(done.status, 3, done.out + done.err);
});

test('check finds a damaged database and says where', () => {
  const house = copyOfTown();
  assert.equal(house.run('check').status, 0);
  const file = join(house.data, 'motcua.sqlite');
  const size = statSync(file).size;
  const handle = openSync(file, 'r+');
  for (let page = 20; page < size / 4096; page += 7) writeSync(handle, Buffer.alloc(512, 0xa5), 0, 512, page * 4096 + 64);
  closeSync(handle);
  const done = house.run('check');
  assert.equal(done.status, 1, done.out + done.err);
  assert.match(done.out + done.err, /page|tree|index|damaged|corrupt/i);
});

test('a database that is no database, cut off, or of nothing', () => {
  const cases = { text: (f) => writeFileSync(f, 'this is not a database, whatever its name says\n'.repeat(200)), cut: (f) => truncateSync(f, 10_000) };
  for (const [what, damage] of Object.entries(cases)) {
    const house = copyOfTown();
    for (const more of ['-wal', '-shm']) rmSync(join(house.data, `motcua.sqlite${more}`), { force: true });
    damage(join(house.data, 'motcua.sqlite'));
    const imported = house.run('import', 'tests', house.file(rows(3)));
    assert.equal(imported.status, 3, `${what}: ${imported.out}${imported.err}`);
    const done = house.run('check');
    assert.ok(done.status === 1 || done.status === 3, `${what}: ${done.status}`);
    assert.ok(done.err.length > 20, what);
  }
});

test('check finds a changed, a missing and an added line of audit, and says where', (t) => {
  const sqlite = (house, sql) => spawnSync('sqlite3', [join(house.data, 'motcua.sqlite'), sql], { encoding: 'utf8' });
  if (spawnSync('sqlite3', ['--version']).error) return t.skip('the sqlite3 program is not there');
  const tables = sqlite(town, "SELECT name FROM sqlite_master WHERE name LIKE 'audit%' AND type = 'table'").stdout;
  assert.match(tables, /audit/);
  const table = tables.split('\n').find((n) => /entry|entries|log|line/.test(n)) ?? tables.split('\n')[0];
  const columns = sqlite(town, `SELECT name FROM pragma_table_info('${table}')`).stdout.split('\n');
  assert.ok(columns.includes('seq'), `${table}: ${columns}`);
  const damages = {
    changed: `UPDATE ${table} SET actor = 'somebody' WHERE seq = 5`,
    missing: `DELETE FROM ${table} WHERE seq = 5`,
  };
  for (const [what, sql] of Object.entries(damages)) {
    const house = copyOfTown();
    const damaged = sqlite(house, sql);
    assert.equal(damaged.status, 0, damaged.stderr);
    const done = house.run('check', '--json');
    assert.equal(done.status, 1, `${what}: ${done.out}${done.err}`);
    const found = JSON.parse(done.out);
    assert.equal(found.audit_holds, false);
    assert.ok([5, 6].includes(found.audit_breaks_at), `${what}: ${found.audit_breaks_at}`);
  }
});

test('a summary or a list that cannot be written is no success', () => {
  const full = openSync('/dev/full', 'w');
  const house = copyOfTown();
  for (const args of [['check', '--json'], ['link', '--json'], ['resolve', '--name', 'Nguyễn Văn An']]) {
    const done = motcua([...args, ...house.globals()], { stdio: ['ignore', full, 'pipe'] });
    assert.equal(done.status, 3, args[0]);
    assert.ok(done.err.length > 20);
  }
  closeSync(full);
});

test('importing and linking beside a running server', async () => {
  const house = copyOfTown();
  const { child, ended, root } = await serve(house);
  assert.equal(house.import('tests', rows(3000)).accepted, 3000);
  house.link();
  assert.equal(house.run('serve', '--listen', root.slice(7)).status, 3);
  assert.equal((await fetch(`${root}/readyz`)).status, 200);
  child.kill('SIGTERM');
  assert.equal((await ended).status, 0);
  assert.equal(house.json(['check']).audit_holds, true);
});

test('what is written is for its owner alone', () => {
  const house = new House();
  mkdirSync(house.data, { mode: 0o755 });
  const summary = house.import('tests', csv(header, 'S1,Nguyễn Văn An,,,31/02/2021,PCR,POS', row(2)), { status: 1 });
  house.link();
  const links = join(house.home, 'links.csv');
  house.json(['link', 'export', links]);
  for (const file of [join(house.data, 'motcua.sqlite'), join(house.data, 'keys/master.key'), summary.rejected_file, links]) assert.equal(statSync(file).mode & 0o077, 0, file);
});
