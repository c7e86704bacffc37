#include "platform/auth/colleagues.hpp"

#include <algorithm>
#include <set>

#include "platform/auth/account.hpp"

namespace motcua::auth {
namespace {

constexpr std::size_t names_a_query = 50;   // a page of tasks; shorter lists repeat the last, so that one statement serves all

std::string placeholders(std::size_t first, std::size_t n) {
  std::string text;
  for (std::size_t i = 0; i < n; ++i) text += (i > 0 ? ", $" : "$") + std::to_string(first + i);
  return text;
}

}  // namespace

Result<std::vector<Colleague>> list_colleagues(storage::Reader& reader, RoleNames roles, Instant now) {
  storage::Values values{now};
  for (const std::string_view role : roles) values.emplace_back(role);
  values.emplace_back(static_cast<std::int64_t>(grants_max) * colleagues_max);
  const std::string sql =
      "SELECT a.id, a.display_name, g.area FROM auth_account a JOIN auth_grant g ON g.account = a.id WHERE a.state = 'active' "
      "AND g.revoked_at IS NULL AND (g.until IS NULL OR g.until > $1) AND g.role IN (" + placeholders(2, roles.size()) +
      ") ORDER BY a.display_name, a.id, g.area LIMIT $" + std::to_string(values.size());
  std::vector<Colleague> colleagues;
  TRY(reader.query(sql, values, [&](const storage::Row& row) {
    const std::string account = row.string(0);
    if (colleagues.empty() || colleagues.back().account != account) {
      if (colleagues.size() == static_cast<std::size_t>(colleagues_max)) return;
      colleagues.push_back({account, Personal<std::string>(row.string(1)), {}});
    }
    auto& areas = colleagues.back().areas;
    if (std::string area = row.string(2); std::find(areas.begin(), areas.end(), area) == areas.end()) areas.push_back(std::move(area));
  }));
  return colleagues;
}

bool works_in(const Colleague& colleague, std::string_view unit_code, const units::Units& units) {
  return std::any_of(colleague.areas.begin(), colleague.areas.end(), [&](const std::string& area) {
    if (area.empty() || area == "vn") return true;
    return !unit_code.empty() && (area == unit_code || units.contains(area, unit_code));
  });
}

Result<std::map<std::string, Personal<std::string>>> names_of(storage::Reader& reader, std::span<const std::string> accounts) {
  const std::set<std::string> different(accounts.begin(), accounts.end());
  const std::vector<std::string> ids(different.begin(), different.end());
  std::map<std::string, Personal<std::string>> names;
  const std::string sql = "SELECT id, display_name FROM auth_account WHERE id IN (" + placeholders(1, names_a_query) + ")";
  for (std::size_t at = 0; at < ids.size(); at += names_a_query) {
    storage::Values values;
    for (std::size_t i = 0; i < names_a_query; ++i) values.emplace_back(ids[std::min(at + i, ids.size() - 1)]);
    TRY(reader.query(sql, values, [&](const storage::Row& row) { names.emplace(row.string(0), Personal<std::string>(row.string(1))); }));
  }
  return names;
}

}  // namespace motcua::auth
