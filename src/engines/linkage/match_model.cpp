#include "engines/linkage/match_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "engines/linkage/em.hpp"
#include "engines/linkage/model_json.hpp"

namespace motcua::linkage {
namespace {

namespace json = boost::json;

constexpr std::uint64_t random_pairs_max = 400'000, learning_pairs_max = 600'000;
constexpr double rarity_bits_max = 8, near_rarity_bits_max = 3, rounding_bits = 1e-6, rows_sharing_min = 3;
constexpr std::size_t fetched_ahead = 16;
constexpr int share_rounds = 2;
constexpr std::int64_t format_version = 1;

/// Bits that agreement on a value brings beyond agreement as such. Of the rows that hold a row's value some are strangers, others the same person
/// once more (`copies` a row); only strangers make a value common. Values the frequencies do not hold were seen once.
std::vector<float> rarities(const MatchColumn& c, const Frequencies& f, double u_same, double copies) {
  if (f.total == 0) return {};
  const double rows = static_cast<double>(f.total), strangers = u_same * rows, of_strangers = strangers / (strangers + copies);
  const auto bits = [&](double seen) {
    const double others = std::min(std::max(seen - 1 - copies, 0.5), std::max(seen - 1, 0.5) * of_strangers);
    return static_cast<float>(std::clamp(std::log2(strangers / others), -rarity_bits_max, rarity_bits_max));
  };
  std::vector<float> of_value(c.values.size(), bits(1));
  for (const auto& [value, seen] : f.counts) of_value[c.values.find(value)] = bits(seen);
  of_value[0] = 0;
  return of_value;
}

/// What comparing two values of the kind takes, from least to most.
int cost_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::category: case FieldKind::year: case FieldKind::number: return 0;
    case FieldKind::date: return 1;
    case FieldKind::id: case FieldKind::phone: return 2;
    case FieldKind::email: return 3;
    case FieldKind::text: case FieldKind::address: return 4;
    case FieldKind::name: return 5;
  }
  return 5;
}

Frequencies count_values(const MatchTable::Columns& table, std::size_t field) {
  const MatchColumn& c = table.columns[field];
  Frequencies f;
  if (!c.field.term_frequency || c.field.kind == FieldKind::date || c.field.kind == FieldKind::number) return f;
  std::vector<std::uint32_t> counts(c.values.size(), 0);
  for (RecordIndex r = 0; r < table.rows(); ++r) ++counts[table.value(r, field)];
  for (TextId id = 1; id < counts.size(); ++id) {
    f.total += counts[id];
    if (counts[id] > 1) f.counts.emplace(c.text(id), counts[id]);
  }
  f.trim(frequency_values_max);
  return f;
}

/// Pairs that may be one, with their levels and, of candidates, the families they share: counted on all cores.
struct Compared {
  std::uint64_t pair = 0;
  Levels levels{};
};
std::vector<Compared> compare_pairs(const MatchTable::Columns& table, const MatchSpec& spec, std::vector<std::uint64_t> pairs) {
  if (spec.mode == MatchSpec::Mode::link)
    std::erase_if(pairs, [&](std::uint64_t pair) { return table.files[first_of(pair)] == table.files[second_of(pair)]; });
  std::vector<Compared> compared(pairs.size());
  run_ranges(spec.options.parallel_for, pairs.size(), 4096, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (i + fetched_ahead < to)
        for (const RecordIndex r : {first_of(pairs[i + fetched_ahead]), second_of(pairs[i + fetched_ahead])}) __builtin_prefetch(table.row(r));
      compared[i] = {pairs[i], compare_rows(table, first_of(pairs[i]), second_of(pairs[i]))};
    }
  });
  return compared;
}

/// Drawn by rank, so that the order in which rows came does not matter.
std::vector<Pattern> random_patterns(const MatchTable::Columns& table, const MatchSpec& spec, const std::vector<std::uint32_t>& rank) {
  const std::uint64_t n = table.rows(), wanted = std::min<std::uint64_t>(random_pairs_max, n * n * 2);
  std::vector<RecordIndex> by_rank(n);
  for (RecordIndex r = 0; r < n; ++r) by_rank[rank[r]] = r;
  std::vector<std::uint64_t> pairs;
  for (std::uint64_t i = 0; i < wanted; ++i) {
    const std::uint64_t draw = mix(spec.options.seed * 0x9e3779b97f4a7c15ULL + i);
    const RecordIndex a = by_rank[(draw >> 32) % n], b = by_rank[(draw & 0xffffffff) % n];
    if (a != b) pairs.push_back(to_pair(a, b));
  }
  PatternCounts counts;
  for (const Compared& c : compare_pairs(table, spec, std::move(pairs))) counts.add(c.levels, 0);
  return counts.patterns();
}

/// Candidate pairs whose most telling shared key is one in so many, ascending.
std::vector<std::uint64_t> sample_pairs(const MatchKeys& keys, std::span<const std::uint32_t> rank, const Options& options, std::uint64_t one_in) {
  std::vector<std::vector<std::uint64_t>> found(block_tasks);
  for_each_candidate(keys, rank, {.block_records_max = options.block_records_max, .one_in = one_in, .parallel_for = options.parallel_for},
                     [&](std::size_t task, std::span<const std::uint64_t> pairs) { found[task].insert(found[task].end(), pairs.begin(), pairs.end()); });
  std::vector<std::uint64_t> all;
  for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
  sort_parallel(all, options.parallel_for, std::less<>());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<MatchField> kinds_of(const MatchTable::Columns& table) {
  std::vector<MatchField> kinds;
  for (const MatchColumn& c : table.columns) kinds.push_back(c.field);
  return kinds;
}

/// Fields whose value a row shares with some others by chance alone.
std::vector<bool> grouped_fields(const std::vector<FieldParameters>& fields, double rows) {
  std::vector<bool> grouped;
  for (const FieldParameters& f : fields) grouped.push_back(f.levels[0].u * rows > rows_sharing_min);
  return grouped;
}

/// Two values that changed places show in two fields and are one event: together they may say no more than both being the same, less what says how seldom
/// values change places. Half of that to each field.
void weigh_swaps(std::vector<FieldParameters>& fields, const MatchTable::Columns& table) {
  constexpr double seldom = 0.1;   // the square root of how often, at the start
  for (std::size_t f = 0; f < fields.size(); ++f)
    if (const std::uint8_t level = swapped_level(table.columns[f].field.kind); level != 0) fields[f].levels[level - 1u].u = std::max(fields[f].levels[level - 1u].u, seldom * fields[f].levels[0].u);
}

TableModel start_model(const MatchTable::Columns& table, const ParallelFor& parallel_for) {
  TableModel model;
  model.prior = std::clamp(1.0 / static_cast<double>(std::max<std::size_t>(table.files.size(), 2)), 1e-9, 0.05);
  for (const MatchColumn& column : table.columns) model.fields.push_back(starting_parameters(column.field));
  model.kin = starting_kin(kinds_of(table), model.fields, std::vector<bool>(model.fields.size(), false));
  model.frequencies.resize(table.columns.size());
  run(parallel_for, table.columns.size(), [&](std::size_t f) { model.frequencies[f] = count_values(table, f); });
  return model;
}

}  // namespace

RowScorer::RowScorer(const MatchTable::Columns& table, const TableModel& model, bool between_files_only)
    : table_(table), weights_(model.fields), kin_weights_(model.kin), home_(model.home), prior_bits_(to_bits(model.prior)), kin_prior_bits_(to_bits(model.kin_prior)),
      between_files_only_(between_files_only), derived_(find_derived_addresses(table)) {
  for (std::size_t f = 0; f < table.columns.size(); ++f) {
    const double u_same = model.fields[f].levels[0].u;
    const auto numbers = [](const FieldParameters& field, double LevelParameters::*number) {
      std::vector<double> of_level{0};
      for (const LevelParameters& level : field.levels) of_level.push_back(level.*number);
      return of_level;
    };
    m_.push_back(numbers(model.fields[f], &LevelParameters::m));
    u_.push_back(numbers(model.fields[f], &LevelParameters::u));
    kin_m_.push_back(model.kin.empty() ? u_.back() : numbers(model.kin[f], &LevelParameters::m));
    near_level_.push_back(table.columns[f].field.kind == FieldKind::name ? level_same + 1 : 0);
    const double copies = model.prior * static_cast<double>(model.frequencies[f].total) * model.fields[f].levels[0].m;
    rarity_.push_back(rarities(table.columns[f], model.frequencies[f], u_same, copies));
    for (std::size_t level = level_same + 1; level <= model.fields[f].levels.size(); ++level)
      most_[f] = level == level_same + 1 ? weights_.bits[f][level] : std::max(most_[f], weights_.bits[f][level]);
    if (near_level_[f] != 0) most_[f] += near_rarity_bits_max;
    for (std::size_t g = 0; g < f && swapped_level(table.columns[f].field.kind) != 0; ++g)
      if (table.columns[g].field.kind == table.columns[f].field.kind) swaps_[f] = swaps_[g] = any_swaps_ = true;
    if (table.columns[f].codes.size() > 1) coded_.push_back(static_cast<std::uint8_t>(f));
    by_cost_.push_back(static_cast<std::uint8_t>(f));
  }
  std::stable_sort(by_cost_.begin(), by_cost_.end(),
                   [&](std::uint8_t f, std::uint8_t g) { return cost_of(table.columns[f].field.kind) < cost_of(table.columns[g].field.kind); });
}

void RowScorer::prefetch_values(RecordIndex a, RecordIndex b) const {
  const TextId *x = table_.row(a), *y = table_.row(b);
  for (const std::uint8_t f : coded_) {
    if (x[f] == y[f] || x[f] == 0 || y[f] == 0) continue;
    __builtin_prefetch(&table_.columns[f].codes[x[f]]);
    __builtin_prefetch(&table_.columns[f].codes[y[f]]);
  }
}

/// A slip in a rare name says more than one in a common name: how rare, the more frequent of the two tells.
double RowScorer::rarity(std::size_t field, std::uint8_t level, TextId x, TextId y) const {
  if (rarity_[field].empty() || level == 0) return 0;
  if (level == level_same) return rarity_[field][x];
  if (near_level_[field] == 0 || (level != near_level_[field] && level != swapped_level(FieldKind::name))) return 0;
  return std::clamp<double>(std::min(rarity_[field][x], rarity_[field][y]), -near_rarity_bits_max, near_rarity_bits_max);
}

double RowScorer::bar(std::size_t field, std::uint8_t level, TextId x, TextId y) const { return weights_.bits[field][level] + rarity(field, level, x, y); }

double RowScorer::kin_bar(std::size_t field, std::uint8_t level, TextId x, TextId y) const {
  const double bits = kin_weights_.bits[field][level], rare = rarity(field, level, x, y);
  if (rare == 0) return bits;
  const double u = u_[field][level], kin_share = std::max((kin_m_[field][level] - u) / (1 - u), 0.0), stranger = u * std::exp2(-rare);   // that a stranger has this very value
  return std::log2((kin_share + (1 - kin_share) * stranger) / stranger);
}

double RowScorer::counted_twice(const DerivedAddresses& addresses, const Levels& levels, const TextId* x, const TextId* y) const {
  constexpr std::uint8_t close = 2;
  const std::size_t f = addresses.field;
  const std::uint32_t made_of = addresses.made_of[x[f]] & addresses.made_of[y[f]];
  if (made_of == 0 || levels[f] == 0 || levels[f] + 1u == m_[f].size()) return 0;
  double names = 0;   // that only the addresses tell to be the same
  for (std::uint32_t left = made_of; left != 0; left &= left - 1) {
    const auto name = static_cast<std::size_t>(std::countr_zero(left));
    if (levels[name] == 0 || levels[name] > close) names += bar(name, level_same, x[name] == 0 ? y[name] : y[name] == 0 ? x[name] : 0, 0);
  }
  const double strangers = levels[f] == level_same ? static_cast<double>(addresses.shared[x[f]]) : addresses.of_names[levels[f]];   // of the same name
  const double counted = bar(f, levels[f], x[f], y[f]), beyond = std::log2(m_[f][levels[f]] / std::max(strangers, 1e-9));
  return std::max(counted - beyond - names, 0.0);
}

Twofold RowScorer::evidence(const Levels& levels, const TextId* x, const TextId* y) const {
  Twofold sum;
  for (const DerivedAddresses& d : derived_) {   // what strangers of one name share, kin of one name share as well
    const double twice = counted_twice(d, levels, x, y);
    sum.person -= twice;
    sum.kin -= std::min(twice, std::max(kin_bar(d.field, levels[d.field], x[d.field], y[d.field]), 0.0));
  }
  double home = 0;
  for (std::size_t f = 0; f < table_.columns.size(); ++f) {
    (is_home(home_, f) ? home : sum.person) += bar(f, levels[f], x[f], y[f]);
    sum.kin += kin_bar(f, levels[f], x[f], y[f]);
  }
  sum.person += home_bits(home_, home);
  return sum;
}

/// One person against kin and strangers together.
double RowScorer::total(const Levels& levels, const TextId* x, const TextId* y) const {
  const Twofold sum = evidence(levels, x, y);
  return prior_bits_ + sum.person - std::log2(1 + std::exp2(kin_prior_bits_ + sum.kin));
}

/// `ceiling` is what the total can be at most, given the fields compared so far: kin only take away from the plain sum.
double RowScorer::bits(RecordIndex a, RecordIndex b, double at_least) const {
  const TextId *x = table_.row(a), *y = table_.row(b);
  Levels levels{};
  std::array<double, 2> most{prior_bits_, 0};   // of the home apart: it counts no less than having moved
  const auto ceiling = [&] { return most[0] + home_bits(home_, most[1]); };
  for (std::size_t f = 0; f < table_.columns.size(); ++f) {
    if (x[f] == 0 || y[f] == 0) continue;
    levels[f] = x[f] == y[f] ? level_same : level_same + 1;
    most[is_home(home_, f)] += levels[f] == level_same ? bar(f, level_same, x[f], y[f]) : most_[f];
  }
  if (const double c = ceiling(); c < at_least - rounding_bits) return c;
  for (const std::uint8_t f : by_cost_) {
    if (levels[f] <= level_same) continue;
    const MatchColumn& column = table_.columns[f];
    levels[f] = compare_values(column, x[f], y[f]);
    double bits = bar(f, levels[f], x[f], y[f]);
    if (swaps_[f]) bits = std::max(bits, bar(f, swapped_level(column.field.kind), x[f], y[f]));
    most[is_home(home_, f)] += bits - most_[f];
    if (const double c = ceiling(); c < at_least - rounding_bits) return c;
  }
  if (any_swaps_) find_swapped_values(table_, a, b, levels);
  return total(levels, x, y);
}

TableModel learn_model(const MatchTable::Columns& table, const MatchSpec& spec, const MatchKeys& keys, const std::vector<std::uint32_t>& rank) {
  TableModel model = start_model(table, spec.options.parallel_for);
  const std::size_t n = table.rows();
  if (n < 2) return model;
  const EmOptions em;
  learn_u(model.fields, random_patterns(table, spec, rank), model.prior, em);
  weigh_swaps(model.fields, table);
  const std::vector<FieldParameters> start = model.fields;
  const std::vector<MatchField> kinds = kinds_of(table);
  const std::vector<bool> grouped = grouped_fields(model.fields, static_cast<double>(n));
  model.kin = starting_kin(kinds, model.fields, grouped);
  model.home = find_home(kinds, model.fields, grouped);

  const std::uint64_t one_in = 1 + static_cast<std::uint64_t>(static_cast<double>(n) * match_pairs_per_record_max / learning_pairs_max);
  const std::vector<Compared> candidates = compare_pairs(table, spec, sample_pairs(keys, rank, spec.options, one_in));
  PatternCounts counts;
  for (const Compared& c : candidates) counts.add(c.levels, keys.shared_families(first_of(c.pair), second_of(c.pair)));
  learn_three(kinds, grouped, model.fields, model.kin, model.home, counts.patterns(), keys.families(), [&](std::size_t family) { return keys.presupposed(family); }, em);
  guard(model.fields, start, em);
  keep_digits(model.fields);
  keep_digits(model.kin);
  model.home.moved = to_kept_digits(model.home.moved);

  for (int round = 0; round < share_rounds; ++round) {   // how rare a value is depends on how many rows a person has
    const RowScorer scorer(table, model, spec.mode == MatchSpec::Mode::link);
    std::vector<Twofold> evidence(candidates.size());
    run_ranges(spec.options.parallel_for, candidates.size(), 4096, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) evidence[i] = scorer.evidence(candidates[i].levels, table.row(first_of(candidates[i].pair)), table.row(second_of(candidates[i].pair)));
    });
    const Shares shares = learn_shares(std::move(evidence), static_cast<double>(n), static_cast<double>(one_in));
    model.prior = to_kept_digits(shares.person);
    model.kin_prior = to_kept_digits(shares.kin);
  }
  return model;
}

double trusted_share(const MatchTable::Columns& table, const TableModel& model) {
  constexpr double of_people = 0.6, of_things = 0.35;
  const std::vector<bool> grouped = grouped_fields(model.fields, static_cast<double>(table.rows()));
  return naming_text(model.fields, kinds_of(table), grouped) < model.fields.size() ? of_things : of_people;
}

std::string to_json(const TableModel& model) {
  json::array frequencies;
  for (const Frequencies& f : model.frequencies) frequencies.push_back(write(f));
  return json::serialize(json::object{{"version", format_version}, {"kind", "table"}, {"prior", model.prior}, {"kin_prior", model.kin_prior},
                                      {"fields", write_fields(model.fields)}, {"kin", write_fields(model.kin)},
                                      {"home", json::object{{"fields", model.home.fields}, {"moved", model.home.moved}}},
                                      {"frequencies", std::move(frequencies)}});
}

Result<TableModel> read_model(std::string_view text, const MatchTable::Columns& table) {
  const Failure unreadable = invalid("linkage.model_unreadable");
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  if (error) return unreadable;
  try {   // boost::json reports a member that is absent or of another kind by throwing
    TableModel model;
    for (const MatchColumn& c : table.columns) model.fields.push_back(starting_parameters(c.field));
    if (root.at("version").to_number<std::int64_t>() != format_version || !read_fields(root.at("fields").as_array(), model.fields)) return unreadable;
    model.kin = model.fields;
    if (!read_fields(root.at("kin").as_array(), model.kin)) return unreadable;
    model.prior = to_kept_digits(root.at("prior").to_number<double>());
    model.kin_prior = to_kept_digits(root.at("kin_prior").to_number<double>());
    for (const json::value& f : root.at("frequencies").as_array()) model.frequencies.push_back(read_frequencies(f));
    model.home = {root.at("home").at("fields").to_number<std::uint32_t>(), to_kept_digits(root.at("home").at("moved").to_number<double>())};
    if (model.home.moved < 0 || model.home.moved > 0.5) return unreadable;
    if (!is_probability(model.prior) || !is_probability(model.kin_prior) || model.frequencies.size() != table.columns.size()) return unreadable;
    return model;
  } catch (const std::exception&) {
    return unreadable;
  }
}

}  // namespace motcua::linkage
