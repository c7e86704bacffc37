#include "platform/auth/access.hpp"

#include <algorithm>

#include "platform/auth/roles.hpp"

namespace motcua::auth {
namespace {

constexpr std::string_view whole_country = "vn";

bool is_one_of(const http::RoleGrant& grant, RoleNames roles) {
  return std::find(roles.begin(), roles.end(), grant.role) != roles.end();
}

bool covers(const http::RoleGrant& grant, std::string_view unit_code, const units::Units& units) {
  if (grant.area.empty() || grant.area == whole_country) return true;
  if (unit_code.empty()) return false;
  return grant.area == unit_code || units.contains(grant.area, unit_code);
}

}  // namespace

std::optional<http::RoleGrant> find_grant(const http::Principal& principal, RoleNames roles, std::string_view unit_code,
                                          const units::Units& units) {
  for (const http::RoleGrant& grant : principal.grants)
    if (is_one_of(grant, roles) && covers(grant, unit_code, units)) return grant;
  return std::nullopt;
}

bool may(const http::Principal& principal, RoleNames roles, std::string_view unit_code, const units::Units& units) {
  return find_grant(principal, roles, unit_code, units).has_value();
}

bool has_role(const http::Principal& principal, RoleNames roles) {
  return std::any_of(principal.grants.begin(), principal.grants.end(),
                     [&](const http::RoleGrant& grant) { return is_one_of(grant, roles); });
}

std::vector<std::string> areas_of(const http::Principal& principal, RoleNames roles) {
  std::vector<std::string> areas;
  for (const http::RoleGrant& grant : principal.grants) {
    if (!is_one_of(grant, roles)) continue;
    if (grant.area.empty() || grant.area == whole_country) return {std::string(whole_country)};
    if (std::find(areas.begin(), areas.end(), grant.area) == areas.end()) areas.push_back(grant.area);
  }
  return areas;
}

Result<Act> act_of(const http::Request& request, RoleNames roles, std::string_view purpose, std::string action) {
  if (!request.principal) return Failure{FailureKind::unauthenticated, "auth.sign_in_needed"};
  for (const http::RoleGrant& grant : request.principal->grants)
    if (is_one_of(grant, roles) && has_purpose(grant.role, purpose))
      return Act{request.principal->account, grant.role, std::string(purpose), std::move(action), request.id};
  return Failure{FailureKind::forbidden, "auth.not_your_role"};
}

std::vector<std::string> misfits_of(const http::Access& access) {
  std::vector<std::string> found;
  for (const std::string& role : access.allowed()) {
    if (find_role(role) == nullptr) found.push_back("no role " + role);
    else if (!has_purpose(role, access.purpose())) found.push_back(role + " has no purpose " + access.purpose());
  }
  return found;
}

}  // namespace motcua::auth
