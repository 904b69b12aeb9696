// Browser clients against the demo server: each page draws the service "world" with a client's own code.
//
//   [ONLY=PATTERN OF NAMES] node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
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
  const raw = await rawOf(await page.locator('a', {hasText: /^Image$/}).evaluate(a => a.href));
  return [...(names.includes('Hillshade Gray') ? [] : [`the names are ${names}`]), ...greyFaults(hillshade(raw), await pixelsOf(image), 1)];
}

// asked clicks on a map of esri-leaflet, and compares the answers to its identifyImage and query with an export of the pixel
// there, and with the catalogue.
const asked = service => async ({page}) => {
  await page.mouse.click(330, 260);
  await page.waitForFunction(() => document.title !== 'done', null, {timeout: 60000});
  if (await page.title() !== 'answered') return ['the client reports an error'];
  const {latlng, identified, ruled, features} = await page.evaluate(() => window.answers);
  const url = `${services}/${service}/ImageServer`, faults = [];
  const about = await (await fetch(`${url}?f=json`)).json(), sr = about.spatialReference.wkid;
  const [point] = (await (await fetch(`${url}/project?f=json&inSR=4326&outSR=${sr}&geometries=${latlng.lng},${latlng.lat}`)).json()).geometries;
  // The pixel around the place, as an export of the service's own pixels has it.
  const w = about.pixelSizeX / 2, h = about.pixelSizeY / 2;
  const pixel = `bbox=${point.x - w},${point.y - h},${point.x + w},${point.y + h}&size=1,1&adjustAspectRatio=false&format=bsq&f=image&interpolation=RSP_NearestNeighbor`;
  const bytes = new Uint8Array(await (await fetch(`${url}/exportImage?${pixel}&pixelType=${about.pixelType}`)).arrayBuffer());
  const value = about.pixelType === 'U8' ? [...bytes.slice(0, about.bandCount)].join(', ') : String(new Int16Array(bytes.buffer.slice(0, 2))[0]);
  if (identified.pixel.properties.value !== value) faults.push(`identifyImage has ${identified.pixel.properties.value}, and the export ${value}`);
  if (ruled) {
    const grey = new Uint8Array(await (await fetch(`${url}/exportImage?${pixel}&renderingRule=${encodeURIComponent('Hillshade Gray')}&pixelType=U8`)).arrayBuffer())[0];
    if (Math.abs(Number(ruled.pixel.properties.value) - grey) > 0) faults.push(`with a rule it has ${ruled.pixel.properties.value}, and the export ${grey}`);
  }
  if (about.objectIdField) {
    const ids = features.features.map(f => f.id ?? f.properties.OBJECTID).sort().join();
    const direct = (await (await fetch(`${url}/query?f=json&returnIdsOnly=true&geometryType=esriGeometryPoint&inSR=4326&geometry=${latlng.lng},${latlng.lat}`)).json()).objectIds.sort().join();
    const items = identified.catalogItems.features.map(f => f.id ?? f.properties.OBJECTID).sort().join();
    if (!ids || ids !== direct || items !== direct) faults.push(`query finds ${ids}, identify ${items}, and the catalogue has ${direct}`);
    const ring = features.features[0].geometry.coordinates[0];
    if (!ring.every(([x, y]) => Math.abs(x - latlng.lng) < 1 && Math.abs(y - latlng.lat) < 1)) faults.push(`the outline is ${JSON.stringify(ring)}`);
  }
  return faults;
};

const only = new RegExp(process.env.ONLY || '');
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
    {name: 'esri-leaflet identifyImage and query', page: 'esri-leaflet-asks.html', service: 'olinda_mosaic',
      query: {lon: -34.87, lat: -7.99}, check: asked('olinda_mosaic')},
    {name: 'esri-leaflet identifyImage with a rule', page: 'esri-leaflet-asks.html', service: 'olinda_elevation',
      query: {lon: -34.87, lat: -7.99, rule: 'Hillshade Gray', where: '1=1'}, check: asked('olinda_elevation')},
    ...mapClients(services),
    {name: 'the form, a rendering rule', url: `${services}/olinda_elevation/ImageServer/exportImage`, check: ruledForm},
    {name: 'esri-leaflet imageMapLayer by JSON', page: 'esri-leaflet.html', params: {f: 'json', format: 'png32'}},
  ].filter(client => only.test(client.name)),
});
process.exit(failed ? 1 : 0);
