// What pictures of heights should show, computed here from the heights themselves.

// rawOf returns the values of an export, without a raster function, on the grid of an exportImage request.
export async function rawOf(url, rule = {rasterFunction: 'None'}) {
  const u = new URL(url);
  for (const name of ['compression', 'compressionTolerance', 'lercVersion', 'bandIds']) u.searchParams.delete(name);
  for (const [name, value] of Object.entries({format: 'bsq', pixelType: 'F32', f: 'image', renderingRule: JSON.stringify(rule)})) {
    u.searchParams.set(name, value);
  }
  const answer = await fetch(u);
  if (!answer.ok) throw new Error(`${answer.status} for ${u}`);
  const [width, height] = u.searchParams.get('size').split(',').map(Number);
  const [west, south, east, north] = u.searchParams.get('bbox').split(',').map(Number);
  const bytes = await answer.arrayBuffer(); // the samples, then a bit for each pixel that holds data
  const n = width * height, values = new Float32Array(bytes.slice(0, 4 * n)), mask = new Uint8Array(bytes, 4 * n);
  for (let i = 0; i < n; i++) if (!(mask[i >> 3] & 0x80 >> (i & 7))) values[i] = NaN;
  return {width, height, values, box: [west, south, east, north], cell: [(east - west) / width, (north - south) / height]};
}

// hillshade returns heights lit from the north-west at 45 degrees, by Horn's gradient of three by three pixels; NaN beside
// sides and where there are no heights. The formula is that of the textbooks, such as Burrough and McDonnell's.
export function hillshade({width, height, values, cell}) {
  const out = new Float32Array(width * height).fill(NaN), rad = Math.PI / 180, zenith = 45 * rad, azimuth = 315 * rad;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = (dx, dy) => values[(y + dy) * width + x + dx];
      const east = (at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1)) / (8 * cell[0]);
      const south = (at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1)) / (8 * cell[1]);
      const slope = Math.atan(Math.hypot(east, south)), aspect = Math.atan2(-east, south); // the way down, from north
      const light = Math.cos(zenith) * Math.cos(slope) + Math.sin(zenith) * Math.sin(slope) * Math.cos(azimuth - aspect);
      out[y * width + x] = Math.max(0, Math.trunc(255 * light));
    }
  }
  return out;
}

// greyFaults compares the pixels of a picture, four bytes each, with greys where these are known; width and height are the
// greys'. It reports a picture of which more than a hundredth is off, or that is of one colour.
export function greyFaults(greys, pixels, tolerance) {
  let n = 0, off = 0, worst = '', seen = new Set();
  greys.forEach((want, i) => {
    if (Number.isNaN(want)) return;
    n++;
    seen.add(want);
    const by = Math.max(...[0, 1, 2].map(band => Math.abs(pixels[4 * i + band] - want)));
    if (by > tolerance) {
      off++;
      worst ||= `pixel ${i} is ${[...pixels.slice(4 * i, 4 * i + 3)]}, not ${want}`;
    }
  });
  const faults = [];
  if (n < greys.length / 2 || seen.size < 10) faults.push(`only ${n} pixels of ${seen.size} greys are compared`);
  if (off > n / 100) faults.push(`${off} of ${n} pixels are off: ${worst}`);
  return faults;
}

// valueFaults compares the values that a client has with those of an export, where that has any.
export function valueFaults(want, got, tolerance) {
  if (!got || got.length !== want.length) return [`${got?.length} values, not ${want.length}`];
  let off = 0, first = '', known = 0;
  want.forEach((v, i) => {
    if (Number.isNaN(v)) return;
    known++;
    if (!(Math.abs(got[i] - v) <= tolerance)) {
      off++;
      first ||= `value ${i} is ${got[i]}, not ${v}`;
    }
  });
  return [...(known < want.length / 4 ? [`only ${known} values are compared`] : []), ...(off ? [`${off} values are off: ${first}`] : [])];
}
