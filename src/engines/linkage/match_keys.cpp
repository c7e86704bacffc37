#include "engines/linkage/match_keys.hpp"

#include <algorithm>
#include <bit>
#include <utility>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace motcua::linkage {
namespace {

constexpr std::uint32_t recall_draws = 20'000;

}  // namespace

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

}  // namespace motcua::linkage
