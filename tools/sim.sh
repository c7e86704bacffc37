#!/usr/bin/env bash
# A seeded town through the command line: simulate, import, link, evaluate. ./x sim [PEOPLE [SEED]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
people=${1:-20000} seed=${2:-1}
tools/build.sh
motcua=$PWD/build/release/motcua
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$motcua" simulate --people "$people" --days 14 --seed "$seed" --out "$work/town" --noise mid
for kind in units residents ncovi vhd bluezone-users bluezone-trace encounters visits tests doses; do
  for file in "$work/town/$kind".csv "$work/town/$kind".csv.gz; do
    [ -f "$file" ] || continue
    # Exit status 1: some rows were rejected, as the noise wants it.
    "$motcua" import "$kind" "$file" --data "$work/data" || [ $? -eq 1 ]
  done
done
"$motcua" link --data "$work/data"
"$motcua" evaluate link --truth "$work/town/truth/persons.csv" --data "$work/data"
"$motcua" evaluate trace --truth "$work/town/truth/contacts.csv" --data "$work/data"
