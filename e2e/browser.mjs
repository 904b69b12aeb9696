// Browser clients against the demo server: each page draws the service "world" with a client's own code.
//
//   node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {fileURLToPath} from 'node:url';
import {checkPages} from './check.mjs';
import {rawOf, hillshade, greyFaults} from './elevation.mjs';
import {mapClients} from './mapview.mjs';

const [services, executablePath, shots] = process.argv.slice(2);
// pixelsOf returns the pixels of an image of a page, four bytes each.
const pixelsOf = image => image.evaluate(image => {
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight), context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, canvas.width, canvas.height).data];
});

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
    {name: 'OpenLayers ImageWMS', page: 'openlayers-wms.html'},
    {name: 'OpenLayers ImageWMS 1.1.1', page: 'openlayers-wms.html', params: {VERSION: '1.1.1', FORMAT: 'image/jpeg'}},
    {name: 'OpenLayers TileWMS', page: 'openlayers-wms.html', params: {tiled: true, TRANSPARENT: false}},
    {name: 'Leaflet TileLayer.WMS', page: 'leaflet-wms.html'},
    {name: 'Leaflet TileLayer.WMS 1.3.0', page: 'leaflet-wms.html', params: {version: '1.3.0', format: 'image/png', transparent: true}},
    {name: 'esri-leaflet imageMapLayer', page: 'esri-leaflet.html'},
    ...mapClients(services),
    {name: 'the form, a rendering rule', url: `${services}/olinda_elevation/ImageServer/exportImage`, check: ruledForm},
    {name: 'esri-leaflet imageMapLayer by JSON', page: 'esri-leaflet.html', params: {f: 'json', format: 'png32'}},
  ],
});
process.exit(failed ? 1 : 0);
