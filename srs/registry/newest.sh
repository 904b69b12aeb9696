#!/usr/bin/env bash
# Reports whether Debian has a newer proj-data than the one that the registry was made from: in the suites given, or in
# testing and unstable. It takes the archive that this machine's apt is set up with, and fails only where that is not reached.
set -euo pipefail
cd "$(dirname "$0")"
have=$({ gzip -dc registry.txt.gz || true; } 2>/dev/null | sed -n 's/^%proj\t//p;/^%database/q')
archive=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | head -n 1)
for suite in "${@:-testing unstable}"; do
  for s in $suite; do
    newest=$(curl -fsS "${archive}dists/$s/main/binary-amd64/Packages.xz" | xz -dc |
      awk '/^Package: /{p = $2} p == "proj-data" && /^Version: /{print $2}' | sort -V | tail -n 1)
    if [ "${newest%%-*}" = "$have" ]; then
      echo "registry: PROJ $have is what $s has"
    else
      echo "registry: made from PROJ $have, and $s has $newest: see srs/registry/README.md"
    fi
  done
done
