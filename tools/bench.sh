#!/usr/bin/env bash
# Builds and runs the measurements: the programs of bench/*_bench.cpp. What follows: names of some of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install.sh build bench
names=("$@")
[ ${#names[@]} -gt 0 ] || for source in bench/*_bench.cpp; do names+=("$(basename "$source" _bench.cpp)"); done
tools/configure.sh -DMOTCUA_BENCH=ON
tools/build.sh "${names[@]/%/_bench}"
for name in "${names[@]}"; do
  echo "x: bench $name"
  "build/release/${name}_bench"
done
