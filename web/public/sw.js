// The pages open without signal: hashed files are kept as they come, the shell falls back to the last one seen.
// Answers of the server (/v1) are never kept here.
const CACHE = "sarai-1";
const FILES_MAX = 120;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (e) => {
  e.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => n !== CACHE).map((n) => caches.delete(n))))
      .then(() => self.clients.claim()),
  );
});

async function keep(request, response) {
  if (!response.ok || response.type !== "basic") return;
  const cache = await caches.open(CACHE);
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - FILES_MAX))) await cache.delete(old);
}
async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const got = await fetch(request);
  await keep(request, got.clone());
  return got;
}
async function shell(request) {
  try {
    const got = await fetch(request);
    await keep("/", got.clone());
    return got;
  } catch (e) {
    const kept = await caches.match("/");
    if (kept) return kept;
    throw e;
  }
}

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  if (e.request.mode === "navigate") e.respondWith(shell(e.request));
  else if (url.pathname.startsWith("/assets/")) e.respondWith(file(e.request));
  else if (url.pathname === "/boot.js" || url.pathname === "/icon.svg") e.respondWith(fetch(e.request).then((r) => (keep(e.request, r.clone()), r)).catch(() => caches.match(e.request)));
});
