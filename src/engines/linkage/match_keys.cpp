#include "engines/linkage/match_keys.hpp"

#include <algorithm>
#include <bit>

namespace motcua::linkage {
namespace {

constexpr std::size_t families_max = 30, rows_looked_at_max = 100'000;
constexpr double single_pairs_per_record_max = 8;    // a part may stand alone when it proposes at most so many
constexpr double filled_share_min = 0.02;

std::uint64_t hash_of_part(const MatchColumn& c, TextId value, Part part) {
  if (value == 0) return 0;
  const std::string_view text = c.text(value);
  switch (part) {
    case Part::value: return hash_text(text, 1);
    case Part::skeleton: return c.parsed[value].skeleton;
    case Part::year: return hash_text(text.substr(0, 4), 2);
    case Part::year_month: return text.substr(4, 2) == "00" ? 0 : hash_text(text.substr(0, 6), 3);
    case Part::month_day: return text.substr(6, 2) == "00" ? 0 : hash_text(text.substr(4), 4);
    case Part::local: return hash_text(text.substr(0, text.find('@')), 5);
  }
  return 0;
}

std::vector<Part> parts_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::name: return {Part::value, Part::skeleton};
    case FieldKind::date: return {Part::value, Part::year_month, Part::month_day, Part::year};
    case FieldKind::email: return {Part::value, Part::local};
    case FieldKind::text: case FieldKind::address: return {Part::value, Part::skeleton};
    default: return {Part::value};
  }
}

std::uint64_t hash_of_family(const MatchTable::Columns& table, const MatchKeys::Family& family, RecordIndex r) {
  std::uint64_t hash = 0;
  for (const KeyPart& p : family) {
    const std::uint64_t part = hash_of_part(table.columns[p.field], table.value(r, p.field), p.part);
    if (part == 0) return 0;
    hash = combine_hash(hash, combine_hash(part, p.field));
  }
  return hash;
}

struct Cost {
  double pairs_per_record = 0, filled = 0;
};

Cost cost_of(const MatchTable::Columns& table, const MatchKeys::Family& family) {
  const std::size_t rows = table.files.size(), step = 1 + rows / rows_looked_at_max;
  std::vector<std::uint64_t> hashes;
  for (std::size_t r = 0; r < rows; r += step)
    if (const std::uint64_t h = hash_of_family(table, family, static_cast<RecordIndex>(r)); h != 0) hashes.push_back(h);
  std::sort(hashes.begin(), hashes.end());
  double pairs = 0;
  for (std::size_t from = 0, to = 0; from < hashes.size(); from = to) {
    while (to < hashes.size() && hashes[to] == hashes[from]) ++to;
    pairs += static_cast<double>(to - from) * static_cast<double>(to - from - 1) / 2;
  }
  const double looked_at = static_cast<double>((rows + step - 1) / step);
  return {pairs * static_cast<double>(step) / looked_at, static_cast<double>(hashes.size()) / looked_at};
}

std::string_view name_of(Part part) {
  constexpr std::string_view names[] = {"", "(sound)", "(year)", "(year, month)", "(month, day)", "(before @)"};
  return names[static_cast<std::size_t>(part)];
}

}  // namespace

MatchKeys::MatchKeys(const MatchTable::Columns& table, std::vector<Family> families, const ParallelFor& parallel_for)
    : table_(table), families_(std::move(families)) {
  for (const Family& family : families_) {
    lanes_of_.push_back(0);
    for (const KeyPart& part : family) lanes_of_.back() |= std::uint64_t{1} << lane_of(part);
  }
  const std::size_t lanes = lanes_.size();
  parts_.resize(table.rows() * lanes);
  run(parallel_for, lanes, [&](std::size_t lane) {
    const auto [field, part] = lanes_[lane];
    std::vector<std::uint32_t> of_value(table.columns[field].values.size());
    for (TextId value = 1; value < of_value.size(); ++value) {
      const std::uint64_t hash = hash_of_part(table.columns[field], value, part);
      of_value[value] = hash == 0 ? 0 : std::max(1U, static_cast<std::uint32_t>(hash >> 32));
    }
    for (std::size_t r = 0; r < table.rows(); ++r) parts_[r * lanes + lane] = of_value[table.value(static_cast<RecordIndex>(r), field)];
  });
}

std::size_t MatchKeys::lane_of(const KeyPart& part) {
  const auto at = std::find(lanes_.begin(), lanes_.end(), part);
  if (at != lanes_.end()) return static_cast<std::size_t>(at - lanes_.begin());
  lanes_.push_back(part);
  return lanes_.size() - 1;
}

void MatchKeys::keys(RecordIndex record, std::size_t family, std::vector<std::uint64_t>& out) const {
  const std::uint32_t* parts = parts_.data() + record * lanes_.size();
  std::uint64_t key = family;
  for (std::uint64_t left = lanes_of_[family]; left != 0; left &= left - 1) {
    const std::uint32_t part = parts[std::countr_zero(left)];
    if (part == 0) return;
    key = combine_hash(key, part);
  }
  out.push_back(key);
}

std::uint32_t MatchKeys::shared_families(RecordIndex a, RecordIndex b) const {
  const std::size_t lanes = lanes_.size();
  const std::uint32_t *x = parts_.data() + a * lanes, *y = parts_.data() + b * lanes;
  std::uint64_t same = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) same |= static_cast<std::uint64_t>(x[lane] == y[lane] && x[lane] != 0) << lane;
  std::uint32_t shared = 0;
  for (std::size_t family = 0; family < lanes_of_.size(); ++family)
    shared |= static_cast<std::uint32_t>((lanes_of_[family] & ~same) == 0) << family;
  return shared;
}

std::uint64_t MatchKeys::refinement(RecordIndex record, std::size_t step) const {
  const MatchColumn& c = table_.columns[step];
  return hash_of_part(c, table_.value(record, step), Part::value);
}

std::uint32_t MatchKeys::presupposed(std::size_t family) const {
  std::uint32_t fields = 0;
  for (const KeyPart& p : families_[family]) fields |= std::uint32_t{1} << p.field;
  return fields;
}

std::string MatchKeys::describe(std::size_t family) const {
  std::string text;
  for (const KeyPart& p : families_[family]) {
    if (!text.empty()) text += " + ";
    text += table_.columns[p.field].field.name;
    text += name_of(p.part);
  }
  return text;
}

std::vector<MatchKeys::Family> to_families(const MatchTable::Columns& table, const std::vector<std::vector<std::string>>& blocks) {
  std::vector<MatchKeys::Family> families;
  for (const auto& block : blocks) {
    MatchKeys::Family family;
    for (const std::string& name : block)
      for (std::size_t f = 0; f < table.columns.size(); ++f)
        if (table.columns[f].field.name == name) family.push_back({f, Part::value});
    if (!family.empty() && families.size() < key_families_max) families.push_back(family);
  }
  return families;
}

std::vector<MatchKeys::Family> choose_families(const MatchTable::Columns& table, double pairs_per_record_max) {
  std::vector<KeyPart> loose;
  std::vector<MatchKeys::Family> chosen;
  double spent = 0;
  for (std::size_t f = 0; f < table.columns.size(); ++f) {
    for (const Part part : parts_of(table.columns[f].field.kind)) {
      const Cost cost = cost_of(table, {{f, part}});
      if (cost.filled < filled_share_min) continue;
      const bool alone = cost.pairs_per_record <= single_pairs_per_record_max && spent + cost.pairs_per_record <= pairs_per_record_max;
      if (!alone) { loose.push_back({f, part}); continue; }
      chosen.push_back({{f, part}});
      spent += cost.pairs_per_record;
    }
  }
  std::vector<std::pair<double, MatchKeys::Family>> pairs;
  for (std::size_t i = 0; i < loose.size(); ++i) {
    for (std::size_t j = i + 1; j < loose.size(); ++j) {
      if (loose[i].field == loose[j].field) continue;
      const MatchKeys::Family family = {loose[i], loose[j]};
      const Cost cost = cost_of(table, family);
      if (cost.filled >= filled_share_min && cost.pairs_per_record <= single_pairs_per_record_max) pairs.emplace_back(cost.pairs_per_record, family);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [cost, family] : pairs) {
    if (chosen.size() == families_max || spent + cost > pairs_per_record_max) break;
    chosen.push_back(family);
    spent += cost;
  }
  chosen.resize(std::min(chosen.size(), families_max));
  return chosen;
}

}  // namespace motcua::linkage
