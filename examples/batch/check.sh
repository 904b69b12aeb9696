#!/bin/sh
# Checks and tests this module. It needs Go alone; one test needs PostgreSQL with PostGIS, as examples/catalog/check.sh
# installs it, and is skipped without.
set -e
cd "$(dirname "$0")"
export CGO_ENABLED=0
ls -d /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 ||
	echo "There is no PostGIS here: the test of a queue in PostgreSQL is skipped." >&2
go mod tidy -diff
go fix -diff ./...
go vet ./...
go test -count=1 ./...
