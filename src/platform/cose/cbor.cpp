#include "platform/cose/cbor.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "base/vietnamese.hpp"

namespace motcua::cose {
namespace {

Failure unreadable() { return invalid("cose.cbor_unreadable"); }

/// Major types (RFC 8949, 3.1).
enum Major : std::uint8_t { natural, negative, byte_string, text_string, array_of, map_of, tag_of, simple };

/// One item's head: type, and what its argument says.
struct Head {
  Major major = natural;
  std::uint8_t info = 0;            // the five low bits: 24 to 27 say how long the argument is
  std::uint64_t argument = 0;
  bool open = false;                // of indefinite length; with major `simple`: the end of such an item
};

constexpr std::uint8_t info_one_byte = 24, info_half = 25, info_single = 26, info_double = 27, info_open = 31;
constexpr std::uint64_t simple_false = 20, simple_true = 21, simple_null = 22, simple_undefined = 23;

/// RFC 8949, appendix D.
double of_half(std::uint64_t bits) {
  const int exponent = static_cast<int>(bits >> 10 & 0x1f);
  const double mantissa = static_cast<double>(bits & 0x3ff);
  const double size = exponent == 0 ? std::ldexp(mantissa, -24) : exponent != 31 ? std::ldexp(mantissa + 1024, exponent - 25) : mantissa == 0 ? HUGE_VAL : std::nan("");
  return bits & 0x8000 ? -size : size;
}

class Input {
 public:
  Input(std::span<const std::uint8_t> bytes, int depth_max) : left_(bytes), depth_max_(depth_max) {}

  Result<Value> value(int depth) {
    TRY_ASSIGN(const auto head, next());
    return of(head, depth);
  }
  bool at_end() const { return left_.empty(); }

 private:
  Result<Head> next() {
    if (left_.empty()) return unreadable();
    Head head{static_cast<Major>(left_[0] >> 5), static_cast<std::uint8_t>(left_[0] & 0x1f)};
    left_ = left_.subspan(1);
    head.open = head.info == info_open;
    const bool may_be_open = head.major == simple || (head.major >= byte_string && head.major <= map_of);
    if (head.open) return may_be_open ? Result<Head>(head) : unreadable();
    if (head.info > info_double) return unreadable();
    if (head.info < info_one_byte) return head.argument = head.info, head;
    const std::size_t length = std::size_t{1} << (head.info - info_one_byte);
    if (left_.size() < length) return unreadable();
    for (std::size_t i = 0; i < length; ++i) head.argument = head.argument << 8 | left_[i];
    left_ = left_.subspan(length);
    return head;
  }

  Result<Value> of(const Head& head, int depth) {
    switch (head.major) {
      case natural:
      case negative: return integer(head);
      case byte_string: return head.open ? pieces<Bytes>(byte_string) : string<Bytes>(head);
      case text_string: return head.open ? pieces<std::string>(text_string) : string<std::string>(head);
      case simple: return other(head);
      default: break;
    }
    if (depth >= depth_max_) return invalid("cose.cbor_too_deep");
    if (head.major == array_of) return array(head.argument, head.open, depth + 1);
    if (head.major == map_of) return map(head.argument, head.open, depth + 1);
    TRY_ASSIGN(auto item, value(depth + 1));
    return Value(Tagged{head.argument, {std::move(item)}});
  }

  static Result<Value> integer(const Head& head) {
    if (head.argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return unreadable();
    const auto n = static_cast<std::int64_t>(head.argument);
    return Value(head.major == natural ? n : -1 - n);
  }

  static Result<Value> other(const Head& head) {
    if (head.info == info_half) return Value(of_half(head.argument));
    if (head.info == info_single) return Value(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(head.argument))));
    if (head.info == info_double) return Value(std::bit_cast<double>(head.argument));
    if (head.open || head.info == info_one_byte) return unreadable();
    if (head.argument == simple_false || head.argument == simple_true) return Value(head.argument == simple_true);
    if (head.argument == simple_null) return Value(nullptr);
    if (head.argument == simple_undefined) return Value(Undefined{});
    return unreadable();
  }

  template <class T>
  Result<Value> string(const Head& head) {
    if (head.argument > left_.size()) return unreadable();
    const auto content = left_.first(static_cast<std::size_t>(head.argument));
    left_ = left_.subspan(content.size());
    return checked(Value(T(content.begin(), content.end())));
  }

  static Result<Value> checked(Value value) {
    if (const auto* text = value.as<std::string>(); text != nullptr && !vietnamese::is_clean_utf8(*text)) return unreadable();
    return value;
  }

  /// A string in pieces, each a whole one of the same type (3.2.3).
  template <class T>
  Result<Value> pieces(Major major) {
    T whole;
    for (;;) {
      TRY_ASSIGN(const auto head, next());
      if (head.major == simple && head.open) return Value(std::move(whole));
      if (head.major != major || head.open) return unreadable();
      TRY_ASSIGN(const auto piece, string<T>(head));
      const auto& part = *piece.template as<T>();
      whole.insert(whole.end(), part.begin(), part.end());
    }
  }

  /// The next item; nothing at the end of an array or map.
  Result<std::optional<Value>> item(std::uint64_t& left, bool open, int depth) {
    if (!open && left-- == 0) return std::optional<Value>();
    TRY_ASSIGN(const auto head, next());
    if (open && head.major == simple && head.open) return std::optional<Value>();
    TRY_ASSIGN(auto value, of(head, depth));
    return std::optional<Value>(std::move(value));
  }

  Result<Value> array(std::uint64_t n, bool open, int depth) {
    Array out;
    for (;;) {
      TRY_ASSIGN(auto one, item(n, open, depth));
      if (!one) return Value(std::move(out));
      out.push_back(std::move(*one));
    }
  }

  Result<Value> map(std::uint64_t n, bool open, int depth) {
    Map out;
    std::set<Bytes> keys;
    for (;;) {
      TRY_ASSIGN(auto key, item(n, open, depth));
      if (!key) return Value(std::move(out));
      if (!keys.insert(write_cbor(*key)).second) return invalid("cose.cbor_duplicate_key");
      TRY_ASSIGN(auto told, value(depth));
      out.emplace_back(std::move(*key), std::move(told));
    }
  }

  std::span<const std::uint8_t> left_;
  int depth_max_;
};

class Output {
 public:
  Bytes bytes;

  void write(const Value& value) { std::visit([this](const auto& v) { put(v); }, static_cast<const Value::variant&>(value)); }

 private:
  static constexpr int longest = 3;   // an argument of two to the third bytes

  void head(Major major, std::uint64_t argument) {
    int size = -1;
    while (size < longest && argument >> (size < 0 ? 0 : 8 << size) >= (size < 0 ? info_one_byte : 1U)) ++size;
    if (size < 0) return big_endian(static_cast<std::uint8_t>(major << 5 | argument), 0, 0);
    big_endian(static_cast<std::uint8_t>(major << 5 | (info_one_byte + size)), argument, 1 << size);
  }
  void big_endian(std::uint8_t first, std::uint64_t argument, int length) {
    bytes.push_back(first);
    for (int i = length; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(argument >> 8 * i));
  }
  template <class T>
  void string(Major major, const T& v) {
    head(major, v.size());
    bytes.insert(bytes.end(), v.begin(), v.end());
  }

  void put(std::nullptr_t) { head(simple, simple_null); }
  void put(Undefined) { head(simple, simple_undefined); }
  void put(bool v) { head(simple, v ? simple_true : simple_false); }
  void put(std::int64_t v) { v >= 0 ? head(natural, static_cast<std::uint64_t>(v)) : head(negative, static_cast<std::uint64_t>(-1 - v)); }
  void put(double v) {
    const bool fits = std::isinf(v) || (std::abs(v) <= std::numeric_limits<float>::max() && static_cast<double>(static_cast<float>(v)) == v);
    if (std::isnan(v)) big_endian(simple << 5 | info_half, 0x7e00, 2);
    else if (fits) big_endian(simple << 5 | info_single, std::bit_cast<std::uint32_t>(static_cast<float>(v)), 4);
    else big_endian(simple << 5 | info_double, std::bit_cast<std::uint64_t>(v), 8);
  }
  void put(const Bytes& v) { string(byte_string, v); }
  void put(const std::string& v) { string(text_string, v); }
  void put(const Array& v) {
    head(array_of, v.size());
    for (const auto& item : v) write(item);
  }
  void put(const Map& v) {
    std::vector<std::pair<Bytes, const Value*>> pairs;
    for (const auto& [key, told] : v) pairs.emplace_back(write_cbor(key), &told);
    std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    head(map_of, v.size());
    for (const auto& [key, told] : pairs) {
      bytes.insert(bytes.end(), key.begin(), key.end());
      write(*told);
    }
  }
  void put(const Tagged& v) {
    head(tag_of, v.tag);
    write(v.item.front());
  }
};

}  // namespace

const Value* Value::at(const Value& key) const {
  const auto* map = as<Map>();
  if (map == nullptr) return nullptr;
  const auto found = std::find_if(map->begin(), map->end(), [&](const auto& pair) { return pair.first == key; });
  return found == map->end() ? nullptr : &found->second;
}

Result<Value> read_cbor(std::span<const std::uint8_t> bytes, const Limits& limits) {
  if (bytes.size() > limits.bytes_max) return invalid("cose.cbor_too_large");
  Input input(bytes, limits.depth_max);
  TRY_ASSIGN(auto value, input.value(0));
  if (!input.at_end()) return invalid("cose.cbor_trailing_bytes");
  return value;
}

Bytes write_cbor(const Value& value) {
  Output out;
  out.write(value);
  return std::move(out.bytes);
}

}  // namespace motcua::cose
