// Shows a GeoTIFF by OpenLayers, which asks an ArcGIS image service for each view. The service is this page's own.
const byId = id => document.getElementById(id);
const status = text => { byId('status').textContent = text; };
const query = new URLSearchParams(location.search);

// nameOf returns the name of a file's service, as the worker expects it.
const nameOf = url => btoa(String.fromCharCode(...new TextEncoder().encode(url)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

// controlled returns when the worker answers this page's requests.
async function controlled() {
  await navigator.serviceWorker.register('worker.js');
  if (!navigator.serviceWorker.controller) {
    await new Promise(done => navigator.serviceWorker.addEventListener('controllerchange', done, {once: true}));
  }
}

// describe returns the service's own description, in Web Mercator.
async function describe(service) {
  const answer = await fetch(service + '?f=json');
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return JSON.parse(text);
}

// extentOf returns where the raster lies in Web Mercator, cut where that ends.
async function extentOf(service) {
  const answer = await fetch(`${service}/exportImage?f=json&size=400,400&imageSR=3857&adjustAspectRatio=false`);
  const {extent, error} = await answer.json();
  if (error) throw new Error([error.message, ...error.details].join(' '));
  return [extent.xmin, extent.ymin, extent.xmax, extent.ymax];
}

async function show(cog) {
  const service = new URL(`arcgis/rest/services/${nameOf(cog)}/ImageServer`, location.href).href;
  status('Reading the file…');
  const about = await describe(service);
  const source = new ol.source.ImageArcGISRest({
    url: service, ratio: 1,
    params: {format: 'jpgpng', interpolation: byId('interpolation').value},
  });
  source.on('imageloadstart', () => status('Drawing…'));
  source.on('imageloadend', () => {
    const times = performance.getEntriesByType('resource').filter(e => e.name.includes('/exportImage'));
    status(`${about.bandCount} bands of ${about.pixelType}; this view took ${Math.round(times.at(-1)?.duration ?? 0)} ms.`);
  });
  source.on('imageloaderror', () => status('This view cannot be drawn.'));
  map.setLayers([new ol.layer.Image({source})]);
  map.getView().fit(await extentOf(service), {size: map.getSize()});
  map.once('rendercomplete', () => document.documentElement.dataset.state = 'drawn');
}

const map = new ol.Map({target: 'map', view: new ol.View({center: [0, 0], zoom: 1, multiWorld: false})});
window.map = map;
byId('cog').value = query.get('cog') || new URL('demo/world.tif', location.href).href;
byId('interpolation').value = query.get('interpolation') || 'RSP_BilinearInterpolation';
try {
  if (!('serviceWorker' in navigator)) throw new Error('this browser has no service workers here; they need https or localhost');
  await controlled();
  await show(byId('cog').value);
} catch (e) {
  document.documentElement.dataset.state = 'failed';
  status(`${byId('cog').value} cannot be shown: ${e.message}`);
}
