// What a resident waits for on a slow line: Chromium held to 50 kbit/s and 800 ms, a phone of 360 px, an empty cache, then the same pages again.
//   motcua demo --people 2000 --no-serve --data DATA
//   node bench/slow_line.mjs DATA [--kbit 50] [--latency 800]
// Prints for each page: bytes on the wire (all; without fonts), seconds until the first text stands there, until all has come.
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { comeIn } from '../tests/e2e/demo.mjs';
import { serve } from '../tests/support/client.mjs';

const { values: options, positionals: [data] } = parseArgs({
  allowPositionals: true, options: { kbit: { type: 'string', default: '50' }, latency: { type: 'string', default: '800' } },
});
const { root, stop } = await serve(data);
process.on('exit', stop);
const browser = await chromium.launch({
  executablePath: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync), args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
const bytesPerSecond = (Number(options.kbit) * 1000) / 8;
console.log(`${options.kbit} kbit/s, ${options.latency} ms, load ${loadavg()[0].toFixed(1)}`);

async function measure(page, session, name, act) {
  const sizes = new Map();
  const onStart = ({ requestId, request }) => sizes.set(requestId, { url: request.url, bytes: 0 });
  const onEnd = ({ requestId, encodedDataLength }) => { const one = sizes.get(requestId); if (one) one.bytes += encodedDataLength; };
  session.on('Network.requestWillBeSent', onStart);
  session.on('Network.loadingFinished', onEnd);
  const began = performance.now();
  await act();
  const all = (performance.now() - began) / 1000;
  await page.waitForTimeout(100);
  const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  session.off('Network.requestWillBeSent', onStart);
  session.off('Network.loadingFinished', onEnd);
  const sum = (list) => list.reduce((n, one) => n + one.bytes, 0);
  const list = [...sizes.values()];
  const kilo = (bytes) => (bytes / 1024).toFixed(1).padStart(6);
  console.log(`${name.padEnd(28)} ${kilo(sum(list))} KiB, ${kilo(sum(list.filter((one) => !one.url.endsWith('.woff2'))))} KiB without fonts, first text ${(painted / 1000).toFixed(1)} s, all ${all.toFixed(1)} s`);
}

const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'vi-VN', serviceWorkers: 'block' });
const page = await context.newPage();
const session = await context.newCDPSession(page);
await session.send('Network.enable');
const slow = (on) => session.send('Network.emulateNetworkConditions', { offline: false, latency: on ? Number(options.latency) : 0, downloadThroughput: on ? bytesPerSecond : -1, uploadThroughput: on ? bytesPerSecond : -1 });
const go = (path) => () => page.goto(root + path, { waitUntil: 'load', timeout: 120_000 });

await slow(true);
await measure(page, session, 'front page, nothing kept', go('/vi/'));
await measure(page, session, 'front page again', go('/vi/'));
await measure(page, session, 'sign-in', go('/vi/me/sign-in'));
await slow(false);
await comeIn(page, { base: root, data }, 'vi', { phone: `09${String(10_000_000 + Math.floor(Math.random() * 80_000_000))}`, name: 'Lê Thị Chậm', birth: '4/5/1988' });
await slow(true);
await measure(page, session, 'own page', go('/vi/me'));
const declare = await page.getAttribute('a[href*="/me/declare/"]', 'href');
await measure(page, session, 'first question', go(declare));
await browser.close();
process.exit(0);
