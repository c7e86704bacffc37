#!/usr/bin/env bash
# Builds and runs the measurements: the programs of bench/*_bench.cpp and the scripts of the same name beside them. What follows: names of some.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install.sh build bench
names=("$@") programs=()
[ ${#names[@]} -gt 0 ] || for source in bench/*_bench.cpp; do names+=("$(basename "$source" _bench.cpp)"); done
for name in "${names[@]}"; do
  if [ -f "bench/${name}_bench.cpp" ]; then programs+=("${name}_bench"); else programs+=(motcua); fi
done
tools/configure.sh -DMOTCUA_BENCH=ON
tools/build.sh "${programs[@]}"
for name in "${names[@]}"; do
  echo "x: bench $name"
  if [ -f "bench/$name.mjs" ]; then node "bench/$name.mjs"; else "build/release/${name}_bench"; fi
done
