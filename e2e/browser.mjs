// Browser clients against the demo server: each page draws the service "world" with a client's own code.
//
//   node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {fileURLToPath} from 'node:url';
import {checkPages} from './check.mjs';
import {rawOf, hillshade, greyFaults} from './elevation.mjs';
import {places} from './places.mjs';

const [services, executablePath, shots] = process.argv.slice(2);
// onMap returns where the places are on the map page. The map is in degrees, as the service is, so the request and the position
// of one tile give the scale. The map is first zoomed out by the keyboard, so that the tiles were fetched for this view.
async function onMap(page) {
  await page.locator('#map').press('-');
  await page.waitForTimeout(500);
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => [...document.querySelectorAll('.leaflet-tile')].every(t => t.complete && getComputedStyle(t).opacity === '1'));
  return page.locator('.leaflet-tile').first().evaluate((tile, places) => {
    const [west, south, east, north] = new URL(tile.src).searchParams.get('bbox').split(',').map(Number);
    const box = tile.getBoundingClientRect();
    return places.map(({lon, lat}) => [
      Math.floor(box.x + (lon - west) / (east - west) * box.width),
      Math.floor(box.y + (north - lat) / (north - south) * box.height),
    ]);
  }, places);
}

// pixelsOf returns the pixels of an image of a page, four bytes each.
const pixelsOf = image => image.evaluate(image => {
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight), context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
});

// ruledMap chooses a raster function on the map page and compares the tiles that it loads then. The lossy format is allowed to be
// off by some greys.
async function ruledMap({page}) {
  const names = await page.locator('#rule option').allTextContents();
  await page.locator('#rule').selectOption('Hillshade Gray');
  await page.waitForFunction(() => [...document.querySelectorAll('.leaflet-tile')].every(
    t => t.complete && t.src.includes('Hillshade') && getComputedStyle(t).opacity === '1'));
  const link = await page.locator('#export').getAttribute('href');
  const faults = names[0] === 'None' && link.includes('Hillshade') ? [] : [`the rules are ${names}, and the link ${link}`];
  let compared = 0;
  for (const tile of await page.locator('.leaflet-tile').all()) {
    const raw = await rawOf(await tile.evaluate(tile => tile.src));
    if (raw.values.some(Number.isNaN)) continue; // it reaches outside
    compared++;
    faults.push(...greyFaults(hillshade(raw), await pixelsOf(tile), 12));
  }
  return compared ? faults : [...faults, 'no tile is inside the service'];
}

// ruledForm writes the name of a raster function into the form, sends it, and compares the image of the result's page.
async function ruledForm({page}) {
  const names = await page.locator('#renderingRule-names option').evaluateAll(all => all.map(o => o.value));
  await page.locator('#renderingRule').fill('Hillshade Gray');
  await page.locator('button').click();
  const image = page.locator('img').first();
  await image.evaluate(image => image.decode());
  const raw = await rawOf(await image.evaluate(image => image.src));
  return [...(names.includes('Hillshade Gray') ? [] : [`the names are ${names}`]), ...greyFaults(hillshade(raw), await pixelsOf(image), 1)];
}

const failed = await checkPages({
  root: fileURLToPath(new URL('.', import.meta.url)), services, executablePath, shots,
  clients: [
    {name: 'OpenLayers ImageArcGISRest', page: 'openlayers-image.html'},
    {name: 'OpenLayers ImageArcGISRest, png', page: 'openlayers-image.html', params: {format: 'PNG', INTERPOLATION: 'RSP_NearestNeighbor'}},
    {name: 'OpenLayers TileArcGISRest', page: 'openlayers-tile.html'},
    {name: 'esri-leaflet imageMapLayer', page: 'esri-leaflet.html'},
    {name: 'the map page', url: `${services}/world/ImageServer/map`, locate: onMap},
    {name: 'the map page, a rendering rule', url: `${services}/olinda_elevation/ImageServer/map`, check: ruledMap},
    {name: 'the form, a rendering rule', url: `${services}/olinda_elevation/ImageServer/exportImage`, check: ruledForm},
    {name: 'esri-leaflet imageMapLayer by JSON', page: 'esri-leaflet.html', params: {f: 'json', format: 'png32'}},
  ],
});
process.exit(failed ? 1 : 0);
