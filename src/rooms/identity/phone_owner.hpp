#pragma once
// Whose phone is it, when a record tells a phone and no name (an app's user)? Pure decision over the persons whose records carry it.
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "rooms/identity/identity.hpp"

namespace motcua::identity {

/// One person whose records carry the phone.
struct PhoneCarrier {
  int age = -1;             // in years when the nameless record was told; negative: unknown
  int carrying = 0;         // records that tell this phone
  int elsewhere = 0;        // records that tell another one
  bool own = false;         // one of them calls it the person's own
  bool on_behalf = false;   // a form that asks whose phone it is was filled in with it by somebody else
  bool own_elsewhere = false;   // another phone is called the person's own
};
inline constexpr std::size_t phone_carriers_max = 16;   // more people than a household has: a hotline, nobody's own
inline constexpr double phone_owner_probability = 0.9;  // at least this, or the record stays a person of its own

struct PhoneOwner {
  std::size_t carrier = 0;  // position
  double probability = 0;
};
/// The one person who calls it her own; where nobody does, the one who is its user with at least phone_owner_probability, weighed against
/// all other carriers and against somebody no record shows. Where several call it their own: nobody.
std::optional<PhoneOwner> decide_phone_owner(std::span<const PhoneCarrier> carriers);

/// Why carrier `which` is, or is not, the one: bars with levels "phone_owner.*".
Waterfall explain_phone_owner(std::span<const PhoneCarrier> carriers, std::size_t which);

/// Forms of this kind ask whether one declares for oneself: with them a phone that is not own was told on somebody's behalf.
bool asks_whose_phone(std::string_view kind);

/// Adds what one record of the person says. `carries`: it tells the phone asked about; `told`: it tells some phone.
void add_record(PhoneCarrier& carrier, bool told, bool carries, bool own, bool asked_whose);

/// From birth years and how many records tell each: the one most tell, the earlier on a tie. Negative: unknown.
int age_in(int year, const std::map<int, int>& births);

}  // namespace motcua::identity
