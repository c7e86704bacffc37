// A place registers and people check in: by camera, by typing, without JavaScript, as a family, at the door; in both languages.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { comeIn, signIn } from './demo.mjs'

/// A camera that looks at the first page of a PDF: one frame of Y'CbCr 4:2:0, shown again and again.
function filmOf(pdf, folder) {
  writeFileSync(join(folder, 'poster.pdf'), pdf)
  execFileSync('pdftoppm', ['-gray', '-r', '72', '-singlefile', join(folder, 'poster.pdf'), join(folder, 'poster')])
  const picture = readFileSync(join(folder, 'poster.pgm'))
  const [, w, h] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(picture.subarray(0, 40).toString('latin1')).map(Number)
  const rows = picture.subarray(picture.length - w * h), [width, height] = [w & ~1, h & ~1]
  const luma = Buffer.concat(Array.from({ length: height }, (_, y) => rows.subarray(y * w, y * w + width)))
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 2, 128)])
  const film = join(folder, 'poster.y4m')
  writeFileSync(film, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]))
  return film
}

async function register(page, demo, lang) {
  const ward = readFileSync(join(demo.data, 'town/units.csv'), 'utf8')
  const names = Object.fromEntries(ward.trim().split('\n').slice(1).map((line) => line.split(',')).map(([code, name, level, parent]) => [code, { name, level, parent }]))
  const [code] = Object.entries(names).find(([, unit]) => unit.level === 'ward')
  const path = []
  for (let at = code; at; at = names[at].parent) path.push(names[at].name)
  await page.goto(`${demo.base}/${lang}/me/venues/new`)
  await page.click('main form .govuk-button')
  const needed = await page.locator('.govuk-error-summary').count()
  await page.fill('#name', 'Chợ <b>Ở Góc</b>')
  await page.selectOption('#kind', 'market')
  await page.fill('#address', `12 Lê Lợi, ${path.join(', ')}`)
  await page.click('main form .govuk-button')
  return needed === 1
}

export async function run({ browser, demo, check }) {
  const shots = process.env.E2E_SHOTS
  const shoot = async (page, name) => shots && page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
  for (const [n, lang] of ['vi', 'en'].entries()) {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } })
    const page = await context.newPage()
    await comeIn(page, demo, lang, { phone: `093844000${n}`, name: 'Đỗ Thị Chợ', birth: '1985' })
    check(await register(page, demo, lang), `${lang}: a place without a name is asked for one`)
    check((await page.innerText('h1')) === 'Chợ <b>Ở Góc</b>', `${lang}: the name stands as typed`)
    await shoot(page, `venue_${lang}`)
    const short = /\d{3} \d{3} \d{3}/.exec(await page.innerText('main'))[0]
    const poster = await context.request.get(demo.base + (await page.locator('a[href$="/poster"]').getAttribute('href')))
    check(poster.headers()['content-type'] === 'application/pdf', `${lang}: a poster`)

    await page.goto(`${demo.base}/${lang}/check-in`)
    await page.fill('#code', short.slice(0, -1) + ((Number(short.at(-1)) + 1) % 10))
    await page.click('main form .govuk-button')
    check(await page.isVisible('#code-error'), `${lang}: a mistyped digit is noticed`)
    await page.fill('#code', short)
    await page.click('main form .govuk-button')
    check(/\/v\/[0-9a-z]{26}$/.test(page.url()), `${lang}: the code leads to the place`)
    await shoot(page, `check_in_${lang}`)
    await page.click('main form .govuk-button')
    check(page.url().includes('/check-ins?said=here') && (await page.locator('.mc-person').count()) === 1, `${lang}: checked in by one tap`)
    await shoot(page, `check_ins_${lang}`)
    await page.click('form[action$="/out"] button')
    check(page.url().includes('said=out') && (await page.locator('form[action$="/out"]').count()) === 0, `${lang}: left`)
    await page.click('form[action$="/undo"] button')
    check(page.url().includes('said=undone') && (await page.locator('.mc-person').count()) === 0, `${lang}: taken back`)
    const venueUrl = await page.goto(`${demo.base}/${lang}/me/venues`).then(() => page.locator('.mc-person a').first().getAttribute('href'))

    // The camera of a phone sees the poster.
    const folder = mkdtempSync(join(tmpdir(), 'motcua-film-'))
    const film = filmOf(await poster.body(), folder)
    const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
    const phone = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`] })
    const walker = await (await phone.newContext({ viewport: { width: 390, height: 760 } })).newPage()
    await comeIn(walker, demo, lang, { phone: `093844001${n}`, name: 'Vũ Văn Khách', birth: '1992' })
    await walker.goto(`${demo.base}/${lang}/check-in`)
    await walker.click('.mc-scan-button')
    await walker.locator('dialog[open] video').waitFor()
    await shoot(walker, `camera_${lang}`)
    await walker.waitForURL(/\/v\/[0-9a-z]{26}$/, { timeout: 30_000 })
    await walker.click('main form .govuk-button')
    check(walker.url().includes('said=here'), `${lang}: scanned by the camera and checked in`)
    await walker.goto(`${demo.base}${venueUrl}`)
    check((await walker.locator('h1').innerText()) !== 'Chợ <b>Ở Góc</b>', `${lang}: somebody else's place is not there`)
    await phone.close()
    rmSync(folder, { recursive: true })

    await page.goto(demo.base + venueUrl)
    const counts = await page.locator('dd').allInnerTexts()
    check(counts.length === 7 && counts.every((text) => text.includes('5')), `${lang}: a single visitor is not shown: ${counts[0]}`)
    await context.close()
  }

  const desk = await browser.newContext()
  await signIn(desk, demo, 'venue', 'vi')
  const page = await desk.newPage()
  await page.goto(`${demo.base}/vi/venues`)
  await page.locator('a[href$="/door"]').first().click()
  await page.fill('#shown', '0938 440 099')
  await page.keyboard.press('Enter')
  await page.locator('[role="status"]').first().waitFor()
  check((await page.innerText('main')).includes('1 người'), 'the door: a phone typed, Enter, done')
  await page.click('details summary')
  await page.fill('#group', '0938440098\n0938440097\nxin chào')
  await page.click('details form .govuk-button')
  check((await page.innerText('main')).includes('2 người') && (await page.inputValue('#group')).trim() === 'xin chào', 'the door: a group, and the line nobody can read')
  await shoot(page, 'door')
  check(!(await page.content()).includes('440098'), 'the door: what was read is not shown again')
  await desk.close()
}
