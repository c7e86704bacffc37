#include "engines/linkage/model_json.hpp"

#include <set>

#include "engines/linkage/em.hpp"

namespace motcua::linkage {
namespace json = boost::json;

json::array write_fields(const std::vector<FieldParameters>& parameters) {
  json::array fields;
  for (const FieldParameters& field : parameters) {
    json::array levels;
    for (const LevelParameters& l : field.levels) levels.push_back({{"code", l.code}, {"m", l.m}, {"u", l.u}});
    fields.push_back({{"field", field.field}, {"levels", std::move(levels)}});
  }
  return fields;
}

json::object write(const Frequencies& f) {
  const std::set<std::pair<std::string_view, std::uint32_t>> sorted(f.counts.begin(), f.counts.end());
  json::object counts;
  for (const auto& [value, count] : sorted) counts.emplace(value, count);
  return {{"total", f.total}, {"counts", std::move(counts)}};
}

Frequencies read_frequencies(const json::value& value) {
  Frequencies f;
  f.total = value.at("total").to_number<std::uint64_t>();
  for (const auto& [text, count] : value.at("counts").as_object()) f.counts.emplace(text, count.to_number<std::uint32_t>());
  return f;
}

/// The file's parameters, when its fields and levels are exactly those of this version.
bool read_fields(const json::array& written, std::vector<FieldParameters>& fields) {
  if (written.size() != fields.size()) return false;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    const json::array& levels = written[f].at("levels").as_array();
    if (written[f].at("field").as_string() != fields[f].field || levels.size() != fields[f].levels.size()) return false;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      LevelParameters& level = fields[f].levels[l];
      if (levels[l].at("code").as_string() != level.code) return false;
      level.m = to_kept_digits(levels[l].at("m").to_number<double>());
      level.u = to_kept_digits(levels[l].at("u").to_number<double>());
      if (!is_probability(level.m) || !is_probability(level.u)) return false;
    }
  }
  return true;
}

}  // namespace motcua::linkage
