#include "app/match_rows.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "app/output.hpp"
#include "platform/intake/table.hpp"

namespace motcua::app {
namespace {

constexpr std::size_t batch_bytes = 2 * 1024 * 1024;

/// One column of the file for each different name that the plan uses; the first is the id.
struct Wanted {
  intake::Kind kind;
  std::vector<std::size_t> column_of;   // per field, in kind.columns
};

Wanted to_wanted(const MatchPlan& plan) {
  Wanted wanted;
  wanted.kind.name = "match";
  wanted.kind.columns.push_back({plan.id_column});
  for (const std::string& name : plan.columns) {
    auto& columns = wanted.kind.columns;
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const intake::Column& c) { return c.name == name; });
    wanted.column_of.push_back(static_cast<std::size_t>(found - columns.begin()));
    if (found == columns.end()) columns.push_back({name});
  }
  return wanted;
}

Failure in_row(Failure failure, std::int64_t row) {
  failure.row = row;
  return failure;
}

/// Rows read ahead, in memory of their own, so that all cores can take them into the table.
class RowBatch {
 public:
  void add(const intake::RawRow& row, const std::vector<std::size_t>& column_of) {
    ids_.append(row.values[0]);
    id_ends_.push_back(ids_.size());
    for (const std::size_t column : column_of) {
      text_.append(row.values[column]);
      ends_.push_back(text_.size());
    }
  }
  bool full() const { return text_.size() >= batch_bytes; }
  void clear() {
    for (std::string* text : {&text_, &ids_}) text->clear();
    for (std::vector<std::size_t>* ends : {&ends_, &id_ends_}) ends->clear();
  }
  std::vector<std::string_view> values() const { return cut(text_, ends_); }
  std::vector<std::string_view> ids() const { return cut(ids_, id_ends_); }

 private:
  static std::vector<std::string_view> cut(std::string_view text, const std::vector<std::size_t>& ends) {
    std::vector<std::string_view> parts;
    parts.reserve(ends.size());
    for (std::size_t from = 0; const std::size_t end : ends) {
      parts.push_back(text.substr(from, end - from));
      from = end;
    }
    return parts;
  }

  std::string text_, ids_;
  std::vector<std::size_t> ends_, id_ends_;
};

/// One file, read batch by batch; the table takes a batch while the next one is read.
class FileReader {
 public:
  FileReader(const MatchPlan& plan, const Wanted& wanted, intake::Table& table, RowIds& ids) : plan_(plan), wanted_(wanted), table_(table), ids_(ids) {}

  /// `rows_left`: that may still come. What is wrong first in the file is what is reported.
  Result<void> read(RowBatch& batch, std::size_t rows_left) {
    batch.clear();
    auto read = read_rows(batch, rows_left);
    if (const auto twice = ids_.add(batch.ids())) {
      const std::int64_t row = static_cast<std::int64_t>(twice->row) + 1;
      return in_row(invalid("app.match_id_twice", plan_.id_column, {{"row", std::to_string(row)}, {"first", std::to_string(twice->first + 1)}}), row);
    }
    return read;
  }

 private:
  Result<void> read_rows(RowBatch& batch, std::size_t rows_left) {
    for (; !batch.full(); --rows_left) {
      TRY_ASSIGN(const bool more, table_.next());
      if (!more) return {};
      if (auto read = table_.to_row(raw_); !read) return in_row(std::move(read).failure(), raw_.number);
      if (raw_.values[0].empty()) return in_row(invalid("app.match_id_empty", plan_.id_column, {{"row", std::to_string(raw_.number)}}), raw_.number);
      if (rows_left == 0) return invalid("app.match_too_many_rows", {}, {{"limit", std::to_string(match_rows_max)}});
      batch.add(raw_, wanted_.column_of);
    }
    return {};
  }

  const MatchPlan& plan_;
  const Wanted& wanted_;
  intake::Table& table_;
  RowIds& ids_;
  intake::RawRow raw_;
};

Result<void> read_file(const MatchPlan& plan, const std::string& path, int number, MatchRows& rows, const std::function<void(std::int64_t)>& progress) {
  const Wanted wanted = to_wanted(plan);
  const auto source = intake::file_source(path);
  std::atomic<std::uint64_t> done{0};
  TRY_ASSIGN(const auto table, intake::Table::open(wanted.kind, *source, done));
  for (std::size_t i = 0; i < wanted.kind.columns.size(); ++i)
    if (table->header().column_of[i] < 0)
      return invalid("app.match_column_missing", wanted.kind.columns[i].name,
                     {{"column", wanted.kind.columns[i].name}, {"columns", std::to_string(table->fields().size())}});
  RowIds& ids = rows.ids.emplace_back();
  FileReader reader(plan, wanted, *table, ids);
  RowBatch taken, next;
  const std::size_t before = rows.table.size();
  TRY(reader.read(next, match_rows_max - before));
  for (;;) {
    std::swap(taken, next);
    const auto values = taken.values();
    if (values.empty()) return {};
    Result<void> read;
    rows.table.add_rows(values, number, plan.spec.options.parallel_for, [&] { read = reader.read(next, match_rows_max - before - ids.size()); });
    TRY(read);
    if (progress) progress(static_cast<std::int64_t>(rows.table.size()));
  }
}

}  // namespace

std::optional<RowIds::Twice> RowIds::add(std::span<const std::string_view> ids) {
  const std::size_t before = size();
  std::vector<linkage::TextId> numbers(ids.size());
  ids_.intern(ids, numbers.data());
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (numbers[i] != before + i + 1) return Twice{before + i, numbers[i] - 1};
  return std::nullopt;
}

Result<MatchRows> read_match_rows(const MatchPlan& plan, const std::vector<std::string>& files, const std::function<void(std::int64_t rows)>& progress) {
  MatchRows rows{linkage::MatchTable(plan.spec), {}};
  for (std::size_t f = 0; f < files.size(); ++f) {
    auto read = read_file(plan, files[f], static_cast<int>(f + 1), rows, progress);
    if (read) continue;
    return of_file(std::move(read).failure(), files[f]);
  }
  return rows;
}

}  // namespace motcua::app
