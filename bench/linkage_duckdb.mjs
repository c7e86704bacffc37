// The same work in DuckDB: the blocks of `linkage_bench pairs`, its comparisons level by level, its weights. Blocks are joined one after the
// other, each without the pairs of those before, so that no pair is scored twice and none is kept.
import { DuckDBInstance } from '@duckdb/node-api';

const blocks = [['id_number'], ['phone'], ['full_name', 'birth_date'], ['birth_date', 'sex'], ['full_name', 'ward']];
const agree = (block) => block.map((c) => `a.${c} = b.${c}`).join(' AND ');

const fold = (c) => `regexp_replace(trim(regexp_replace(replace(strip_accents(lower(${c})), 'đ', 'd'), '[^a-z0-9]+', ' ', 'g')), '([b-df-hj-np-tv-xz])y( |$)', '\\1i\\2', 'g')`;
const read = (file) => `CREATE TABLE r AS
  SELECT CAST(substr(row_id, 2) AS BIGINT) AS i, nullif(${fold('full_name')}, '') AS full_name, substr(birth_date, 7, 4) || substr(birth_date, 4, 2) || substr(birth_date, 1, 2) AS birth_date,
    sex, id_number, phone, nullif(${fold('address')}, '') AS address, ward, list_distinct(string_split(${fold('full_name')}, ' ')) AS name_words,
    list_distinct(string_split(${fold('address')}, ' ')) AS address_words
  FROM read_csv('${file}', header = true, all_varchar = true)`;

const levels = (field, w, same, ...others) => `CASE WHEN a.${field} IS NULL OR b.${field} IS NULL THEN 0 WHEN ${same} THEN ${w[0]} ${
  others.map((condition, l) => `WHEN ${condition} THEN ${w[l + 1]}`).join(' ')} ELSE ${w.at(-1)} END`;
const equal = (field) => `a.${field} = b.${field}`;
const category = (field, w) => levels(field, w, equal(field));
const code = (field, w) => levels(field, w, equal(field), `damerau_levenshtein(a.${field}, b.${field}) <= 1`,
  `damerau_levenshtein(a.${field}, b.${field}) = 2 AND least(length(a.${field}), length(b.${field})) >= 6`);
const text = (field, words, w) => {
  const common = `len(list_intersect(a.${words}, b.${words})) / least(len(a.${words}), len(b.${words}))`;
  return levels(field, w, equal(field), `jaro_winkler_similarity(a.${field}, b.${field}) >= 0.92 OR damerau_levenshtein(a.${field}, b.${field}) <= 1
    OR (least(len(a.${words}), len(b.${words})) > 1 AND ${common} >= 0.99)`, `jaro_winkler_similarity(a.${field}, b.${field}) >= 0.8 OR ${common} >= 0.5`);
};
const date = (w) => {
  const part = (from, length, x) => `substr(${x}.birth_date, ${from}, ${length})`;
  const same = (from, length) => `CAST(${part(from, length, 'a')} = ${part(from, length, 'b')} AS INTEGER)`;
  const parts = `${same(1, 4)} + ${same(5, 2)} + ${same(7, 2)}`;
  return levels('birth_date', w, equal('birth_date'),
    `damerau_levenshtein(a.birth_date, b.birth_date) = 1 OR (${part(1, 4, 'a')} = ${part(1, 4, 'b')} AND ${part(5, 2, 'a')} = ${part(7, 2, 'b')} AND ${part(7, 2, 'a')} = ${part(5, 2, 'b')})`,
    `${parts} = 2 OR damerau_levenshtein(a.birth_date, b.birth_date) <= 2`, `${parts} = 1 AND ${part(1, 4, 'a')} = ${part(1, 4, 'b')}`);
};

function scored(w, prior) {
  const between = blocks.map((block, n) => `SELECT a.i AS a, b.i AS b, ${text('full_name', 'name_words', [w.full_name[0], w.full_name[1], w.full_name[2], w.full_name[4]])} AS name,
      ${date(w.birth_date)} + ${category('sex', w.sex)} + ${code('id_number', w.id_number)} + ${category('ward', w.ward)} AS rest,
      ${code('phone', w.phone)} AS phone, ${text('address', 'address_words', w.address)} AS home
    FROM r a JOIN r b ON ${agree(block)} AND a.i < b.i
    ${n === 0 ? '' : 'WHERE ' + blocks.slice(0, n).map((before) => `NOT coalesce(${agree(before)}, false)`).join(' AND ')}`).join('\nUNION ALL\n');
  const reach = '(CASE WHEN phone > 0 AND home > 0 THEN greatest(phone, home) + 0.25 * least(phone, home) ELSE phone + home END)';
  return `SELECT count(*) AS pairs, CAST(sum((CAST(a AS HUGEINT) * 4294967296 + b) % 1000000007) AS VARCHAR) AS hash,
      count(*) FILTER (WHERE ${prior} + name + rest + (CASE WHEN name = ${w.full_name[4]} THEN least(${reach}, 2) ELSE ${reach} END) >= 0) AS likely
    FROM (${between})`;
}

/// `ours`: what `linkage_bench pairs` printed.
export async function duckdbPairs(file, ours) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const began = performance.now();
  await connection.run(read(file));
  const readDone = performance.now();
  const [row] = await (await connection.runAndReadAll(scored(ours.weights, ours.prior_bits))).getRowObjects();
  const done = performance.now();
  connection.closeSync();
  return { readSeconds: (readDone - began) / 1000, pairsSeconds: (done - readDone) / 1000, pairs: Number(row.pairs), hash: row.hash, likely: Number(row.likely) };
}
