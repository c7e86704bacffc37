#!/usr/bin/env bash
# Seeded towns through the command line: simulate, import, link, confirm the cases, evaluate; a table with a line a seed.
#   ./x sim [--people N] [--noise low|mid|high] [SEED...]      default: 20000 people, mid, seeds 1 7 99 2021
# docs/accuracy.md holds the figures of the last time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
people=20000 noise=mid seeds=()
while [ $# -gt 0 ]; do
  case "$1" in
    --people) people=$2 && shift ;;
    --noise) noise=$2 && shift ;;
    *) seeds+=("$1") ;;
  esac
  shift
done
[ ${#seeds[@]} -gt 0 ] || seeds=(1 7 99 2021)
if [ -z "${MOTCUA:-}" ]; then tools/build.sh; fi
motcua=${MOTCUA:-$PWD/build/release/motcua}
cases_max=8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The laboratories' positive records with what the truth says of the case: record,sampled_at,onset,isolated_at, earliest first.
cases() {
  awk -F, 'FILENAME ~ /cases.csv$/ { if ($5 != "" && FNR > 1) found[$2] = $5 "," $4 "," $6; next }
           FILENAME ~ /persons.csv$/ { if ($1 == "tests") person[$2] = $3; next }
           $10 == "POS" && person[$1] in found { print $1 "," found[person[$1]] }' \
    "$1/truth/cases.csv" "$1/truth/persons.csv" "$1/tests.csv" | sort -t, -k2 | head -n "$cases_max"
}
# A number of a JSON object on standard input, the first of that name.
number() { grep -o "\"$1\":[0-9.e-]*" | head -n 1 | cut -d: -f2; }

printf '%-8s %10s %14s %14s %14s   (%s people, noise %s)\n' seed "link F1" "false merges" "trace prec." "trace recall" "$people" "$noise"
worst=0
for seed in "${seeds[@]}"; do
  rm -rf "$work"/*
  "$motcua" simulate --people "$people" --days 21 --seed "$seed" --out "$work/town" --noise "$noise" >/dev/null
  for kind in units residents bluezone-users ncovi vhd tests doses visits encounters bluezone-trace; do
    # Exit status 1: some rows were rejected, as the noise wants it.
    "$motcua" import "$kind" "$work/town/$kind.csv" --data "$work/data" >/dev/null || [ $? -eq 1 ]
  done
  "$motcua" link --full --data "$work/data" >/dev/null
  while IFS=, read -r record sampled onset isolated; do
    "$motcua" case confirm --record "tests:$record" --sampled-at "$sampled" ${onset:+--onset "$onset"} ${isolated:+--isolated-at "$isolated"} \
      --data "$work/data" >/dev/null
  done < <(cases "$work/town")
  "$motcua" evaluate link --truth "$work/town/truth/persons.csv" --data "$work/data" --json >"$work/link.json"
  "$motcua" evaluate trace --truth "$work/town/truth/contacts.csv" --data "$work/data" --json >"$work/trace.json"
  f1=$(number f1 <"$work/link.json") merges=$(number false_merge_share <"$work/link.json")
  precision=$(number precision <"$work/trace.json") recall=$(number recall <"$work/trace.json")
  printf '%-8s %10.4f %12.3f %% %14.4f %14.4f\n' "$seed" "$f1" "$(awk "BEGIN { print $merges * 100 }")" "$precision" "$recall"
  awk "BEGIN { exit !($f1 >= 0.97 && $merges <= 0.005 && $precision >= 0.97 && $recall >= 0.97) }" || worst=1
done
[ "$worst" -eq 0 ] || echo "x: below what docs/accuracy.md promises (link F1, trace precision and recall 0.97, false merges 0.5 %)" >&2
exit "$worst"
