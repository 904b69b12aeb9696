#!/bin/sh
# Runs points.py and speed.py, and installs PROJ if it is not there (Debian, Ubuntu). Options go to points.py.
set -e
here=$(dirname "$0")
if ! command -v projinfo >/dev/null; then
	echo "There is no PROJ here: installing proj-bin with apt-get, which brings the library and its data." >&2
	apt-get update && apt-get install -y proj-bin
fi
python3 "$here/points.py" "$@"
exec python3 "$here/speed.py"
