#!/bin/sh
# Runs compare.py with a Python that has GDAL's bindings, and installs them and ImageMagick if there are none (Debian,
# Ubuntu).
set -e
here=$(dirname "$0")
if command -v convert >/dev/null; then
	for python in python3 /usr/bin/python3; do
		if "$python" -c 'import numpy; from osgeo import gdal_array' 2>/dev/null; then
			exec "$python" "$here/compare.py" "$@"
		fi
	done
fi
echo "No ImageMagick, or no Python with GDAL's bindings: installing imagemagick and python3-gdal with apt-get." >&2
apt-get update && apt-get install -y imagemagick gdal-bin python3-gdal python3-numpy
exec /usr/bin/python3 "$here/compare.py" "$@"
