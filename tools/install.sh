#!/usr/bin/env bash
# Installs what is missing, and only that: Debian packages of the lists named, npm packages when package.json changed.
#   tools/install.sh build [test]
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=()
for list in "$@"; do mapfile -t -O "${#wanted[@]}" wanted < <(grep -v '^#' "tools/debian-$list.txt"); done
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
# A newer Node.js from elsewhere brings its own npm.
if command -v node >/dev/null && command -v npm >/dev/null; then
  kept=(); for package in "${missing[@]}"; do [[ $package == nodejs || $package == npm ]] || kept+=("$package"); done
  missing=("${kept[@]}")
fi
if ((${#missing[@]})); then
  echo "Installing from Debian: ${missing[*]}"
  if [[ $(id -u) == 0 ]]; then as_root=(env)
  elif command -v sudo >/dev/null; then as_root=(sudo)
  else echo "Please install them first: apt-get install ${missing[*]}" >&2; exit 1; fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

stamp=node_modules/.installed
if [[ ! -f $stamp ]] || ! cmp -s package.json "$stamp"; then
  echo "Installing from npm"
  npm install --no-audit --no-fund --no-package-lock --omit=optional --loglevel=error
  cp package.json "$stamp"
fi
