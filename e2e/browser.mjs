// Browser clients against the demo server: each page draws the service "world" with a client's own code.
//
//   node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {fileURLToPath} from 'node:url';
import {checkPages} from './check.mjs';
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

const failed = await checkPages({
  root: fileURLToPath(new URL('.', import.meta.url)), services, executablePath, shots,
  clients: [
    {name: 'OpenLayers ImageArcGISRest', page: 'openlayers-image.html'},
    {name: 'OpenLayers ImageArcGISRest, png', page: 'openlayers-image.html', params: {format: 'PNG', INTERPOLATION: 'RSP_NearestNeighbor'}},
    {name: 'OpenLayers TileArcGISRest', page: 'openlayers-tile.html'},
    {name: 'esri-leaflet imageMapLayer', page: 'esri-leaflet.html'},
    {name: 'the map page', url: `${services}/world/ImageServer/map`, locate: onMap},
    {name: 'esri-leaflet imageMapLayer by JSON', page: 'esri-leaflet.html', params: {f: 'json', format: 'png32'}},
  ],
});
process.exit(failed ? 1 : 0);
