#include "platform/audit/retention.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "platform/audit/walk.hpp"

namespace motcua::audit {
namespace {

/// The last checkpoint before that time, unless everything up to it is gone already.
Result<std::optional<Checkpoint>> last_checkpoint(storage::Database& database, Instant before, std::int64_t cut_seq) {
  return database.read_value([&](storage::Reader& reader) {
    return reader.find(select_checkpoint + "WHERE at < $1 AND seq > $2 ORDER BY seq DESC LIMIT 1", {before, cut_seq}, checkpoint_of);
  });
}

}  // namespace

Result<std::int64_t> cut(storage::Database& database, crypto::KeyRing& keys, const Act& act, Instant before, Instant now, bool count_only) {
  TRY_ASSIGN(const auto key, keys.signing_key("audit"));
  TRY_ASSIGN(Known known, known_now(database));
  TRY_ASSIGN(const auto last, last_checkpoint(database, before, known.cut.seq));
  if (!last) return 0;
  Cut made{last->seq, last->hash, last->seq - known.cut.seq, now, {}};
  if (count_only) return made.entries;
  Walk walk(known.cut, std::move(known.checkpoints), key.public_key, {});
  TRY_ASSIGN(const bool whole, walk.begin(known.cut) ? pass_until(database, walk, made.seq) : Result<bool>(false));
  if (!whole || walk.seq() != made.seq) return Failure{FailureKind::corrupt, "audit.cut_of_broken_chain"};
  made.signature = crypto::sign_ed25519(key.secret_key, cut_text(made));
  TRY(database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY(tx.execute("INSERT INTO audit_cut (seq, hash, entries, at, signature) VALUES ($1, $2, $3, $4, $5)",
                   {made.seq, bytes_of_hash(made.hash), made.entries, made.at, made.signature}));
    TRY(tx.execute("DELETE FROM audit_entry WHERE seq <= $1", {made.seq}));
    TRY(tx.execute("DELETE FROM audit_checkpoint WHERE seq <= $1", {made.seq}));
    tx.note({.action = "audit.cut", .object = {}, .detail = "{\"seq\":" + std::to_string(made.seq) + ",\"entries\":" + std::to_string(made.entries) + "}"});
    return {};
  }));
  return made.entries;
}

std::string cut_text(const Cut& c) {
  return "motcua audit cut\n" + std::to_string(c.seq) + "\n" + to_hex(c.hash) + "\n" + std::to_string(c.entries) + "\n" + std::to_string(to_millis(c.at)) + "\n";
}

Result<Cut> find_cut(storage::Reader& reader) {
  TRY_ASSIGN(const auto cut, reader.find("SELECT seq, hash, entries, at, signature FROM audit_cut ORDER BY seq DESC LIMIT 1", {}, [](const storage::Row& row) {
    return Cut{row.integer(0), hash_of_bytes(row.bytes(1)), row.integer(2), row.instant(3), row.bytes(4)};
  }));
  return cut.value_or(Cut{});
}

Result<Proof> prove_deletion(storage::Database& database, const Act& act, const std::map<std::string, std::int64_t>& rows) {
  boost::json::object counts;
  for (const auto& [what, n] : rows) counts[what] = n;
  TRY(database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    tx.note({.action = {}, .object = {}, .detail = boost::json::serialize(counts)});
    return {};
  }));
  TRY(checkpoint(database));
  TRY_ASSIGN(const auto signed_end, database.read_value([](storage::Reader& reader) {
    return reader.find(select_checkpoint + "ORDER BY seq DESC LIMIT 1", {}, checkpoint_of);
  }));
  if (!signed_end) return internal("audit.no_checkpoint", "behind a proof");
  return Proof{signed_end->seq, to_hex(signed_end->hash), to_hex(signed_end->signature)};
}

}  // namespace motcua::audit
