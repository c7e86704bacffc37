#include "platform/auth/approval.hpp"

#include <algorithm>

#include "platform/auth/access.hpp"
#include "platform/auth/roles.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::auth {
namespace {

constexpr std::chrono::hours own_shown_for{72};
constexpr std::string_view columns =
    "SELECT id, kind, params_hash, area, purpose, state, requested_by, requested_at, expires_at, decided_by FROM auth_approval ";

Approval approval_of(const storage::Row& r) {
  Approval a{r.string(0), r.string(1), r.string(2), r.string(3), r.string(4), r.string(5), r.string(6), r.instant(7), r.instant(8), {}};
  if (!r.is_null(9)) a.decided_by = r.string(9);
  return a;
}

/// The person's role among those, in an area that covers the request's.
std::optional<http::RoleGrant> grant_among(const http::Principal& principal, const std::vector<std::string_view>& roles,
                                           const std::string& area, const units::Units& units) {
  for (const std::string_view role : roles)
    if (auto grant = find_grant(principal, {role}, area, units)) return grant;
  return std::nullopt;
}

Failure not_your_role() { return {FailureKind::forbidden, "auth.not_your_role"}; }

}  // namespace

Result<std::string> Approvals::request_approval(const http::Request& request, const ApprovalRequest& asked) const {
  const ApprovalKind* kind = find_approval_kind(asked.kind);
  if (kind == nullptr) return internal("auth.unknown_approval_kind", asked.kind);
  if (!request.principal) return Failure{FailureKind::unauthenticated, "auth.sign_in_needed"};
  const auto grant = grant_among(*request.principal, kind->askers, asked.area, units_);
  if (!grant) return not_your_role();
  const std::string id = crypto::random_id("apr");
  const Instant now = now_();
  const Act act{request.principal->account, grant->role, asked.purpose, "auth.ask_approval", request.id};
  TRY(database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY(tx.execute("INSERT INTO auth_approval (id, kind, params_hash, area, purpose, state, requested_by, requested_at, expires_at) "
                   "VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7, $8)",
                   {id, asked.kind, asked.params_hash, asked.area, asked.purpose, request.principal->account, now,
                    now + approval_lifetime}));
    tx.note({.action = {}, .object = id, .area = asked.area, .detail = "{\"kind\":\"" + asked.kind + "\"}"});
    return {};
  }));
  return id;
}

Result<void> Approvals::decide(const http::Request& request, const std::string& id, const std::string& state) const {
  if (!request.principal) return Failure{FailureKind::unauthenticated, "auth.sign_in_needed"};
  const http::Principal& person = *request.principal;
  TRY_ASSIGN(const auto found, database_.read_value([&](storage::Reader& r) {
    return r.find(std::string(columns) + "WHERE id = $1", {id}, approval_of);
  }));
  if (!found) return not_found("auth.approval_not_found");
  if (found->requested_by == person.account) return Failure{FailureKind::forbidden, "auth.own_approval"};
  const ApprovalKind* kind = find_approval_kind(found->kind);
  const auto grant = kind == nullptr ? std::nullopt : grant_among(person, kind->deciders, found->area, units_);
  if (!grant) return not_found("auth.approval_not_found");  // who may not decide it need not know of it
  const Instant now = now_();
  if (now > found->expires_at) return conflict("auth.approval_expired");
  const Act act{person.account, grant->role, found->purpose, state == "approved" ? "auth.approve" : "auth.refuse", request.id};
  return database_.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const auto changed,
               tx.execute("UPDATE auth_approval SET state = $1, decided_by = $2, decided_at = $3 WHERE id = $4 AND state = 'asked'",
                          {state, person.account, now, id}));
    if (changed == 0) return conflict("auth.approval_decided");
    tx.note({.action = {}, .object = id, .area = found->area, .detail = "{\"kind\":\"" + found->kind + "\"}"});
    return {};
  });
}

Result<void> Approvals::consume(storage::Transaction& transaction, const std::string& account, const std::string& id,
                                std::string_view kind, std::string_view params_hash, Instant now) {
  TRY_ASSIGN(const auto used,
             transaction.execute("UPDATE auth_approval SET state = 'used', consumed_at = $1 WHERE id = $2 AND state = 'approved' "
                                 "AND kind = $3 AND params_hash = $4 AND requested_by = $5 AND expires_at >= $6",
                                 {now, id, kind, params_hash, account, now}));
  if (used == 0) return Failure{FailureKind::forbidden, "auth.approval_missing"};
  transaction.note({.action = "auth.use_approval", .object = id, .detail = "{\"kind\":\"" + std::string(kind) + "\"}"});
  return {};
}

Result<std::vector<Approval>> Approvals::list_for(const http::Principal& principal) const {
  const Instant now = now_();
  TRY_ASSIGN(auto rows, database_.read_value([&](storage::Reader& r) {
    return r.list(std::string(columns) + "WHERE (state = 'asked' AND expires_at >= $1) OR (requested_by = $2 AND requested_at >= $3) "
                                         "ORDER BY requested_at DESC, id LIMIT 100",
                  {now, principal.account, now - own_shown_for}, approval_of);
  }));
  std::erase_if(rows, [&](const Approval& a) {
    const ApprovalKind* kind = find_approval_kind(a.kind);
    return a.requested_by != principal.account && (kind == nullptr || !grant_among(principal, kind->deciders, a.area, units_));
  });
  return rows;
}

}  // namespace motcua::auth
