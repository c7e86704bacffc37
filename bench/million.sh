#!/usr/bin/env bash
# A town of a million through every floor of the house: exports written, imported, linked, cases confirmed and traced; then how
# long a contact list takes at that size, and how right links and traces are.
#   bench/million.sh [FOLDER=build/million] [PEOPLE=1000000]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-build/million}
people=${2:-1000000}
motcua=${MOTCUA_BINARY:-$PWD/build/release/motcua}
echo "$(date -I), $(nproc) cores, $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | xargs), load $(cut -d' ' -f1 /proc/loadavg), $people people"
"$motcua" demo --people "$people" --no-serve --data "$folder" --lang en --json
wc -l "$folder"/town/*.csv
du -sh "$folder"/motcua.sqlite
MOTCUA_BINARY=$motcua node bench/pages.mjs "$folder" 500
"$motcua" evaluate link --truth "$folder/town/truth/persons.csv" --data "$folder" --lang en | tail -3
"$motcua" evaluate trace --truth "$folder/town/truth/contacts.csv" --data "$folder" --lang en
