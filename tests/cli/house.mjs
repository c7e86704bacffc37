// A house of its own for each test: a data folder, and the built program run on it as a user would.
//
// MOTCUA_BINARY names the program; without it build/release/motcua is meant.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.MOTCUA_BINARY ?? join(root, 'build/release/motcua');

/// The environment without our own variables: a test says itself what it sets.
export function environment(more = {}) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MOTCUA_')));
  return { ...env, ...more };
}

export function motcua(args, options = {}) {
  const { program = binary, ...rest } = options;
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120_000, ...rest, env: environment(options.env) });
  if (done.error) throw done.error;
  return { status: done.status, signal: done.signal, out: done.stdout, err: done.stderr };
}

/// RFC 4180, as far as our own output goes.
export function parseCsv(text) {
  const rows = [];
  let row = [], field = '', quoted = false;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') field += '"', ++i;
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') quoted = true;
    else if (c === ',') row.push(field), field = '';
    else if (c === '\n') row.push(field), rows.push(row), row = [], field = '';
    else if (c !== '\r') field += c;
  }
  if (field || row.length) row.push(field), rows.push(row);
  const [header, ...rest] = rows;
  return rest.map((values) => Object.fromEntries(header.map((name, i) => [name, values[i]])));
}

const made = [];
process.on('exit', () => made.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

export function scratch(prefix = 'motcua-cli-') {
  const dir = mkdtempSync(join(tmpdir(), prefix));
  made.push(dir);
  return dir;
}

/// With MOTCUA_TEST_POSTGRES=/socket/folder houses keep their data in databases of the server there (user postgres), one each.
let databases = 0;
function postgresDatabase() {
  const socket = process.env.MOTCUA_TEST_POSTGRES;
  if (!socket) return '';
  const name = `cli_${process.pid}_${++databases}`;
  const done = spawnSync('createdb', ['-h', socket, '-U', 'postgres', name], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`createdb: ${done.stderr}`);
  return `postgresql:///${name}?host=${socket}&user=postgres`;
}

export class House {
  constructor({ lang = 'en', data } = {}) {
    this.home = scratch();
    this.data = data ?? join(this.home, 'data');
    this.lang = lang;
    this.files = 0;
    this.database = postgresDatabase();
  }
  globals() { return ['--data', this.data, '--lang', this.lang, ...(this.database ? ['--database', this.database] : [])]; }
  run(...args) { return motcua([...args, ...this.globals()]); }
  /// The summary of a command that ends as expected, and nothing else on standard output.
  json(args, status = 0) {
    const done = this.run(...args, '--json');
    assert.equal(done.status, status, `motcua ${args.join(' ')}: ${done.out}${done.err}`);
    return JSON.parse(done.out);
  }
  /// A file of this content in the house; text or bytes.
  file(content, name = `file${++this.files}.csv`) {
    const path = join(this.home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }
  import(kind, content, { status = 0, args = [], name } = {}) {
    const summary = this.json(['import', kind, this.file(content, name), ...args], status);
    assert.equal(summary.read, summary.accepted + summary.updated + summary.unchanged + summary.rejected, 'reconciliation');
    return summary;
  }
  /// The rows of the file of rejected rows, the columns as they came behind row, field, reason.
  rejected(summary) { return parseCsv(readFileSync(summary.rejected_file, 'utf8')); }
  /// An import that ends with 3: the sentence on standard error.
  refuses(kind, content, { status = 3, args = [], name } = {}) {
    const done = this.run('import', kind, this.file(content, name), ...args);
    assert.equal(done.status, status, done.out + done.err);
    return done.err;
  }
  link(...args) { return this.json(['link', ...args]); }
  links() {
    const file = join(this.home, `links${++this.files}.csv`);
    this.json(['link', 'export', file]);
    const text = readFileSync(file, 'utf8');
    return { text, rows: parseCsv(text) };
  }
  /// person_id of each record, as "source:record_id".
  persons() { return Object.fromEntries(this.links().rows.map((r) => [`${r.source}:${r.record_id}`, r.person_id])); }
  confirm(...args) { return this.json(['case', 'confirm', ...args]).case_id; }
  trace(caseId, ...args) {
    const done = this.run('trace', '--case', caseId, '--format', 'json', ...args);
    assert.equal(done.status, 0, done.err);
    return JSON.parse(done.out);
  }
  /// "F1 B 30" and so on: class, name and minutes of each contact.
  classes(caseId, ...args) { return this.trace(caseId, ...args).contacts.map((c) => `${c.class} ${c.full_name} ${c.minutes}`); }
  has(path) { return existsSync(join(this.data, path)); }
}

/// Starts the server; resolves when it says its port.
export async function serve(house, ...args) {
  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', ...house.globals(), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  let said = '';
  const ended = new Promise((done) => child.on('exit', (status, signal) => done({ status, signal, said })));
  child.stdout.on('data', (text) => { said += text; });
  child.stderr.on('data', (text) => { said += text; });
  for (let i = 0; i < 400; ++i) {
    const port = /port (\d+)/.exec(said)?.[1];
    if (port) return { child, ended, root: `http://127.0.0.1:${port}` };
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`the server did not start: ${said}`);
}

// ---- rows of made-up people; every name, number and phone is invented

export const csv = (...lines) => lines.map((l) => l + '\n').join('');
export const register = 'id_number,old_id_number,full_name,birth_date,sex,phone,address,ward_code,household_id';
