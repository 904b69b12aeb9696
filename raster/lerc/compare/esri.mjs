// Reads blobs that package lerc has written with Esri's JavaScript decoder (npm lerc), and compares every sample.
// Usage: node esri.mjs FOLDER, which has cases.json and the files that it names, as esri.sh makes them.
import { readFileSync } from "node:fs";
import * as Lerc from "lerc";

const folder = process.argv[2];
const cases = JSON.parse(readFileSync(`${folder}/cases.json`, "utf8"));
const arrays = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array,
  uint32: Uint32Array, float32: Float32Array, float64: Float64Array };
await Lerc.load();

const bytes = (name) => {
  const b = readFileSync(`${folder}/${name}`);
  return b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength);
};
const rows = new Map();
let wrong = 0;
for (const c of cases) {
  const report = (text) => {
    wrong++;
    console.log(`${c.name}: ${text}`);
  };
  const want = new arrays[c.type](bytes(c.raw));
  const mask = c.mask ? new Uint8Array(bytes(c.mask)) : null;
  let got;
  try {
    got = Lerc.decode(bytes(c.blob), { returnInterleaved: true }); // samples of a pixel side by side
  } catch (e) {
    report(`not read: ${e}`);
    continue;
  }
  const pixels = c.width * c.height;
  if (got.width !== c.width || got.height !== c.height || got.pixels.length !== c.bands)
    report(`${got.width} x ${got.height}, ${got.pixels.length} bands`);
  let worst = 0;
  for (let band = 0; band < c.bands; band++) {
    const own = got.bandMasks?.[band] ?? got.mask;
    for (let i = 0; i < pixels; i++) {
      const valid = !mask || mask[mask.length > pixels ? band * pixels + i : i] !== 0;
      if (valid !== (!own || own[i] !== 0)) {
        report(`band ${band}, pixel ${i} is ${valid ? "invalid" : "valid"}`);
        break;
      }
      for (let k = 0; valid && k < c.depth; k++)
        worst = Math.max(worst, Math.abs(got.pixels[band][i * c.depth + k] - want[(band * pixels + i) * c.depth + k]));
    }
  }
  if (!(worst <= c.error)) report(`an error of ${worst} above ${c.error}`);
  const key = `| ${c.type} | ${c.version} |`;
  const row = rows.get(key) ?? { blobs: 0, share: 0 };
  row.blobs++;
  if (c.error > 0) row.share = Math.max(row.share, worst / c.error);
  rows.set(key, row);
}
console.log("| samples | version | blobs | largest error, as a part of the bound |\n|---|---|---|---|");
for (const [key, row] of rows) console.log(`${key} ${row.blobs} | ${row.share.toFixed(3)} |`);
console.log(`\n${cases.length - wrong} of ${cases.length} blobs are read as they were written`);
process.exit(wrong ? 1 : 0);
