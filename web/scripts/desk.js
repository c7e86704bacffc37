// What a desk is better with: rows by keyboard, a row's details beside the list, the table of keys. Everything works without.
document.documentElement.classList.add('js')

const keys = document.getElementById('keys')
const rows = () => [...document.querySelectorAll('[data-rows] > tbody > tr, [data-rows] > li')].filter((row) => row.querySelector('a[href]'))
let chosen = -1

function choose(index) {
  const all = rows()
  if (all.length === 0) return
  chosen = Math.max(0, Math.min(index, all.length - 1))
  all.forEach((row, i) => row.classList.toggle('is-chosen', i === chosen))
  const link = all[chosen].querySelector('a[href]')
  link.focus({ preventScroll: true })
  all[chosen].scrollIntoView({ block: 'nearest' })
  show(all[chosen])
}

// Asks for the part of a page that stands beside the list: the row's own address with ?part=1.
let asked = null
async function show(row) {
  const beside = document.getElementById('beside')
  const address = row.dataset.part
  if (!beside || !address || beside.dataset.from === address) return
  asked?.abort()
  asked = new AbortController()
  try {
    const answer = await fetch(address, { signal: asked.signal, headers: { Accept: 'text/html' }, credentials: 'same-origin' })
    if (!answer.ok || answer.redirected) return
    beside.innerHTML = await answer.text()
    beside.dataset.from = address
  } catch (problem) {
    if (problem.name !== 'AbortError') beside.removeAttribute('data-from')
  }
}

const narrow = matchMedia('(max-width: 68rem)')
document.addEventListener('click', (event) => {
  const row = event.target.closest?.('[data-part]')
  if (!row || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || narrow.matches) return
  const link = event.target.closest('a, button, input, select, label')
  if (link && link !== row.querySelector('a[href]')) return
  event.preventDefault()
  choose(rows().indexOf(row))
})

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target.closest('input, select, textarea, [contenteditable]')) {
    if (event.key === 'Escape') event.target.blur()
    return
  }
  if (event.key === '?' && keys) keys.open ? keys.close() : keys.showModal()
  if (keys?.open) return
  if (event.key === 'j') choose(chosen + 1)
  else if (event.key === 'k') choose(chosen < 0 ? 0 : chosen - 1)
  else if (event.key === '/') {
    const search = document.querySelector('[data-search]')
    if (!search) return
    event.preventDefault()
    search.focus()
    search.select()
  } else {
    // Buttons that a page names a key for: <button data-key="a">.
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)
    if (!button) return
    event.preventDefault()
    button.click()
  }
})

// What a gate kept on this device goes with the session; what it has not sent is shown there first (gate.js does the same on its own page).
if (!document.getElementById('gate'))
  document.querySelector('form[action$="/sign-out"]')?.addEventListener('submit', async (event) => {
    event.preventDefault()
    const { gateBox } = await import('./outbox.js')
    if ((await gateBox.list().catch(() => [])).length > 0) return location.assign(`/${document.documentElement.lang}/gate`)
    await Promise.allSettled([gateBox.wipe(), caches.delete('motcua-gate')])
    event.target.submit()
  })

chosen = rows().findIndex((row) => row.classList.contains('is-chosen'))
document.querySelector('.govuk-error-summary')?.focus()
