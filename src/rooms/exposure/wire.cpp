#include "rooms/exposure/wire.hpp"

namespace motcua::exposure::wire {
namespace {

constexpr std::uint64_t field_number_max = (1U << 29) - 1;

Failure damaged() { return invalid("exposure.archive_damaged", "archive"); }

}  // namespace

void Writer::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(value | 0x80);
  out_ += static_cast<char>(value);
}
void Writer::tag(int field, Type type) { number(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(type)); }

void Writer::varint(int field, std::uint64_t value) { tag(field, Type::varint), number(value); }
void Writer::sint(int field, std::int64_t value) { varint(field, static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63)); }
void Writer::fixed64(int field, std::uint64_t value) {
  tag(field, Type::fixed64);
  for (int i = 0; i < 8; ++i) out_ += static_cast<char>(value >> (8 * i));
}
void Writer::bytes(int field, std::string_view value) { tag(field, Type::bytes), number(value.size()), out_ += value; }

Result<std::uint64_t> Reader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) return damaged();
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return damaged();
}

Result<std::uint64_t> Reader::fixed(int bytes) {
  if (rest_.size() < static_cast<std::size_t>(bytes)) return damaged();
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(rest_[static_cast<std::size_t>(i)])) << (8 * i);
  rest_.remove_prefix(static_cast<std::size_t>(bytes));
  return value;
}

Result<Field> Reader::next() {
  TRY_ASSIGN(const std::uint64_t tag, varint());
  if (tag >> 3 == 0 || tag >> 3 > field_number_max) return damaged();
  Field field{static_cast<int>(tag >> 3), static_cast<Type>(tag & 7), 0, {}};
  switch (field.type) {
    case Type::varint: {
      TRY_ASSIGN(field.value, varint());
      return field;
    }
    case Type::fixed64: {
      TRY_ASSIGN(field.value, fixed(8));
      return field;
    }
    case Type::fixed32: {
      TRY_ASSIGN(field.value, fixed(4));
      return field;
    }
    case Type::bytes: {
      TRY_ASSIGN(const std::uint64_t size, varint());
      if (size > rest_.size()) return damaged();
      field.bytes = rest_.substr(0, size);
      rest_.remove_prefix(size);
      return field;
    }
  }
  return damaged();
}

}  // namespace motcua::exposure::wire
