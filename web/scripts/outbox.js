// What was declared and is not sent yet. Kept in this browser (IndexedDB), each entry sealed with AES-GCM under a key that no script can read out, and
// taken away once the house has answered. The numbers are made here, so that sent twice is one declaration. Also a part of sw.js (web/build.mjs).
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const batchMax = 20
const answerMs = 20000

/// "dec_" and 26 letters: 128 random bits (src/base/ids.hpp).
export function newNumber() {
  const bits = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(2).padStart(8, '0')).join('').padEnd(130, '0')
  return 'dec_' + Array.from({ length: 26 }, (_, i) => alphabet[parseInt(bits.slice(5 * i, 5 * i + 5), 2)]).join('')
}

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

/// One box: `name` of its database, `take(entries)` sends some and gives an answer for each (see sendAll).
export class Outbox {
  constructor(name) { this.name = name }

  async #store(store, mode, work) {
    const opening = indexedDB.open(this.name, 1)
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore('kept')
      opening.result.createObjectStore('waiting', { keyPath: 'declaration' })
    }
    const database = await done(opening)
    try {
      const transaction = database.transaction(store, mode, { durability: 'strict' })
      const over = new Promise((resolve, reject) => { transaction.oncomplete = resolve; transaction.onabort = () => reject(transaction.error) })
      const result = await work(transaction.objectStore(store))
      await over
      return result
    } finally {
      database.close()
    }
  }
  remember(name, value) { return this.#store('kept', 'readwrite', (store) => done(store.put(value, name))) }
  recall(name) { return this.#store('kept', 'readonly', (store) => done(store.get(name))) }

  async #key() {
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    return this.#store('kept', 'readwrite', async (store) => (await done(store.get('key'))) ?? (await done(store.put(made, 'key')), made))
  }

  /// Durable when it returns. `body` has its `declaration`; the same number again replaces it.
  async keep(body) {
    const key = await this.#key()
    const iv = crypto.getRandomValues(new Uint8Array(12))
    const additionalData = new TextEncoder().encode(body.declaration)
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, new TextEncoder().encode(JSON.stringify(body)))
    await this.#store('waiting', 'readwrite', (store) => done(store.put({ declaration: body.declaration, at: Date.now(), iv, sealed })))
  }

  /// Oldest first: { declaration, at, refused, body }.
  async list() {
    const rows = await this.#store('waiting', 'readonly', (store) => done(store.getAll()))
    if (rows.length === 0) return []
    const key = await this.#key()
    const open = async ({ declaration, at, refused, iv, sealed }) => {
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(declaration) }, key, sealed)
      return { declaration, at, refused, body: JSON.parse(new TextDecoder().decode(plain)) }
    }
    return (await Promise.all(rows.map(open))).sort((a, b) => a.at - b.at)
  }
  drop(declaration) { return this.#store('waiting', 'readwrite', (store) => done(store.delete(declaration))) }
  refuse(declaration, why) {
    return this.#store('waiting', 'readwrite', async (store) => {
      const row = await done(store.get(declaration))
      if (row) await done(store.put({ ...row, refused: why }))
    })
  }
  wipe() { return done(indexedDB.deleteDatabase(this.name)) }

  /// Sends what waits, one sender at a time among all windows. `post(entries)` gives { state } when nothing could be sent ("offline", "sign-in", "later"),
  /// or { answers: [{ declaration, status: "accepted" | "refused" | "again", sentence }], skew }.
  sendAll(post) {
    return navigator.locks.request(this.name, async () => {
      const result = { state: 'sent', answers: [], skew: 0 }
      for (;;) {
        const entries = (await this.list()).filter((entry) => !entry.refused && !result.answers.some((a) => a.declaration === entry.declaration)).slice(0, batchMax)
        if (entries.length === 0) return result
        const { state, answers, skew } = await post(entries)
        if (state) return { ...result, state }
        result.skew = skew ?? 0
        for (const answer of answers) {
          if (answer.status === 'accepted') await this.drop(answer.declaration)
          if (answer.status === 'refused') await this.refuse(answer.declaration, answer.sentence)
          result.answers.push(answer)
        }
      }
    })
  }
}

/// The token that a form of this page carries, or null: nobody is signed in. Throws without network.
async function tokenOf(page) {
  const answer = await fetch(page, { headers: { Accept: 'text/html' }, cache: 'no-store', signal: AbortSignal.timeout(answerMs) })
  if (new URL(answer.url).pathname !== page) return null
  return /name="csrf" value="([^"]+)"/.exec(await answer.text())?.[1] ?? null
}

/// A POST of JSON with the token of `page`: { state } or the answer's JSON with its status.
export async function postJson(page, path, body) {
  try {
    const token = await tokenOf(page)
    if (token === null) return { state: 'sign-in' }
    const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'Accept-Language': page.slice(1, 3), 'X-CSRF-Token': token }, body: JSON.stringify(body), signal: AbortSignal.timeout(answerMs) })
    if (answer.status === 401 || answer.status === 403) return { state: 'sign-in' }
    if (answer.status === 429 || answer.status >= 500) return { state: 'later' }
    return { status: answer.status, json: await answer.json() }
  } catch {
    return { state: 'offline' }
  }
}

export const gateBox = new Outbox('motcua-gate')
/// Everything the gate of this page ("/vi/gate") has waiting.
export const sendGate = (page) => gateBox.sendAll(async (entries) => {
  const declarations = entries.map((entry) => entry.body)
  const { state, status, json } = await postJson(page, '/api/v1/gate/declarations', { declarations, sent_at: Date.now() })
  if (state) return { state }
  if (status !== 200) return { answers: entries.map(({ declaration }) => ({ declaration, status: 'refused', sentence: json.title ?? json.code })) }
  return { answers: json.answers, skew: json.skew_ms }
})
