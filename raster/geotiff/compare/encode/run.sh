#!/bin/sh
# Runs compare.py with a Python that has GDAL's bindings, and installs them if there is none (Debian, Ubuntu).
set -e
here=$(dirname "$0")
for python in python3 /usr/bin/python3; do
	if "$python" -c 'from osgeo import gdal_array' 2>/dev/null; then
		exec "$python" "$here/compare.py" "$@"
	fi
done
echo "No Python here has GDAL's bindings: installing gdal-bin and python3-gdal with apt-get." >&2
apt-get update && apt-get install -y gdal-bin python3-gdal
exec /usr/bin/python3 "$here/compare.py" "$@"
