#pragma once
// Work in parts. The engine makes no threads: the caller's Options::parallel_for has them.
#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <vector>

namespace motcua::linkage {

/// Calls body(0..n-1), in any order, from as many threads as the caller likes. Empty: one after another.
using ParallelFor = std::function<void(std::size_t n, const std::function<void(std::size_t)>& body)>;

inline void run(const ParallelFor& parallel_for, std::size_t n, const std::function<void(std::size_t)>& body) {
  if (parallel_for && n > 1) return parallel_for(n, body);
  for (std::size_t i = 0; i < n; ++i) body(i);
}

/// body(from, to) over 0..size in parts of `grain`.
template <class Body>
void run_ranges(const ParallelFor& parallel_for, std::size_t size, std::size_t grain, const Body& body) {
  run(parallel_for, (size + grain - 1) / grain, [&](std::size_t part) { body(part * grain, std::min(size, (part + 1) * grain)); });
}

/// As std::sort; `less` must order any two elements, so that the result does not depend on the parts.
template <class T, class Less>
void sort_parallel(std::vector<T>& values, const ParallelFor& parallel_for, const Less& less) {
  constexpr std::size_t parts = 16, grain_min = 4096;
  const std::size_t grain = std::max(grain_min, (values.size() + parts - 1) / parts);
  run_ranges(parallel_for, values.size(), grain, [&](std::size_t from, std::size_t to) {
    std::sort(values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to), less);
  });
  std::vector<T> merged(values.size() > grain ? values.size() : 0);
  for (std::size_t width = grain; width < values.size(); width *= 2) {
    run_ranges(parallel_for, values.size(), 2 * width, [&](std::size_t from, std::size_t to) {
      const auto at = [&](std::size_t i) { return values.begin() + static_cast<std::ptrdiff_t>(i); };
      const std::size_t middle = std::min(from + width, to);
      std::merge(at(from), at(middle), at(middle), at(to), merged.begin() + static_cast<std::ptrdiff_t>(from), less);
    });
    values.swap(merged);
  }
}

}  // namespace motcua::linkage
