// PNG pictures of web/pictures/icon.svg in the sizes phones ask for: one rounded rectangle and one stroked path of straight lines, which is all that is
// understood. Coverage of a pixel is its distance to the shape, so edges are smooth.
import { deflateSync } from 'node:zlib'

function segmentsOf(d) {
  const segments = []
  let x = 0, y = 0
  for (const [, command, numbers] of d.matchAll(/([MmLlHhVv])([^MmLlHhVv]*)/g)) {
    const values = (numbers.match(/-?\d*\.?\d+/g) ?? []).map(Number)
    const step = /[hv]/i.test(command) ? 1 : 2
    for (let i = 0; i < values.length; i += step) {
      const relative = command === command.toLowerCase(), [a, b] = values.slice(i, i + 2)
      const to = /h/i.test(command) ? [relative ? x + a : a, y] : /v/i.test(command) ? [x, relative ? y + a : a] : [relative ? x + a : a, relative ? y + b : b]
      if (!/m/i.test(command) || i > 0) segments.push([x, y, ...to])
      ;[x, y] = to
    }
  }
  return segments
}

function distance(px, py, [ax, ay, bx, by]) {
  const dx = bx - ax, dy = by - ay
  const t = Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(px - ax - t * dx, py - ay - t * dy)
}

const rgb = (hex) => (hex.length === 4 ? [...hex.slice(1)].map((c) => c + c) : hex.slice(1).match(/../g)).map((c) => parseInt(c, 16))

/// ISO 3309, as PNG wants it of each chunk.
function crc32(bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type), content])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(content.length)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

export function drawIcon(svg, size) {
  const attribute = (name) => new RegExp(`\\b${name}="([^"]+)"`).exec(svg)?.[1]
  const [, , side] = attribute('viewBox').split(' ').map(Number)
  const radius = Number(attribute('rx')), width = Number(attribute('stroke-width'))
  const ground = rgb(/<rect[^>]*fill="([^"]+)"/.exec(svg)[1]), line = rgb(attribute('stroke'))
  const segments = segmentsOf(attribute('d'))
  const unit = side / size, covered = (d) => Math.max(0, Math.min(1, 0.5 - d / unit))
  const raw = Buffer.alloc(size * (size * 4 + 1))
  for (let row = 0; row < size; ++row)
    for (let column = 0; column < size; ++column) {
      const x = (column + 0.5) * unit, y = (row + 0.5) * unit
      const cx = Math.abs(x - side / 2) - side / 2 + radius, cy = Math.abs(y - side / 2) - side / 2 + radius
      const inside = covered(Math.hypot(Math.max(cx, 0), Math.max(cy, 0)) + Math.min(Math.max(cx, cy), 0) - radius)
      const stroke = covered(Math.min(...segments.map((s) => distance(x, y, s))) - width / 2)
      const at = row * (size * 4 + 1) + 1 + column * 4
      for (let i = 0; i < 3; ++i) raw[at + i] = Math.round(ground[i] * (1 - stroke) + line[i] * stroke)
      raw[at + 3] = Math.round(inside * 255)
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0), head.writeUInt32BE(size, 4)
  head.set([8, 6, 0, 0, 0], 8)                // 8 bits, RGBA
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}
