// ArcGIS REST JS and loaders.gl against the demo server, and requests of QGIS read by Esri's LERC decoder, from Node.js.
//
//   node node.mjs SERVICES_URL
import {request} from '@esri/arcgis-rest-request';
import {_getArcGISServices as getArcGISServices} from '@loaders.gl/wms';
import * as lerc from 'lerc';
import {PNG} from 'pngjs';
import {rawOf, valueFaults} from '../elevation.mjs';
import {width, height, box, places, pixelOf, faultsOf, report} from '../places.mjs';

const [services] = process.argv.slice(2);
const service = `${services}/world/ImageServer`;
const mercator = {wkid: 102100, latestWkid: 3857};

const colours = async blob => {
  const png = PNG.sync.read(Buffer.from(await blob.arrayBuffer()));
  if (png.width !== width || png.height !== height) throw new Error(`the picture is ${png.width} by ${png.height}`);
  return places.map(pixelOf).map(([x, y]) => png.data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4));
};

const clients = {
  async 'ArcGIS REST JS, picture by POST'() {
    const blob = await request(`${service}/exportImage`, {
      params: {f: 'image', format: 'png32', bbox: box, bboxSR: mercator, imageSR: mercator, size: [width, height]},
    });
    return faultsOf(await colours(blob));
  },
  async 'ArcGIS REST JS, JSON by GET, then its link'() {
    const answer = await request(`${service}/exportImage`, {
      httpMethod: 'GET', params: {bbox: box, bboxSR: 102100, imageSR: 102100, size: [width, height], format: 'png'},
    });
    const faults = faultsOf(await colours(await (await fetch(answer.href)).blob()));
    if (answer.width !== width || answer.extent.spatialReference.wkid !== 102100) faults.push(JSON.stringify(answer));
    return faults;
  },
  async 'ArcGIS REST JS, an error'() {
    try {
      await request(`${service}/exportImage`, {params: {f: 'image', bbox: '1,2,3'}});
    } catch (e) {
      return /bbox/.test(JSON.stringify(e.response ?? e.message)) ? [] : [`the error does not name bbox: ${e}`];
    }
    return ['no error'];
  },
  async 'loaders.gl, list of services'() {
    const list = await getArcGISServices(`${services}/`);
    const found = list?.some(s => s.name === 'world' && s.serverType === 'ImageServer' || /world\/ImageServer/.test(s.url));
    return found ? [] : [`world is not in ${JSON.stringify(list)}`];
  },
  // QGIS's provider for values of image services, which Debian's QGIS does not have yet, asks for heights in this way.
  async "QGIS's request for values as LERC"() {
    await lerc.load();
    const about = await (await fetch(`${services}/olinda_elevation/ImageServer?f=json`)).json();
    const {xmin, ymin, xmax, ymax} = about.extent, faults = [];
    const formats = (about.supportedImageFormatTypes ?? '').split(',');
    if (!formats.includes('LERC') || about.currentVersion < 10.5) faults.push(`${about.currentVersion} and ${formats} do not offer LERC`);
    for (const tolerance of [0, 0.5]) {
      const url = `${services}/olinda_elevation/ImageServer/exportImage?bbox=${xmin},${ymin},${xmax},${ymax}&size=320,300&f=image&bandIds=0` +
        `&interpolation=RSP_BilinearInterpolation&pixelType=F32&lercVersion=2&compression=LERC&compressionTolerance=${tolerance}&format=lerc`;
      const blob = lerc.decode(await (await fetch(url)).arrayBuffer()), raw = await rawOf(url);
      if (blob.pixelType !== 'F32' || blob.width !== 320 || blob.height !== 300) faults.push(`${blob.width} by ${blob.height} of ${blob.pixelType}`);
      faults.push(...valueFaults(raw.values, blob.pixels[0], tolerance && tolerance + 1e-5));
    }
    return faults;
  },
  async 'deck.gl, the URL template with corners the other way round'() {
    const [west, south, east, north] = box;
    const url = `${service}/exportImage?bbox=${east},${north},${west},${south}&bboxSR=102100&imageSR=102100` +
      `&size=${width},${height}&interpolation=+RSP_BilinearInterpolation&format=png&f=image`;
    return faultsOf(await colours(await (await fetch(url)).blob()));
  },
};

let failed = 0;
for (const [name, run] of Object.entries(clients)) {
  let faults;
  try {
    faults = await run();
  } catch (e) {
    faults = [String(e)];
  }
  if (!report(name, faults)) failed++;
}
process.exit(failed ? 1 : 0);
