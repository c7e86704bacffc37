#!/usr/bin/env bash
# Installs what is missing: the named sections of tools/debian-packages.txt, and the npm packages of package.json.
#   tools/install.sh SECTION...      build, test, bench, fuzz, tidy
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

missing=()
for section in "$@"; do
  while read -r package program; do
    [ -n "$program" ] && command -v "$program" >/dev/null && continue
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
  done < <(sed -n "/^\[$section\]/,/^\[/{/^[^[#]/p}" tools/debian-packages.txt)
done

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || {
    echo "x: this is not Debian. ./x wants Debian 12, or these of its packages by hand: ${missing[*]}" >&2
    exit 3
  }
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "x: packages are missing, and here is neither root nor sudo. As root, run once:" >&2
      echo "     apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
      exit 3
    }
    as_root=(sudo)
  fi
  echo "x: installing from Debian: ${missing[*]}"
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
  # With a list of packages that is too old, or none, the first try fails.
  "${install[@]}" >"$log" 2>&1 || { "${as_root[@]}" apt-get update -qq >"$log" 2>&1 && "${install[@]}" >"$log" 2>&1; } || {
    tail -20 "$log" >&2
    echo "x: Debian's packages could not be installed" >&2
    exit 3
  }
fi

# node_modules is made anew only when package.json says something else than it did.
stamp=node_modules/.motcua-package.json
if ! cmp -s package.json "$stamp"; then
  echo "x: installing from npm"
  npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
  cp --remove-destination package.json "$stamp"
fi
