// A page with one ImageryLayer of the ArcGIS Maps SDK for JavaScript, and nothing of ArcGIS's own servers. The layer is drawn in
// Web Mercator or, with the parameter own, in its own spatial reference about its middle. With the parameter filter, the values
// that the layer has are those of window.values.
import esriConfig from '@arcgis/core/config.js';
import Map from '@arcgis/core/Map.js';
import MapView from '@arcgis/core/views/MapView.js';
import ImageryLayer from '@arcgis/core/layers/ImageryLayer.js';
import * as reactiveUtils from '@arcgis/core/core/reactiveUtils.js';

const q = new URLSearchParams(location.search);
esriConfig.assetsPath = '/node_modules/@arcgis/core/assets';
try {
  const layer = new ImageryLayer({url: q.get('service'), ...JSON.parse(q.get('params') || '{}')});
  if (q.has('filter')) {
    layer.pixelFilter = ({pixelBlock: block, extent}) => {
      const {width, height, pixels, pixelType, mask} = block;
      window.values = {width, height, pixelType, box: [extent.xmin, extent.ymin, extent.xmax, extent.ymax], values: [...pixels[0]], mask: mask && [...mask]};
      const grey = pixels[0].map(v => Math.max(0, Math.min(255, v)));
      Object.assign(block, {pixels: [grey, grey, grey], statistics: Array(3).fill({minValue: 0, maxValue: 255}), pixelType: 'u8'});
    };
  }
  let at = {center: {x: 0, y: 0, spatialReference: {wkid: 102100}}, spatialReference: {wkid: 102100}};
  if (q.has('own')) {
    await layer.load();
    at = {center: layer.fullExtent.center, spatialReference: layer.fullExtent.spatialReference};
  }
  const view = new MapView({
    container: 'map', map: new Map({layers: [layer]}), ui: {components: []},
    ...at,
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
