// A page with one ImageryLayer of the ArcGIS Maps SDK for JavaScript, and nothing of ArcGIS's own servers.
import esriConfig from '@arcgis/core/config.js';
import Map from '@arcgis/core/Map.js';
import MapView from '@arcgis/core/views/MapView.js';
import ImageryLayer from '@arcgis/core/layers/ImageryLayer.js';
import * as reactiveUtils from '@arcgis/core/core/reactiveUtils.js';

const q = new URLSearchParams(location.search);
esriConfig.assetsPath = '/node_modules/@arcgis/core/assets';
try {
  const layer = new ImageryLayer({url: q.get('service'), ...JSON.parse(q.get('params') || '{}')});
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
  document.body.dataset.resolution = view.resolution;
  document.title = 'done';
} catch (e) {
  console.error(String(e));
  document.title = 'failed';
}
