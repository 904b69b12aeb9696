// Browser clients against the demo server: each page draws the service "world" with a client's own code, and the pixels of
// known places must be what the raster has there. A picture upside down, mirrored or shifted fails.
//
//   node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {chromium} from 'playwright-core';
import {createServer} from 'node:http';
import {readFile, writeFile, mkdir} from 'node:fs/promises';
import {dirname, extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';

const [services, executablePath, shots] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const width = 800, height = 600, resolution = 50000; // metres of Web Mercator a pixel

// Colours of testdata/demo/world.tif where they hardly change over a few pixels of it, see testdata/README.md.
const places = [
  {name: 'Sahara', lon: 15.09375, lat: 23.90625, colour: [194, 162, 119]},
  {name: 'Greenland', lon: -40.03125, lat: 71.90625, colour: [253, 255, 254]},
  {name: 'Pacific off Baja California', lon: -119.90625, lat: 29.90625, colour: [4, 23, 76]},
  {name: 'Amazon forest', lon: -61.96875, lat: -4.03125, colour: [31, 58, 7]},
  {name: 'Australian desert', lon: 133.03125, lat: -25.03125, colour: [143, 91, 48]},
];
const tolerance = 30; // neighbouring pixels differ, and JPEG is not exact

const clients = [
  {name: 'OpenLayers ImageArcGISRest', page: 'openlayers-image.html'},
  {name: 'OpenLayers ImageArcGISRest, png', page: 'openlayers-image.html', params: {format: 'PNG', INTERPOLATION: 'RSP_NearestNeighbor'}},
  {name: 'OpenLayers TileArcGISRest', page: 'openlayers-tile.html'},
  {name: 'esri-leaflet imageMapLayer', page: 'esri-leaflet.html'},
  {name: 'esri-leaflet imageMapLayer by JSON', page: 'esri-leaflet.html', params: {f: 'json', format: 'png32'}},
];

const types = {'.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css'};
const server = createServer(async (req, res) => {
  const path = normalize(decodeURIComponent(new URL(req.url, 'http://x').pathname));
  try {
    const body = await readFile(join(here, path));
    res.writeHead(200, {'content-type': types[extname(path)] || 'application/octet-stream'}).end(body);
  } catch {
    res.writeHead(404).end();
  }
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

function pixelOf({lon, lat}) {
  const r = 6378137, rad = Math.PI / 180;
  const x = r * lon * rad, y = r * Math.log(Math.tan(Math.PI / 4 + lat * rad / 2));
  return [Math.round(width / 2 + x / resolution), Math.round(height / 2 - y / resolution)];
}

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
if (shots) await mkdir(shots, {recursive: true});
let passed = 0, failed = 0;
for (const client of clients) {
  const page = await browser.newPage({viewport: {width, height}});
  const faults = [];
  page.on('pageerror', e => faults.push(String(e)));
  try {
    const query = new URLSearchParams({
      service: `${services}/world/ImageServer`, resolution, params: JSON.stringify(client.params || {}),
    });
    await page.goto(`${origin}/pages/${client.page}?${query}`);
    await page.waitForFunction(() => document.title === 'done' || document.title === 'failed', null, {timeout: 30000});
    if (await page.title() === 'failed') faults.push('the client reports an error');
    const png = await page.screenshot();
    if (shots) await writeFile(join(shots, client.name.replace(/\W+/g, '-') + '.png'), png);
    const seen = await page.evaluate(async ([data, at]) => {
      const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return at.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
    }, [png.toString('base64'), places.map(pixelOf)]);
    places.forEach((place, i) => {
      const off = Math.max(...place.colour.map((c, band) => Math.abs(c - seen[i][band])));
      if (off > tolerance) faults.push(`${place.name} is ${seen[i].slice(0, 3)}, not ${place.colour}`);
    });
  } catch (e) {
    faults.push(String(e));
  }
  await page.close();
  if (faults.length) failed++; else passed++;
  console.log(`${faults.length ? 'FAIL' : 'ok  '} ${client.name}${faults.map(f => '\n       ' + f).join('')}`);
}
await browser.close();
server.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
