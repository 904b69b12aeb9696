// Places whose colour is known, and where they lie on a picture of the world in Web Mercator.
import {readFileSync} from 'node:fs';

// Colours of testdata/demo/world.tif where they hardly change over a few pixels of it, see testdata/README.md.
export const places = JSON.parse(readFileSync(new URL('places.json', import.meta.url)));
const tolerance = 30; // neighbouring pixels differ, and JPEG is not exact

// The picture: its middle is where the equator meets the meridian of Greenwich.
export const width = 800, height = 600, resolution = 50000; // metres of Web Mercator a pixel
export const box = [-width, -height, width, height].map(v => v * resolution / 2);

export function pixelOf({lon, lat}) {
  const r = 6378137, rad = Math.PI / 180;
  const x = r * lon * rad, y = r * Math.log(Math.tan(Math.PI / 4 + lat * rad / 2));
  return [Math.round(width / 2 + x / resolution), Math.round(height / 2 - y / resolution)];
}

// faultsOf compares what a client drew at the places, red, green and blue each. Upside down, mirrored or shifted fails.
export function faultsOf(seen) {
  return places.flatMap((place, i) => {
    const off = Math.max(...place.colour.map((c, band) => Math.abs(c - seen[i][band])));
    return off > tolerance ? [`${place.name} is ${[...seen[i]].slice(0, 3)}, not ${place.colour}`] : [];
  });
}

export function report(name, faults) {
  console.log(`${faults.length ? 'FAIL' : 'ok  '} ${name}${faults.map(f => '\n       ' + f).join('')}`);
  return faults.length === 0;
}
