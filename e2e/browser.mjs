// Browser clients against the demo server: each page draws the service "world" with a client's own code.
//
//   node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {fileURLToPath} from 'node:url';
import {checkPages} from './check.mjs';

const [services, executablePath, shots] = process.argv.slice(2);
const failed = await checkPages({
  root: fileURLToPath(new URL('.', import.meta.url)), services, executablePath, shots,
  clients: [
    {name: 'OpenLayers ImageArcGISRest', page: 'openlayers-image.html'},
    {name: 'OpenLayers ImageArcGISRest, png', page: 'openlayers-image.html', params: {format: 'PNG', INTERPOLATION: 'RSP_NearestNeighbor'}},
    {name: 'OpenLayers TileArcGISRest', page: 'openlayers-tile.html'},
    {name: 'esri-leaflet imageMapLayer', page: 'esri-leaflet.html'},
    {name: 'esri-leaflet imageMapLayer by JSON', page: 'esri-leaflet.html', params: {f: 'json', format: 'png32'}},
  ],
});
process.exit(failed ? 1 : 0);
