// Draws pages of browser clients against the demo server and compares the pixels of known places.
import {chromium} from 'playwright-core';
import {createServer} from 'node:http';
import {readFile, writeFile, mkdir} from 'node:fs/promises';
import {extname, join, normalize} from 'node:path';
import {width, height, resolution, places, pixelOf, faultsOf, report} from './places.mjs';

const types = {
  '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml',
};

// serve serves the files of a folder.
async function serve(root) {
  const server = createServer(async (req, res) => {
    const path = normalize(decodeURIComponent(new URL(req.url, 'http://x').pathname));
    try {
      const body = await readFile(join(root, path));
      res.writeHead(200, {'content-type': types[extname(path)] || 'application/octet-stream'}).end(body);
    } catch {
      res.writeHead(404).end();
    }
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return server;
}

// checkPages opens each client's page, which draws the service "world" and then sets its title to "done" or "failed". A client
// with a url is a page of the server's own, whose locate returns where on it the places are. A client with a check is not
// about these places, and one with quiet may write no error to the console; context is of the browser's page. The check gets the
// page, which has done its work, the requests for images and for tiles that it made and what reads pixels of it, and returns
// faults. checkPages returns the number of failures.
export async function checkPages({root, clients, services, executablePath, shots, args = [], timeout = 30000}) {
  const server = await serve(root);
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...(args.length ? args : ['--disable-gpu'])],
  });
  if (shots) await mkdir(shots, {recursive: true});
  const reader = await browser.newPage(); // of screenshots, under no page's policy
  let failed = 0;
  for (const client of clients) {
    const page = await browser.newPage({viewport: {width, height}, ...client.context});
    const faults = [];
    page.on('pageerror', e => faults.push(String(e)));
    page.on('console', m => {
      if (process.env.VERBOSE || m.text().startsWith('failed: ')) console.log(m.text());
      if (client.quiet && m.type() === 'error') faults.push(`the console says ${m.text()}`);
    });
    const exports = [], tiles = [];
    page.on('request', r => {
      if (r.url().includes('/exportImage?')) exports.push(r.url());
      if (/\/(tile|xyz)\/|Request=GetTile/.test(r.url())) tiles.push(r.url());
    });
    try {
      const query = new URLSearchParams({
        service: `${services}/${client.service || 'world'}/ImageServer`, resolution, params: JSON.stringify(client.params || {}), ...client.query,
      });
      let at = places.map(pixelOf);
      if (client.url) {
        await page.goto(client.url);
        if (client.locate) at = await client.locate(page);
      } else {
        await page.goto(`${origin}/pages/${client.page}?${query}`);
        await page.waitForFunction(() => document.title === 'done' || document.title === 'failed', null, {timeout});
        if (await page.title() === 'failed') faults.push('the client reports an error');
      }
      const png = await page.screenshot();
      faults.push(...client.check ? await client.check({page, exports, tiles, pixels: at => pixels(reader, png, at)}) :
        faultsOf(await pixels(reader, png, at)));
      if (shots) {
        const last = client.check ? await page.screenshot() : png;
        await writeFile(join(shots, client.name.replace(/\W+/g, '-') + '.png'), last);
      }
    } catch (e) {
      faults.push(String(e));
    }
    await page.close();
    if (!report(client.name, faults)) failed++;
  }
  await browser.close();
  server.close();
  return failed;
}

// pixels reads a screenshot by the browser itself.
const pixels = (page, png, at) => page.evaluate(async ([data, at]) => {
  const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  return at.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data]);
}, [png.toString('base64'), at]);
