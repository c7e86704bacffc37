#include <algorithm>

#include "platform/audit/audit.hpp"
#include "platform/audit/rows.hpp"

namespace motcua::audit {
namespace {

constexpr std::size_t id_bytes_max = 200;         // an id has about 30 letters, an action about 40
constexpr std::size_t detail_bytes_max = 4096;
constexpr std::string_view checkpoint_action = "audit.checkpoint";

/// An over-long detail is not cut, which would leave broken JSON: it says how long it was.
std::string bounded_detail(const std::string& detail) {
  if (detail.size() > detail_bytes_max) return "{\"dropped_bytes\":" + std::to_string(detail.size()) + "}";
  return bounded_text(detail, detail_bytes_max);
}

Entry entry_from(const storage::AuditSink::Entry& from, Instant at) {
  const Act& act = *from.act;
  const AuditNote& note = *from.note;
  Entry e;
  e.at = at;
  e.actor = bounded_text(act.actor, id_bytes_max);
  e.role = bounded_text(act.role, id_bytes_max);
  e.purpose = bounded_text(act.purpose, id_bytes_max);
  e.action = bounded_text(note.action.empty() ? act.action : note.action, id_bytes_max);
  e.object = bounded_text(note.object, id_bytes_max);
  e.subject = bounded_text(note.subject, id_bytes_max);
  e.area = bounded_text(note.area, id_bytes_max);
  e.detail = bounded_detail(note.detail);
  e.request = bounded_text(act.request, id_bytes_max);
  e.read = note.read;
  return e;
}

class ChainSink final : public storage::AuditSink {
 public:
  ChainSink(crypto::KeyPair key, SinkOptions options) : key_(std::move(key)), options_(std::move(options)) {}

  Result<void> append(storage::Transaction& transaction, std::span<const Entry> entries) override {
    if (entries.empty()) return {};
    TRY_ASSIGN(Head head, take_head(transaction, static_cast<std::int64_t>(entries.size())));
    const Instant now = options_.now();
    std::vector<storage::Values> rows;
    rows.reserve(entries.size());
    std::string scratch;
    for (const Entry& from : entries) {
      audit::Entry e = entry_from(from, now);
      e.seq = ++head.seq;
      e.prev = head.hash;
      e.hash = head.hash = hash_of(e, scratch);
      rows.push_back(to_values(e));
    }
    TRY(transaction.bulk_insert("audit_entry", entry_columns, rows));
    if (is_due(head, now, entries)) TRY(put_checkpoint(transaction, head, now));
    TRY(transaction.execute("UPDATE audit_head SET hash = $1, checkpoint_seq = $2, checkpoint_at = $3 WHERE id = 1",
                            {bytes_of_hash(head.hash), head.checkpoint_seq, head.checkpoint_at}));
    return {};
  }

 private:
  /// The head as it was before these entries. The update comes first: it makes other processes wait until our commit.
  Result<Head> take_head(storage::Transaction& transaction, std::int64_t count) {
    constexpr auto move = "UPDATE audit_head SET seq = seq + $1 WHERE id = 1";
    TRY_ASSIGN(std::int64_t moved, transaction.execute(move, {count}));
    if (moved == 0) {
      TRY(transaction.execute("INSERT INTO audit_head (id, seq, hash, checkpoint_seq, checkpoint_at) VALUES (1, 0, $1, 0, $2) "
                              "ON CONFLICT (id) DO NOTHING",
                              {bytes_of_hash({}), options_.now()}));
      TRY_ASSIGN(moved, transaction.execute(move, {count}));
    }
    TRY_ASSIGN(Head head, find_head(transaction));
    head.seq -= count;
    return head;
  }

  bool is_due(const Head& head, Instant now, std::span<const Entry> entries) const {
    if (head.seq - head.checkpoint_seq >= options_.checkpoint_entries_max) return true;
    if (now - head.checkpoint_at >= options_.checkpoint_age_max) return true;
    return std::any_of(entries.begin(), entries.end(), [](const Entry& e) { return e.act->action == checkpoint_action; });
  }

  Result<void> put_checkpoint(storage::Transaction& transaction, Head& head, Instant now) {
    TRY(transaction.execute("INSERT INTO audit_checkpoint (seq, hash, at, signature) VALUES ($1, $2, $3, $4)",
                            {head.seq, bytes_of_hash(head.hash), now,
                             crypto::sign_ed25519(key_.secret_key, checkpoint_text(head.seq, head.hash, now))}));
    head.checkpoint_seq = head.seq;
    head.checkpoint_at = now;
    return {};
  }

  const crypto::KeyPair key_;
  const SinkOptions options_;
};

}  // namespace

Result<std::shared_ptr<storage::AuditSink>> make_sink(crypto::KeyRing& keys, SinkOptions options) {
  TRY_ASSIGN(auto key, keys.signing_key("audit"));
  return std::shared_ptr<storage::AuditSink>(std::make_shared<ChainSink>(std::move(key), std::move(options)));
}

Result<void> record_read(storage::Database& database, const Act& act, std::vector<AuditNote> notes) {
  for (AuditNote& note : notes) note.read = true;
  if (notes.empty()) notes.push_back({.action = act.action, .object = {}, .read = true});
  return database.write(act, [&](storage::Transaction& transaction) -> Result<void> {
    for (const AuditNote& note : notes) transaction.note(note);
    return {};
  });
}

Result<void> checkpoint(storage::Database& database) {
  TRY_ASSIGN(const Head head, database.read_value([](storage::Reader& reader) { return find_head(reader); }));
  if (head.seq == head.checkpoint_seq) return {};
  const Act act{"job:audit", "system", "integrity", std::string(checkpoint_action), ""};
  return database.write(act, [](storage::Transaction&) -> Result<void> { return {}; });
}

}  // namespace motcua::audit
