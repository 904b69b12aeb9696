// A page with one layer of tiles of the ArcGIS Maps SDK for JavaScript: an ImageryTileLayer about the middle of Web Mercator
// or, with the parameter heights, no map but the heights that an ElevationLayer has at places.
import esriConfig from '@arcgis/core/config.js';
import Map from '@arcgis/core/Map.js';
import MapView from '@arcgis/core/views/MapView.js';
import Multipoint from '@arcgis/core/geometry/Multipoint.js';
import ElevationLayer from '@arcgis/core/layers/ElevationLayer.js';
import ImageryTileLayer from '@arcgis/core/layers/ImageryTileLayer.js';
import * as reactiveUtils from '@arcgis/core/core/reactiveUtils.js';

const q = new URLSearchParams(location.search), url = q.get('service');
esriConfig.assetsPath = '/node_modules/@arcgis/core/assets';

async function heights() {
  const layer = new ElevationLayer({url});
  await layer.load();
  const at = new Multipoint({points: JSON.parse(q.get('heights')), spatialReference: {wkid: 4326}});
  const answer = await layer.queryElevation(at, {demResolution: Number(q.get('resolution'))});
  window.heights = answer.geometry.points.map(p => p[2]);
}

async function draw() {
  const layer = new ImageryTileLayer({url});
  const view = new MapView({
    container: 'map', map: new Map({layers: [layer]}), ui: {components: []},
    center: {x: 0, y: 0, spatialReference: {wkid: 102100}}, spatialReference: {wkid: 102100},
    scale: Number(q.get('resolution')) * 96 / 0.0254,
    constraints: {snapToZoom: false, rotationEnabled: false},
  });
  await view.when();
  const layerView = await view.whenLayerView(layer);
  await reactiveUtils.whenOnce(() => !layerView.updating && !view.updating);
  await new Promise(done => setTimeout(done, 500)); // the picture fades in
}

try {
  await (q.has('heights') ? heights() : draw());
  document.title = 'done';
} catch (e) {
  console.log(`failed: ${e}`);
  document.title = 'failed';
}
