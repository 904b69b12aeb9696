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
  if (q.has('ask')) layer.popupTemplate = {title: 'Pixel', content: '{Raster.ServicePixelValue}'};
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
    container: 'map', map: new Map({layers: [layer]}), ui: {components: []}, popupEnabled: q.has('ask'),
    ...at,
    scale: Number(q.get('resolution')) * 96 / 0.0254,
    constraints: {snapToZoom: false, rotationEnabled: false},
  });
  await view.when();
  const layerView = await view.whenLayerView(layer);
  await reactiveUtils.whenOnce(() => !layerView.updating && !view.updating);
  await new Promise(done => setTimeout(done, 500)); // the picture fades in
  document.body.dataset.resolution = view.resolution;
  if (q.has('ask')) window.asks = {
    // popup returns the attributes that the popup shows, and its place, after a click.
    async popup() {
      await reactiveUtils.whenOnce(() => view.popup?.selectedFeature?.attributes);
      const {x, y} = view.popup.location;
      return {attributes: {...view.popup.selectedFeature.attributes}, at: {x, y, spatialReference: {wkid: view.popup.location.spatialReference.wkid}}};
    },
    // histogram returns the statistics and histograms of what the view shows.
    async histogram() {
      const pixel = view.resolution;
      const {histograms, statistics} = await layer.computeStatisticsHistograms({
        geometry: view.extent, pixelSize: {x: pixel, y: pixel, spatialReference: view.spatialReference},
      });
      return {histograms, statistics, box: [view.extent.xmin, view.extent.ymin, view.extent.xmax, view.extent.ymax], pixel};
    },
    // during shows a part of time, as a time slider does.
    async during(start, end) {
      view.timeExtent = {start: new Date(start), end: new Date(end)};
      await new Promise(done => setTimeout(done, 300));
      await reactiveUtils.whenOnce(() => !layerView.updating && !view.updating);
      return layer.timeInfo?.fullTimeExtent?.start?.getTime();
    },
  };
  document.title = 'done';
} catch (e) {
  console.error(String(e));
  document.title = 'failed';
}
