#include "rooms/identity/phone_owner.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace motcua::identity {
namespace {

struct AgeRow {
  int below;                  // years
  double installs, phoneless; // chance that the app on a household's phone is this person's; that there is no phone of one's own
  const char* level;
};
// Rough on purpose: children have none, the old rarely one that runs an app, nearly everybody between has.
constexpr std::array<AgeRow, 6> ages{{{10, 0.02, 0.98, "phone_owner.child"},
                                      {14, 0.10, 0.80, "phone_owner.child"},
                                      {18, 0.60, 0.40, "phone_owner.youth"},
                                      {60, 0.85, 0.06, "phone_owner.adult"},
                                      {70, 0.35, 0.25, "phone_owner.elderly"},
                                      {999, 0.10, 0.50, "phone_owner.elderly"}}};
constexpr AgeRow age_unknown{0, 0.60, 0.20, "phone_owner.age_unknown"};
constexpr double installs_adult = 0.85;

constexpr double tells_own = 0.93;         // a record of somebody who has a phone tells it, not another
constexpr double tells_relatives = 0.05;   // ... tells a certain relative's
constexpr double somebody_unseen = 0.10;   // weight of an owner whom no record with this phone shows; an adult's with one record is about 8
constexpr double word_factor = 50;         // one word for or against ownership in fifty is a slip
constexpr double second_phone_factor = 4;  // one in some calls two phones her own
constexpr double own_word_probability_min = 0.99;

const AgeRow& age_row(int age) {
  if (age < 0) return age_unknown;
  return *std::find_if(ages.begin(), ages.end() - 1, [&](const AgeRow& r) { return age < r.below; });
}

/// How much likelier these records are if the phone is this person's than if it is a relative's.
double carrying_factor(const PhoneCarrier& c) {
  const double phoneless = age_row(c.age).phoneless;
  const auto chance = [&](double right, double wrong) { return std::pow(right, c.carrying) * std::pow(wrong, c.elsewhere); };
  const double owner = chance(tells_own, 1 - tells_own);
  return owner / (phoneless * owner + (1 - phoneless) * chance(tells_relatives, 1 - tells_relatives));
}

double weight_of(const PhoneCarrier& c) {
  double w = age_row(c.age).installs * carrying_factor(c);
  if (c.own) w *= word_factor;
  if (c.on_behalf) w /= word_factor;
  if (c.own_elsewhere) w /= second_phone_factor;
  return w;
}

/// Of everybody else who may be the one.
double weight_against(std::span<const PhoneCarrier> carriers, std::size_t which) {
  double sum = somebody_unseen;
  for (std::size_t i = 0; i < carriers.size(); ++i)
    if (i != which) sum += weight_of(carriers[i]);
  return sum;
}

double probability_of(std::span<const PhoneCarrier> carriers, std::size_t which) {
  const double own = weight_of(carriers[which]);
  return own / (own + weight_against(carriers, which));
}

}  // namespace

std::optional<PhoneOwner> decide_phone_owner(std::span<const PhoneCarrier> carriers) {
  if (carriers.empty()) return std::nullopt;
  const auto owners = std::count_if(carriers.begin(), carriers.end(), [](const auto& c) { return c.own; });
  if (owners > 1) return std::nullopt;
  if (owners == 1) {
    const auto at = std::find_if(carriers.begin(), carriers.end(), [](const auto& c) { return c.own; });
    const auto which = static_cast<std::size_t>(at - carriers.begin());
    return PhoneOwner{which, std::max(own_word_probability_min, probability_of(carriers, which))};
  }
  if (carriers.size() > phone_carriers_max) return std::nullopt;
  std::size_t best = 0;
  for (std::size_t i = 1; i < carriers.size(); ++i)
    if (weight_of(carriers[i]) > weight_of(carriers[best])) best = i;
  const double probability = probability_of(carriers, best);
  if (probability < phone_owner_probability) return std::nullopt;
  return PhoneOwner{best, probability};
}

Waterfall explain_phone_owner(std::span<const PhoneCarrier> carriers, std::size_t which) {
  const PhoneCarrier& c = carriers[which];
  Waterfall w;
  w.bits = w.prior_bits = std::log2(installs_adult / somebody_unseen);
  const auto bar = [&](const char* field, const char* level, double factor) {
    w.bars.push_back({field, level, std::log2(factor)});
    w.bits += w.bars.back().bits;
  };
  bar("phone", c.elsewhere == 0 ? "phone_owner.in_all_records" : "phone_owner.in_some_records", carrying_factor(c));
  bar("birth", age_row(c.age).level, age_row(c.age).installs / installs_adult);
  if (c.own) bar("phone", "phone_owner.told_own", word_factor);
  if (c.on_behalf) bar("phone", "phone_owner.told_on_behalf", 1 / word_factor);
  if (c.own_elsewhere) bar("phone", "phone_owner.own_elsewhere", 1 / second_phone_factor);
  if (carriers.size() > 1) bar("phone", "phone_owner.others_carry_it", somebody_unseen / weight_against(carriers, which));
  w.probability = probability_of(carriers, which);
  return w;
}

bool asks_whose_phone(std::string_view kind) { return kind == "vhd"; }

void add_record(PhoneCarrier& carrier, bool told, bool carries, bool own, bool asked_whose) {
  if (!told) return;
  ++(carries ? carrier.carrying : carrier.elsewhere);
  if (carries) carrier.own = carrier.own || own;
  else carrier.own_elsewhere = carrier.own_elsewhere || own;
  carrier.on_behalf = carrier.on_behalf || (carries && !own && asked_whose);
}

int age_in(int year, const std::map<int, int>& births) {
  if (year == 0 || births.empty()) return -1;
  const auto most = std::max_element(births.begin(), births.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return std::max(0, year - most->first);
}

}  // namespace motcua::identity
