#!/usr/bin/env bash
# Builds and runs the measurements: the *_bench programs, then bench/*.sh. What follows: names of some of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/build.sh all
wanted() { [ $# -eq 1 ] || [[ " ${*:2} " == *" $1 "* ]]; }
for program in build/release/*_bench; do
  [ -x "$program" ] && wanted "$(basename "$program" _bench)" "$@" && "$program"
done
for script in bench/*.sh; do
  [ -f "$script" ] && wanted "$(basename "$script" .sh)" "$@" && bash "$script"
done
exit 0
