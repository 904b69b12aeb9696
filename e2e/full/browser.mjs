// The ArcGIS Maps SDK for JavaScript against the demo server, bundled by esbuild, drawing by WebGL in software.
//
//   node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {build} from 'esbuild';
import {fileURLToPath} from 'node:url';
import {checkPages} from '../check.mjs';
import {rawOf, hillshade, greyFaults, valueFaults} from '../elevation.mjs';
import {width, height} from '../places.mjs';

const [services, executablePath, shots] = process.argv.slice(2);
const root = fileURLToPath(new URL('.', import.meta.url));
await build({
  absWorkingDir: root, entryPoints: ['pages/arcgis.js'], outdir: 'built',
  bundle: true, splitting: true, format: 'esm', minify: true, logLevel: 'warning',
});
// drawnHillshade compares the map, above the line that names Esri, with a hillshade of the heights under it.
async function drawnHillshade({exports, pixels}) {
  const url = exports.at(-1), faults = [];
  if (!/Hillshade/.test(decodeURIComponent(url))) faults.push(`the request has no rule: ${url}`);
  const raw = await rawOf(url);
  if (raw.width !== width || raw.height !== height) return [...faults, `the image is ${raw.width} by ${raw.height}`];
  const greys = hillshade(raw), at = [];
  for (let y = 0; y < height - 40; y += 3) for (let x = 0; x < width; x += 3) at.push([x, y]);
  const seen = (await pixels(at)).flat();
  return [...faults, ...greyFaults(at.map(([x, y]) => greys[y * width + x]), seen, 3)];
}

// filteredValues compares the values that a pixel filter gets, which the layer asks for as LERC, with those of an export.
const filteredValues = (type, rule) => async ({page, exports}) => {
  const url = new URL(exports.at(-1)), faults = [];
  if (url.searchParams.get('format') !== 'lerc') faults.push(`the format is ${url.searchParams.get('format')}`);
  const got = await page.evaluate(() => window.values), raw = await rawOf(url, rule);
  if (got?.pixelType !== type) faults.push(`values are of type ${got?.pixelType}, not ${type}`);
  if (got?.width !== raw.width || got?.height !== raw.height) return [...faults, `values are ${got?.width} by ${got?.height}`];
  const tolerance = Number(url.searchParams.get('compressionTolerance') || 0); // which LERC keeps
  raw.values.forEach((v, i) => {
    if (got.mask && Number.isNaN(v) === (got.mask[i] !== 0)) faults.length < 3 && faults.push(`pixel ${i}: mask ${got.mask[i]}, ${v}`);
  });
  return [...faults, ...valueFaults(raw.values, got.values, type === 'f32' ? tolerance + 1e-5 : 0)];
};

// popupOnClick clicks on the map, and compares the value in the popup with that of an identify and an export asked directly.
async function popupOnClick({page}) {
  const answered = page.waitForResponse(r => r.url().includes('/identify'), {timeout: 120000});
  await page.mouse.click(300, 280);
  const [answer, {attributes, at}] = await Promise.all([answered.then(r => r.json()), page.evaluate(() => window.asks.popup())]);
  const shown = String(attributes['Raster.ServicePixelValue']);
  const direct = await (await fetch(`${services}/olinda_elevation/ImageServer/identify?f=json&geometryType=esriGeometryPoint&geometry=${
    encodeURIComponent(JSON.stringify(at))}`)).json();
  return shown === answer.value && Math.abs(Number(shown) - Number(direct.value)) <= 25 && Number.isFinite(Number(shown)) ? [] :
    [`the popup shows ${JSON.stringify(attributes)} at ${JSON.stringify(at)}, the service answered ${answer.value}, and directly ${direct.value}`];
}

// viewsHistogram compares the statistics of a view with those of the values of an export of it.
async function viewsHistogram({page, exports}) {
  const {histograms, statistics, box, pixel} = await page.evaluate(() => window.asks.histogram());
  const url = new URL(exports.at(-1));
  url.searchParams.set('bbox', box.join(','));
  url.searchParams.set('size', `${Math.round((box[2] - box[0]) / pixel)},${Math.round((box[3] - box[1]) / pixel)}`);
  const values = [...(await rawOf(url)).values].filter(v => !Number.isNaN(v));
  const mean = values.reduce((a, b) => a + b) / values.length, [s] = statistics;
  const count = histograms[0].counts.reduce((a, b) => a + b);
  return Math.abs((s.mean ?? s.avg) - mean) < 0.02 * mean ?
    (Math.abs(count - values.length) < 0.02 * values.length ? [] : [`${count} pixels, not ${values.length}`]) :
    [`the mean is ${JSON.stringify(s)}, not ${mean}`];
}

// timeSlider shows a part of time, and looks at the request.
async function timeSlider({page, exports}) {
  const start = await page.evaluate(() => window.asks.during('2022-01-01', '2023-01-01'));
  const time = new URL(exports.at(-1)).searchParams.get('time');
  const faults = start === Date.UTC(2020, 5, 1) ? [] : [`the service's time begins at ${start}`];
  return time === `${Date.UTC(2022, 0, 1)},${Date.UTC(2023, 0, 1)}` ? faults : [...faults, `the request has time ${time}`];
}

// sliceValues compares the values that a pixel filter gets of the service "ocean" with the least and the greatest of one slice,
// whose values no other slice of its variable has, and the request's rule with the slice.
const sliceValues = (variable, least, greatest) => async ({page, exports}) => {
  const faults = [], rule = JSON.parse(new URL(exports.at(-1)).searchParams.get('mosaicRule') || '{}');
  const named = (rule.multidimensionalDefinition || []).map(d => d.variableName);
  if (!named.length || named.some(n => n !== variable)) faults.push(`the request is about ${named}, not ${variable}`);
  const got = await page.evaluate(() => window.values);
  const seen = (got?.values || []).filter((v, i) => !got.mask || got.mask[i]);
  if (seen.length < 1000) faults.push(`there are ${seen.length} values`);
  const [lo, hi] = seen.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  if (lo < least - 0.01 || hi > greatest + 0.01 || hi - lo < 30) faults.push(`values are ${lo} to ${hi}, and the slice has ${least} to ${greatest}`);
  return faults;
};

const own = {own: 'yes', resolution: 12}; // metres of the elevation service, whose pixels have 90
const failed = await checkPages({
  root, services, executablePath, shots, timeout: 120000,
  args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  clients: [
    {name: 'ArcGIS Maps SDK for JavaScript, ImageryLayer', page: 'arcgis.html'},
    {name: 'ArcGIS Maps SDK for JavaScript, bands and mosaic rule', page: 'arcgis.html', params: {
      format: 'png32', interpolation: 'bilinear', bandIds: [0, 1, 2],
      mosaicRule: {method: 'center', operation: 'first', ascending: true},
    }},
    {name: 'ArcGIS Maps SDK for JavaScript, raster function', page: 'arcgis.html', params: {
      rasterFunction: {functionName: 'Stretch', functionArguments: {StretchType: 5, Statistics: [[0, 255, 127, 50]]}, outputPixelType: 'u8'},
    }},
    {name: 'ArcGIS Maps SDK for JavaScript, Hillshade', page: 'arcgis.html', service: 'olinda_elevation', query: own, params: {
      format: 'png32', rasterFunction: {functionName: 'Hillshade', functionArguments: {azimuth: 315, altitude: 45, zFactor: 1}},
    }, check: drawnHillshade},
    {name: 'ArcGIS Maps SDK for JavaScript, a template by name', page: 'arcgis.html', service: 'olinda_elevation', query: own, params: {
      format: 'png32', rasterFunction: {functionName: 'Hillshade Gray'},
    }, check: drawnHillshade},
    {name: 'ArcGIS Maps SDK for JavaScript, popup on a click', page: 'arcgis.html', service: 'olinda_elevation', query: {...own, ask: 'yes'}, check: popupOnClick},
    {name: 'ArcGIS Maps SDK for JavaScript, histogram', page: 'arcgis.html', service: 'olinda_elevation', query: {...own, ask: 'yes'}, check: viewsHistogram},
    {name: 'ArcGIS Maps SDK for JavaScript, time slider', page: 'arcgis.html', service: 'dated', query: {...own, ask: 'yes'}, check: timeSlider},
    {name: 'ArcGIS Maps SDK for JavaScript, heights in a pixel filter', page: 'arcgis.html', service: 'olinda_elevation',
      query: {...own, filter: 'yes'}, check: filteredValues('s16')},
    {name: 'ArcGIS Maps SDK for JavaScript, slopes in a pixel filter', page: 'arcgis.html', service: 'olinda_elevation',
      query: {...own, filter: 'yes'}, params: {rasterFunction: {functionName: 'Slope'}},
      check: filteredValues('f32', {rasterFunction: 'Slope'})},
    {name: 'ArcGIS Maps SDK for JavaScript, the slice that it takes by itself', page: 'arcgis.html', service: 'ocean',
      query: {own: 'yes', resolution: 2000, filter: 'yes'}, check: sliceValues('ice', 0, 95)},
    {name: 'ArcGIS Maps SDK for JavaScript, a slice by variable, time and depth', page: 'arcgis.html', service: 'ocean',
      query: {own: 'yes', resolution: 2000, filter: 'yes'}, params: {mosaicRule: {multidimensionalDefinition: [
        {variableName: 'salinity', dimensionName: 'StdTime', values: [949363200000], isSlice: true},
        {variableName: 'salinity', dimensionName: 'StdZ', values: [-50], isSlice: true},
      ]}}, check: sliceValues('salinity', 6100, 6195)},
  ],
});
process.exit(failed ? 1 : 0);
