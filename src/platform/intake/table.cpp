#include "platform/intake/table.hpp"

#include <utility>

#include "platform/intake/limits.hpp"
#include "platform/intake/sources.hpp"

namespace motcua::intake {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t sniffed_bytes = 64 * 1024;

std::string_view trim(std::string_view text) {
  constexpr auto no_break_space = "\xC2\xA0"sv;
  for (;;) {
    if (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    else if (text.starts_with(no_break_space)) text.remove_prefix(2);
    else break;
  }
  for (;;) {
    if (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    else if (text.ends_with(no_break_space)) text.remove_suffix(2);
    else return text;
  }
}

/// What the first bytes betray. xlsx and ods are zip files, xls is an OLE2 compound file.
Result<void> refuse_other_files(std::string_view head) {
  if (head.empty()) return invalid("intake.empty");
  struct Magic {
    std::string_view bytes;
    const char* code;
  };
  constexpr Magic magics[] = {{"PK\x03\x04"sv, "intake.spreadsheet"}, {"PK\x05\x06"sv, "intake.spreadsheet"},
                              {"\xD0\xCF\x11\xE0"sv, "intake.spreadsheet"}, {"%PDF"sv, "intake.document"},
                              {"{\\rtf"sv, "intake.document"}, {"\xFF\xFE"sv, "intake.utf16"}, {"\xFE\xFF"sv, "intake.utf16"}};
  for (const auto& magic : magics)
    if (head.starts_with(magic.bytes)) return invalid(magic.code);
  // UTF-16 without its mark: every second byte of plain letters is zero.
  if (head.size() >= 8 && ((!head[1] && !head[3] && !head[5] && head[0]) || (!head[0] && !head[2] && !head[4] && head[1])))
    return invalid("intake.utf16");
  return {};
}

}  // namespace

Result<std::unique_ptr<Table>> Table::open(const Kind& kind, const ByteSource& source, std::atomic<std::uint64_t>& packed_done) {
  TRY_ASSIGN(auto stored, source.open());
  std::unique_ptr<Table> table(new Table(kind, CsvReader(unpacked(std::move(stored), packed_done), ',')));
  TRY(table->read_header());
  return table;
}

Result<void> Table::read_header() {
  TRY_ASSIGN(auto head, reader_.peek(sniffed_bytes));
  TRY(refuse_other_files(head));
  while (!head.empty() && (head.front() == '\n' || head.front() == '\r')) head.remove_prefix(1);
  auto line = head.substr(0, head.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (is_headerless(kind_, line)) {
    reader_.set_delimiter('\t');
    header_ = headerless_header(kind_);
    return {};
  }
  bool told = (line.starts_with("sep=") || line.starts_with("SEP=")) && line.size() == 5;  // a spreadsheet's own hint
  reader_.set_delimiter(told ? line[4] : detect_delimiter(kind_, line));
  for (int wanted = told ? 2 : 1; lines_before_ < wanted; ++lines_before_) {
    auto more = reader_.next(fields_);
    if (!more) {
      auto failure = std::move(more).failure();
      failure.row.reset();
      if (failure.field.empty()) failure.field = "header";
      return failure;
    }
    if (!*more) return invalid("intake.empty");
  }
  for (auto& field : fields_) field = trim(field);
  TRY_ASSIGN(header_, match_header(kind_, fields_));
  return {};
}

/// A failure of the reader in words of the table: data records from 1, and the column's name.
Failure Table::of_data(Failure failure) const {
  if (!failure.row) return failure;
  failure.row = *failure.row - lines_before_;
  failure.args["row"] = std::to_string(*failure.row);
  if (auto column = failure.args.find("column"); column != failure.args.end()) {
    auto index = static_cast<std::size_t>(std::stoul(column->second)) - 1;
    failure.field = index < header_.names.size() ? header_.names[index] : column->second;
    column->second = failure.field;
  }
  return failure;
}

Result<bool> Table::next() {
  auto more = reader_.next(fields_);
  if (!more) return of_data(std::move(more).failure());
  if (*more) ++number_;
  return *more;
}

Result<void> Table::to_row(RawRow& row) const {
  row.number = number_;
  row.values.assign(kind_.columns.size(), {});
  row.unknown.clear();
  if (fields_.size() < header_.names.size())
    return invalid("intake.row_short", header_.names[fields_.size()],
                   {{"columns", std::to_string(header_.names.size())}, {"found", std::to_string(fields_.size())}});
  for (auto i = header_.names.size(); i < fields_.size(); ++i)
    if (!trim(fields_[i]).empty())
      return invalid("intake.row_long", std::to_string(i + 1),
                     {{"columns", std::to_string(header_.names.size())}, {"found", std::to_string(fields_.size())}});
  for (std::size_t i = 0; i < kind_.columns.size(); ++i) {
    auto column = header_.column_of[i];
    if (column >= 0) row.values[i] = trim(fields_[static_cast<std::size_t>(column)]);
    if (kind_.columns[i].required && row.values[i].empty() && !(header_.headerless && column < 0))
      return invalid("intake.required_empty", kind_.columns[i].name);
  }
  for (auto column : header_.unknown)
    if (auto value = trim(fields_[column]); !value.empty()) row.unknown.emplace_back(header_.names[column], value);
  return {};
}

Result<std::int64_t> check_structure(const Kind& kind, const ByteSource& source) {
  std::atomic<std::uint64_t> done{0};
  TRY_ASSIGN(auto table, Table::open(kind, source, done));
  for (;;) {
    TRY_ASSIGN(bool more, table->next());
    if (!more) return table->number();
  }
}

}  // namespace motcua::intake
