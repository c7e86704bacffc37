// How long a confirmed case takes until its contacts are listed: one after another, then many at once, over HTTP of a served town.
//   motcua demo --people 100000 --no-serve --data DATA
// Once for a town: who is a case already is answered at once.
//   node bench/confirm.mjs DATA [--one 60] [--many 60,200]
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Client, demoSignIn, serve } from '../tests/support/client.mjs';

const { values: options, positionals: [data] } = parseArgs({
  allowPositionals: true,
  options: { one: { type: 'string', default: '60' }, many: { type: 'string', default: '60,200' } },
});
const { root, stop } = await serve(data);
const client = new Client(root);
await client.signIn(demoSignIn(data, 'tracing_supervisor'));

// Everybody of the register who was somewhere, in an order that leaves neighbours apart.
const ids = [...new Set([...readFileSync(`${data}/town/visits.csv`, 'utf8').matchAll(/,id:(\d{12}),/g)].map((m) => m[1]))];
let next = 0;
const person = () => ids[(next++ * 7919) % ids.length];
const confirm = async () => {
  const began = performance.now();
  const answer = await client.api('/api/v1/cases', { record_source: 'residents', record_id: person(), sampled_at: '2021-08-02T09:00:00+07:00' });
  return { ms: performance.now() - began, done: answer.status < 300 };
};
const at = (values, share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))].toFixed(0);

console.log(`${new Date().toISOString().slice(0, 16)}Z, load ${loadavg()[0].toFixed(1)}, ${ids.length} people who were somewhere`);
const one = [];
while (one.length < Number(options.one) && next < ids.length) {
  const answer = await confirm();
  if (answer.done) one.push(answer.ms);   // of the register's people some stand under another record: nobody to confirm
}
console.log(`one by one, ${one.length} cases: p50 ${at(one, 0.5)} ms, p99 ${at(one, 0.99)} ms`);
for (const n of options.many.split(',').map(Number)) {
  const began = performance.now();
  const answers = await Promise.all(Array.from({ length: n }, confirm));
  console.log(`${n} at once: ${answers.filter((a) => a.done).length} confirmed in ${((performance.now() - began) / 1000).toFixed(2)} s, p99 ${at(answers.map((a) => a.ms), 0.99)} ms`);
}
stop();
