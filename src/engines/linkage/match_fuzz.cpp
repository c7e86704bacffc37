// libFuzzer: any values of the kind that the first byte names are compared the same from both sides, equal to themselves, and any text as a model ends with a value or
// a failure.
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#include "engines/linkage/distance.hpp"
#include "engines/linkage/match_columns.hpp"

namespace {

using namespace motcua::linkage;

/// A kind twice: folded as Vietnamese, and not.
MatchSpec one_kind(std::uint8_t which) {
  constexpr const char* kinds[] = {"name", "text", "date", "year", "id", "phone", "number", "category", "email", "address"};
  MatchSpec spec;
  for (const bool vietnamese : {false, true}) spec.fields.push_back({vietnamese ? "vi" : "plain", *parse_field_kind(kinds[which % std::size(kinds)]), vietnamese});
  return spec;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 512) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t half = text.find('\n');
  const std::string_view one = text.substr(0, half), other = half == std::string_view::npos ? std::string_view() : text.substr(half + 1);
  require(edit_distance(one, other, 3) == edit_distance(other, one, 3) || edit_distance(one, other, 3) > 3);
  require(jaro_winkler(one, other) == jaro_winkler(other, one) && bigram_dice(one, other) == bigram_dice(other, one));
  const MatchSpec spec = one_kind(data[0]);
  MatchTable table(spec);
  table.add(std::vector<std::string_view>(spec.fields.size(), one));
  table.add(std::vector<std::string_view>(spec.fields.size(), other));
  table.add(std::vector<std::string_view>(spec.fields.size(), one));
  const MatchTable::Columns& columns = table.columns();
  for (std::size_t f = 0; f < spec.fields.size(); ++f) {
    const TextId a = columns.value(0, f), b = columns.value(1, f);
    const std::uint8_t level = compare_values(columns.columns[f], a, b);
    require(level == compare_values(columns.columns[f], b, a));
    require(level <= starting_parameters(spec.fields[f]).levels.size());
    require(columns.value(2, f) == a && (a == 0 || compare_values(columns.columns[f], a, a) == level_same));
  }
  columns.weigh_values({});
  require(compare_rows(columns, 0, 1) == compare_rows(columns, 1, 0));
  if (text.starts_with('{')) (void)match_table(spec, table, text);   // as a model
  return 0;
}
