#pragma once
// CBOR (RFC 8949) as a tree of values, read within limits and written in one way.
//
// Read: everything but integers beyond 64 signed bits, simple values other than false, true, null and undefined, and texts that are not UTF-8
// or hold NUL. Lengths may be indefinite, numbers longer than need be. Written: RFC 8949, 4.2.1 (lengths definite, numbers short, keys in the
// order of their bytes), but for floats, which take four or eight bytes (NaN two).
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace motcua::cose {

using Bytes = std::vector<std::uint8_t>;

class Value;
using Array = std::vector<Value>;
using Map = std::vector<std::pair<Value, Value>>;   // in the order read; no key twice
struct Undefined {
  friend bool operator==(const Undefined&, const Undefined&) = default;
};
struct Tagged {
  std::uint64_t tag = 0;
  std::vector<Value> item;                          // exactly one
};
bool operator==(const Tagged& a, const Tagged& b);

class Value : public std::variant<std::nullptr_t, Undefined, bool, std::int64_t, double, Bytes, std::string, Array, Map, Tagged> {
 public:
  using variant::variant;
  /// Null when it is of another type.
  template <class T>
  const T* as() const { return std::get_if<T>(this); }
  /// What a map holds under a key; null where it is no map or the key is not there.
  const Value* at(const Value& key) const;
};
inline bool operator==(const Tagged& a, const Tagged& b) { return a.tag == b.tag && a.item == b.item; }

struct Limits {
  std::size_t bytes_max = 65'536;                   // of the whole; a value takes at most some 50 bytes of memory for each
  int depth_max = 16;                               // arrays, maps and tags inside one another
};

/// One value and nothing behind it. Failures: cose.cbor_unreadable (cut off, ill-formed, or not of the above), cose.cbor_too_large,
/// cose.cbor_too_deep, cose.cbor_duplicate_key, cose.cbor_trailing_bytes.
Result<Value> read_cbor(std::span<const std::uint8_t> bytes, const Limits& limits = {});
Bytes write_cbor(const Value& value);

}  // namespace motcua::cose
