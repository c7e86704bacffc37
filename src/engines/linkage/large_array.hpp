#pragma once
// Arrays read in no order: on pages of 2 MB where the system has them, a look-up seldom waits for the page table as well.
#include <sys/mman.h>

#include <cstdlib>
#include <new>
#include <vector>

namespace motcua::linkage {

template <class T>
struct LargePages {
  using value_type = T;
  static constexpr std::size_t page_bytes = 2 * 1024 * 1024;

  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t n) {
    const std::size_t bytes = n * sizeof(T);
    if (bytes < page_bytes) return static_cast<T*>(::operator new(bytes));
    void* memory = std::aligned_alloc(page_bytes, (bytes + page_bytes - 1) / page_bytes * page_bytes);
    if (memory == nullptr) throw std::bad_alloc();
    ::madvise(memory, bytes, MADV_HUGEPAGE);   // advice: where it is not taken, nothing is lost
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t n) {
    if (n * sizeof(T) < page_bytes) ::operator delete(memory);
    else std::free(memory);
  }
  bool operator==(const LargePages&) const = default;
};

template <class T>
using LargeArray = std::vector<T, LargePages<T>>;

}  // namespace motcua::linkage
