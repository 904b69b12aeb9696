#!/bin/sh
# Checks and tests this module against a PostgreSQL server of its own, which runs in a temporary folder and is gone
# afterwards. Installs PostgreSQL and PostGIS with apt-get where they are missing (Debian, Ubuntu) and can be had.
set -e
cd "$(dirname "$0")"
postgis() { ls -d /usr/share/postgresql/*/extension/postgis.control 2>/dev/null | tail -n 1; }
if [ -z "$(postgis)" ]; then
	echo "There is no PostGIS here: installing postgresql and postgis with apt-get." >&2
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >/dev/null &&
		server=$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p') &&
		apt-get install -y -qq --no-install-recommends "postgresql-$server" "postgresql-$server-postgis-3" >/dev/null ||
		echo "It cannot be installed: the tests that need it are skipped." >&2
fi
go mod tidy -diff
go fix -diff ./...
go vet ./...
go test -count=1 ./...
