#include "engines/linkage/kin.hpp"

#include <algorithm>
#include <cmath>

namespace motcua::linkage {
namespace {

constexpr double probability_min = 1e-9, kin_name_limit = 0.1, kin_text_limit = 0.1, other_name_limit = 0.1, kin_pairs_doubted = 4;
/// How many pairs the start is worth, per field. A pair counts once for each family it stands in: this is some 20 pairs.
constexpr double start_pairs = 200;
constexpr double few_values_share = 0.3;     // strangers agree so often (sex): agreeing is no mark of kin
constexpr double kept_of_start = 0.25;       // kin who share less than this part of what kin share at the start are strangers

using Table = std::array<std::array<double, levels_max>, fields_max>;

/// How often kin show the best level because they are kin.
double shared_by_kin(FieldKind kind, bool only_name, bool grouped) {
  switch (kind) {
    case FieldKind::name: return only_name ? 0.01 : 0.4;
    case FieldKind::address: return 0.7;
    case FieldKind::phone: return 0.5;
    case FieldKind::text: case FieldKind::category: return 0.5;
    case FieldKind::id: return grouped ? 0.7 : 0.01;
    case FieldKind::date: case FieldKind::year: return 0.03;
    case FieldKind::email: return 0.05;
    case FieldKind::number: return 0.1;
  }
  return 0;
}

/// What kin have in common by living together.
bool is_shared(FieldKind kind, bool grouped) {
  return kind == FieldKind::address || kind == FieldKind::phone || ((kind == FieldKind::text || kind == FieldKind::category || kind == FieldKind::id) && grouped);
}

void add_start(Table& table, const std::vector<FieldParameters>& start, double worth) {
  for (std::size_t f = 0; f < start.size(); ++f)
    for (std::size_t l = 0; l < start[f].levels.size(); ++l) table[f][l + 1] += worth * start[f].levels[l].m;
}

void write_shares(std::vector<FieldParameters>& fields, const Table& counts) {
  for (std::size_t f = 0; f < fields.size(); ++f) {
    double sum = 0;
    for (std::size_t l = 1; l <= fields[f].levels.size(); ++l) sum += counts[f][l];
    if (sum <= 0) continue;
    for (std::size_t l = 1; l <= fields[f].levels.size(); ++l) fields[f].levels[l - 1].m = std::clamp(counts[f][l] / sum, probability_min, 1 - probability_min);
  }
}

struct Posterior {
  double person, kin;
};
Posterior to_posterior(double person_bits, double kin_bits) {
  const double top = std::max({person_bits, kin_bits, 0.0});
  const double person = std::exp2(person_bits - top), kin = std::exp2(kin_bits - top), sum = person + kin + std::exp2(-top);
  return {person / sum, kin / sum};
}

/// One family's pairs, and the shares of the classes among them.
struct Lesson {
  std::vector<const Pattern*> patterns;
  std::uint32_t excluded = 0;
  double pairs = 0, person = 0.3, kin = 0.1;
};

std::vector<Lesson> to_lessons(std::span<const Pattern> candidates, std::size_t families, const Presupposed& presupposed, double pairs_min) {
  std::vector<Lesson> lessons;
  for (std::size_t family = 0; family < families; ++family) {
    Lesson lesson{.patterns = {}, .excluded = presupposed(family)};
    for (const Pattern& p : candidates) {
      if ((p.families >> family & 1) == 0) continue;
      lesson.patterns.push_back(&p);
      lesson.pairs += p.count;
    }
    if (lesson.pairs >= pairs_min) lessons.push_back(std::move(lesson));
  }
  return lessons;
}

/// Expected counts of this family's pairs into `persons` and `kin`, and its shares anew.
void expect(Lesson& lesson, const Weights& person_weights, const Weights& kin_weights, std::size_t fields, const Home& home, Table& persons, Table& kin, Moves& moves) {
  const Home here = (lesson.excluded & home.fields) == 0 ? home : Home{};
  const double strangers = std::max(1 - lesson.person - lesson.kin, 1e-6);
  const double person_odds = std::log2(std::max(lesson.person, 1e-6) / strangers), kin_odds = std::log2(std::max(lesson.kin, 1e-6) / strangers);
  double as_person = 0, as_kin = 0;
  for (const Pattern* p : lesson.patterns) {
    double person_bits = person_odds, kin_bits = kin_odds, home_sum = 0;
    int told = 0;
    for (std::size_t f = 0; f < fields; ++f) {
      if ((lesson.excluded >> f & 1) != 0) continue;
      (is_home(here, f) ? home_sum : person_bits) += person_weights.bits[f][p->levels[f]];
      if (is_home(here, f) && p->levels[f] != 0) ++told;
      kin_bits += kin_weights.bits[f][p->levels[f]];
    }
    const Posterior posterior = to_posterior(person_bits + home_bits(here, home_sum), kin_bits);
    const double stay = stayed(here, home_sum);
    if (told > 1) {
      moves.pairs += posterior.person * p->count;
      moves.moved += posterior.person * (1 - stay) * p->count;
    }
    as_person += posterior.person * p->count;
    as_kin += posterior.kin * p->count;
    for (std::size_t f = 0; f < fields; ++f) {
      if ((lesson.excluded >> f & 1) != 0) continue;
      persons[f][p->levels[f]] += posterior.person * (is_home(here, f) ? stay : 1) * p->count;
      kin[f][p->levels[f]] += posterior.kin * p->count;
    }
  }
  lesson.person = as_person / lesson.pairs;
  lesson.kin = std::max(as_kin - kin_pairs_doubted, 0.0) / lesson.pairs;
}

/// Kin agree by being kin in at most this share of pairs where the field names a person; 1: no limit.
double kin_limit(FieldKind kind, bool grouped) {
  switch (kind) {
    case FieldKind::date: return 0.1;
    case FieldKind::year: return 0.1;
    case FieldKind::id: return grouped ? 1 : 0.01;
    default: return 1;
  }
}

/// How often the field agrees, exactly or nearly, beyond what strangers do.
double agreement(const FieldParameters& field) {
  double more = 0;
  for (std::size_t l = 0; l + 1 < field.levels.size(); ++l) more += std::max(field.levels[l].m - field.levels[l].u, 0.0);
  return more;
}

void limit_agreement(FieldParameters& field, double limit) {
  const double more = agreement(field);
  if (more <= limit) return;
  double rest = 1;
  for (std::size_t l = 0; l + 1 < field.levels.size(); ++l) {
    LevelParameters& level = field.levels[l];
    level.m = std::clamp(level.u + (level.m - level.u) * limit / more, probability_min, 1 - probability_min);
    rest -= level.m;
  }
  field.levels.back().m = std::max(rest, probability_min);
}

/// The best level comes up to `share`, at the cost of the last.
void keep_agreement(FieldParameters& field, double share) {
  const double lacking = share - field.levels.front().m;
  if (lacking <= 0) return;
  field.levels.front().m = share;
  double rest = 1 - share;
  for (std::size_t l = 1; l + 1 < field.levels.size(); ++l) rest -= field.levels[l].m;
  field.levels.back().m = std::max(rest, probability_min);
}

/// What of the best level is beyond `limit` goes to the third.
void limit_same(FieldParameters& field, double limit) {
  const double more = field.levels[0].m - std::max(limit, field.levels[0].u);
  if (more <= 0) return;
  field.levels[0].m -= more;
  field.levels[2].m += more;
}

/// What of the last level is beyond `limit` goes to the first.
void limit_disagreement(FieldParameters& field, double limit) {
  const double more = field.levels.back().m - limit;
  if (more <= 0) return;
  field.levels.back().m -= more;
  field.levels.front().m += more;
}

/// As strangers do.
void be_strange(FieldParameters& field) {
  for (LevelParameters& l : field.levels) l.m = l.u;
}

}  // namespace

std::size_t naming_text(const std::vector<FieldParameters>& fields, const std::vector<MatchField>& kinds, const std::vector<bool>& grouped) {
  std::size_t naming = fields.size();
  for (std::size_t f = 0; f < fields.size(); ++f)
    if ((kinds[f].kind == FieldKind::text || kinds[f].kind == FieldKind::name) && (naming == fields.size() || fields[f].levels.front().u < fields[naming].levels.front().u)) naming = f;
  return naming < fields.size() && kinds[naming].kind == FieldKind::text && !grouped[naming] ? naming : fields.size();
}

void keep_kin_apart(std::vector<FieldParameters>& kin, const std::vector<MatchField>& kinds, const std::vector<bool>& grouped) {
  FieldParameters* given = nullptr;
  const std::size_t naming = naming_text(kin, kinds, grouped);
  for (std::size_t f = 0; f < kin.size(); ++f) {
    if (kin[f].levels.front().u >= few_values_share) {
      be_strange(kin[f]);
      continue;
    }
    if (f == naming) limit_same(kin[f], kin_text_limit);
    if (naming == kin.size() || kinds[f].kind != FieldKind::year) limit_agreement(kin[f], kin_limit(kinds[f].kind, grouped[f]));   // a thing's year is its kin's as well
    if (is_shared(kinds[f].kind, grouped[f])) keep_agreement(kin[f], kept_of_start * shared_by_kin(kinds[f].kind, false, grouped[f]));
    if (kinds[f].kind == FieldKind::name && (given == nullptr || agreement(kin[f]) < agreement(*given))) given = &kin[f];
  }
  if (given != nullptr && naming == kin.size()) limit_agreement(*given, kin_name_limit);
}

std::vector<FieldParameters> starting_kin(const std::vector<MatchField>& kinds, const std::vector<FieldParameters>& fields, const std::vector<bool>& grouped) {
  const auto names = std::count_if(kinds.begin(), kinds.end(), [](const MatchField& f) { return f.kind == FieldKind::name; });
  std::vector<FieldParameters> kin = fields;
  for (std::size_t f = 0; f < kin.size(); ++f) {
    const double shared = shared_by_kin(kinds[f].kind, names == 1, grouped[f]);
    for (LevelParameters& l : kin[f].levels) l.m = shared * l.m + (1 - shared) * l.u;   // what is shared is told with the same slips
  }
  keep_kin_apart(kin, kinds, grouped);
  return kin;
}

void learn_three(const std::vector<MatchField>& kinds, const std::vector<bool>& grouped, std::vector<FieldParameters>& fields, std::vector<FieldParameters>& kin, Home& home,
                 std::span<const Pattern> candidates, std::size_t families,
                 const Presupposed& presupposed, const EmOptions& options) {
  const std::vector<FieldParameters> start = fields, kin_start = kin;
  std::vector<Lesson> lessons = to_lessons(candidates, families, presupposed, options.pairs_min);
  for (std::size_t round = 0; round < options.iterations && !lessons.empty(); ++round) {
    const Weights person_weights(fields), kin_weights(kin);
    Table persons{}, relatives{};
    Moves moves;
    for (Lesson& lesson : lessons) expect(lesson, person_weights, kin_weights, fields.size(), home, persons, relatives, moves);
    if (home.fields != 0) home.moved = learn_moved(moves);
    add_start(persons, start, start_pairs);
    add_start(relatives, kin_start, start_pairs);
    write_shares(fields, persons);
    write_shares(kin, relatives);
    guard(fields, start, options);
    keep_kin_apart(kin, kinds, grouped);
  }
  if (const std::size_t naming = naming_text(fields, kinds, grouped); naming < fields.size()) limit_disagreement(fields[naming], other_name_limit);
}

Shares learn_shares(std::vector<Twofold> evidence, double records, double one_in) {
  constexpr int rounds = 30;
  constexpr double pairs_min = 0.5, person_pairs_per_record_max = 30;
  std::sort(evidence.begin(), evidence.end(), [](const Twofold& x, const Twofold& y) { return x.person != y.person ? x.person < y.person : x.kin < y.kin; });
  const double all = std::max(records * (records - 1) / 2, 1.0);
  Shares shares{std::min(0.5, 0.3 * records / all), std::min(0.3, 0.3 * records / all)};
  for (int round = 0; round < rounds; ++round) {
    const double person_odds = to_bits(shares.person), kin_odds = to_bits(shares.kin);
    double person = 0, kin = 0;
    for (const Twofold& e : evidence) {
      const Posterior p = to_posterior(e.person + person_odds, e.kin + kin_odds);
      person += p.person;
      kin += p.kin;
    }
    shares.person = std::clamp(person * one_in, pairs_min, records * person_pairs_per_record_max) / all;
    shares.kin = std::max(kin * one_in, pairs_min) / all;
    shares.person = std::clamp(shares.person, 1e-12, 0.3);
    shares.kin = std::clamp(shares.kin, 1e-12, 0.3);
  }
  return shares;
}

}  // namespace motcua::linkage
