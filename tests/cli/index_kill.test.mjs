// motcua link under kill -9: identity.index is written while a run ends, and may be cut off at any byte. Whatever stands there then, who somebody likely
// is is answered as from the tables alone, the next run gives the persons it gives without the file, and in the end they are those of a house where
// nobody died. MOTCUA_TEST_KILLS says how many times (60 and more: node --test tests/cli/index_kill.test.mjs).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, cpSync, existsSync, lstatSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { House, binary, csv, environment } from './house.mjs';

const kills = Number(process.env.MOTCUA_TEST_KILLS ?? 6), known = 1500, more = 8;
let state = Number(process.env.MOTCUA_TEST_SEED ?? 23);
const random = (n) => { state = (Math.imul(state, 1103515245) + 12345) >>> 0; return (state >>> 8) % n; };
const pick = (list, n) => list[n % list.length];

const family = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Vũ', 'Đặng', 'Bùi'], middle = ['Văn', 'Thị', 'Minh', 'Ngọc', 'Đức'],
  given = ['An', 'Bình', 'Châu', 'Dũng', 'Hà', 'Hải', 'Lan', 'Mai', 'Nam', 'Sơn', 'Tâm', 'Vy', 'Yến'];
const two = (n) => String(n).padStart(2, '0');
function person(i) {
  const year = 1940 + (i * 7) % 60, male = i % 2 === 0;
  return { name: `${pick(family, i * 5 + (i >> 3))} ${pick(middle, i >> 2)} ${pick(given, i * 3 + (i >> 4))}`, birth: `${year}-${two(1 + i % 12)}-${two(1 + (i * 11) % 28)}`,
    sex: male ? 'Nam' : 'Nữ', id: `079${male ? 0 : 1}${two(year % 100)}${String(100000 + i)}`, phone: `0938${String(100000 + (i >> (i % 3 === 0 ? 1 : 0)))}` };
}
const residents = (from, to) => csv('id_number,full_name,birth_date,sex,phone',
  ...Array.from({ length: to - from }, (_, k) => { const p = person(from + k); return `${p.id},${p.name},${p.birth},${p.sex},${p.phone}`; }));
const declarations = (from, to) => csv('declaration_id,declared_at,full_name,birth_date,sex,phone',
  ...Array.from({ length: to - from }, (_, k) => { const p = person(from + k); return `D${from + k},2021-07-01T08:00,${p.name.replace(' Văn ', ' ')},${p.birth},${p.sex},${p.phone}`; }));

function settled() {
  const house = new House();
  house.import('residents', residents(0, known + kills * more));
  house.import('ncovi', declarations(0, known));
  house.link('--full');
  return house;
}

/// Dead after so many milliseconds. True when it had not ended before.
async function linkUntilKilled(house, after, ...args) {
  const child = spawn(binary, ['link', ...args, ...house.globals()], { stdio: 'ignore', env: environment() });
  const ended = new Promise((done) => child.on('exit', (_, signal) => done(signal)));
  setTimeout(() => child.kill('SIGKILL'), after);
  return (await ended) === 'SIGKILL';
}

/// Dead when so many bytes of the file are written: a pipe stands in its place, which we read no further, and then what came through it. `renamed`: as
/// after a loss of power, when the new name reached the disk and the end of the file did not.
async function linkUntilTorn(house, bytes, renamed) {
  const index = join(house.data, 'identity.index'), part = `${index}.part`;
  rmSync(part, { force: true });
  assert.equal(spawnSync('mkfifo', [part]).status, 0);
  const pipe = openSync(part, constants.O_RDWR | constants.O_NONBLOCK);
  const child = spawn(binary, ['link', '--full', ...house.globals()], { stdio: 'ignore', env: environment() });
  let exited = false, read = 0;
  const ended = new Promise((done) => child.on('exit', (_, signal) => { exited = true; done(signal); }));
  const torn = Buffer.alloc(bytes);
  while (read < bytes && !exited) {
    try {
      read += readSync(pipe, torn, read, bytes - read);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      await new Promise((done) => setTimeout(done, 1));
    }
  }
  child.kill('SIGKILL');
  const signal = await ended;
  closeSync(pipe);
  const old = existsSync(index) && !lstatSync(index).isFIFO();
  rmSync(part, { force: true });
  if (!old) rmSync(index, { force: true });   // written to its end into the pipe, and given its name
  writeFileSync(renamed || !old ? index : part, torn.subarray(0, read));
  return signal === 'SIGKILL' && read === bytes;
}

function answer(house, i, by) {
  const p = person(i);
  const asked = { phone: ['--phone', p.phone], id: ['--id', p.id], name: ['--name', p.name, '--birth', p.birth] }[by];
  const done = house.run('resolve', ...asked, '--json');
  assert.equal(done.status, 0, done.out + done.err);
  // Who shares little with the question is looked for in the file alone.
  return JSON.parse(done.out).candidates.filter((c) => c.probability >= 0.5).map((c) => `${c.person_id} ${c.full_name} ${c.birth} ${c.probability}`);
}

/// The same house without the file: its answers come from the tables.
function bare(house) {
  const data = join(house.home, 'bare');
  rmSync(data, { recursive: true, force: true });
  cpSync(house.data, data, { recursive: true });
  for (const file of ['identity.index', 'identity.index.part']) rmSync(join(data, file), { force: true });
  return new House({ data });
}

/// Who is with whom, whatever the persons are called.
function groups(house) {
  const of = new Map();
  for (const [record, id] of Object.entries(house.persons())) of.set(id, [...(of.get(id) ?? []), record]);
  return [...of.values()].map((records) => records.sort().join(' ')).sort();
}

test(`${kills} deaths around the index leave no wrong answer`, { timeout: 3_600_000, skip: process.env.MOTCUA_TEST_POSTGRES ? 'one database cannot be copied as a folder' : false }, async (t) => {
  const house = settled();
  const started = performance.now();
  house.link('--full');
  const usual = performance.now() - started, size = statSync(join(house.data, 'identity.index')).size;
  let died = 0, torn = 0, answers = 0, rounds = 0;
  for (; rounds < kills; ++rounds) {
    const from = known + rounds * more;
    house.import('ncovi', declarations(from, from + more));
    if (rounds % 3 === 2) died += await linkUntilKilled(house, random(Math.ceil(usual)), ...(rounds % 2 ? ['--full'] : [])) ? 1 : 0;
    else if (await linkUntilTorn(house, 1 + random(Math.floor(size * 0.95)), rounds % 3 === 1)) ++died, ++torn;
    const tables = bare(house);
    for (const by of ['phone', 'name', 'id']) {
      const i = by === 'phone' ? from + random(more) : random(from);
      const told = answer(house, i, by);
      answers += told.length;
      assert.deepEqual(told, answer(tables, i, by), `${by} of ${i} after ${rounds + 1} deaths`);
    }
    house.link();
    tables.link();
    assert.deepEqual(groups(house), groups(tables), `persons after ${rounds + 1} deaths`);
  }
  assert.ok(torn > 0 && answers > 0);
  house.link('--full');
  const quiet = settled();
  quiet.import('ncovi', declarations(known, known + kills * more));
  quiet.link('--full');
  assert.deepEqual(groups(house), groups(quiet));
  t.diagnostic(`${died} deaths in ${rounds} runs, ${torn} files cut off, every answer that of the tables`);
});
