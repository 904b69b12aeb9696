// The ArcGIS Maps SDK for JavaScript against the demo server, bundled by esbuild, drawing by WebGL in software.
//
//   node browser.mjs SERVICES_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import {build} from 'esbuild';
import {fileURLToPath} from 'node:url';
import {checkPages} from '../check.mjs';

const [services, executablePath, shots] = process.argv.slice(2);
const root = fileURLToPath(new URL('.', import.meta.url));
await build({
  absWorkingDir: root, entryPoints: ['pages/arcgis.js'], outdir: 'built',
  bundle: true, splitting: true, format: 'esm', minify: true, logLevel: 'warning',
});
const failed = await checkPages({
  root, services, executablePath, shots, timeout: 120000,
  args: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  clients: [
    {name: 'ArcGIS Maps SDK for JavaScript, ImageryLayer', page: 'arcgis.html'},
    {name: 'ArcGIS Maps SDK for JavaScript, bands and mosaic rule', page: 'arcgis.html', params: {
      format: 'png32', interpolation: 'bilinear', bandIds: [0, 1, 2],
      mosaicRule: {method: 'center', operation: 'first', ascending: true},
    }},
    {name: 'ArcGIS Maps SDK for JavaScript, raster function', page: 'arcgis.html', params: {
      rasterFunction: {functionName: 'Stretch', functionArguments: {StretchType: 5, Statistics: [[0, 255, 127, 50]]}, outputPixelType: 'u8'},
    }},
  ],
});
process.exit(failed ? 1 : 0);
