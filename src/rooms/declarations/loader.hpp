#pragma once
// What both KINDs do alike: rows become declarations, a batch of them is saved with identity's records in one transaction.
#include <functional>

#include "rooms/declarations/model.hpp"

namespace motcua::declarations {

/// The texts of one row by the KIND's columns, and what is kept as it came.
class RowText {
 public:
  RowText(const std::vector<intake::Column>& columns, const intake::RawRow& row) : columns_(columns), row_(row) {}
  std::string_view at(std::size_t column) const { return row_.values[column]; }
  const std::string& name(std::size_t column) const { return columns_[column].name; }
  /// JSON of the columns from `first` on that hold something, and of the unknown ones.
  std::string payload(std::initializer_list<std::size_t> columns) const;
  /// yes, no or not said; a word that is neither is warned of and counts as not said.
  std::optional<bool> answer(std::size_t column, std::vector<intake::Warning>& warnings) const;

 private:
  const std::vector<intake::Column>& columns_;
  const intake::RawRow& row_;
};

/// A row as parsed: identity's half and ours. `rename` gives the KIND's column for a member of SourceRecord.
struct Parsed {
  identity::SourceRecord record;
  Declaration declaration;
};
using ParseRow = std::function<Result<Parsed>(const RowText& row, std::vector<intake::Warning>& warnings)>;
using Rename = std::function<std::string(const std::string& field)>;

/// One KIND's worker.
std::unique_ptr<intake::Loader> make_loader(identity::Identity& identity, std::string source, const std::vector<intake::Column>& columns, ParseRow parse, Rename rename);

intake::Kind ncovi_kind(identity::Identity& identity);
intake::Kind vhd_kind(identity::Identity& identity, DefaultStays stays);

/// Failure with the KIND's own column name.
Failure at_column(Failure failure, const std::string& column);

}  // namespace motcua::declarations
