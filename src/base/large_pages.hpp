#pragma once
// Memory that is read here and there is found sooner when its pages are large.
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace motcua {

/// Asks the system for pages of 2 MiB in [at, at + bytes), which nobody has written yet. A wish: nothing fails.
inline void prefer_large_pages(const void* at, std::size_t bytes) {
  constexpr std::uintptr_t page = 4'096;
  constexpr std::size_t worth_it = std::size_t{4} << 20;
  if (bytes < worth_it) return;
  const std::uintptr_t from = (reinterpret_cast<std::uintptr_t>(at) + page - 1) / page * page;
  const std::uintptr_t to = (reinterpret_cast<std::uintptr_t>(at) + bytes) / page * page;
  (void)::madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
}

}  // namespace motcua
