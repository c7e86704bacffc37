// The service worker of the gate, for one strict scope (/vi/gate, /en/gate). Only what the page put into the cache by itself is answered from it;
// everything else goes to the network as it came. outbox.js stands in front of this (web/build.mjs).
const scope = new URL(self.registration.scope).pathname
const networkMs = 6000

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

const kept = async (request) => (await caches.open('motcua-gate')).match(request, { ignoreVary: true })

async function networkFirst(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(networkMs) })
  } catch (problem) {
    const there = await kept(scope)
    if (there) return there
    throw problem
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin || request.method !== 'GET') return
  if (pathname.startsWith('/assets/')) event.respondWith(kept(request).then((there) => there ?? fetch(request)))
  else if (request.mode === 'navigate' && pathname === scope) event.respondWith(networkFirst(request))
})

self.addEventListener('sync', (event) => {
  if (event.tag !== 'send') return
  event.waitUntil(sendGate(scope).then(({ state }) => {
    if (state === 'offline' || state === 'later') throw new Error(state)
  }))
})
