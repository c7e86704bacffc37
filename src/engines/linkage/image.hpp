#pragma once
// Arrays to bytes and back: each with its length in front, one checksum over all behind.
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "base/hash.hpp"
#include "engines/linkage/linkage.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::linkage {

/// Called with numbers, texts and vectors of plain values.
class ImageWriter {
 public:
  explicit ImageWriter(const Index::Put& put) : put_(put) {}

  template <class Value>
  void operator()(const Value& value) {
    if constexpr (std::is_arithmetic_v<Value>) {
      piece(&value, sizeof value);
    } else {
      static_assert(std::is_trivially_copyable_v<typename Value::value_type>);
      const std::uint64_t size = value.size();
      piece(&size, sizeof size);
      piece(value.data(), size * sizeof(*value.data()));
    }
  }
  void end() {
    const std::uint64_t sum = sum_;
    piece(&sum, sizeof sum);
  }
  bool good() const { return good_; }

 private:
  void piece(const void* data, std::size_t bytes) {
    if (bytes == 0) return;
    sum_ = combine_hash(sum_, content_hash({static_cast<const char*>(data), bytes}));
    good_ = good_ && put_({static_cast<const std::byte*>(data), bytes});
  }
  const Index::Put& put_;
  std::uint64_t sum_ = 0;
  bool good_ = true;
};

/// Fills what the writer was called with, in the same order. Never asks for more memory than there are bytes left.
class ImageReader {
 public:
  ImageReader(const Index::Get& get, std::uint64_t bytes) : get_(get), left_(bytes) {}

  template <class Value>
  void operator()(Value& value) {
    if constexpr (std::is_arithmetic_v<Value>) {
      piece(&value, sizeof value);
    } else {
      std::uint64_t size = 0;
      piece(&size, sizeof size);
      if (size > left_ / sizeof(*value.data())) good_ = false;
      value.clear();
      if (!good_) return;
      value.resize(size);
      piece(value.data(), size * sizeof(*value.data()));
    }
  }
  /// The checksum fits and nothing is left.
  bool end() {
    const std::uint64_t wanted = sum_;
    std::uint64_t sum = 0;
    piece(&sum, sizeof sum);
    return good_ && left_ == 0 && sum == wanted;
  }
  bool good() const { return good_; }

 private:
  void piece(void* data, std::size_t bytes) {
    if (bytes == 0 || !good_) return;
    good_ = bytes <= left_ && get_({static_cast<std::byte*>(data), bytes});
    if (!good_) return;
    left_ -= bytes;
    sum_ = combine_hash(sum_, content_hash({static_cast<const char*>(data), bytes}));
  }
  const Index::Get& get_;
  std::uint64_t left_, sum_ = 0;
  bool good_ = true;
};

}  // namespace motcua::linkage
