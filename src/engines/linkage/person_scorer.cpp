#include "engines/linkage/person_scorer.hpp"

#include <algorithm>
#include <cmath>

namespace motcua::linkage {
namespace {

// Two people of one household share phone, house and ward; once one of these agrees the others are nearly known. So the strongest counts
// whole, the rest a quarter; and where the names say "two people" the household may not speak against them.
constexpr double dependent_share = 0.25;
constexpr double household_bits_if_name_differs = 2, household_bits_if_name_unsure = 7;
constexpr double rarity_gain_max = 10, rarity_loss_max = 7;   // of term frequency against the average name
constexpr double share_floor = 1e-7;
constexpr double reach_bits_slack = 8;                       // what phone, house and ward can add, beyond the size of the set
constexpr double never = -200;                                // bits of what is not to be compared at all

double square_sum(const Frequencies& f) {
  double sum = 0;
  for (const auto& [value, count] : f.counts) sum += static_cast<double>(count) * count;
  return f.total == 0 ? 0 : sum / (static_cast<double>(f.total) * static_cast<double>(f.total));
}

bool is_personal_number_same(const Levels& l) {
  return (l[field_id] >= id_same && l[field_id] <= id_one_slip) || l[field_insurance] == insurance_same || l[field_email] == email_same;
}

}  // namespace

PersonScorer::PersonScorer(const RecordSet::Columns& columns, const Model::State& model, const SharingCounts& sharing)
    : columns_(columns), model_(model), sharing_(sharing), weights_(model.fields) {
  prior_bits_ = to_bits(model.prior);
  records_log_ = std::log2(static_cast<double>(std::max<std::uint64_t>(model.records, 2000)));
  for (const int level : {name_same_marked, name_same_folded, name_marks_differ}) name_u_ += model.fields[field_name].levels[level - 1].u;
  family_average_ = square_sum(model.family);
  given_average_ = square_sum(model.given);
  extend();
}

std::uint64_t PersonScorer::bytes() const { return (name_rarity_.capacity() + name_short_rarity_.capacity() + given_rarity_.capacity()) * sizeof(float); }

void PersonScorer::extend() {
  const double average = -std::log2(name_u_);
  const bool known = model_.family.total >= 1000 && family_average_ > 0 && given_average_ > 0;
  const auto gain = [](double rarity, double usual) { return static_cast<float>(std::clamp(rarity - usual, -rarity_loss_max, rarity_gain_max)); };
  for (auto* rarity : {&name_rarity_, &name_short_rarity_, &given_rarity_}) rarity->resize(std::min(rarity->size(), columns_.name_values.size()));
  for (std::size_t n = name_rarity_.size(); n < columns_.name_values.size(); ++n) {
    if (n == 0 || !known) {
      name_rarity_.push_back(0);
      name_short_rarity_.push_back(0);
      given_rarity_.push_back(0);
      continue;
    }
    const NameValue& v = columns_.name_values[n];
    const std::string_view full = columns_.words.text(v.folded), family = columns_.words.text(columns_.family(v).folded);
    const std::string_view given = columns_.words.text(columns_.given(v).folded);
    const std::string_view rest = v.words > 1 ? full.substr(family.size() + 1) : full;
    const double family_share = v.words > 1 ? model_.family.share(family, share_floor) : 1, given_share = model_.given.share(given, share_floor);
    const double rest_share = std::min(model_.rest.share(rest, share_floor), given_share);
    name_rarity_.push_back(gain(-std::log2(family_share * rest_share), average));
    name_short_rarity_.push_back(gain(-std::log2(family_share * given_share), -std::log2(family_average_ * given_average_)));
    given_rarity_.push_back(gain(-std::log2(given_share), -std::log2(given_average_)));
  }
}

bool PersonScorer::is_vetoed(RecordIndex a, RecordIndex b) const {
  const RecordRow &x = columns_.rows[a], &y = columns_.rows[b];
  return (x.flags & y.flags & clean_flag) != 0 && x.source == y.source;
}

/// The sum, and the waterfall when one is asked for.
struct PersonScorer::Total {
  double bits = 0;
  Explanation* trace = nullptr;
  const std::vector<FieldParameters>& fields;

  void add(std::uint8_t field, std::uint8_t level, double more) {
    bits += more;
    if (trace == nullptr || level == 0) return;
    const LevelParameters& p = fields[field].levels[level - 1];
    trace->evidence.push_back({fields[field].field, p.code, more, p.m, p.u});
  }
  /// `more` bits in all: what the level says of any value, and what this very value says besides.
  void add_value(std::uint8_t field, std::uint8_t level, double more, double usual, const char* rarer, const char* commoner) {
    constexpr double bits_worth_a_bar = 0.05;
    if (trace == nullptr || level == 0 || std::abs(more - usual) < bits_worth_a_bar) return add(field, level, more);
    const double before = bits;
    add(field, level, usual);
    trace->evidence.push_back({"adjust", more > usual ? rarer : commoner, more - usual, 0, 0});
    bits = before + more;
  }
  void adjust(const char* code, double more) {
    bits += more;
    if (trace != nullptr && more != 0) trace->evidence.push_back({"adjust", code, more, 0, 0});
  }
};

double PersonScorer::name_bits(const RecordRow& a, const RecordRow& b, std::uint8_t level) const {
  const double weight = weights_.bits[field_name][level];
  const auto commoner = [&](const std::vector<float>& rarity) { return static_cast<double>(std::min(rarity[a.name], rarity[b.name])); };
  switch (level) {
    case name_same_marked: case name_same_folded: case name_reordered: case name_typo: case name_marks_differ:
      return weight + commoner(name_rarity_);
    case name_middle_missing: case name_middle_differs: return weight + commoner(name_short_rarity_);
    case name_given_same: return weight + commoner(given_rarity_);
    default: return weight;
  }
}

/// m against the chance that another person's record carries this very value: with c records of d differently named people it is
/// c (1 - 1/d) of all records, and half a record when only one name is seen.
double PersonScorer::shared_value_bits(double m, double u, Sharing s) const {
  if (s.records == 0) return std::log2(m / u);
  const double others = std::max(0.5, s.records * (1 - 1.0 / std::max(1u, s.names)));
  return std::log2(m) - (std::log2(others) - records_log_);
}

void PersonScorer::add_contacts(const RecordRow& a, const RecordRow& b, const Levels& l, Total& total) const {
  std::array<double, 3> bits{};
  bits[0] = weights_.bits[field_phone][l[field_phone]];
  if (l[field_phone] == phone_same_own || l[field_phone] == phone_same) {
    const LevelParameters& p = model_.fields[field_phone].levels[l[field_phone] - 1];
    double weakest = never;
    for (const TextId x : a.phone)
      for (const TextId y : b.phone)
        if (x != 0 && x == y) weakest = std::max(weakest, shared_value_bits(p.m, p.u, sharing_.of_contact(x)));
    bits[0] = weakest;
  }
  bits[1] = weights_.bits[field_address][l[field_address]];
  if (l[field_address] == address_same && a.address != 0 && b.address != 0) {
    const LevelParameters& p = model_.fields[field_address].levels[address_same - 1];
    const Sharing x = sharing_.of_address(a.address), y = sharing_.of_address(b.address);
    bits[1] = std::min(bits[1] + 3, shared_value_bits(p.m, p.u, x.records > y.records ? x : y));
  }
  bits[2] = weights_.bits[field_ward][l[field_ward]];
  total.add_value(field_phone, l[field_phone], bits[0], weights_.bits[field_phone][l[field_phone]], "adjust.phone_of_few", "adjust.phone_of_many");
  total.add_value(field_address, l[field_address], bits[1], weights_.bits[field_address][l[field_address]], "adjust.house_of_few", "adjust.house_of_many");
  total.add(field_ward, l[field_ward], bits[2]);

  double sum = 0, strongest = 0;
  for (const double bar : bits) {
    if (bar <= 0) continue;
    sum += bar;
    strongest = std::max(strongest, bar);
  }
  double counted = strongest + dependent_share * (sum - strongest);
  if (l[field_name] == name_differs) counted = std::min(counted, household_bits_if_name_differs);
  else if (l[field_name] >= name_similar) counted = std::min(counted, household_bits_if_name_unsure);
  total.adjust("adjust.household_contact", counted - sum);
}

double PersonScorer::bits_of_rows(const RecordRow& a, const RecordRow& b, const Ask& ask) const {
  Total total{prior_bits_, ask.trace, model_.fields};
  Levels l{};
  compare_identity(columns_, a, b, l);
  total.add_value(field_name, l[field_name], l[field_name] == name_missing ? 0 : name_bits(a, b, l[field_name]), weights_.bits[field_name][l[field_name]],
                  "adjust.name_rare", "adjust.name_common");
  total.add(field_birth, l[field_birth], weights_.bits[field_birth][l[field_birth]]);
  total.add(field_id, l[field_id], weights_.bits[field_id][l[field_id]]);
  const double sex = weights_.bits[field_sex][l[field_sex]];
  total.add(field_sex, l[field_sex], sex);
  const bool known_by_name = l[field_name] >= name_same_marked && l[field_name] <= name_middle_missing;
  if (sex > 0 && (known_by_name || l[field_id] == id_same)) total.adjust("adjust.sex_known_by_name", -sex);

  const bool has_more = (a.insurance != 0 && b.insurance != 0) || (a.email != 0 && b.email != 0);
  if (!has_more && ask.trace == nullptr) {
    const double reach = l[field_name] == name_differs ? household_bits_if_name_differs : records_log_ + reach_bits_slack;
    if (total.bits + reach < ask.at_least) return total.bits;
  }
  compare_reach(columns_, a, b, l);
  for (const Field f : {field_insurance, field_email}) total.add(f, l[f], weights_.bits[f][l[f]]);
  if (l[field_name] == name_missing && !ask.nameless && !is_personal_number_same(l)) return never;
  add_contacts(a, b, l, total);
  return total.bits;
}

double PersonScorer::bits(RecordIndex a, RecordIndex b, double at_least) const {
  return bits_of_rows(columns_.rows[a], columns_.rows[b], {.at_least = at_least});
}

Explanation PersonScorer::explain_rows(const RecordRow& a, const RecordRow& b, bool nameless) const {
  Explanation e;
  e.prior_bits = prior_bits_;
  e.bits = bits_of_rows(a, b, {.nameless = nameless, .trace = &e});
  e.probability = to_probability(e.bits);
  if (e.bits == never) e.veto = "veto.no_name";
  return e;
}

Explanation PersonScorer::explain(RecordIndex a, RecordIndex b) const {
  Explanation e = explain_rows(columns_.rows[a], columns_.rows[b], false);
  if (is_vetoed(a, b)) e.veto = "veto.one_per_person";
  return e;
}

}  // namespace motcua::linkage
