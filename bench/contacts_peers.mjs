// The same questions in SQL: chains of at most so many contacts by a recursive query; of a person's chains the shortest, of those the earliest.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, chownSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const iso = (ms) => new Date(Number(ms) + 7 * 3_600_000).toISOString().replace('.000Z', '+07:00');
const ms = (text) => Date.parse(text);

/// Both directions of a contact; times in milliseconds, so that both systems compute with whole numbers.
const both = 'SELECT a AS person, b AS other, start_ms, end_ms FROM told UNION ALL SELECT b, a, start_ms, end_ms FROM told';
const reached = (q) => `WITH RECURSIVE chain(person, arrival, level) AS (
    SELECT id, CAST(${ms(q.from)} AS BIGINT), 0 FROM seed
    UNION SELECT c.other, greatest(c.start_ms, chain.arrival), chain.level + 1 FROM chain JOIN contact c ON c.person = chain.person AND c.end_ms > chain.arrival
      WHERE chain.level < ${q.depth} AND (chain.level > 0 OR c.start_ms < ${ms(q.to)}))
  SELECT person, level, min(arrival) AS arrival FROM chain JOIN (SELECT person, min(level) AS level FROM chain GROUP BY person) AS nearest USING (person, level)
    WHERE person NOT IN (SELECT id FROM seed) GROUP BY person, level`;
const seedValues = (q) => q.seeds.map((s) => `('${s}')`).join(', ');

export async function askDuckdb(csv, questions) {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  const began = performance.now();
  await connection.run(`CREATE TABLE told AS SELECT a, b, epoch_ms(start) AS start_ms, epoch_ms(start) + CAST(minutes * 60000 AS BIGINT) AS end_ms
    FROM read_csv('${csv}', columns = {a: 'VARCHAR', b: 'VARCHAR', start: 'TIMESTAMPTZ', minutes: 'DOUBLE'}, header = true)`);
  await connection.run(`CREATE TABLE contact AS SELECT * FROM (${both}) ORDER BY person, start_ms`);
  const loaded = performance.now();
  const answers = [];
  for (const q of questions) {
    await connection.run(`CREATE OR REPLACE TEMP TABLE seed AS SELECT * FROM (VALUES ${seedValues(q)}) AS v(id)`);
    const from = performance.now();
    const rows = await (await connection.runAndReadAll(reached(q))).getRows();
    answers.push({ ms: performance.now() - from, lines: rows.map(([person, level, at]) => `${person},${level},${iso(at)}`) });
  }
  connection.closeSync();
  return { load_seconds: (loaded - began) / 1000, answers };
}

export function askPostgres(csv, questions, scratch) {
  const bin = process.env.MOTCUA_POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin';
  const dir = join(scratch, 'postgres');
  chmodSync(scratch, 0o755);
  mkdirSync(dir);
  const root = process.getuid() === 0;
  if (root) chownSync(dir, ...['-u', '-g'].map((f) => Number(spawnSync('id', [f, 'postgres'], { encoding: 'utf8' }).stdout)));
  const call = (program, args, input) => {
    const [command, all] = root ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]] : [program, args];
    const done = spawnSync(command, all, { encoding: 'utf8', input, maxBuffer: 1 << 30, cwd: '/' });
    if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
    return done.stdout;
  };
  const table = join(scratch, 'contacts-for-postgres.csv');
  copyFileSync(csv, table);
  chmodSync(table, 0o644);
  call(`${bin}/initdb`, ['-D', `${dir}/data`, '-A', 'trust', '-U', 'postgres', '--encoding=UTF8', '--locale=C']);
  call(`${bin}/pg_ctl`, ['-D', `${dir}/data`, '-w', '-l', `${dir}/log`, '-o', `-c listen_addresses= -k ${dir} -c shared_buffers=1GB -c work_mem=256MB -c maintenance_work_mem=512MB -c jit=off`, 'start']);
  try {
    const sql = (text) => call(`${bin}/psql`, ['-h', dir, '-U', 'postgres', '-X', '-q', '-A', '-t', '-F', ',', '-v', 'ON_ERROR_STOP=1'], text);
    const began = performance.now();
    sql(`CREATE UNLOGGED TABLE row (a TEXT, b TEXT, start TIMESTAMPTZ, minutes DOUBLE PRECISION);
      COPY row FROM '${table}' WITH (FORMAT csv, HEADER true);
      CREATE UNLOGGED TABLE told AS SELECT a, b, CAST(extract(epoch FROM start) * 1000 AS BIGINT) AS start_ms, CAST(extract(epoch FROM start) * 1000 + minutes * 60000 AS BIGINT) AS end_ms FROM row;
      CREATE UNLOGGED TABLE contact AS ${both};
      CREATE INDEX ON contact (person, end_ms) INCLUDE (other, start_ms);
      VACUUM ANALYZE contact;`);
    const loaded = performance.now();
    const answers = questions.map((q) => {
      const text = sql(`CREATE TEMP TABLE seed (id TEXT PRIMARY KEY); INSERT INTO seed VALUES ${seedValues(q)}; ANALYZE seed;\n\\timing on\n${reached(q)};`);
      const lines = text.trim().split('\n');
      const time = lines.pop();
      return { ms: Number(/([\d.]+) ms/.exec(time)[1]), lines: lines.map((l) => l.split(',')).map(([person, level, at]) => `${person},${level},${iso(at)}`) };
    });
    return { load_seconds: (loaded - began) / 1000, answers };
  } finally {
    call(`${bin}/pg_ctl`, ['-D', `${dir}/data`, '-m', 'immediate', 'stop']);
  }
}
