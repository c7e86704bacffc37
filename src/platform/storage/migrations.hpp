#pragma once
// Migrations: where they come from and how they run.
#include <string_view>
#include <vector>

#include "platform/storage/storage.hpp"

namespace motcua::storage {

class Session;

/// The embedded files ".../migrations/NNNN_name.sql" whose path begins with `prefix` ("" for all), in order of their own name
/// ("0010_identity_record"), which is unique over all slices.
std::vector<Migration> migrations_from(std::string_view prefix);

/// Runs those not yet run, each in a transaction of its own, on a session without one. Names of those it ran.
/// Failures: storage.migration_changed (the text of one that ran is another now), storage.migration_twice (two of one name),
/// storage.migration_failed (its SQL did not run; nothing of it stays).
Result<std::vector<std::string>> run_migrations(Session& session, const std::vector<Migration>& migrations);

}  // namespace motcua::storage
