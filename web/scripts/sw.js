// The service worker, one script for two strict scopes: the gate (/vi/gate) and a resident's own pages (/vi/me). Only what a page put into the scope's
// cache by itself is answered from it; everything else goes to the network as it came. outbox.js stands in front of this (web/build.mjs).
const scope = new URL(self.registration.scope).pathname
const isGate = scope.endsWith('/gate')
const cacheName = isGate ? 'motcua-gate' : 'motcua-me'
const networkMs = 6000

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

const kept = async (request) => (await caches.open(cacheName)).match(request, { ignoreVary: true })

async function networkFirst(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(networkMs) })
  } catch (problem) {
    const there = (await kept(new URL(request.url).pathname)) ?? (isGate ? undefined : await kept(`${scope}/offline`))
    if (there) return there
    throw problem
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin) return
  if (!isGate && request.method === 'POST' && pathname === `${scope}/sign-out`) event.waitUntil(caches.delete(cacheName))
  if (request.method !== 'GET') return
  if (pathname.startsWith('/assets/')) event.respondWith(kept(request).then((there) => there ?? fetch(request)))
  else if (request.mode === 'navigate' && (isGate ? pathname === scope : pathname.startsWith(scope))) event.respondWith(networkFirst(request))
})

self.addEventListener('sync', (event) => {
  if (event.tag !== 'send') return
  event.waitUntil((isGate ? sendGate(scope) : Promise.resolve({ state: 'sent' })).then(({ state }) => {
    if (state === 'offline' || state === 'later') throw new Error(state)
  }))
})
