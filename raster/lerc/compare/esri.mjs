// Reads blobs that package lerc has written with two of Esri's JavaScript decoders, and compares every sample: npm lerc 4,
// which is compiled from Esri's library, and 3, which is JavaScript, reads one sample a pixel, fails on uint32 of Lerc2, and
// knows no version 6.
// Usage: node esri.mjs FOLDER, which has cases.json and the files that it names, as esri.sh makes them.
import { readFileSync } from "node:fs";
import * as Lerc from "lerc";
import Lerc3 from "lerc3";

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
let read = 0;

// compare decodes a blob and compares it with what was encoded.
const compare = (name, c, decode) => {
  const report = (text) => {
    wrong++;
    console.log(`${name}: ${c.name}: ${text}`);
  };
  const want = new arrays[c.type](bytes(c.raw));
  const mask = c.mask ? new Uint8Array(bytes(c.mask)) : null;
  let got;
  try {
    got = decode(bytes(c.blob));
  } catch (e) {
    report(`not read: ${e}`);
    return;
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
  read++;
  const key = `| ${c.type} | ${c.version === 1 ? "Lerc1" : c.version} | ${name} |`;
  const row = rows.get(key) ?? { blobs: 0, share: 0 };
  row.blobs++;
  if (c.error > 0) row.share = Math.max(row.share, worst / c.error);
  rows.set(key, row);
};

for (const c of cases) {
  // Samples of a pixel are side by side.
  compare("lerc 4", c, (b) => Lerc.decode(b, { returnInterleaved: true }));
  if (c.depth === 1 && c.version < 6 && (c.type !== "uint32" || c.version === 1))
    compare("lerc 3", c, (b) => Lerc3.decode(b));
}
console.log("| samples | version | decoder | blobs | largest error, as a part of the bound |\n|---|---|---|---|---|");
for (const [key, row] of rows) console.log(`${key} ${row.blobs} | ${row.share.toFixed(3)} |`);
console.log(`\n${cases.length} blobs, read ${read} times: ${wrong} differences`);
process.exit(wrong ? 1 : 0);
