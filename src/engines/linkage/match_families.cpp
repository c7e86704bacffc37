// Which keys rows of a table are compared by: what each would cost is counted in a sample.
#include <algorithm>

#include "engines/linkage/hash_sort.hpp"
#include "engines/linkage/match_keys.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t families_max = 30, rows_looked_at_max = 100'000;
constexpr std::size_t copies_counted_max = 16;       // of one row, where the cost of keys is counted
constexpr double single_pairs_per_record_max = 8;    // a part may stand alone when it proposes at most so many
constexpr double end_pairs_per_record_max = 1;       // or the end of a number: beyond, it says where and when the number was given
constexpr double filled_share_min = 0.02;

bool is_end(Part part) { return part == Part::head || part == Part::tail; }

struct Cost {
  double pairs_per_record = 0, filled = 0;
};

/// Some rows' parts as numbers, one column a part: what families of them would cost is counted there.
class Sample {
 public:
  Sample(const MatchTable::Columns& table, const std::vector<KeyPart>& parts, const ParallelFor& parallel_for)
      : step_(1 + table.rows() / rows_looked_at_max), hashes_(parts.size()) {
    const std::vector<RecordIndex> rows = without_copies(table);
    run(parallel_for, parts.size(), [&](std::size_t i) {
      const auto [field, part] = parts[i];
      for (const RecordIndex r : rows) hashes_[i].push_back(hash_of_part(table.columns[field], table.value(r, field), part));
    });
  }

  /// Of a family of one part (i == j) or two.
  Cost cost_of(std::size_t i, std::size_t j) const {
    std::vector<std::uint64_t> keys;
    keys.reserve(hashes_[i].size());
    for (std::size_t r = 0; r < hashes_[i].size(); ++r)
      if (hashes_[i][r] != 0 && hashes_[j][r] != 0) keys.push_back(i == j ? hashes_[i][r] : combine_hash(hashes_[i][r], hashes_[j][r]));
    sort_by_hash(keys, [](std::uint64_t key) { return key; });
    double pairs = 0;
    for (std::size_t from = 0, to = 0; from < keys.size(); from = to) {
      while (to < keys.size() && keys[to] == keys[from]) ++to;
      pairs += static_cast<double>(to - from) * static_cast<double>(to - from - 1) / 2;
    }
    const double looked_at = static_cast<double>(std::max<std::size_t>(hashes_[i].size(), 1));
    return {pairs * static_cast<double>(step_) / looked_at, static_cast<double>(keys.size()) / looked_at};
  }

 private:
  /// Every step_th row, but of rows that say the same only so many: a thousand copies of one row make no key expensive, as blocks are bounded.
  std::vector<RecordIndex> without_copies(const MatchTable::Columns& table) const {
    std::vector<KeyEntry> contents;
    for (std::size_t r = 0; r < table.rows(); r += step_) {
      std::uint64_t content = 0;
      for (std::size_t f = 0; f < table.columns.size(); ++f) content = combine_hash(content, table.value(static_cast<RecordIndex>(r), f));
      contents.emplace_back(content, static_cast<RecordIndex>(r));
    }
    sort_by_hash(contents, [](const KeyEntry& e) { return e.key(); });
    std::vector<RecordIndex> rows;
    for (std::size_t i = 0; i < contents.size(); ++i)
      if (i < copies_counted_max || contents[i - copies_counted_max].key() != contents[i].key()) rows.push_back(contents[i].record);
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  std::size_t step_;
  std::vector<std::vector<std::uint64_t>> hashes_;
};

}  // namespace

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

std::vector<MatchKeys::Family> choose_families(const MatchTable::Columns& table, double pairs_per_record_max, const ParallelFor& parallel_for) {
  std::vector<KeyPart> parts;
  for (std::size_t f = 0; f < table.columns.size(); ++f)
    for (const Part part : parts_of(table.columns[f].field.kind)) parts.push_back({f, part});
  const Sample sample(table, parts, parallel_for);
  std::vector<Cost> alone(parts.size());
  run(parallel_for, parts.size(), [&](std::size_t i) { alone[i] = sample.cost_of(i, i); });

  std::vector<MatchKeys::Family> chosen;
  std::vector<std::size_t> loose;
  double spent = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (alone[i].filled < filled_share_min) continue;
    if (alone[i].pairs_per_record > (is_end(parts[i].part) ? end_pairs_per_record_max : single_pairs_per_record_max) || spent + alone[i].pairs_per_record > pairs_per_record_max) {
      loose.push_back(i);
      continue;
    }
    chosen.push_back({parts[i]});
    spent += alone[i].pairs_per_record;
  }

  for (std::size_t f = 0; f < table.columns.size(); ++f) {
    if (table.columns[f].parsed.size() < 2) continue;
    const RareWords words = find_rare_words(table, f);
    if (words.filled < filled_share_min || spent + words.pairs_per_record > pairs_per_record_max) continue;
    chosen.push_back({{f, Part::words}});
    spent += words.pairs_per_record;
  }

  struct Both {
    std::size_t i = 0, j = 0;
    Cost cost = {};
  };
  std::vector<Both> pairs;
  for (std::size_t i = 0; i < loose.size(); ++i)
    for (std::size_t j = i + 1; j < loose.size(); ++j)
      if (parts[loose[i]].field != parts[loose[j]].field) pairs.push_back({loose[i], loose[j]});
  run(parallel_for, pairs.size(), [&](std::size_t p) { pairs[p].cost = sample.cost_of(pairs[p].i, pairs[p].j); });
  std::erase_if(pairs, [](const Both& p) { return p.cost.filled < filled_share_min || p.cost.pairs_per_record > single_pairs_per_record_max; });
  std::stable_sort(pairs.begin(), pairs.end(), [](const Both& x, const Both& y) { return x.cost.pairs_per_record < y.cost.pairs_per_record; });
  for (const Both& p : pairs) {
    if (chosen.size() == families_max || spent + p.cost.pairs_per_record > pairs_per_record_max) break;
    chosen.push_back({parts[p.i], parts[p.j]});
    spent += p.cost.pairs_per_record;
  }
  chosen.resize(std::min(chosen.size(), families_max));
  return chosen;
}

}  // namespace motcua::linkage
