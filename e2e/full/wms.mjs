// The layers of a WMS show the world: pixels of known places.
//
//   node wms.mjs URL LAYER...
import {PNG} from 'pngjs';
import {width, height, box, places, pixelOf, faultsOf, report} from '../places.mjs';

const [url, ...layers] = process.argv.slice(2);
let failed = 0;
for (const layer of layers) {
  let faults;
  try {
    const answer = await fetch(`${url}?` + new URLSearchParams({
      service: 'WMS', version: '1.1.1', request: 'GetMap', layers: layer, styles: '', srs: 'EPSG:3857', bbox: box,
      width, height, format: 'image/png',
    }));
    const png = PNG.sync.read(Buffer.from(await answer.arrayBuffer()));
    faults = faultsOf(places.map(pixelOf).map(([x, y]) => png.data.subarray(4 * (y * width + x))));
  } catch (e) {
    faults = [String(e)];
  }
  if (!report(`MapProxy, layer ${layer}`, faults)) failed++;
}
process.exit(failed ? 1 : 0);
