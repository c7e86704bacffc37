#!/usr/bin/env bash
# Formats what changed since the last commit, then lints it. `tools/tidy.sh all` takes every file.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} == all ]]; then mapfile -t files < <(git ls-files '*.cpp' '*.hpp')
else mapfile -t files < <(git diff --name-only --diff-filter=AM HEAD -- '*.cpp' '*.hpp'); fi
((${#files[@]})) || { echo "Nothing changed."; exit 0; }
clang-format-19 -i "${files[@]}"
mapfile -t units < <(printf '%s\n' "${files[@]}" | grep '\.cpp$' || true)
((${#units[@]} == 0)) || clang-tidy-19 -p build/release --quiet "${units[@]}"
