#pragma once
// Two people for what one must not do alone (trust.md, promise 9): one asks, another who may decides, and what was approved is done
// once, by the one who asked, with exactly the parameters that were shown.
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/message.hpp"
#include "platform/storage/storage.hpp"
#include "platform/units/units.hpp"

namespace motcua::auth {

inline constexpr std::chrono::hours approval_lifetime{24};  // to decide and to use; a day's work, not a standing permission

struct Approval {
  std::string id;             // apr_...
  std::string kind;           // roles.hpp: approval_kinds()
  std::string params_hash;    // hex, made by the room over what will be done
  std::string area;           // unit code it concerns; empty: the whole country
  std::string purpose;
  std::string state;          // asked, approved, refused, used; past `expires_at` none of them counts
  std::string requested_by;   // acc_...
  Instant requested_at{}, expires_at{};
  std::optional<std::string> decided_by;
};

struct ApprovalRequest {
  std::string kind, params_hash, area, purpose;
};

class Approvals {
 public:
  Approvals(storage::Database& database, const units::Units& units, std::function<Instant()> now)
      : database_(database), units_(units), now_(std::move(now)) {}

  /// Id of the request. Failures: auth.unknown_approval_kind (internal), auth.not_your_role.
  Result<std::string> request_approval(const http::Request& request, const ApprovalRequest& asked) const;
  /// Failures: auth.own_approval (forbidden: the second person is another one), auth.not_your_role,
  /// auth.approval_not_found, auth.approval_decided (conflict), auth.approval_expired (conflict).
  Result<void> approve(const http::Request& request, const std::string& id) const { return decide(request, id, "approved"); }
  Result<void> refuse(const http::Request& request, const std::string& id) const { return decide(request, id, "refused"); }

  /// Uses the approval up, inside the transaction of what it allows. `account` is who asked.
  /// Failure `auth.approval_missing` (forbidden) for none, not approved, expired, used, somebody else's or other parameters.
  static Result<void> consume(storage::Transaction& transaction, const std::string& account, const std::string& id,
                              std::string_view kind, std::string_view params_hash, Instant now);

  /// Open requests this person may decide, and her own of the last days; at most 100, newest first.
  Result<std::vector<Approval>> list_for(const http::Principal& principal) const;

 private:
  Result<void> decide(const http::Request& request, const std::string& id, const std::string& state) const;

  storage::Database& database_;
  const units::Units& units_;
  std::function<Instant()> now_;
};

}  // namespace motcua::auth
