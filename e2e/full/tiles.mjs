// The tile layers of the ArcGIS Maps SDK for JavaScript and the providers of CesiumJS against the demo server with
// -tiles elevation.
//
//   node tiles.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {build} from 'esbuild';
import {fileURLToPath} from 'node:url';
import {PNG} from 'pngjs';
import {checkPages} from '../check.mjs';
import {rawOf} from '../elevation.mjs';
import {places, pixelOf, faultsOf} from '../places.mjs';

const [services, executablePath, shots] = process.argv.slice(2);
const root = fileURLToPath(new URL('.', import.meta.url));
await build({
  absWorkingDir: root, entryPoints: ['pages/arcgis-tiles.js'], outdir: 'built',
  bundle: true, splitting: true, format: 'esm', minify: true, logLevel: 'warning',
});

// Places in the elevation service, and the heights that an export has there, in pixels of about 20 m.
const heightPlaces = [[-34.885, -8.005], [-34.9, -8.02], [-34.91, -7.99], [-34.88, -8.03], [-34.895, -8.0]];
async function heightsThere() {
  const out = [];
  for (const [lon, lat] of heightPlaces) {
    const e = 0.0001, url = new URL(`${services}/olinda_elevation/ImageServer/exportImage?bboxSR=4326&imageSR=4326&f=image`);
    url.searchParams.set('bbox', [lon - e, lat - e, lon + e, lat + e].join());
    url.searchParams.set('size', '1,1');
    url.searchParams.set('interpolation', 'RSP_BilinearInterpolation');
    out.push((await rawOf(url)).values[0]);
  }
  return out;
}

async function heights({page, tiles}) {
  const got = await page.evaluate(() => window.heights), want = await heightsThere();
  const spread = Math.max(...want) - Math.min(...want);
  return [
    ...(spread > 10 ? [] : [`the places are of one height: ${want}`]),
    ...(tiles.length ? [] : ['no tile is asked for']),
    // The client's heights lie on a line, or on a triangle, between those of the tile.
    ...want.flatMap((v, i) => Math.abs(got?.[i] - v) <= 3 ? [] : [`place ${i} is ${got?.[i]} m high, not ${v}`]),
  ];
}

const fromTiles = async ({exports, tiles, pixels}) => [
  ...faultsOf(await pixels(places.map(pixelOf))),
  ...(exports.length ? [`it asks for ${exports[0]}`] : []),
  ...(tiles.length ? [] : ['no tile is asked for']),
];

// sameTile compares the pixels that the client has, upside down for WebGL, with those that the server sends.
async function sameTile({page}) {
  const got = await page.evaluate(() => window.tile);
  const answer = await fetch(`${services}/world/ImageServer/tile/3/2/4`);
  const want = PNG.sync.read(Buffer.from(await answer.arrayBuffer()));
  let off = 0;
  const line = 4 * want.width;
  want.data.forEach((v, i) => {
    const y = Math.floor(i / line);
    if (Math.abs(v - got.pixels[(want.height - 1 - y) * line + i % line]) > 1) off++;
  });
  return got.width === want.width && got.height === want.height && off === 0 ? [] :
    [`${off} values of ${got.width} by ${got.height} pixels differ`];
}

const at = JSON.stringify(heightPlaces), service = 'olinda_elevation';
const failed = await checkPages({
  root, services, executablePath, shots, timeout: 120000,
  args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  clients: [
    {name: 'CesiumJS, ArcGISTiledElevationTerrainProvider', page: 'cesium.html', service, query: {heights: at, level: 11}, check: heights},
    {name: 'CesiumJS, ArcGisMapServerImageryProvider', page: 'cesium.html', query: {tile: '[4,2,3]'}, check: sameTile},
    {name: 'ArcGIS Maps SDK for JavaScript, ElevationLayer', page: 'arcgis-tiles.html', service,
      query: {heights: at, resolution: 20}, check: heights},
    {name: 'ArcGIS Maps SDK for JavaScript, ImageryTileLayer', page: 'arcgis-tiles.html', check: fromTiles},
  ],
});
process.exit(failed ? 1 : 0);
