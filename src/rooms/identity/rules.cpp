#include "rooms/identity/rules.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/vietnamese.hpp"

namespace motcua::identity {
namespace {

bool is_register(const Record& r) { return r.kind == "residents"; }

/// Votes for one field: the register counts for more than all declarations together, then the number of records, then the latest.
class Votes {
 public:
  void add(const Record& r, const std::string& key, const std::string& value, double weight) {
    if (value.empty()) return;
    Candidate& c = candidates_[key];
    c.weight += is_register(r) ? register_weight : weight;
    const auto told = std::make_pair(is_register(r), r.told_at.value_or(Instant::min()));
    if (c.value.empty() || std::tie(told, value) > std::tie(c.told, c.value)) c.value = value, c.told = told;
  }
  std::string winner() const {
    const Candidate* best = nullptr;
    for (const auto& [key, c] : candidates_)
      if (!best || std::tie(c.weight, c.told, c.value) > std::tie(best->weight, best->told, best->value)) best = &c;
    return best ? best->value : std::string();
  }

 private:
  static constexpr double register_weight = 1e6;
  struct Candidate {
    double weight = 0;
    std::string value;
    std::pair<bool, Instant> told;
  };
  std::map<std::string, Candidate> candidates_;
};

std::string shown_name(const std::string& name) {
  auto cleaned = vietnamese::clean_name(name);
  std::string out = cleaned ? std::move(*cleaned) : name;
  const std::string titled = vietnamese::title_case(out);
  bool mixed = false;  // capitals and small letters inside a word are somebody's choice; all of one kind are a form's
  for (const auto word : vietnamese::words(out)) mixed = mixed || (vietnamese::fold(word).size() > 1 && vietnamese::title_case(word) == word);
  return mixed ? out : titled;
}

/// The later own phone wins over an earlier one; a register's phone has no date and stands behind any dated own one.
std::string choose_phone(std::span<const Record> records) {
  const Record* best = nullptr;
  const auto rank = [](const Record& r) { return std::make_tuple(r.phone_is_own, r.has_name(), r.told_at.value_or(Instant::min()), r.phone); };
  for (const Record& r : records)
    if (!r.phone.empty() && (!best || rank(r) > rank(*best))) best = &r;
  return best ? best->phone : std::string();
}

using Rank = std::tuple<int, std::string_view>;

struct Moment {
  std::optional<Instant> since;
  std::string person;
};

/// One claim an instant: the person with most claims, then the smallest key.
std::vector<Moment> one_an_instant(const std::vector<PersonClaim>& claims) {
  std::map<std::string, int> count;
  for (const auto& c : claims) ++count[c.person_id];
  std::map<std::optional<Instant>, const PersonClaim*> at;
  for (const auto& c : claims) {
    const PersonClaim*& best = at[c.since];
    if (!best || Rank(-count[c.person_id], c.key) < Rank(-count[best->person_id], best->key)) best = &c;
  }
  std::vector<Moment> out;
  for (const auto& [since, claim] : at) out.push_back({since, claim->person_id});
  return out;
}

}  // namespace

Summary summarise(std::span<const Record> records) {
  Votes name, birth, sex, ward, address;
  for (const Record& r : records) {
    const bool marks = vietnamese::has_marks(r.full_name);
    name.add(r, vietnamese::fold_keeping_marks(r.full_name), r.full_name, marks ? 1.5 : 1);
    const bool full_date = r.birth.size() == 10 && !r.birth.ends_with("-01-01");  // 1 January is what forms make of a year
    birth.add(r, r.birth, r.birth, full_date ? 1.5 : 1);
    sex.add(r, std::string(to_text(r.sex)), std::string(to_text(r.sex)), 1);
    ward.add(r, r.ward_code, r.ward_code, 1);
    address.add(r, r.address, r.address, 1);
  }
  Summary out;
  out.full_name = shown_name(name.winner());
  out.name_key = vietnamese::fold(out.full_name);
  out.birth = birth.winner();
  if (auto s = parse_sex(sex.winner())) out.sex = *s;
  out.phone = choose_phone(records);
  out.ward_code = ward.winner();
  out.address = address.winner();
  out.records = static_cast<int>(records.size());
  return out;
}

std::vector<ReferenceSpan> decide_spans(std::vector<PersonClaim> claims) {
  if (std::any_of(claims.begin(), claims.end(), [](const auto& c) { return c.named; }))
    std::erase_if(claims, [](const auto& c) { return !c.named; });
  if (claims.empty()) return {};
  const std::string reference = claims.front().reference;
  const auto same_person = [&](const auto& c) { return c.person_id == claims.front().person_id; };
  if (std::all_of(claims.begin(), claims.end(), same_person)) return {{reference, claims.front().person_id, std::nullopt, std::nullopt}};
  std::vector<ReferenceSpan> spans;
  for (const Moment& m : one_an_instant(claims)) {
    if (!spans.empty() && spans.back().person_id == m.person) continue;
    if (!spans.empty()) spans.back().until = m.since;
    spans.push_back({reference, m.person, m.since, std::nullopt});
  }
  return spans;
}

}  // namespace motcua::identity
