#!/bin/sh
# Has two of Esri's JavaScript decoders read what package lerc writes. Needs Go, Python with NumPy and GDAL, Node.js and npm.
set -e
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=python3
"$python" -c 'import numpy, osgeo' 2>/dev/null || python=/usr/bin/python3
"$python" "$here/esri.py" "$folder"
cp "$here/esri.mjs" "$folder"
(cd "$folder" && npm install --silent --no-save lerc@4 lerc3@npm:lerc@3 >/dev/null)
node "$folder/esri.mjs" "$folder"
