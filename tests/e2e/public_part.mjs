// What a public page weighs at first view, and what an address that is not there answers.
import { get } from 'node:http'

const firstViewBytesMax = 30 * 1024

const fetchPacked = (url) =>
  new Promise((resolve, reject) => {
    get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => resolve({ bytes: Buffer.concat(parts).length, status: answer.statusCode, headers: answer.headers }))
    }).on('error', reject)
  })

export async function run({ browser, demo, check }) {
  const context = await browser.newContext()
  const page = await context.newPage()
  for (const path of ['/vi/', '/en/', '/vi/sign-in', '/en/sign-in', '/vi/no-such-page']) {
    await page.goto(demo.base + path)
    const styles = await page.$$eval('link[rel=stylesheet]', (links) => links.map((link) => link.href))
    let bytes = (await fetchPacked(demo.base + path)).bytes
    for (const style of styles) bytes += (await fetchPacked(style)).bytes
    check(bytes <= firstViewBytesMax, `${path}: ${bytes} bytes at first view`)
    console.log(`  ${path}: ${(bytes / 1024).toFixed(1)} KiB of HTML and CSS`)
  }
  for (const lang of ['vi', 'en']) {
    const answer = await page.goto(`${demo.base}/${lang}/no-such-page`)
    check(answer.status() === 404, `/${lang}/no-such-page: ${answer.status()}`)
    check((await page.getAttribute('html', 'lang')) === lang, `/${lang}/no-such-page speaks ${lang}`)
    check((await page.title()).includes(lang === 'vi' ? 'Không tìm thấy' : 'not found'), `/${lang}/no-such-page: ${await page.title()}`)
  }
  const closed = await page.goto(`${demo.base}/vi/cases`)
  check(page.url().includes('/sign-in') || closed.status() === 401, `a closed page leads to the sign-in: ${page.url()}`)
  const picture = await fetchPacked(`${demo.base}/`)
  check([301, 302, 303, 307, 308].includes(picture.status) ? picture.headers.location === '/vi/' : picture.status === 200, `/ leads to ${picture.headers.location}`)
  await context.close()
}
