#!/usr/bin/env bash
# Installs what is missing: Debian packages of tools/debian-packages.txt, npm packages of package.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted=$(grep -v '^#' tools/debian-packages.txt)
missing=()
if command -v dpkg-query >/dev/null; then
  present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
  for package in $wanted; do
    grep -qx -- "$package" <<<"$present" || missing+=("$package")
  done
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo "x: installing from Debian: ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null; then
      as_root=(sudo)
    else
      echo "x: neither root nor sudo here. As root, run:" >&2
      echo "     apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
      exit 3
    fi
  fi
  # With a list of packages that is too old the first try fails; without any, too.
  install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
  "${install[@]}" >build-install.log 2>&1 || { "${as_root[@]}" apt-get update -qq && "${install[@]}" >build-install.log 2>&1; } || {
    tail -20 build-install.log >&2
    exit 3
  }
  rm -f build-install.log
fi

# node_modules is made anew only when package.json says something else than it did.
stamp=node_modules/.motcua-package.json
if ! cmp -s package.json "$stamp"; then
  echo "x: installing from npm"
  npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error
  cp package.json "$stamp"
fi
