#pragma once
// A file opened as a table of one KIND: unpacked, sniffed, its header matched, its records one by one.
#include <atomic>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/intake/csv_reader.hpp"
#include "platform/intake/header.hpp"
#include "platform/intake/intake.hpp"

namespace motcua::intake {

class Table {
 public:
  /// Failures: intake.empty, intake.spreadsheet, intake.document, intake.utf16, and those of streams, CsvReader and match_header.
  static Result<std::unique_ptr<Table>> open(const Kind& kind, const ByteSource& source, std::atomic<std::uint64_t>& packed_done);

  /// Goes to the next data record; false at the end. Failures concern the whole file; `row` counts data records.
  Result<bool> next();
  /// The record in the KIND's order, or why it cannot be one (intake.row_short, intake.row_long, intake.required_empty).
  Result<void> to_row(RawRow& row) const;
  const std::vector<std::string_view>& fields() const { return fields_; }
  const Header& header() const { return header_; }
  std::int64_t number() const { return number_; }

 private:
  Table(const Kind& kind, CsvReader reader) : kind_(kind), reader_(std::move(reader)) {}
  Result<void> read_header();
  Failure of_data(Failure failure) const;

  const Kind& kind_;
  CsvReader reader_;
  Header header_;
  std::vector<std::string_view> fields_;
  std::int64_t number_ = 0;
  int lines_before_ = 0;   // records that are not data: the header, a "sep=" line
};

}  // namespace motcua::intake
