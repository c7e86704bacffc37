#!/usr/bin/env bash
# Runs every fuzzer (*_fuzz.cpp, libFuzzer with address and undefined-behaviour sanitizers). ./x fuzz [SECONDS each]
# Their corpora stay in build/fuzz/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-60}
tools/install.sh build fuzz
node web/build.mjs
[ -f build/fuzz/build.ninja ] ||
  cmake -S . -B build/fuzz -G Ninja -Wno-dev -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DMOTCUA_FUZZ=ON -DMOTCUA_SANITIZE=fuzzer-no-link,address,undefined >/dev/null
for source in $(find src -name '*_fuzz.cpp' | sort); do
  name=$(basename "$source" .cpp)
  ninja -C build/fuzz "$name"
  mkdir -p "build/fuzz/corpus-$name"
  echo "x: $name for $seconds s"
  "build/fuzz/$name" -max_total_time="$seconds" -max_len=65536 -print_final_stats=1 -artifact_prefix="build/fuzz/$name-" \
    "build/fuzz/corpus-$name" 2>&1 | tail -8
done
