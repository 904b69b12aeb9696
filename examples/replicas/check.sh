#!/bin/sh
# Checks and tests this module: three processes of a service over a PostgreSQL, a bucket and nginx of its own. Installs
# PostgreSQL, PostGIS and nginx with apt-get where they are missing (Debian, Ubuntu) and can be had.
set -e
cd "$(dirname "$0")"
export CGO_ENABLED=0
missing() { ! ls -d /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || ! [ -x /usr/sbin/nginx ]; }
if missing; then
	echo "PostGIS or nginx is missing: installing postgresql, postgis and nginx-light with apt-get." >&2
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq >/dev/null &&
		server=$(apt-cache depends postgresql | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p') &&
		apt-get install -y -qq --no-install-recommends "postgresql-$server" "postgresql-$server-postgis-3" nginx-light >/dev/null ||
		echo "It cannot be installed: the test that needs it is skipped." >&2
fi
go mod tidy -diff
go fix -diff ./...
go vet ./...
go test -count=1 ./...
