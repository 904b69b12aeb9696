// Opens the page in Chromium and compares pixels of known places, with both ways of asking the service and with a file of
// another origin. It reads the packages of e2e.
//
//   node check.mjs PAGE_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {createRequire} from 'node:module';
import {createServer} from 'node:http';
import {readFile, mkdir} from 'node:fs/promises';
import {join} from 'node:path';

const e2e = new URL('../../e2e/', import.meta.url);
const {chromium} = createRequire(e2e)('playwright-core');
const {places, faultsOf, report} = await import(new URL('places.mjs', e2e));

const [address, executablePath, shots] = process.argv.slice(2);
const scripts = new URL('node_modules/ol/', e2e);

// other serves the demo's raster from an origin of its own, by ranges and with CORS, and counts what it sent.
const sent = {requests: 0, bytes: 0};
const raster = await readFile(new URL('../../testdata/demo/world.tif', import.meta.url));
const other = createServer((req, res) => {
  const open = {
    'access-control-allow-origin': '*', 'access-control-allow-headers': '*',
    'access-control-expose-headers': 'Content-Range, ETag',
  };
  if (req.method === 'OPTIONS') return res.writeHead(204, open).end();
  const range = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range);
  if (!range) return res.writeHead(400, open).end();
  const [from, to] = [Number(range[1]), Math.min(Number(range[2]), raster.length - 1)];
  sent.requests++;
  sent.bytes += to + 1 - from;
  res.writeHead(206, {...open, etag: '"1"', 'content-range': `bytes ${from}-${to}/${raster.length}`}).end(raster.subarray(from, to + 1));
});
await new Promise(done => other.listen(0, '127.0.0.1', done));

const browser = await chromium.launch({executablePath, args: ['--no-sandbox', '--disable-gpu']});
const context = await browser.newContext({viewport: {width: 900, height: 700}});
// OpenLayers comes from the disk, so that the check needs no network. Requests of the worker itself are not caught.
await context.route('https://cdn.jsdelivr.net/npm/ol@*/**', async route => {
  const [, path] = /\/npm\/ol@[^/]+\/(.*)$/.exec(route.request().url());
  await route.fulfill({path: new URL(path, scripts).pathname});
});
if (shots) await mkdir(shots, {recursive: true});

// coloursOf returns what the map shows at the places, read from the page's own canvas.
const coloursOf = page => page.evaluate(places => {
  const canvas = document.querySelector('#map canvas');
  const box = canvas.getBoundingClientRect();
  return places.map(({lon, lat}) => {
    const [x, y] = window.map.getPixelFromCoordinate(ol.proj.fromLonLat([lon, lat]));
    const context = canvas.getContext('2d');
    return [...context.getImageData(Math.round(x * canvas.width / box.width), Math.round(y * canvas.height / box.height), 1, 1).data];
  });
}, places);

let failed = 0;
for (const {name, query} of [
  {name: 'a file of the page', query: {}},
  {name: 'a file of another origin', query: {cog: `http://127.0.0.1:${other.address().port}/world.tif`, interpolation: 'RSP_NearestNeighbor'}},
]) {
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', e => faults.push(String(e)));
  try {
    await page.goto(`${address}?${new URLSearchParams(query)}`);
    await page.waitForFunction(() => document.documentElement.dataset.state, null, {timeout: 120000});
    if (await page.evaluate(() => document.documentElement.dataset.state) !== 'drawn') {
      faults.push(await page.locator('#status').textContent());
    } else {
      faults.push(...faultsOf(await coloursOf(page)));
    }
    if (shots) await page.screenshot({path: join(shots, name.replace(/\W+/g, '-') + '.png')});
  } catch (e) {
    faults.push(String(e));
  }
  if (!report(name, faults)) failed++;
  await page.close();
}
if (sent.requests === 0 || sent.bytes >= raster.length) {
  report('ranges', [`${sent.bytes} bytes in ${sent.requests} requests of a file of ${raster.length}`]);
  failed++;
}
console.log(`     the other origin sent ${sent.bytes} of ${raster.length} bytes in ${sent.requests} requests`);
await browser.close();
other.close();
process.exit(failed ? 1 : 0);
