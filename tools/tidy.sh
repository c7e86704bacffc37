#!/usr/bin/env bash
# clang-format and clang-tidy over the C++ files that changed since main of origin (or all of them: ./x tidy --all).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v clang-tidy >/dev/null && command -v clang-format >/dev/null || {
  echo "x: clang-tidy and clang-format are missing: apt-get install clang-tidy clang-format" >&2
  exit 3
}
base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-list --max-parents=0 HEAD | tail -1)
if [ "${1:-}" = "--all" ]; then files=$(git ls-files 'src/*.cpp'); else files=$(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp'); fi
[ -n "$files" ] || { echo "nothing changed"; exit 0; }
[ -f build/release/compile_commands.json ] || cmake --preset release -Wno-dev >/dev/null
clang-format --dry-run $files
xargs -P "$(nproc)" -n 4 clang-tidy -p build/release --quiet <<<"$files"
