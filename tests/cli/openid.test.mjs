// Coming in by another account service: npm oidc-provider is the service, and a relay in front of it bends what it says, one thing at a time.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import { after, before, test } from 'node:test';
import Provider from 'oidc-provider';
import { Client } from '../support/client.mjs';
import { House, serve } from './house.mjs';

let relay, provider, house, served, bend = {};
const tokens = [];

/** Everything goes through to the provider; `bend.token`, `bend.discovery`: what becomes of those answers. */
async function startRelay() {
  relay = createServer((q, r) => {
    if (bend.down) return q.socket.destroy();
    const through = ask({ host: '127.0.0.1', port: provider.port, method: q.method, path: q.url, headers: q.headers }, async (said) => {
      const parts = [];
      for await (const part of said) parts.push(part);
      let body = Buffer.concat(parts);
      const change = q.url === '/token' ? bend.token : q.url.startsWith('/.well-known') ? bend.discovery : undefined;
      if (q.url === '/token' && said.statusCode === 200) tokens.push(JSON.parse(body).id_token);
      if (change && said.statusCode === 200) body = Buffer.from(JSON.stringify(change(JSON.parse(body))));
      const { 'transfer-encoding': _, ...headers } = said.headers;
      r.writeHead(said.statusCode, { ...headers, 'content-length': body.length }).end(body);
    });
    q.pipe(through);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return `http://127.0.0.1:${relay.address().port}`;
}

async function startProvider(issuer, redirect) {
  const accounts = { lan: { phone_number: '+84938000204', phone_number_verified: true }, minh: { phone_number: '+84938000305', phone_number_verified: false } };
  const service = new Provider(issuer, {
    clients: [{ client_id: 'motcua', client_secret: 'a secret of this test', redirect_uris: [redirect] }],
    claims: { openid: ['sub'], phone: ['phone_number', 'phone_number_verified'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts[sub] }) }),
    cookies: { keys: ['a cookie key of this test'] },
  });
  const server = service.callback();
  provider = createServer(server).listen(0, '127.0.0.1');
  await once(provider, 'listening');
  provider.port = provider.address().port;
}

before(async () => {
  const issuer = await startRelay();
  house = new House();
  served = await serve(house, ...['oidc_issuer=' + issuer, 'oidc_client_id=motcua', 'oidc_client_secret=a secret of this test', 'oidc_proves=true', 'oidc_label_en=VNeID'].flatMap((s) => ['--set', 'residents.' + s]));
  await startProvider(issuer, served.root + '/openid/back');
});
after(() => { served?.child.kill(); relay?.close(); relay?.closeAllConnections(); provider?.close(); provider?.closeAllConnections(); });

/** Through the provider's own pages as `login`: the address it sends the browser back to. */
async function through(client, login, next = '') {
  const begun = await client.request('/en/me/sign-in/openid' + (next && '?next=' + encodeURIComponent(next)));
  assert.equal(begun.status, 303);
  assert.doesNotMatch(begun.location, /openid=refused/);
  const at = new URL(begun.location), there = new Client(at.origin);
  let answer = await there.request(at.pathname + at.search);
  for (let steps = 0; steps < 12; ++steps) {
    if (answer.location.startsWith(client.root)) return answer.location.slice(client.root.length);
    if (answer.location) answer = await there.request(answer.location.replace(at.origin, ''));
    else {
      const prompt = /name="prompt" value="([a-z]+)"/.exec(answer.text)[1], to = /action="([^"]+)"/.exec(answer.text)[1].replace(at.origin, '');
      answer = await there.post(to, prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
    }
  }
  assert.fail('the provider never sent the browser back');
}
async function comeIn(login, client = new Client(served.root)) {
  const answer = await client.request(await through(client, login));
  return { client, ...answer };
}
const refused = /\/en\/me\/sign-in\?openid=refused$/;

test('the page of sign-in names the service, and who comes by it tells who they are', async () => {
  const client = new Client(served.root);
  assert.match((await client.request('/en/me/sign-in')).text, /VNeID/);
  const back = await through(client, 'lan');
  const entered = await client.request(back);
  assert.deepEqual([entered.status, entered.location], [303, '/en/me/who']);
  assert.equal((await client.request('/en/me/who')).status, 200);
  assert.match((await client.request('/en/me/who')).text, /0938 ?000 ?204/, 'its phone, which this installation takes from the service');
  await client.post('/en/me/who', { full_name: 'Lê Thị Lan', birth: '1990-03-27', sex: 'female' });
  assert.match((await client.request('/en/me')).text, /Lê Thị Lan/);
  const again = await comeIn('lan');
  assert.equal(again.location, '/en/me', 'the same account the second time');
  assert.match((await again.client.request('/en/me')).text, /Lê Thị Lan/);
});

test('a newcomer goes on where they were going, and nobody is led to another site', async () => {
  const client = new Client(served.root);
  assert.match((await client.request('/en/me/sign-in?next=/en/me/devices')).text, /sign-in\/openid\?next=%2Fen%2Fme%2Fdevices"/);
  const entered = await client.request(await through(client, 'an', '/en/me/devices'));
  assert.equal(entered.location, '/en/me/who?next=%2Fen%2Fme%2Fdevices');
  await client.request(entered.location);
  const told = await client.post('/en/me/who', { full_name: 'Lê An', birth: '1990', sex: 'male', next: '/en/me/devices' });
  assert.equal(told.location, '/en/me/devices');
  for (const evil of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
    const again = new Client(served.root);
    assert.equal((await again.request(await through(again, 'an', evil))).location, '/en/me', evil);
  }
});

test('a phone that the service did not verify is not taken', async () => {
  const { client, location } = await comeIn('minh');
  assert.equal(location, '/en/me/who');
  assert.doesNotMatch((await client.request('/en/me/who')).text, /0938 ?000 ?305/);
});

test('an answer that is not of this browser, not of this question, or comes again, opens nothing', async () => {
  const client = new Client(served.root), back = await through(client, 'lan');
  assert.match((await new Client(served.root).request(back)).location, /\/vi\/me\/sign-in\?openid=refused$/, 'another browser');
  const other = new Client(served.root);
  await through(other, 'minh');
  assert.match((await other.request(back)).location, refused, 'a question of its own, the answer of another');
  const mine = new Client(served.root), params = new URLSearchParams((await through(mine, 'lan')).split('?')[1]);
  const keep = new Map(mine.cookies);
  assert.match((await mine.request('/openid/back?' + new URLSearchParams({ ...Object.fromEntries(params), state: 'x' + params.get('state').slice(1) }))).location, refused, 'altered state');
  mine.cookies = new Map(keep);
  assert.equal((await mine.request('/openid/back?' + params)).location, '/en/me');
  mine.cookies = new Map(keep);
  assert.match((await mine.request('/openid/back?' + params)).location, refused, 'the code of before');
  assert.equal((await mine.request('/en/me')).status, 303, 'and no session');
});

test('a token that is altered, of an earlier question, or missing is refused', async () => {
  const earlier = tokens.at(-1);
  const wrong = {
    'altered signature': (said) => ({ ...said, id_token: said.id_token.slice(0, -8) + (said.id_token.at(-8) === 'A' ? 'B' : 'A') + said.id_token.slice(-7) }),
    'altered claims': (said) => { const [h, c, s] = said.id_token.split('.'); const claims = JSON.parse(Buffer.from(c, 'base64url')); return { ...said, id_token: [h, Buffer.from(JSON.stringify({ ...claims, sub: 'lan' })).toString('base64url'), s].join('.') }; },
    'no signature': (said) => { const [, c] = said.id_token.split('.'); return { ...said, id_token: [Buffer.from('{"alg":"none"}').toString('base64url'), c, ''].join('.') }; },
    'of an earlier question': (said) => ({ ...said, id_token: earlier }),
    'missing': ({ id_token: _, ...said }) => said,
  };
  for (const [what, change] of Object.entries(wrong)) {
    bend = { token: change };
    assert.match((await comeIn('minh')).location, refused, what);
  }
  bend = {};
  assert.doesNotMatch((await comeIn('minh')).location, refused, 'and without bending it holds');
});

test('a service that is down leads back to the page with the other ways', async () => {
  bend = { down: true };
  const client = new Client(served.root);
  const back = '/openid/back?code=c&state=s';
  assert.match((await client.request(back)).location, /openid=refused$/);
  const fresh = await serve(new House(), '--set', `residents.oidc_issuer=http://127.0.0.1:${relay.address().port}`, '--set', 'residents.oidc_client_id=motcua');
  try {
    const answer = await new Client(fresh.root).request('/en/me/sign-in/openid');
    assert.match(answer.location, refused);
    const page = await new Client(fresh.root).request(answer.location);
    assert.equal(page.status, 200);
    assert.match(page.text, /name="phone"/);
    bend = { discovery: (said) => ({ ...said, issuer: 'https://evil.example' }) };
    assert.match((await new Client(fresh.root).request('/en/me/sign-in/openid')).location, refused, 'another issuer');
  } finally {
    fresh.child.kill();
    bend = {};
  }
});

test('nothing of it stands in a log', async () => {
  served.child.kill();
  const { said } = await served.ended;
  for (const secret of [...tokens, 'a secret of this test', '938000204']) assert.ok(!said.includes(secret), 'a log holds a secret');
  assert.match(said, /residents\.openid_refused/);
});
