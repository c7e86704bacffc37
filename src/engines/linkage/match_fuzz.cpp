// libFuzzer: any values of any kind are compared the same from both sides, equal to themselves, and any text as a model ends with a value or
// a failure.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "engines/linkage/match_columns.hpp"

namespace {

using namespace motcua::linkage;

MatchSpec every_kind() {
  MatchSpec spec;
  for (const char* kind : {"name", "text", "date", "year", "id", "phone", "number", "category", "email", "address"}) {
    MatchField field;
    field.kind = *parse_field_kind(kind);
    for (const bool vietnamese : {false, true}) {
      field.vietnamese = vietnamese;
      field.name = std::string(kind) + (vietnamese ? " vi" : "");
      spec.fields.push_back(field);
    }
  }
  return spec;
}

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2048) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t half = text.find('\n');
  const std::string_view one = text.substr(0, half), other = half == std::string_view::npos ? std::string_view() : text.substr(half + 1);
  static const MatchSpec spec = every_kind();
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
  require(compare_rows(columns, 0, 1) == compare_rows(columns, 1, 0));
  if (text.starts_with('{')) (void)match_table(spec, table, text);   // as a model
  return 0;
}
