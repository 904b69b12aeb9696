// Clients of tiles against the demo server with -tiles elevation: each page draws the service "world" from its tiles.
//
//   node tiles.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {fileURLToPath} from 'node:url';
import {checkPages} from './check.mjs';
import {places, pixelOf, faultsOf} from './places.mjs';

const [services, executablePath, shots] = process.argv.slice(2);

// fromTiles compares the pixels of known places, and demands that they come from tiles of a path alone.
export const fromTiles = path => async ({exports, tiles, pixels}) => [
  ...faultsOf(await pixels(places.map(pixelOf))),
  ...(exports.length ? [`it asks for ${exports[0]}`] : []),
  ...(tiles.some(url => url.includes(path)) ? [] : [`no tile is asked for at ${path}, but ${tiles}`]),
];

const openlayers = (name, path, query) => ({name, page: 'tiles-openlayers.html', query, check: fromTiles(path)});
const failed = await checkPages({
  root: fileURLToPath(new URL('.', import.meta.url)), services, executablePath, shots,
  clients: [
    openlayers('OpenLayers XYZ, level, row and column', '/tile/', {kind: 'tile'}),
    openlayers('OpenLayers XYZ, TileJSON', '/xyz/', {kind: 'tileJSON'}),
    openlayers('OpenLayers WMTS, paths', '/WMTS/tile/1.0.0/world/', {kind: 'wmts', encoding: 'REST'}),
    openlayers('OpenLayers WMTS, queries', 'Request=GetTile', {kind: 'wmts', encoding: 'KVP'}),
    {name: 'esri-leaflet tiledMapLayer', page: 'tiles-esri-leaflet.html', check: fromTiles('/tile/')},
  ],
});
process.exit(failed ? 1 : 0);
