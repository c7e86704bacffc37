#pragma once
// The files of `motcua match` as a table, and the rows' own names.
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/match_spec.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::app {

inline constexpr std::size_t match_rows_max = 100'000'000;   // of all files together

/// The names of one file's rows, each once, in the order of the file.
class RowIds {
 public:
  struct Twice {
    std::size_t row, first;   // from 0
  };
  /// Of the next rows; gives the first one whose id another row has already. Then no more may be added.
  std::optional<Twice> add(std::span<const std::string_view> ids);
  std::string_view at(std::size_t row) const { return ids_.text(static_cast<linkage::TextId>(row + 1)); }
  std::size_t size() const { return ids_.size() - 1; }

 private:
  linkage::TextPool ids_;   // numbered from 1
};

struct MatchRows {
  linkage::MatchTable table;
  std::vector<RowIds> ids;   // per file
};

/// Reads the files whole. Failures name the file (of_file), the row and the column: intake.* (the file is no table,
/// a row is too short or too long, text is not UTF-8), app.match_column_missing, app.match_id_empty, app.match_id_twice,
/// app.match_too_many_rows.
Result<MatchRows> read_match_rows(const MatchPlan& plan, const std::vector<std::string>& files, const std::function<void(std::int64_t rows)>& progress);

}  // namespace motcua::app
