#pragma once
// Who works with whom: the staff that work can be given to. Names and areas alone; no login, no role's end, no last sign-in.
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/auth/access.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::auth {

inline constexpr int colleagues_max = 5000;   // of one list; a province's tracing staff many times over

struct Colleague {
  std::string account;                        // acc_...
  Personal<std::string> display_name;
  std::vector<std::string> areas;             // of her grants of the roles asked for; "vn" or "": the whole country
};

/// Active accounts that hold one of these roles at that time, by name. The caller puts the look on record.
Result<std::vector<Colleague>> list_colleagues(storage::Reader& reader, RoleNames roles, Instant now);
/// One of her areas contains the unit; an unknown unit ("") is for those who work in the whole country.
bool works_in(const Colleague& colleague, std::string_view unit_code, const units::Units& units);
/// What these accounts are called, also those that are disabled or hold no role any more.
Result<std::map<std::string, Personal<std::string>>> names_of(storage::Reader& reader, std::span<const std::string> accounts);

}  // namespace motcua::auth
