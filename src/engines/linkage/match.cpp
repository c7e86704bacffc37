#include "engines/linkage/match.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "engines/linkage/assign.hpp"
#include "engines/linkage/em.hpp"
#include "engines/linkage/match_columns.hpp"
#include "engines/linkage/match_keys.hpp"
#include "engines/linkage/model_json.hpp"

namespace motcua::linkage {
namespace {

namespace json = boost::json;

constexpr std::uint64_t all_pairs_max = 2'500'000;        // so few are compared one and all
constexpr double pairs_per_record_max = 60;
constexpr std::uint64_t random_pairs_max = 400'000, learning_pairs_max = 600'000;
constexpr double rarity_bits_max = 8;
constexpr double dependent_share = 0.25, reach_bits_if_names_differ = 2;
constexpr std::int64_t format_version = 1;

struct TableModel {
  std::vector<FieldParameters> fields;
  double prior = 1e-3;
  std::vector<Frequencies> frequencies;   // per field; empty where term frequency is off
};

class RowScorer : public PairScorer {
 public:
  RowScorer(const MatchTable::Columns& table, const TableModel& model, bool between_files_only)
      : table_(table), weights_(model.fields), prior_bits_(to_bits(model.prior)), between_files_only_(between_files_only) {
    for (std::size_t f = 0; f < table.columns.size(); ++f) rarity_.push_back(rarities(table.columns[f], model.frequencies[f], model.fields[f].levels[0].u));
  }
  std::size_t records() const override { return table_.files.size(); }
  double prior_bits() const override { return prior_bits_; }
  bool is_vetoed(RecordIndex a, RecordIndex b) const override { return between_files_only_ && table_.files[a] == table_.files[b]; }
  double bits(RecordIndex a, RecordIndex b, double) const override {
    const Levels levels = compare_rows(table_, a, b);
    double sum = prior_bits_, phones = 0, homes = 0;
    int names = 0, names_differ = 0;
    for (std::size_t f = 0; f < table_.columns.size(); ++f) {
      double bar = weights_.bits[f][levels[f]];
      if (levels[f] == level_same && !rarity_[f].empty()) bar += rarity_[f][table_.columns[f].rows[a]];
      const FieldKind kind = table_.columns[f].field.kind;
      if (kind == FieldKind::name && levels[f] != 0) {
        ++names;
        names_differ += levels[f] > swapped_level(kind);
      }
      if (kind == FieldKind::phone) phones += bar;
      else if (kind == FieldKind::address) homes += bar;
      else sum += bar;
    }
    return sum + reach(phones, homes, names > 0 && names == names_differ);
  }

 private:
  /// People of one household share phone and house: the stronger of the two counts whole, the other a quarter, and where every name
  /// differs they may not outweigh that.
  static double reach(double phones, double homes, bool all_names_differ) {
    const double both = phones > 0 && homes > 0 ? std::max(phones, homes) + dependent_share * std::min(phones, homes) : phones + homes;
    return all_names_differ ? std::min(both, reach_bits_if_names_differ) : both;
  }
  static std::vector<float> rarities(const MatchColumn& c, const Frequencies& f, double u_same) {
    std::vector<float> bits;
    if (f.total == 0) return bits;
    for (TextId id = 0; id < c.values.size(); ++id) {
      const double share = f.share(c.text(id), 0.5 / static_cast<double>(f.total));
      bits.push_back(static_cast<float>(std::clamp(std::log2(u_same / share), -rarity_bits_max, rarity_bits_max)));
    }
    return bits;
  }

  const MatchTable::Columns& table_;
  Weights weights_;
  double prior_bits_;
  bool between_files_only_;
  std::vector<std::vector<float>> rarity_;
};

Result<void> check(const MatchSpec& spec) {
  if (spec.fields.empty()) return invalid("linkage.no_fields");
  if (spec.fields.size() > match_fields_max) return invalid("linkage.too_many_fields");
  std::set<std::string> names;
  for (const MatchField& f : spec.fields)
    if (!names.insert(f.name).second) return invalid("linkage.duplicate_field", f.name, {{"field", f.name}});
  for (const auto& block : spec.blocks)
    for (const std::string& name : block)
      if (!names.contains(name)) return invalid("linkage.unknown_block_field", name, {{"field", name}});
  const Options& o = spec.options;
  if (!is_probability(o.link_probability) || !is_probability(o.review_probability) || o.review_probability > o.link_probability)
    return invalid("linkage.bad_probability");
  return {};
}

Frequencies count_values(const MatchColumn& c) {
  Frequencies f;
  if (!c.field.term_frequency || c.field.kind == FieldKind::date || c.field.kind == FieldKind::number) return f;
  std::vector<std::uint32_t> counts(c.values.size(), 0);
  for (const TextId id : c.rows) ++counts[id];
  for (TextId id = 1; id < counts.size(); ++id) {
    f.total += counts[id];
    if (counts[id] > 1) f.counts.emplace(c.text(id), counts[id]);
  }
  f.trim(frequency_values_max);
  return f;
}

std::vector<Pattern> random_patterns(const MatchTable::Columns& table, const RowScorer& scorer, std::uint64_t seed) {
  PatternCounts counts;
  const std::uint64_t n = table.files.size(), wanted = std::min<std::uint64_t>(random_pairs_max, n * n * 2);
  for (std::uint64_t i = 0; i < wanted; ++i) {
    const std::uint64_t draw = mix(seed * 0x9e3779b97f4a7c15ULL + i);
    const auto a = static_cast<RecordIndex>((draw >> 32) % n), b = static_cast<RecordIndex>((draw & 0xffffffff) % n);
    if (a != b && !scorer.is_vetoed(a, b)) counts.add(compare_rows(table, a, b), 0);
  }
  return counts.patterns();
}

TableModel start_model(const MatchTable::Columns& table) {
  TableModel model;
  model.prior = std::clamp(1.0 / static_cast<double>(std::max<std::size_t>(table.files.size(), 2)), 1e-9, 0.05);
  for (const MatchColumn& c : table.columns) {
    model.fields.push_back(starting_parameters(c.field));
    model.frequencies.push_back(count_values(c));
  }
  return model;
}

TableModel learn_model(const MatchTable::Columns& table, const MatchSpec& spec, const MatchKeys& keys, const std::vector<std::uint32_t>& rank) {
  TableModel model = start_model(table);
  const std::size_t n = table.files.size();
  if (n < 2) return model;
  const bool between_files = spec.mode == MatchSpec::Mode::link;
  const EmOptions em;
  learn_u(model.fields, random_patterns(table, RowScorer(table, model, between_files), spec.options.seed), model.prior, em);
  const std::vector<FieldParameters> start = model.fields;

  const std::uint64_t one_in = 1 + static_cast<std::uint64_t>(static_cast<double>(n) * pairs_per_record_max / learning_pairs_max);
  const Candidates candidates = find_candidates(keys, rank, {.block_records_max = spec.options.block_records_max, .one_in = one_in});
  const RowScorer unlearned(table, model, between_files);
  PatternCounts counts;
  for (const std::uint64_t pair : candidates.pairs) {
    const RecordIndex a = first_of(pair), b = second_of(pair);
    if (!unlearned.is_vetoed(a, b)) counts.add(compare_rows(table, a, b), candidates.shared_families(a, b));
  }
  learn_m(model.fields, counts.patterns(), keys.families(), [&](std::size_t family) { return keys.presupposed(family); }, em);
  guard(model.fields, start, em);
  keep_digits(model.fields);

  const RowScorer scorer(table, model, between_files);
  std::vector<float> evidence;
  for (const std::uint64_t pair : candidates.pairs)
    if (!scorer.is_vetoed(first_of(pair), second_of(pair)))
      evidence.push_back(static_cast<float>(scorer.bits(first_of(pair), second_of(pair), -1000) - scorer.prior_bits()));
  model.prior = learn_prior(std::move(evidence), static_cast<double>(n), static_cast<double>(one_in), model.prior);
  return model;
}

std::string to_json(const TableModel& model) {
  json::array frequencies;
  for (const Frequencies& f : model.frequencies) frequencies.push_back(write(f));
  return json::serialize(json::object{{"version", format_version}, {"kind", "table"}, {"prior", model.prior}, {"fields", write_fields(model.fields)},
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
    model.prior = to_kept_digits(root.at("prior").to_number<double>());
    for (const json::value& f : root.at("frequencies").as_array()) model.frequencies.push_back(read_frequencies(f));
    if (!is_probability(model.prior) || model.frequencies.size() != table.columns.size()) return unreadable;
    return model;
  } catch (const std::exception&) {
    return unreadable;
  }
}

std::vector<std::uint64_t> pairs_to_score(const MatchSpec& spec, const MatchKeys& keys, const std::vector<std::uint32_t>& rank, LinkStatistics& s) {
  const std::uint64_t n = rank.size();
  if (spec.blocks.empty() && n * (n - 1) / 2 <= all_pairs_max) {
    std::vector<std::uint64_t> all;
    for (RecordIndex a = 0; a < n; ++a)
      for (RecordIndex b = a + 1; b < n; ++b) all.push_back(to_pair(a, b));
    return all;
  }
  Candidates candidates = find_candidates(keys, rank, {.block_records_max = spec.options.block_records_max,
                                                       .pairs_max = spec.options.candidate_pairs_per_record_max * std::max<std::uint64_t>(n, 1000)});
  s.blocks = candidates.statistics.blocks;
  s.blocks_refined = candidates.statistics.refined;
  s.blocks_dropped = candidates.statistics.dropped;
  return std::move(candidates.pairs);
}

}  // namespace

Result<MatchResult> match_table(const MatchSpec& spec, const MatchTable& rows, std::string_view model_text) {
  TRY(check(spec));
  const MatchTable::Columns& table = rows.columns();
  const auto done = [&](std::string_view phase) {
    if (spec.phase_done) spec.phase_done(phase);
  };
  std::vector<std::uint32_t> rank(table.files.size());
  std::iota(rank.begin(), rank.end(), 0);
  const MatchKeys keys(table, spec.blocks.empty() ? choose_families(table, pairs_per_record_max) : to_families(table, spec.blocks));
  done("blocks");
  TableModel model;
  if (model_text.empty()) {
    model = learn_model(table, spec, keys, rank);
  } else {
    TRY_ASSIGN(model, read_model(model_text, table));
  }

  done("learn");
  const bool linking = spec.mode == MatchSpec::Mode::link;
  const RowScorer scorer(table, model, linking);
  ClusterRules rules{scorer, rank};
  rules.link_bits = to_bits(spec.options.link_probability);
  if (linking && spec.one_to_one) rules.exclusive.assign(table.files.begin(), table.files.end());
  LinkStatistics blocking;
  const std::vector<std::uint64_t> pairs = pairs_to_score(spec, keys, rank, blocking);
  done("pairs");
  std::vector<Edge> edges;
  LinkResult linked = assign(rules, pairs, {}, spec.options, &edges);
  done("link");

  MatchResult result;
  for (const Edge& e : edges) {
    const bool together = linked.person_of[e.a] == linked.person_of[e.b];
    result.pairs.push_back({{e.a, e.b, e.bits, static_cast<float>(to_probability(e.bits))}, together});
  }
  for (std::size_t f = 0; f < keys.families(); ++f) result.blocks.push_back(keys.describe(f));
  result.cluster_of = std::move(linked.person_of);
  result.statistics = linked.statistics;
  result.statistics.blocks = blocking.blocks;
  result.statistics.blocks_refined = blocking.blocks_refined;
  result.statistics.blocks_dropped = blocking.blocks_dropped;
  result.model_json = to_json(model);
  result.prior = model.prior;
  result.parameters = std::move(model.fields);
  return result;
}

}  // namespace motcua::linkage
