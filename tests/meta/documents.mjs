// Documents are true: every path they name exists, and no file holds what belongs to one machine or to an unfinished day.
//   node tests/meta/documents.mjs
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const notOurs = new Set(['.git', '.cache', 'build', 'data', 'node_modules', 'web/dist'])
const binary = /\.(png|woff2|ico|gz)$/

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (notOurs.has(relative(root, path))) return []
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : []
  })
}

// Written in two halves, so that this file does not hold them itself.
const forbidden = [
  [new RegExp('\\b(TO' + 'DO|FIX' + 'ME)\\b'), 'says that it is unfinished'],
  [new RegExp('(?<![\\w.~}$-])/(ho' + 'me|Us' + 'ers|wo' + 'rk|ro' + 'ot)/\\w'), 'names a path of one machine'],
]

/// The paths a document names: links, and words in backquotes that begin with a folder of the tree or are a file beside the document.
function* pathsIn(text) {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '')
  for (const [, target] of prose.matchAll(/\]\(([^)\s]+)\)/g))
    if (!/^([a-z]+:|#)/.test(target)) yield { path: target.replace(/#.*/, ''), linked: true }
  for (const [, word] of prose.matchAll(/`([^`\n]+)`/g))
    if (/^(\.ci|bench|cmake|docs|policies|src|tests|tools|web)\/[\w./-]*$/.test(word) && !word.startsWith('web/dist')) yield { path: word, linked: false }
    else if (/^[\w-]+\.(md|mjs|sh|cpp|hpp|cmake|toml|txt)$/.test(word)) yield { path: word, beside: true }
}

const findings = []
const files = walk(root)
const names = new Set(files.map((file) => file.slice(file.lastIndexOf('/') + 1)))
let paths = 0
for (const file of files) {
  if (binary.test(file)) continue
  const text = readFileSync(file, 'utf8')
  const shown = relative(root, file)
  if (shown !== 'LICENSE')
    text.split('\n').forEach((line, i) => {
      for (const [word, why] of forbidden) if (word.test(line)) findings.push(`${shown}:${i + 1} ${why}`)
    })
  if (!file.endsWith('.md')) continue
  for (const { path, linked, beside } of pathsIn(text)) {
    ++paths
    const there = beside ? existsSync(join(dirname(file), path)) || names.has(path) : existsSync(join(linked ? dirname(file) : root, path))
    if (!there) findings.push(`${shown} names ${path}, which is not there`)
  }
}
if (paths < 50) findings.push(`only ${paths} paths were found in the documents: the test no longer reads them`)
for (const finding of findings) console.error(finding)
console.log(`documents: ${files.length} files, ${paths} paths named, ${findings.length} findings`)
process.exit(findings.length === 0 ? 0 : 1)
