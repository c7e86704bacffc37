#include "platform/intake/csv_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "platform/intake/csv_scan.hpp"

namespace motcua::intake {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace

CsvReader::CsvReader(std::unique_ptr<ByteStream> stream, char delimiter, std::size_t block_bytes)
    : stream_(std::move(stream)), delimiter_(delimiter), block_bytes_(std::max<std::size_t>(block_bytes, 1)) {}

Failure CsvReader::failure(const char* code, std::size_t column) const {
  Failure f = invalid(code);
  f.row = row_ + 1;
  f.args = {{"row", std::to_string(row_ + 1)}, {"column", std::to_string(column + 1)}};
  return f;
}

/// Takes one more block behind the unread bytes, which move to the front first. False at the end of the stream.
Result<bool> CsvReader::fill() {
  if (start_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + start_, filled_ - start_);
    if (bad_) bad_->at -= start_;
    inspected_ -= start_;
    filled_ -= start_;
    start_ = 0;
  }
  if (buffer_.size() < filled_ + block_bytes_ + padding_bytes) buffer_.resize(filled_ + block_bytes_ + padding_bytes);
  TRY_ASSIGN(auto n, stream_->read(buffer_.data() + filled_, block_bytes_));
  filled_ += n;
  at_end_ = n == 0;
  if (!begun_ && (filled_ >= byte_order_mark.size() || at_end_)) {
    begun_ = true;
    if (std::string_view(buffer_.data(), filled_).starts_with(byte_order_mark)) start_ = inspected_ = byte_order_mark.size();
  }
  if (begun_ && !bad_) inspect(inspected_);
  return n > 0;
}

/// Remembers the first byte from `from` on that may not be there: NUL, not UTF-8, a byte order mark inside.
void CsvReader::inspect(std::size_t from) {
  std::string_view text(buffer_.data() + from, filled_ - from);
  bool cut = false;
  auto clean = utf8_prefix(text, cut);
  const char* code = clean < text.size() && (!cut || at_end_) ? "intake.not_utf8" : nullptr;
  auto worst = code ? clean : text.size();
  if (auto nul = text.substr(0, worst).find('\0'); nul != std::string_view::npos) code = "intake.nul_byte", worst = nul;
  if (auto mark = text.substr(0, worst).find(byte_order_mark); mark != std::string_view::npos) code = "intake.bom_inside", worst = mark;
  inspected_ = from + clean;
  if (code) bad_ = Bad{from + worst, code};
}

Result<std::string_view> CsvReader::peek(std::size_t bytes) {
  while (filled_ - start_ < bytes && !at_end_) TRY(fill());
  return std::string_view(buffer_.data() + start_, std::min(bytes, filled_ - start_));
}

/// The bad byte lies in the field behind those that end before it, of the fields scanned so far.
Failure CsvReader::bad_in(const std::vector<std::string_view>& fields) const {
  std::size_t column = 0;
  while (column < fields.size() && fields[column].data() + fields[column].size() <= buffer_.data() + bad_->at) ++column;
  return failure(bad_->code, column);
}

Failure CsvReader::too_long(std::size_t column) const {
  auto f = failure(quote_open_ ? "intake.quote_too_long" : "intake.row_too_long", column);
  f.args["limit"] = std::to_string(row_bytes_max);
  return f;
}

Result<bool> CsvReader::next(std::vector<std::string_view>& fields) {
  while (!begun_) TRY(fill());  // nothing is scanned before it was inspected
  for (;;) {
    auto scanned = scan(fields);
    // What stands first in the file is what is reported, however large the blocks are.
    if (!scanned && bad_ && bad_->at < failed_at_) return bad_in(fields);
    TRY_ASSIGN(auto step, std::move(scanned));
    if (step == Step::record) {
      TRY(check_record(start_, next_start_, fields));
      unescape(fields);
      start_ = next_start_;
      ++row_;
      return true;
    }
    if (step == Step::empty_line) {
      if (bad_ && bad_->at < next_start_) return failure(bad_->code, 0);
      start_ = next_start_;
      continue;
    }
    if (bad_) return bad_in(fields);
    if (filled_ - start_ > row_bytes_max) return too_long(column_);
    if (at_end_) {
      if (start_ == filled_) return false;
      return failure("intake.quote_unclosed", column_);  // the only way a record has no end at the end of the file
    }
    TRY(fill());
  }
}

/// One record from start_ on, fields still escaped. `more` when it does not end in the buffer.
Result<CsvReader::Step> CsvReader::scan(std::vector<std::string_view>& fields) {
  fields.clear();
  escaped_.clear();
  column_ = 0;
  quote_open_ = false;
  const char* base = buffer_.data();
  const char* end = base + filled_;
  if (start_ == filled_) return Step::more;
  for (auto at = start_;; ++at, ++column_) {
    if (column_ == columns_max) {
      auto f = failure("intake.columns_too_many", column_);
      f.args["limit"] = std::to_string(columns_max);
      failed_at_ = at;
      return f;
    }
    std::size_t stop;
    if (at < filled_ && base[at] == '"') {
      TRY_ASSIGN(stop, scan_quoted(at, fields));
      if (stop == std::string_view::npos) return Step::more;
    } else {
      stop = static_cast<std::size_t>(find_end(base + at, end, delimiter_) - base);
      if (stop == filled_ && !at_end_) return Step::more;
      bool ends_line = stop == filled_ || base[stop] == '\n';
      auto length = stop - at;
      if (ends_line && length > 0 && base[stop - 1] == '\r') --length;
      fields.emplace_back(base + at, length);
      if (ends_line && column_ == 0 && length == 0) {
        next_start_ = std::min(stop + 1, filled_);
        return Step::empty_line;
      }
    }
    if (stop == filled_ || base[stop] == '\n') {
      next_start_ = std::min(stop + 1, filled_);
      return Step::record;
    }
    at = stop;
  }
}

/// A field that begins with a quote at `begin`; gives where it ends (delimiter, newline, end), or npos when it does not yet.
Result<std::size_t> CsvReader::scan_quoted(std::size_t begin, std::vector<std::string_view>& fields) {
  const char* base = buffer_.data();
  auto at = begin + 1;
  bool doubled = false;
  quote_open_ = true;
  for (;;) {
    const auto* quote = static_cast<const char*>(std::memchr(base + at, '"', filled_ - at));
    if (quote == nullptr) return std::string_view::npos;
    auto behind = static_cast<std::size_t>(quote - base) + 1;
    if (behind == filled_ && !at_end_) return std::string_view::npos;
    if (behind < filled_ && base[behind] == '"') {
      doubled = true;
      at = behind + 1;
      continue;
    }
    std::size_t stop = behind;
    if (stop < filled_ && base[stop] == '\r') {
      if (stop + 1 == filled_ && !at_end_) return std::string_view::npos;
      if (stop + 1 == filled_ || base[stop + 1] == '\n') ++stop;
    }
    if (stop < filled_ && base[stop] != delimiter_ && base[stop] != '\n') {
      failed_at_ = stop;
      return failure("intake.quote_stray", column_);
    }
    if (doubled) escaped_.push_back(column_);
    fields.emplace_back(base + begin + 1, behind - 1 - (begin + 1));
    quote_open_ = false;
    return stop;
  }
}

Result<void> CsvReader::check_record(std::size_t begin, std::size_t end, const std::vector<std::string_view>& fields) const {
  if (bad_ && bad_->at < end) return bad_in(fields);
  if (end - begin <= field_bytes_max) return {};
  if (end - begin > row_bytes_max) {
    auto f = failure("intake.row_too_long", 0);
    f.args["limit"] = std::to_string(row_bytes_max);
    return f;
  }
  for (std::size_t column = 0; column < fields.size(); ++column)
    if (fields[column].size() > field_bytes_max) {
      auto f = failure("intake.field_too_long", column);
      f.args["limit"] = std::to_string(field_bytes_max);
      return f;
    }
  return {};
}

/// Doubled quotes become one, in place: the record is complete, its bytes are not read again.
void CsvReader::unescape(std::vector<std::string_view>& fields) {
  for (auto column : escaped_) {
    auto* text = buffer_.data() + (fields[column].data() - buffer_.data());
    std::size_t to = 0;
    for (std::size_t from = 0; from < fields[column].size(); ++from) {
      text[to++] = text[from];
      if (text[from] == '"') ++from;
    }
    fields[column] = {text, to};
  }
}

}  // namespace motcua::intake
