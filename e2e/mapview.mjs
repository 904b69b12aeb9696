// The map of the server's own pages: each of its controls is moved, and the pixels on the screen are compared with those of an
// export that is asked for directly, with parameters that are written here.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {rawOf} from './elevation.mjs';

// drawn waits until the map shows what was asked for last, and returns that request's URL.
async function drawn(page, before) {
  await page.waitForFunction(old => {
    const map = document.getElementById('map');
    return map.getAttribute('aria-busy') === 'false' && map.dataset.drawn !== undefined && map.dataset.drawn !== old;
  }, before, {timeout: 60000});
  await page.waitForLoadState('networkidle');
  return page.locator('#map').getAttribute('data-drawn');
}

// bare hides what lies over the image.
const bare = page => page.evaluate(() => {
  scrollTo(0, 0);
  for (const e of document.querySelectorAll('.leaflet-control-container, .leaflet-popup-pane, .leaflet-lines-pane, .cross')) e.style.display = 'none';
});

// seen returns the pixels of the map's element on the screen.
async function seen(page) {
  await bare(page);
  const png = (await page.screenshot()).toString('base64'); // whole pixels, whatever the element's box
  return page.evaluate(async data => {
    const map = document.getElementById('map'), box = map.getBoundingClientRect();
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], {type: 'image/png'}));
    const width = map.clientWidth, height = Math.min(map.clientHeight, bitmap.height - Math.ceil(box.y) - 1);
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    return {width, height, data: [...context.getImageData(box.x + map.clientLeft, box.y + map.clientTop, width, height).data]};
  }, png);
}

// pictureOf returns the pixels of an export, decoded by the browser.
const pictureOf = (page, url) => page.evaluate(async url => {
  const [, type, data] = /^data:([^;]*);base64,(.*)$/.exec(url) || []; // which the page's policy does not let be fetched
  const answer = type ? new Response(Uint8Array.from(atob(data), c => c.charCodeAt(0)), {headers: {'content-type': type}}) : await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const bitmap = await createImageBitmap(await answer.blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  return {width: bitmap.width, height: bitmap.height, data: [...context.getImageData(0, 0, bitmap.width, bitmap.height).data]};
}, url);

// sameAs compares the map with the export of the box that the page's address states. Pixels where the export is transparent
// show the page. Where the map has cut its request at the service's edge, the box differs in the last digits of its floats.
async function sameAs(page, service, parameters) {
  const at = new URL(page.url()).searchParams, shown = await seen(page);
  const size = await page.evaluate(() => [document.getElementById('map').clientWidth, document.getElementById('map').clientHeight]);
  const sr = at.get('bboxSR');
  const q = new URLSearchParams({bbox: at.get('bbox'), bboxSR: sr, imageSR: sr, size: size.join(','), adjustAspectRatio: 'false', format: 'png32', f: 'image', ...parameters});
  const want = await pictureOf(page, `${service}/exportImage?${q}`);
  // The map ends at the service's extent, near the area of a projection; an export may have more.
  const [west, south, east, north] = at.get('bbox').split(',').map(Number);
  const part = new URL(await page.locator('#map').getAttribute('data-drawn'), service).searchParams.get('bbox').split(',').map(Number);
  const pixel = (east - west) / size[0];
  const left = Math.round((part[0] - west) / pixel), right = Math.round((part[2] - west) / pixel);
  const top = Math.round((north - part[3]) / pixel), bottom = Math.round((north - part[1]) / pixel);
  let compared = 0, off = 0, colours = new Set(), worst = '';
  for (let y = top; y < Math.min(bottom, shown.height); y++) {
    for (let x = left; x < right; x++) {
      const i = 4 * (y * want.width + x), k = 4 * (y * shown.width + x);
      if (want.data[i + 3] !== 255) continue;
      compared++;
      colours.add(want.data[i] << 16 | want.data[i + 1] << 8 | want.data[i + 2]);
      const by = Math.max(...[0, 1, 2].map(b => Math.abs(want.data[i + b] - shown.data[k + b])));
      if (by > 1) {
        off++;
        worst ||= `at ${x},${y} ${shown.data.slice(k, k + 3)}, not ${want.data.slice(i, i + 3)}`;
      }
    }
  }
  const faults = [];
  if (compared < 10000 || colours.size < 3) faults.push(`only ${compared} pixels of ${colours.size} colours are compared`);
  if (off > compared / 2000) faults.push(`${off} of ${compared} pixels differ: ${worst}`);
  return faults;
}

// readable returns what hinders reading a page: width, names of controls, contrast.
const readable = page => page.evaluate(() => {
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const e of document.querySelectorAll('input:not([type=hidden]), select, button, a, [role=application]')) {
    const name = e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.[0]?.textContent.trim();
    if (!name) faults.push(`${e.outerHTML.slice(0, 80)} has no name`);
  }
  const light = css => {
    const [r, g, b] = css.match(/[\d.]+/g).map(v => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = getComputedStyle(document.documentElement).colorScheme && matchMedia('(prefers-color-scheme: dark)').matches ? 0.006 : 1;
  for (const e of document.querySelectorAll('main p, main th, main td, main label span, main a, main summary, main legend')) {
    if (e.closest('.leaflet-container') || !e.getClientRects().length) continue;
    const l = light(getComputedStyle(e).color), ratio = (Math.max(l, ground) + 0.05) / (Math.min(l, ground) + 0.05);
    if (ratio < 4.5) faults.push(`${e.outerHTML.slice(0, 60)} has a contrast of ${ratio.toFixed(1)}`);
  }
  return faults.slice(0, 5);
});

// set changes controls, and waits until the map is drawn anew.
async function set(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const before = await page.locator('#map').getAttribute('data-drawn');
    const control = page.locator(`#view [name="${name}"]`), tag = await control.evaluate(e => e.type);
    if (tag === 'select-one') await control.selectOption(value);
    else if (tag === 'checkbox') await control.setChecked(value);
    else if (tag === 'range') await control.evaluate((e, v) => { e.value = v; for (const type of ['input', 'change']) e.dispatchEvent(new Event(type, {bubbles: true})); }, value);
    else { await control.fill(value); await control.press('Enter'); await control.blur(); }
    if (!['opacity', 'base', 'footprints', 'coordinates'].includes(name) && !(tag === 'select-one' && name === 'red')) await drawn(page, before).catch(() => {});
  }
  await page.waitForLoadState('networkidle');
}

const rule = (name, args) => JSON.stringify({rasterFunction: name, rasterFunctionArguments: args});

// Each row is a service, what is chosen on its map, and the export that has to look the same.
const rows = [
  ['world', {}, {}],
  ['world', {interpolation: 'RSP_NearestNeighbor'}, {interpolation: 'RSP_NearestNeighbor'}],
  ['world', {imageSR: '54030'}, {}],
  ['world', {imageSR: '3031'}, {}],
  ['olinda_elevation', {renderingRule: 'Hillshade Gray'}, {renderingRule: 'Hillshade Gray'}],
  ['olinda_elevation', {stretch: '3'}, {renderingRule: rule('Stretch', {StretchType: 3, NumberOfStandardDeviations: 2})}],
  ['olinda_elevation', {renderingRule: 'Hillshade Gray', stretch: '5', imageSR: '4326'},
    {renderingRule: rule('Stretch', {StretchType: 5, Raster: {rasterFunction: 'Hillshade Gray'}})}],
  ['olinda_landsat7', {bandIds: '4'}, {bandIds: '4'}],
  ['olinda_landsat7', {bandIds: 'rgb', blue: '1', green: '2', red: '3'}, {bandIds: '3,2,1'}],
  ['olinda_landsat7', {stretch: '6'}, {renderingRule: rule('Stretch', {StretchType: 6, MinPercent: 0.5, MaxPercent: 0.5})}],
  ['olinda_mosaic', {mosaicMethod: 'esriMosaicNorthwest'}, {mosaicRule: '{"mosaicMethod":"esriMosaicNorthwest"}'}],
  ['olinda_mosaic', {mosaicMethod: 'esriMosaicAttribute', sortField: 'pixel_size', ascending: 'false'},
    {mosaicRule: '{"mosaicMethod":"esriMosaicAttribute","sortField":"pixel_size","ascending":false}'}],
  ['olinda_mosaic', {mosaicOperation: 'MT_MEAN'}, {mosaicRule: '{"mosaicOperation":"MT_MEAN"}'}],
  ['puertorico_landcover', {}, {}],
  ['dated', {from: '150'}, {mosaicRule: '{"where":"OBJECTID = 3"}'}],
  ['dated', {to: '50'}, {mosaicRule: '{"where":"OBJECTID = 1"}'}],
];

const title = (service, chosen) => `the map of ${service}${Object.entries(chosen).map(([k, v]) => `, ${k} ${v}`).join('')}`;

export function mapClients(services) {
  const at = name => `${services}/${name}/ImageServer`;
  const onMap = (name, service, check, more = {}) => ({name, url: `${at(service)}/map?format=png32`, quiet: true, check, context: {viewport: {width: 900, height: 480}}, ...more});
  return [
    ...rows.map(([service, chosen, parameters]) => onMap(title(service, chosen), service, async ({page}) => {
      await drawn(page);
      await set(page, {base: false, ...chosen});
      return sameAs(page, at(service), parameters);
    })),
    onMap('the map at a half zoom, with no seams', 'world', async ({page}) => {
      let before = await drawn(page);
      await set(page, {base: false});
      await page.locator('#map').hover({position: {x: 250, y: 200}});
      await page.mouse.wheel(0, -130);
      before = await drawn(page, before);
      await page.locator('#map').press('ArrowLeft');
      await drawn(page, before);
      return sameAs(page, at('world'), {});
    }),
    onMap('the map far out shows the world once', 'world', async ({page}) => {
      await drawn(page);
      for (let i = 0; i < 3; i++) {
        await page.locator('#map').press('-');
        await page.waitForTimeout(500);
      }
      await page.waitForLoadState('networkidle');
      const boxes = [await page.locator('#map').getAttribute('data-drawn'), await page.locator('#export').evaluate(a => a.href)]
        .map(url => new URL(url, services).searchParams.get('bbox').split(',').map(Number));
      return boxes.flatMap(([w, s, e, n]) => w < -185 || e > 185 || s < -95 || n > 95 || e - w < 300 ? [`the box is ${[w, s, e, n]}`] : []);
    }),
    onMap('the map identifies on a click and by the keyboard', 'olinda_elevation', async ({page}) => {
      await drawn(page);
      await set(page, {renderingRule: 'Hillshade Gray'});
      const faults = [];
      for (const ask of [() => page.locator('#map').click({position: {x: 200, y: 300}}), () => page.locator('#map').press('Enter')]) {
        await page.evaluate(() => document.querySelector('.leaflet-popup-close-button')?.click());
        await page.waitForTimeout(300);
        await ask();
        await page.waitForSelector('.identified');
        const said = await page.locator('#found').textContent();
        const [place, value, as] = await page.locator('.identified dd').allTextContents();
        const [x, y] = place.split(', ').map(Number);
        const url = `${at('olinda_elevation')}/exportImage?bbox=${x - 1},${y - 1},${x + 1},${y + 1}&size=1,1&interpolation=RSP_NearestNeighbor`;
        const want = (await rawOf(url)).values[0];
        // The shade is that of the service's own pixel: an identify asked directly has it.
        const direct = await (await fetch(`${at('olinda_elevation')}/identify?f=json&geometry=${x},${y}&geometryType=esriGeometryPoint&renderingRule=Hillshade+Gray`)).json();
        if (Number(value) !== want || as !== direct.value) faults.push(`at ${place} the map has ${value} and ${as}, and the server ${want} and ${direct.value}`);
        if (!said.includes(value)) faults.push(`a screen reader hears ${said}`);
      }
      return faults;
    }),
    onMap('the map names rasters, locks one, and shows footprints', 'olinda_mosaic', async ({page}) => {
      const before = await drawn(page);
      await set(page, {base: false, footprints: true});
      await page.waitForSelector('path.footprint', {state: 'attached', timeout: 20000}).catch(() => {});
      const faults = [], outlines = await page.locator('path.footprint').count();
      if (outlines !== 3) faults.push(`there are ${outlines} footprints`);
      await page.locator('#map').click({position: {x: 200, y: 260}});
      await page.waitForSelector('.identified');
      const text = await page.locator('.identified').textContent();
      for (const name of ['Olinda west', 'Olinda coarse']) if (!text.includes(name)) faults.push(`${name} is not in ${text}`);
      await page.locator('.identified div', {hasText: 'Olinda coarse'}).locator('button').click();
      await drawn(page, before);
      await set(page, {footprints: false});
      faults.push(...await sameAs(page, at('olinda_mosaic'), {mosaicRule: '{"mosaicMethod":"esriMosaicLockRaster","lockRasterIds":[3]}'}));
      const locked = await page.locator('#map').getAttribute('data-drawn');
      await page.locator('#locked button').click();
      await drawn(page, locked);
      return [...faults, ...await sameAs(page, at('olinda_mosaic'), {})];
    }),
    onMap('the histogram of the map is that of its pixels', 'olinda_elevation', async ({page}) => {
      const url = await drawn(page);
      await page.locator('#histogram summary').click();
      await page.waitForSelector('#histogram td');
      const [, least, most, mean] = (await page.locator('#histogram td').allTextContents()).map(Number);
      const values = [...(await rawOf(new URL(url, services).href)).values].filter(v => !Number.isNaN(v));
      const want = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b)), values.reduce((a, b) => a + b) / values.length];
      // The histogram's pixels are as large as the image's, and may lie half of one beside them.
      const off = Math.abs(least - want[0]) > 2 || Math.abs(most - want[1]) > 2 || Math.abs(mean - want[2]) > 0.005 * want[2];
      return [...(off ? [`it has ${[least, most, mean]}, and the image ${want}`] : []),
        ...(await page.locator('#histogram svg path').count() === 1 ? [] : ['there is no chart'])];
    }),
    onMap('the legend of the map', 'puertorico_landcover', async ({page}) => {
      await drawn(page);
      const shown = await page.locator('#legend p').allTextContents();
      const want = (await (await fetch(`${at('puertorico_landcover')}/legend?f=json`)).json()).layers[0].legend.map(e => e.label);
      return shown.length > 3 && shown.map(s => s.trim()).join() === want.map(s => s.trim()).join() ? [] : [`it is ${shown}, not ${want}`];
    }),
    onMap('the address of the map brings back the view', 'olinda_mosaic', async ({page}) => {
      const first = await drawn(page);
      await set(page, {base: false, mosaicOperation: 'MT_MIN', interpolation: 'RSP_CubicConvolution', opacity: '50', imageSR: '3857', bandIds: '1'});
      const before = await page.locator('#map').getAttribute('data-drawn');
      await page.goto(page.url());
      const again = await drawn(page);
      const [a, b] = [before, again].map(u => new URL(u, services).searchParams);
      const faults = [...a].flatMap(([name, v]) => {
        const w = b.get(name);
        if (name !== 'bbox') return v === w ? [] : [`${name} is ${w}, not ${v}`];
        const n = v.split(',').map(Number), m = w.split(',').map(Number);
        return n.every((c, i) => Math.abs(c - m[i]) < 2 * (n[2] - n[0]) / 400) ? [] : [`the box is ${w}, not ${v}`];
      });
      const opacity = await page.locator('.leaflet-picture-pane img').evaluate(e => e.style.opacity);
      if (opacity !== '0.5') faults.push(`the opacity is ${opacity}`);
      if (await page.locator('[name=base]').isChecked() || first === again) faults.push('the base is shown again, or nothing has changed');
      return faults;
    }),
    onMap('the map says what is wrong', 'world', async ({page}) => {
      await drawn(page);
      await set(page, {imageSR: '999999'});
      const said = await page.locator('#status').textContent(), sr = await page.locator('#view [name=imageSR]').inputValue();
      return /imageSR/.test(said) && sr === '4326' ? [] : [`it says ${said}, and the reference is ${sr}`];
    }, {quiet: false}),
    onMap('the map of a raster that cannot be read says so', 'broken', async ({page}) => {
      await page.waitForFunction(() => document.querySelector('#status.fault'));
      const said = await page.locator('#status').textContent();
      return /raster "broken"/.test(said) ? [] : [`it says ${said}`];
    }, {quiet: false}),
    onMap('coordinates in another reference', 'olinda_mosaic', async ({page}) => {
      await drawn(page);
      await set(page, {coordinates: '4326'});
      const box = await page.locator('#map').boundingBox();
      await page.mouse.move(box.x + 200, box.y + 200);
      await page.waitForFunction(() => /in 4326/.test(document.getElementById('place').textContent));
      const [x, y] = (await page.locator('#place').textContent()).match(/-?[\d.]+/g).map(Number);
      return x > -35 && x < -34.8 && y > -8.1 && y < -7.9 ? [] : [`they are ${x}, ${y}`];
    }),
    {name: 'the map without JavaScript', url: `${at('world')}/map`, context: {javaScriptEnabled: false}, check: async ({page}) => {
      const src = await page.locator('.still img').getAttribute('src');
      await page.locator('.still a', {hasText: 'Nearer'}).click();
      await page.waitForLoadState('networkidle');
      const nearer = await page.locator('.still img').getAttribute('src');
      const answer = await fetch(new URL(nearer, services));
      return nearer !== src && answer.ok && answer.headers.get('content-type') === 'image/png' ? [] : [`${nearer} answers ${answer.status}`];
    }},
    ...['light', 'dark'].map(colorScheme => ({
      name: `the page of a service, ${colorScheme}, 390 wide`, url: `${at('olinda_mosaic')}/`, quiet: true, context: {colorScheme, viewport: {width: 390, height: 844}},
      check: async ({page}) => {
        await drawn(page);
        await page.locator('#request summary').click();
        return readable(page);
      },
    })),
    ...['light', 'dark'].map(colorScheme => ({
      // One service's raster is broken, and its picture's fault is in the console.
      name: `the gallery, ${colorScheme}, 390 wide`, url: `${services}/`, context: {colorScheme, viewport: {width: 390, height: 844}},
      check: async ({page}) => {
        const faults = await readable(page);
        const undrawn = await page.locator('.gallery img').evaluateAll(async all => {
          for (const image of all) image.loading = 'eager';
          await Promise.allSettled(all.map(image => image.decode()));
          return all.filter(image => !image.naturalWidth).map(image => image.alt);
        });
        if (undrawn.join() !== 'Picture of broken') faults.push(`there is no picture for ${undrawn}`);
        await page.locator('#q').fill('landsat');
        await page.locator('.search button').click();
        const found = await page.locator('.gallery strong').allTextContents();
        if (found.join() !== 'olinda_landsat7,olinda_mosaic') faults.push(`the search finds ${found}`);
        await page.locator('.world a').last().press('Enter');
        await page.waitForURL('**/ImageServer/');
        return faults;
      },
    })),
    onMap('the form follows the map, and shows its answer in place', 'olinda_mosaic', async ({page}) => {
      await drawn(page);
      await page.locator('#request summary').click();
      await set(page, {mosaicOperation: 'MT_MIN'});
      const field = name => page.locator(`#request [name="${name}"]`);
      const shown = new URL(await page.locator('#map').getAttribute('data-drawn'), services).searchParams, faults = [];
      for (const name of ['bbox', 'size', 'mosaicRule', 'imageSR', 'format']) {
        const got = await field(name).inputValue();
        if (got !== shown.get(name)) faults.push(`${name} is ${got}, and the map has ${shown.get(name)}`);
      }
      await field('size').fill('70,50');
      await field('format').selectOption('png32');
      await set(page, {mosaicOperation: 'MT_MAX'});
      if (await field('size').inputValue() !== '70,50') faults.push('a change by hand is lost');
      await page.locator('#request button').click();
      await page.waitForSelector('#answer img');
      const got = await pictureOf(page, await page.locator('#answer img').getAttribute('src'));
      shown.set('size', '70,50');
      shown.set('format', 'png32');
      shown.set('mosaicRule', '{"mosaicOperation":"MT_MAX"}');
      shown.set('f', 'image');
      const want = await pictureOf(page, `${at('olinda_mosaic')}/exportImage?${shown}`);
      if (got.data.join() !== want.data.join()) faults.push('the answer is another picture');
      if (!/Of 3 rasters/.test(await page.locator('#answer').textContent())) faults.push('there is no account');
      await field('size').fill('nonsense');
      await page.locator('#request button').click();
      await page.waitForSelector('#answer .fault');
      if (!/size/.test(await page.locator('#answer .fault').textContent())) faults.push('the fault does not name its parameter');
      return faults;
    }, {quiet: false}),
    onMap('the code for other clients gives this very view', 'olinda_elevation', async ({page}) => {
      await drawn(page);
      await set(page, {renderingRule: 'Hillshade Gray', imageSR: '3857'});
      await page.locator('#snippets summary').click();
      const want = Buffer.from(await (await fetch(new URL(await page.locator('#map').getAttribute('data-drawn'), services))).arrayBuffer());
      const folder = mkdtempSync(join(tmpdir(), 'snippets')), faults = [];
      const code = async name => {
        await page.locator('#client').selectOption(name);
        return page.locator('#snippet').textContent();
      };
      const run = (program, args, input) => execFileSync(program, args, {cwd: folder, input, stdio: ['pipe', 'pipe', 'pipe']});
      const compare = (name, file) => { if (!readFileSync(join(folder, file)).equals(want)) faults.push(`${name} gets another image`); };
      try {
        run('sh', [], await code('curl'));
        compare('curl', 'view.png');
        run('rm', ['view.png']);
        run('python3', ['-'], await code('Python'));
        compare('Python', 'view.png');
        try {
          run('sh', [], await code('GDAL'));
          const info = JSON.parse(run('gdalinfo', ['-json', 'view.tif']));
          const shown = new URL(await page.locator('#map').getAttribute('data-drawn'), services).searchParams;
          const [west, , , north] = shown.get('bbox').split(',').map(Number);
          if (info.size.join() !== shown.get('size') || Math.abs(info.geoTransform[0] - west) > 1e-6 || Math.abs(info.geoTransform[3] - north) > 1e-6) {
            faults.push(`GDAL has ${info.size} at ${info.geoTransform}`);
          }
        } catch (e) {
          faults.push(e.code === 'ENOENT' ? 'gdalinfo is missing' : String(e));
        }
        for (const [name, part] of [['OpenLayers', 'Hillshade Gray'], ['Leaflet', 'Hillshade Gray'], ['MapLibre GL', 'Hillshade+Gray'],
          ['ArcGIS Maps SDK for JavaScript', 'Hillshade Gray'], ['QGIS', 'arcgismapserver'], ['Go', 'http.Get']]) {
          if (!(await code(name)).includes(part)) faults.push(`the code for ${name} lacks ${part}`);
        }
      } finally {
        rmSync(folder, {recursive: true});
      }
      return faults;
    }),
  ];
}
