#!/bin/sh
# Checks this module, builds the service as WebAssembly, and compares the page's pixels in Chromium. Installs Node.js and
# Chromium with apt-get and the packages of e2e with npm where they are missing and can be had.
#
#   examples/browser/check.sh [FOLDER FOR SCREENSHOTS]
set -e
cd "$(dirname "$0")"
export CGO_ENABLED=0
go mod tidy -diff
go vet ./...
GOOS=js GOARCH=wasm go vet ./worker
have() { command -v "$1" >/dev/null 2>&1; }
install() {
	export DEBIAN_FRONTEND=noninteractive
	apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
		{ apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }
}
{ have node && have npm || install nodejs npm; } && { have chromium || install chromium; } &&
	(cd ../../e2e && { [ -d node_modules/ol ] || npm ci --no-audit --no-fund --silent; }) || {
	echo "skipped: the page needs Node.js, npm packages and Chromium, and one of them cannot be installed"
	exit 0
}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill -INT "$server" 2>/dev/null; rm -rf "$work"' EXIT
go build -o "$work/browser" .
"$work/browser" -addr 127.0.0.1:0 >"$work/out" &
server=$!
for _ in $(seq 600); do
	address=$(head -n 1 "$work/out")
	[ -z "$address" ] || break
	kill -0 "$server"
	sleep 0.5
done
node check.mjs "$address" "$(command -v chromium)" "$@"
