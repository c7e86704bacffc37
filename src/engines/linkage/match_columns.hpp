#pragma once
// A MatchTable's values: one column per field, every distinct value once, parsed as its kind asks.
#include "engines/linkage/columns.hpp"
#include "engines/linkage/comparison.hpp"
#include "engines/linkage/match.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::linkage {

struct MatchValue {
  std::uint32_t first_word = 0;   // sorted words, in the column's `words`
  std::uint16_t words = 0;
  std::uint64_t skeleton = 0;     // names and texts: consonants
  double number = 0;
};

/// Values are kept folded: dates as yyyymmdd, phones as digits, ids as letters and digits, the rest lower-case without marks.
struct MatchColumn {
  MatchField field;
  TextPool values;
  std::vector<MatchValue> parsed{MatchValue{}};
  TextPool word_texts;
  std::vector<TextId> words;
  RecordSet::Columns people;             // Vietnamese names: compared word by word, as the person model does
  std::vector<std::uint32_t> names{0};   // per value, its name in `people`

  TextId intern(std::string_view raw);
  std::string_view text(TextId id) const { return values.text(id); }
};

struct MatchTable::Columns {
  std::vector<MatchColumn> columns;
  std::vector<TextId> values;          // rows x columns: a row's values lie together, for whoever compares two rows
  std::vector<std::uint8_t> files;     // per row

  const TextId* row(RecordIndex r) const { return values.data() + static_cast<std::size_t>(r) * columns.size(); }
  TextId value(RecordIndex r, std::size_t field) const { return row(r)[field]; }
  std::size_t rows() const { return files.size(); }
};

/// Starting levels of a kind, codes "<field>.same" ...
FieldParameters starting_parameters(const MatchField& field);
/// 0: missing. `swapped`: for names, what stands in the other name fields.
std::uint8_t compare_values(const MatchColumn& column, TextId a, TextId b);
inline constexpr std::uint8_t level_same = 1;
/// The level of names that changed places with another name field.
std::uint8_t swapped_level(FieldKind kind);

Levels compare_rows(const MatchTable::Columns& table, RecordIndex a, RecordIndex b);
/// The part of it that looks at two fields at once: names that differ, each being the other row's value of another field, are swapped.
void find_swapped_names(const MatchTable::Columns& table, RecordIndex a, RecordIndex b, Levels& levels);

}  // namespace motcua::linkage
