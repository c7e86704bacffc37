// How long a page takes, as its reader waits for it: a contact list of a case, over loopback, one request after another.
//   node bench/pages.mjs DATA [requests=300] [case=the one with most contacts]
// DATA is what `motcua demo --no-serve --data DATA` left behind. Prints p50, p95 and p99 in milliseconds, and a hash of the rows.
import { createHash } from 'node:crypto';
import { Client, demoSignIn, serve } from '../tests/support/client.mjs';

const [data, requests = '300', wanted] = process.argv.slice(2);
const { root, stop } = await serve(data);

const client = new Client(root);
await client.signIn(demoSignIn(data, 'tracing_supervisor'));
const { cases } = JSON.parse((await client.api('/api/v1/cases?page_size=200')).text);
const chosen = wanted ? cases.find((c) => c.case_id === wanted) : cases.sort((a, b) => b.contacts - a.contacts)[0];
const views = ['', '?class=F1', '?class=F2&page=2', '?sort=minutes&order=desc', '?sort=name'];

async function measure(what, path, parse) {
  const times = [];
  const hash = createHash('sha256');
  for (let i = 0; i < Number(requests); ++i) {
    const view = views[i % views.length];
    const began = performance.now();
    const answer = await client.request(path + view);
    times.push(performance.now() - began);
    if (answer.status !== 200) throw new Error(`${path}${view}: ${answer.status}`);
    if (i < views.length) hash.update(parse(answer.text));
  }
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  console.log(`${what}: ${requests} requests, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, rows ${hash.digest('hex').slice(0, 16)}`);
}

console.log(`case with ${chosen.contacts} contacts`);
await measure('page', `/vi/cases/${chosen.case_id}`, (html) => [...html.matchAll(/con_[0-9a-z]{26}/g)].map((m) => m[0]).join());
await measure('API ', `/api/v1/cases/${chosen.case_id}/contacts`, (text) => JSON.parse(text).contacts.map((c) => c.contact_id).join());
stop();
