// The service worker: it starts the image service and passes requests on to it. The rest of the page's requests go to the
// network as they would without it.
importScripts('wasm_exec.js');

const root = new URL('arcgis/rest/services', registration.scope).pathname;
const started = new Promise((setHandler, failed) => {
  self.wasmhttp = {path: root, setHandler};
  const go = new Go();
  WebAssembly.instantiateStreaming(fetch('worker.wasm'), go.importObject)
    .then(({instance}) => go.run(instance)).then(() => failed(new Error('the image service ended')), failed);
});
started.catch(e => console.error(e));

addEventListener('install', e => e.waitUntil(skipWaiting()));
addEventListener('activate', e => e.waitUntil(clients.claim()));
addEventListener('fetch', e => {
  const url = new URL(e.request.url);
  if (url.origin === location.origin && url.pathname.startsWith(root + '/')) {
    e.respondWith(started.then(handler => handler(e.request), error => new Response(String(error), {status: 500})));
  }
});
