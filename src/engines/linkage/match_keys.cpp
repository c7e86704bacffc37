#include "engines/linkage/match_keys.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "engines/linkage/hash_sort.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t families_max = 30, rows_looked_at_max = 100'000;
constexpr double single_pairs_per_record_max = 8;    // a part may stand alone when it proposes at most so many
constexpr double end_pairs_per_record_max = 1;       // or the end of a number: beyond, it says where and when the number was given
constexpr double filled_share_min = 0.02;
constexpr std::uint32_t recall_draws = 20'000;

/// Of a number's head or tail: they do not overlap, and a character more or less moves neither.
std::size_t end_length(std::string_view text) { return text.size() >= 12 ? 6 : text.size() >= 8 ? 4 : text.size() >= 6 ? 3 : 0; }

bool is_end(Part part) { return part == Part::head || part == Part::tail; }

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
    case Part::head: return end_length(text) == 0 ? 0 : hash_text(text.substr(0, end_length(text)), 6);
    case Part::tail: return end_length(text) == 0 ? 0 : hash_text(text.substr(text.size() - end_length(text)), 7);
    case Part::words: return 0;   // more than one
  }
  return 0;
}

std::vector<Part> parts_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::name: return {Part::value, Part::skeleton};
    case FieldKind::date: return {Part::value, Part::year_month, Part::month_day, Part::year};
    case FieldKind::email: return {Part::value, Part::local};
    case FieldKind::text: case FieldKind::address: return {Part::value, Part::skeleton};
    case FieldKind::id: case FieldKind::phone: return {Part::value, Part::head, Part::tail};
    default: return {Part::value};
  }
}

/// A number for each value, the same just when the parts are the same (as far as 64 bits of a hash can tell); 0: none. It depends on the set of
/// values, not on the order they came in.
std::vector<std::uint32_t> number_parts(const MatchColumn& c, Part part) {
  std::vector<KeyEntry> hashes;
  hashes.reserve(c.values.size());
  for (TextId value = 1; value < c.values.size(); ++value)
    if (const std::uint64_t hash = hash_of_part(c, value, part); hash != 0) hashes.emplace_back(hash, value);
  sort_by_hash(hashes, [](const KeyEntry& e) { return e.key(); });
  std::vector<std::uint32_t> numbers(c.values.size(), 0);
  std::uint32_t number = 0;
  for (std::uint64_t before = 0; const KeyEntry& e : hashes) {
    number += e.key() != std::exchange(before, e.key());
    numbers[e.record] = number;
  }
  return numbers;
}

struct Cost {
  double pairs_per_record = 0, filled = 0;
};

/// Some rows' parts as numbers, one column a part: what families of them would cost is counted there.
class Sample {
 public:
  Sample(const MatchTable::Columns& table, const std::vector<KeyPart>& parts, const ParallelFor& parallel_for)
      : step_(1 + table.rows() / rows_looked_at_max), hashes_(parts.size()) {
    run(parallel_for, parts.size(), [&](std::size_t i) {
      const auto [field, part] = parts[i];
      for (std::size_t r = 0; r < table.rows(); r += step_)
        hashes_[i].push_back(hash_of_part(table.columns[field], table.value(static_cast<RecordIndex>(r), field), part));
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
  std::size_t step_;
  std::vector<std::vector<std::uint64_t>> hashes_;
};

std::string_view name_of(Part part) {
  constexpr std::string_view names[] = {"", "(sound)", "(year)", "(year, month)", "(month, day)", "(before @)", "(first characters)", "(last characters)", "(rare words)"};
  return names[static_cast<std::size_t>(part)];
}

}  // namespace

RareWords find_rare_words(const MatchTable::Columns& table, std::size_t field) {
  const MatchColumn& c = table.columns[field];
  const std::vector<std::uint32_t> holding = table.rows_with_word(field);
  std::vector<std::pair<std::uint64_t, TextId>> order;   // numbered by what the words are, not by when they came
  for (TextId word = 1; word < holding.size(); ++word)
    if (holding[word] > 1 && holding[word] <= RareWords::rows_max) order.emplace_back(c.word_texts.hash(word), word);
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> number(holding.size(), 0), rows_of(order.size() + 1, 0);
  for (std::uint32_t i = 0; i < order.size(); ++i) number[order[i].second] = i + 1;

  RareWords found{.of_value = std::vector<RareWords::Words>(c.values.size(), RareWords::Words{})};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rare;   // rows, number
  for (TextId v = 1; v < c.parsed.size(); ++v) {
    rare.clear();
    if (c.parsed[v].words < 2) continue;   // one word is the value itself
    for (std::size_t w = c.parsed[v].first_word; w < c.parsed[v].first_word + std::size_t{c.parsed[v].words}; ++w)
      if (number[c.words[w]] != 0) rare.emplace_back(holding[c.words[w]], number[c.words[w]]);
    std::sort(rare.begin(), rare.end());
    std::uint32_t rows = 0;
    for (std::size_t i = 0; i < std::min(rare.size(), RareWords::words_max) && (rows += rare[i].first) <= RareWords::rows_max; ++i) found.of_value[v][i] = rare[i].second;
  }
  double pairs = 0, filled = 0;
  for (RecordIndex r = 0; r < table.rows(); ++r) {
    const RareWords::Words& words = found.of_value[table.value(r, field)];
    filled += words[0] != 0;
    for (const std::uint32_t word : words)
      if (word != 0) pairs += rows_of[word]++;
  }
  const double rows = std::max(1.0, static_cast<double>(table.rows()));
  found.pairs_per_record = pairs / rows;
  found.filled = filled / rows;
  return found;
}

MatchKeys::MatchKeys(const MatchTable::Columns& table, std::vector<Family> families, const ParallelFor& parallel_for)
    : table_(table), families_(std::move(families)) {
  for (const Family& family : families_) {
    const bool words = family.size() == 1 && family[0].part == Part::words;
    lanes_of_.emplace_back();
    words_of_.push_back(words ? find_rare_words(table, family[0].field) : RareWords{});
    word_families_ |= static_cast<std::uint32_t>(words) << (lanes_of_.size() - 1);
    for (const KeyPart& part : family) {
      if (words) continue;
      if (const std::size_t lane = lane_of(part); std::find(lanes_of_.back().begin(), lanes_of_.back().end(), lane) == lanes_of_.back().end())
        lanes_of_.back().push_back(lane);
    }
    std::sort(lanes_of_.back().begin(), lanes_of_.back().end());
  }
  numbers_.resize(lanes_.size());
  run(parallel_for, lanes_.size(), [&](std::size_t lane) {
    const auto [field, part] = lanes_[lane];
    const std::vector<std::uint32_t> of_value = number_parts(table.columns[field], part);
    numbers_[lane].resize(table.rows());
    for (std::size_t r = 0; r < table.rows(); ++r) numbers_[lane][r] = of_value[table.value(static_cast<RecordIndex>(r), field)];
  });
  widen_rows();
  find_holders();
}

std::size_t MatchKeys::lane_of(const KeyPart& part) {
  const auto at = std::find(lanes_.begin(), lanes_.end(), part);
  if (at != lanes_.end()) return static_cast<std::size_t>(at - lanes_.begin());
  lanes_.push_back(part);
  return lanes_.size() - 1;
}

/// Rows of 32 or 64 bytes or whole cache lines, so that few looks at memory tell all of two rows.
void MatchKeys::widen_rows() {
  const std::size_t fields = table_.columns.size();
  std::vector<std::pair<std::size_t, std::size_t>> beside;   // cell, lane
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    cells_.push_back(lanes_[lane].part == Part::value ? lanes_[lane].field : fields + beside.size());
    if (cells_.back() >= fields) beside.emplace_back(cells_.back(), lane);
  }
  const std::size_t cells = fields + beside.size(), width = cells <= 8 ? 8 : (cells + 15) / 16 * 16;
  LargeArray<TextId> wide(table_.rows() * width);
  for (RecordIndex r = 0; r < table_.rows(); ++r) {
    TextId* row = wide.data() + r * width;
    std::copy_n(table_.row(r), fields, row);
    for (const auto& [cell, lane] : beside) row[cell] = numbers_[lane][r];
  }
  table_.values.swap(wide);
  table_.width = width;
}

void MatchKeys::find_holders() {
  holders_.assign(table_.width / 8, {});
  for (std::size_t family = 0; family < families_.size(); ++family)
    for (const std::size_t lane : lanes_of_[family])
      for (std::size_t set = 0; set < 256; ++set)
        if ((set >> cells_[lane] % 8 & 1) != 0) holders_[cells_[lane] / 8][set] |= std::uint32_t{1} << family;
}

std::uint64_t MatchKeys::key_of(std::size_t family, RecordIndex record) const {
  std::uint64_t key = family;
  for (const std::size_t lane : lanes_of_[family]) {
    const std::uint32_t number = numbers_[lane][record];
    if (number == 0) return 0;
    key = combine_hash(key, number);
  }
  return key;
}

void MatchKeys::keys(RecordIndex record, std::size_t family, std::vector<std::uint64_t>& out) const {
  if ((word_families_ >> family & 1) == 0) {
    if (const std::uint64_t key = key_of(family, record); key != 0) out.push_back(key);
    return;
  }
  for (const std::uint32_t word : words_of_[family].of_value[table_.value(record, families_[family][0].field)])
    if (word != 0) out.push_back(combine_hash(family, word));
}

void MatchKeys::list_keys(std::size_t family, RecordIndex from, RecordIndex to, std::vector<KeyEntry>& out) const {
  if ((word_families_ >> family & 1) != 0) return KeySource::list_keys(family, from, to, out);
  out.reserve(out.size() + to - from);
  for (RecordIndex r = from; r < to; ++r)
    if (const std::uint64_t key = key_of(family, r); key != 0) out.emplace_back(key, r);
}

/// Of eight cells, those that say nothing or not the same, as bits.
static std::uint32_t unequal_cells(const TextId* x, const TextId* y) {
#if defined(__SSE2__)
  const auto equal = [](const TextId* p, const TextId* q) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)), b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(q));
    const __m128i told = _mm_andnot_si128(_mm_cmpeq_epi32(a, _mm_setzero_si128()), _mm_cmpeq_epi32(a, b));
    return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(told)));
  };
  return ~(equal(x, y) | equal(x + 4, y + 4) << 4) & 255;
#else
  std::uint32_t unequal = 0;
  for (int i = 0; i < 8; ++i) unequal |= static_cast<std::uint32_t>(x[i] == 0 || x[i] != y[i]) << i;
  return unequal;
#endif
}

/// Families whose parts are not all shared; those of words seem to be.
std::uint32_t MatchKeys::unshared_cells(RecordIndex a, RecordIndex b) const {
  const TextId *x = table_.row(a), *y = table_.row(b);
  std::uint32_t unshared = 0;
  for (std::size_t i = 0; i < holders_.size(); ++i) unshared |= holders_[i][unequal_cells(x + 8 * i, y + 8 * i)];
  return unshared;
}

std::uint32_t MatchKeys::shared_families(RecordIndex a, RecordIndex b) const {
  std::uint32_t shared = ~unshared_cells(a, b) & static_cast<std::uint32_t>((std::uint64_t{1} << families_.size()) - 1);
  for (std::uint32_t left = word_families_; left != 0; left &= left - 1)
    if (!share_word(a, b, static_cast<std::size_t>(std::countr_zero(left)))) shared &= ~(left & (~left + 1));
  return shared;
}

bool MatchKeys::share_any(RecordIndex a, RecordIndex b, std::uint32_t families) const {
  if ((~unshared_cells(a, b) & families & ~word_families_) != 0) return true;
  for (std::uint32_t left = word_families_ & families; left != 0; left &= left - 1)
    if (share_word(a, b, static_cast<std::size_t>(std::countr_zero(left)))) return true;
  return false;
}

bool MatchKeys::share_word(RecordIndex a, RecordIndex b, std::size_t family) const {
  const std::size_t field = families_[family][0].field;
  const RareWords::Words &x = words_of_[family].of_value[table_.value(a, field)], &y = words_of_[family].of_value[table_.value(b, field)];
  return std::any_of(x.begin(), x.end(), [&](std::uint32_t word) { return word != 0 && std::find(y.begin(), y.end(), word) != y.end(); });
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

std::uint64_t MatchKeys::pairs(std::size_t family) const {
  std::vector<std::uint64_t> held;
  for (RecordIndex r = 0; r < table_.rows(); ++r) keys(r, family, held);
  std::sort(held.begin(), held.end());
  std::uint64_t sum = 0;
  for (std::size_t from = 0, to = 0; from < held.size(); from = to) {
    while (to < held.size() && held[to] == held[from]) ++to;
    sum += static_cast<std::uint64_t>(to - from) * (to - from - 1) / 2;
  }
  return sum;
}

namespace {

/// How much of a value a pair of one person has in common.
enum Told : std::uint8_t { differs, words_agree, part_agrees, agrees };

Told told_at(const std::vector<LevelParameters>& levels, bool has_words, double filled, double at) {
  const double same = filled * levels[0].m, slip = filled * levels[1].m;
  if (at < same) return agrees;
  if (at < same + slip / 2) return part_agrees;
  if (!has_words) return differs;
  double much = slip;   // close, most, half
  for (std::size_t l = 2; l < std::min<std::size_t>(levels.size() - 1, 4); ++l) much += filled * levels[l].m;
  return at < same + much ? words_agree : differs;
}

bool is_met(const MatchKeys::Family& family, const std::array<Told, fields_max>& told) {
  return std::all_of(family.begin(), family.end(), [&](const KeyPart& p) { return told[p.field] >= (p.part == Part::value ? agrees : p.part == Part::words ? words_agree : part_agrees); });
}

}  // namespace

double MatchKeys::expected_recall(const std::vector<FieldParameters>& parameters) const {
  const std::size_t fields = table_.columns.size();
  std::vector<double> filled(fields, 0);
  for (RecordIndex r = 0; r < table_.rows(); ++r)
    for (std::size_t f = 0; f < fields; ++f) filled[f] += table_.value(r, f) != 0;
  for (double& share : filled) share = share * share / std::max(1.0, static_cast<double>(table_.rows()) * static_cast<double>(table_.rows()));
  const auto drawn = [](std::uint64_t draw, std::size_t what) { return static_cast<double>(mix(draw * (fields_max + key_families_max) + what + 1) >> 11) * 0x1p-53; };
  std::uint32_t met = 0;
  for (std::uint32_t draw = 0; draw < recall_draws; ++draw) {
    std::array<Told, fields_max> told{};
    for (std::size_t f = 0; f < fields; ++f) told[f] = told_at(parameters[f].levels, table_.columns[f].parsed.size() > 1, filled[f], drawn(draw, f));
    bool together = false;
    for (std::size_t family = 0; family < families_.size() && !together; ++family)
      together = is_met(families_[family], told) && ((word_families_ >> family & 1) == 0 || drawn(draw, fields_max + family) < words_of_[family].filled);
    met += together;
  }
  return static_cast<double>(met) / recall_draws;
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
