#include "platform/storage/migrations.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "platform/assets/assets.hpp"
#include "platform/storage/session.hpp"

namespace motcua::storage {

namespace {

constexpr std::string_view own_table = R"(-- local
CREATE TABLE IF NOT EXISTS storage_migration (
  name TEXT NOT NULL,
  hash TEXT NOT NULL,
  ran_at BIGINT NOT NULL,
  PRIMARY KEY (name)
))";

/// Tells texts apart by accident, not by malice: whoever can change a migration can change this program.
std::string hash_of(std::string_view text) {
  const auto h = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", h.high64, h.low64);
}

Result<void> make_own_table(Session& session) {
  TRY(session.begin_write());
  TRY(session.lock_schema());
  TRY(session.run_script(own_table));
  return session.commit();
}

Result<std::optional<std::string>> find_hash(Session& session, const std::string& name) {
  std::optional<std::string> hash;
  TRY(session.query("SELECT hash FROM storage_migration WHERE name = $1", {name},
                    [&](const Row& row) { hash = row.string(0); }));
  return hash;
}

/// True when it ran now, false when it had run before.
Result<bool> run_one(Session& session, const Migration& migration) {
  const auto hash = hash_of(migration.sql);
  TRY(session.begin_write());
  TRY(session.lock_schema());
  TRY_ASSIGN(const auto known, find_hash(session, migration.name));
  if (known) {
    session.rollback();
    if (*known == hash) return false;
    return Failure{FailureKind::conflict, "storage.migration_changed", {}, {}, {{"name", migration.name}}, migration.name};
  }
  if (auto ran = session.run_migration(migration.sql); !ran)
    return Failure{ran.failure().kind, "storage.migration_failed", {}, {}, {{"name", migration.name}}, ran.failure().detail};
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  if (auto kept = session.execute("INSERT INTO storage_migration (name, hash, ran_at) VALUES ($1, $2, $3)",
                                  {migration.name, hash, Instant(now)}); !kept)
    return std::move(kept).failure();
  TRY(session.commit());
  return true;
}

}  // namespace

std::vector<Migration> migrations_from(std::string_view prefix) {
  std::vector<Migration> found;
  for (const auto& asset : assets::list(prefix)) {
    const auto folder = asset.name.find("/migrations/");
    if (folder == std::string_view::npos || !asset.name.ends_with(".sql")) continue;
    auto name = asset.name.substr(folder + std::string_view("/migrations/").size());
    name.remove_suffix(std::string_view(".sql").size());
    found.push_back({std::string(name), std::string(asset.content)});
  }
  std::sort(found.begin(), found.end(), [](const Migration& a, const Migration& b) { return a.name < b.name; });
  return found;
}

Result<std::vector<std::string>> run_migrations(Session& session, const std::vector<Migration>& migrations) {
  std::map<std::string, const Migration*> ordered;
  for (const auto& migration : migrations)
    if (!ordered.emplace(migration.name, &migration).second)
      return Failure{FailureKind::internal, "storage.migration_twice", {}, {}, {{"name", migration.name}}, migration.name};
  TRY(make_own_table(session));
  std::vector<std::string> ran;
  for (const auto& [name, migration] : ordered) {
    TRY_ASSIGN(const bool now, run_one(session, *migration));
    if (now) ran.push_back(name);
  }
  return ran;
}

}  // namespace motcua::storage
