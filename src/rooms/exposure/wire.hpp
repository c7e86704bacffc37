#pragma once
// Protocol Buffers' wire format (protobuf.dev, "Encoding"), as far as the export messages need it. Pure; inner header of the room.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace motcua::exposure::wire {

enum class Type { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

/// Appends fields to a message.
class Writer {
 public:
  void varint(int field, std::uint64_t value);
  void sint(int field, std::int64_t value);                // zigzag
  void fixed64(int field, std::uint64_t value);
  void bytes(int field, std::string_view value);           // strings, byte strings, messages
  std::string take() { return std::move(out_); }

 private:
  void tag(int field, Type type);
  void number(std::uint64_t value);
  std::string out_;
};

struct Field {
  int number = 0;
  Type type = Type::varint;
  std::uint64_t value = 0;                                 // varint, fixed64, fixed32
  std::string_view bytes;                                  // of the message read
  std::int64_t sint() const { return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1); }
};

/// The fields of a message one by one; known and unknown ones alike. Failure exposure.archive_damaged: cut, a length beyond the
/// end, an overlong number, a group.
class Reader {
 public:
  explicit Reader(std::string_view message) : rest_(message) {}
  bool done() const { return rest_.empty(); }
  Result<Field> next();

 private:
  Result<std::uint64_t> varint();
  Result<std::uint64_t> fixed(int bytes);
  std::string_view rest_;
};

}  // namespace motcua::exposure::wire
