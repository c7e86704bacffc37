#!/usr/bin/env bash
# Runs every fuzzer (src/**/*_fuzz.cpp, libFuzzer) for a while. ./x fuzz [SECONDS]. Their corpora stay in build/fuzz/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:-60}
command -v clang++ >/dev/null || {
  echo "x: clang is missing: apt-get install clang" >&2
  exit 3
}
tools/install.sh
mkdir -p build/fuzz
[ -f build/fuzz/cmake/build.ninja ] ||
  CC=clang CXX=clang++ cmake -S . -B build/fuzz/cmake -G Ninja -Wno-dev -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DMOTCUA_SANITIZE=fuzzer-no-link,address,undefined >/dev/null
for source in $(git ls-files 'src/*_fuzz.cpp'); do
  name=$(basename "$source" .cpp)
  slice=$(basename "$(dirname "$source")")
  ninja -C build/fuzz/cmake "motcua_$slice"
  libraries=$(find build/fuzz/cmake -maxdepth 1 -name 'libmotcua_*.a')
  clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Isrc "$source" -Wl,--start-group $libraries -Wl,--end-group \
    -lfmt -licuuc -licui18n -lxxhash -lboost_json -lsodium -lcrypto -lssl -lz -lsqlite3 -lpq -lpthread -o "build/fuzz/$name"
  mkdir -p "build/fuzz/corpus-$name"
  echo "x: $name for $seconds s"
  "build/fuzz/$name" -max_total_time="$seconds" -max_len=65536 -print_final_stats=1 "build/fuzz/corpus-$name" 2>&1 | tail -8
done
