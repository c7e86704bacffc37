// Telephones check in by message: through a gateway over HTTP with its key, and through a message centre over SMPP 3.4 (npm smpp is the centre). Whoever was
// there is on the list of the case, and nothing a telephone sends holds up the next message.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import smpp from 'smpp';
import { Client } from '../support/client.mjs';
import { House, binary, environment } from './house.mjs';

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function until(what, ask, ms = 20_000) {
  for (const end = Date.now() + ms; Date.now() < end; await wait(50)) {
    const found = await ask();
    if (found) return found;
  }
  assert.fail(`${what}: not within ${ms} ms`);
}

/// A served house: { root, stop, kill }. `more`: settings as environment.
async function serve(house, more = {}) {
  const server = spawn(binary, ['serve', '--listen', '127.0.0.1:0', ...house.globals()], { stdio: ['ignore', 'pipe', 'ignore'], env: environment(more) });
  let said = '';
  server.stdout.on('data', (text) => (said += text));
  const ended = once(server, 'exit');
  const port = await until('serving', () => /port (\d+)/.exec(said)?.[1]);
  return { root: `http://127.0.0.1:${port}`, stop: () => (server.kill(), ended), kill: () => (server.kill('SIGKILL'), ended) };
}

/// What waits for the telephone network: [{ to, text }]; taken away.
function outgoing(house) {
  const dir = join(house.data, 'sms/outgoing');
  let names = [];
  try { names = readdirSync(dir); } catch { return []; }
  return names.map((name) => {
    const file = readFileSync(join(dir, name), 'utf8');
    rmSync(join(dir, name));
    return { to: /^To: (\d+)/m.exec(file)[1], text: file.slice(file.indexOf('\n\n') + 2) };
  });
}

async function resident(house, root, phone, name, id) {
  const client = new Client(root);
  outgoing(house);
  await client.request('/en/me/sign-in');
  const asked = await client.post('/en/me/sign-in', { phone });
  await client.request(asked.location);
  const code = (await until('the code', () => outgoing(house).find((m) => m.to.endsWith(phone.slice(1))))).text.slice(0, 6);
  await client.post(asked.location, { code });
  await client.request('/en/me/who');
  await client.post('/en/me/who', { full_name: name, birth: '1990-01-01', sex: 'female', id_number: id });
  await client.request('/en/me');
  return client;
}

async function market(client) {
  const made = await client.api('/api/v1/me/venues', { name: 'Chợ Bến Thành', kind: 'market', address: 'Lê Lợi, Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh' });
  assert.equal(made.status, 201, made.text);
  return JSON.parse(made.text);
}

const own = (client) => client.api('/api/v1/check-ins').then((answer) => JSON.parse(answer.text).check_ins);

test('by page without JavaScript, by gateway, and on the list of the case', async () => {
  const house = new House();
  const key = house.run('keys', 'gateway').out.trim();
  assert.match(key, /^[0-9a-f]{64}$/);
  const server = await serve(house);
  try {
    const an = await resident(house, server.root, '0938000001', 'An Thị Một', '079190000001');
    const bui = await resident(house, server.root, '0938000002', 'Bùi Thị Hai', '079190000002');
    const venue = await market(an);
    const poster = await an.request(`/vi/me/venues/${venue.venue_id}/poster`);
    assert.ok(poster.status === 200 && poster.text.startsWith('%PDF-'));

    for (const [client, path] of [[an, `/vi/v/${venue.code}`], [bui, `/en/v/${venue.short_code}`]]) {
      const page = await client.request(path);
      assert.equal(page.status, 200, page.text);
      const number = /name="number" value="(chk_\w+)"/.exec(page.text)[1];
      assert.match((await client.post(path, { number })).location, /said=here/);
      assert.match((await client.post(path, { number })).location, /said=here/, 'sent twice it is one');
      assert.match((await client.post(path, {})).location, /said=already/);
      assert.equal((await own(client)).length, 1);
    }
    const stranger = new Client(server.root);
    assert.equal((await stranger.request(`/en/v/${venue.code}`)).status, 200);
    assert.match((await stranger.request(`/en/v/${venue.short_code}`)).location, /sign-in/, 'short codes cannot be tried out without an account');
    assert.equal((await an.request('/en/check-in?code=123456789')).status, 422);

    const tell = (body, bearer = key) => fetch(server.root + '/api/v1/inbound-messages', { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' } });
    assert.equal((await tell({ from: '+84938000003', text: venue.short_code }, '0'.repeat(64))).status, 401);
    outgoing(house);
    for (let again = 0; again < 2; ++again) assert.equal((await tell({ id: 'g-1', from: '+84938000003', text: `1022 ${venue.short_code}` })).status, 200);
    assert.equal((await tell({ id: 'g-2', from: '+84938000004', text: '\u202e\ud83d\ude00' })).status, 200);
    const told = [];
    await until('two answers', () => (told.push(...outgoing(house)), told.length >= 2));
    assert.ok(told.find((m) => m.to === '84938000003').text.includes('Chợ Bến Thành'));
    assert.ok(told.find((m) => m.to === '84938000004').text.includes('9 '));

    await resident(house, server.root, '0938000003', 'Cao Thị Ba', '079190000003');
    house.link();
    const caseId = house.confirm('--record', `motcua:${(await own(an))[0].person}`, '--sampled-at', new Date(Date.now() + 60_000).toISOString());
    assert.deepEqual(house.trace(caseId).contacts.filter((c) => c.class === 'F1').map((c) => c.full_name).sort(), ['Bùi Thị Hai', 'Cao Thị Ba']);
  } finally {
    await server.stop();
  }
});

test('through a message centre, broken off in the middle', async () => {
  const house = new House();
  let session;
  const bound = [], submitted = [];
  const centre = smpp.createServer((s) => {
    s.on('error', () => {});
    s.on('bind_transceiver', (pdu) => {
      bound.push(pdu.system_id);
      s.send(pdu.response());
      session = s;
    });
    s.on('enquire_link', (pdu) => s.send(pdu.response()));
    s.on('unbind', (pdu) => (s.send(pdu.response()), s.close()));
    s.on('submit_sm', (pdu) => {
      submitted.push({ to: pdu.destination_addr, text: pdu.short_message.message });
      s.send(pdu.response({ message_id: String(submitted.length) }));
    });
  });
  centre.listen(0, '127.0.0.1');
  await once(centre, 'listening');
  const settings = { MOTCUA_SMPP_HOST: '127.0.0.1', MOTCUA_SMPP_PORT: String(centre.address().port), MOTCUA_SMPP_SYSTEM_ID: 'motcua' };
  const first = await serve(house);
  const an = await resident(house, first.root, '0938000001', 'An Thị Một', '079190000001');
  const venue = await market(an);
  await first.stop();

  let server = await serve(house, settings);
  try {
    await until('bound', () => session);
    assert.equal(bound[0], 'motcua');
    const deliver = (parameters) => new Promise((done) => session.deliver_sm({ source_addr_ton: 1, source_addr: '84938000009', destination_addr: '1022', ...parameters }, (pdu) => done(pdu.command_status)));
    const counted = () => house.run('check', '--json').status;
    // An odd one first: damaged, empty, a receipt, half a letter; all are taken, none holds up what follows.
    for (const odd of [{ short_message: '' }, { esm_class: 4, short_message: 'id:1 stat:DELIVRD' }, { data_coding: 8, short_message: Buffer.from([0xd8]) }, { esm_class: 0x40, short_message: Buffer.from([0xff, 1]) }])
      assert.equal(await deliver({ source_addr: '84938000008', ...odd }), 0);
    session.socket.write(Buffer.from([0, 0, 0, 20, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 99, 1, 2, 3, 4]));

    assert.equal(await deliver({ source_addr: '84938000001', short_message: `1022 ${venue.short_code}` }), 0);
    assert.equal(await deliver({ source_addr: '84938000002', data_coding: 8, short_message: Buffer.from(` ${venue.short_code} `, 'utf16le').swap16() }), 0);
    const [head, tail] = [venue.short_code.slice(0, 4), venue.short_code.slice(4)];
    const parts = [[2, tail], [1, head]].map(([n, text]) => deliver({ source_addr: '84938000003', esm_class: 0x40, short_message: Buffer.concat([Buffer.from([5, 0, 3, 7, 2, n]), Buffer.from(text)]) }));
    assert.deepEqual(await Promise.all(parts), [0, 0], 'parts in the wrong order');
    await until('answers', () => ['84938000001', '84938000002', '84938000003'].every((to) => submitted.some((m) => m.to === to && m.text.includes('Chợ Bến Thành'))));
    assert.ok(!submitted.some((m) => m.to === '84938000009'));

    // Killed after an acknowledgement: what was acknowledged is there.
    session.removeAllListeners('error').on('error', () => {});
    assert.equal(await deliver({ source_addr: '84938000004', short_message: venue.short_code }), 0);
    await server.kill();
    session = null;
    server = await serve(house, settings);
    await until('bound again', () => session, 30_000);
    submitted.length = 0;
    assert.equal(await deliver({ source_addr: '84938000004', short_message: venue.short_code }), 0);
    await until('there already', () => submitted.find((m) => m.to === '84938000004' && m.text.includes('từ lúc')));
    assert.equal(counted(), 0, 'the house is sound');
  } finally {
    await server.stop();
    centre.close();
  }
});
