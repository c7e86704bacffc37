#pragma once
// CSV by RFC 4180, streamed in constant memory: fields may be quoted, quoted fields may hold delimiters, newlines and doubled
// quotes; records end with \n or \r\n; empty lines are skipped. A quote inside a field that does not begin with one is a letter.
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/intake/intake.hpp"
#include "platform/intake/limits.hpp"

namespace motcua::intake {

class CsvReader {
 public:
  CsvReader(std::unique_ptr<ByteStream> stream, char delimiter, std::size_t block_bytes = read_block_bytes);

  /// The fields of the next record, views valid until the next call; false at the end.
  /// Failures carry `row` (records as read from 1, the header being one of them) and args "row" and "column" (from 1):
  /// intake.nul_byte, intake.not_utf8, intake.bom_inside, intake.quote_unclosed, intake.quote_too_long, intake.quote_stray, intake.row_too_long,
  /// intake.field_too_long, intake.columns_too_many; and those of the stream.
  Result<bool> next(std::vector<std::string_view>& fields);

  /// The first bytes of the stream, at most `bytes` of them, without taking them; a byte order mark in front is dropped.
  Result<std::string_view> peek(std::size_t bytes);
  void set_delimiter(char delimiter) { delimiter_ = delimiter; }

 private:
  enum class Step { record, empty_line, more };
  struct Bad {
    std::size_t at;
    const char* code;
  };

  Result<bool> fill();
  void inspect(std::size_t from);
  Result<Step> scan(std::vector<std::string_view>& fields);
  Result<std::size_t> scan_quoted(std::size_t begin, std::vector<std::string_view>& fields);
  Failure failure(const char* code, std::size_t column) const;
  Result<void> check_record(std::size_t begin, std::size_t end, const std::vector<std::string_view>& fields) const;
  Failure bad_in(const std::vector<std::string_view>& fields) const;
  Failure too_long(std::size_t column) const;
  void unescape(std::vector<std::string_view>& fields);

  std::unique_ptr<ByteStream> stream_;
  char delimiter_;
  std::size_t block_bytes_;
  std::vector<char> buffer_;             // [start_, filled_) is unread; padding_bytes behind filled_ are readable
  std::size_t start_ = 0, filled_ = 0, inspected_ = 0, next_start_ = 0;
  bool at_end_ = false, begun_ = false, quote_open_ = false;
  std::size_t column_ = 0;               // of the field being scanned, from 0
  std::size_t failed_at_ = 0;            // where scan() gave up
  std::optional<Bad> bad_;               // the first byte in the buffer that may not be there
  std::vector<std::size_t> escaped_;     // columns of the record with doubled quotes
  std::int64_t row_ = 0;
};

}  // namespace motcua::intake
