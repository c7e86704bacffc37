#pragma once
// May this person do this here, and under what name does it go on record?
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/http/message.hpp"
#include "platform/http/router.hpp"
#include "platform/storage/act.hpp"
#include "platform/units/units.hpp"

namespace motcua::auth {

using RoleNames = std::initializer_list<std::string_view>;

/// The grant that lets this person do it in this unit: one of the roles, in an area that contains the unit. A grant without area (or
/// "vn") holds for the whole country; a record without a unit is open to such grants alone.
std::optional<http::RoleGrant> find_grant(const http::Principal& principal, RoleNames roles, std::string_view unit_code,
                                          const units::Units& units);
bool may(const http::Principal& principal, RoleNames roles, std::string_view unit_code, const units::Units& units);
/// One of the roles in any area; for lists, which then show what lies in the person's areas.
bool has_role(const http::Principal& principal, RoleNames roles);
/// Areas of the person's grants of these roles; "vn" when one of them is the whole country. Empty: none.
std::vector<std::string> areas_of(const http::Principal& principal, RoleNames roles);

/// The act of a signed-in person's request: the first of her roles that is in `roles` and has the purpose.
/// Failures: auth.sign_in_needed (unauthenticated), auth.not_your_role (forbidden).
Result<Act> act_of(const http::Request& request, RoleNames roles, std::string_view purpose, std::string action);

/// What does not fit the catalogue in a route's rule, one line each: a role nobody knows, a purpose its role does not have. For the test that
/// walks all routes.
std::vector<std::string> misfits_of(const http::Access& access);

}  // namespace motcua::auth
