#!/usr/bin/env bash
# clang-tidy over the C++ files that changed since main of origin (all of them: ./x tidy --all; some: ./x tidy FILE...).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/install.sh build tidy
base=$(git merge-base HEAD origin/main 2>/dev/null || git rev-list --max-parents=0 HEAD | tail -1)
case "${1:-}" in
  --all) files=$(git ls-files 'src/*.cpp') ;;
  "") files=$(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp') ;;
  *) files=$* ;;
esac
[ -n "$files" ] || { echo "nothing changed"; exit 0; }
tools/build.sh motcua_assets >/dev/null
xargs -P "$(nproc)" -n 4 clang-tidy-19 -p build/release --quiet <<<"$files"
