#pragma once
// The SQL of passes.
#include "rooms/declarations/passes.hpp"

namespace motcua::declarations::store {

Result<void> add_pass(storage::Transaction& tx, const IssuedPass& pass);
/// Those of the subject that are neither expired nor revoked.
Result<std::vector<IssuedPass>> open_passes(storage::Reader& reader, const std::string& subject, Instant now);
Result<std::optional<IssuedPass>> find_pass(storage::Reader& reader, const std::string& subject, const std::string& pass_id);
Result<std::vector<IssuedPass>> passes_of(storage::Reader& reader, std::span<const std::string> subjects, int limit);
Result<void> revoke(storage::Transaction& tx, const IssuedPass& pass, Instant now);

struct Revoked {
  std::string pass_id;
  Instant at{};
};
Result<std::vector<Revoked>> list_revoked(storage::Reader& reader, Instant since, Instant now, int limit);
Result<bool> is_revoked(storage::Reader& reader, const std::string& pass_id);

Result<std::int64_t> purge_passes(storage::Reader& reader, storage::Transaction* tx, Instant expired_before);
Result<std::int64_t> purge_revocations(storage::Reader& reader, storage::Transaction* tx, Instant expired_before);

}  // namespace motcua::declarations::store
