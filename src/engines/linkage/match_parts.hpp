#pragma once
// Parts of a table's values that rows can agree on: what blocking keys are made of.
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engines/linkage/match_columns.hpp"

namespace motcua::linkage {

/// A part of a field. `head` and `tail`: the first and last characters of an id or a phone, one of which a slip leaves as they
/// were. `words`: each of the rarest words of a value that others have as well; a family of it has no other part.
enum class Part : std::uint8_t { value, skeleton, year, year_month, month_day, local, head, tail, words };
struct KeyPart {
  std::size_t field = 0;
  Part part = Part::value;
  bool operator==(const KeyPart&) const = default;
};

/// Those of a kind, `value` first; without `words`.
std::vector<Part> parts_of(FieldKind kind);
/// "(year)", for people; empty for the value itself.
std::string_view name_of(Part part);
/// 0: the value has no such part, or more than one.
std::uint64_t hash_of_part(const MatchColumn& column, TextId value, Part part);
/// A number for each value, the same just when the parts are the same (as far as 64 bits of a hash can tell); 0: none. It depends on the set of
/// values, not on the order they came in.
std::vector<std::uint32_t> number_parts(const MatchColumn& column, Part part);

/// Per value, the numbers of its rarest words (0: none), rarest first, as far as the rows that hold them are few.
struct RareWords {
  static constexpr std::size_t words_max = 4;
  static constexpr std::uint32_t rows_max = 24;   // that hold a value's words, in all
  using Words = std::array<std::uint32_t, words_max>;
  std::vector<Words> of_value;
  double pairs_per_record = 0, filled = 0;
};
RareWords find_rare_words(const MatchTable::Columns& table, std::size_t field);

}  // namespace motcua::linkage
