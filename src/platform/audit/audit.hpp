#pragma once
// The audit log (trust.md, promises 7 and 8): every write and every read of personal data, in one chain of hashes, with signed
// checkpoints. What is changed, removed or cut off afterwards is found by verify(), and by the script of docs/guides/audit.md
// on an export, without this program.
//
// Tables audit_entry, audit_head, audit_checkpoint. The byte form that is hashed and signed: chain.hpp.
#include <chrono>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/audit/chain.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::audit {

struct SinkOptions {
  std::function<Instant()> now;                        // required
  std::int64_t checkpoint_entries_max = 1000;          // entries without a checkpoint behind them
  std::chrono::minutes checkpoint_age_max{5};          // or this old, at the next entry
};
/// What Database::set_audit_sink takes. Entries of a commit group go into its own commit; several processes may append to one
/// database. Key: ring signing key "audit".
Result<std::shared_ptr<storage::AuditSink>> make_sink(crypto::KeyRing& keys, SinkOptions options);

/// Puts looks on record and returns when that is durable: call it before answering. Each note becomes a read. An empty list of
/// notes records the act alone.
Result<void> record_read(storage::Database& database, const Act& act, std::vector<AuditNote> notes);

/// Signs the present end of the chain unless it is signed already: at shutdown and from a job every few minutes.
Result<void> checkpoint(storage::Database& database);

/// Where the chain breaks first.
enum class BreakKind {
  changed,          // the entry's content does not give its hash
  removed,          // an entry is missing before this one
  chain_broken,     // the entry does not follow the one before it: inserted, or the ones before were rewritten
  truncated,        // entries at the end are missing: the head or a checkpoint knows of more
  rewritten,        // the chain is whole but is not the one that was signed
  bad_signature,    // a checkpoint's signature does not verify
};
std::string_view to_text(BreakKind kind);
struct Break {
  std::int64_t seq = 0;
  BreakKind kind = BreakKind::changed;
};
struct Verification {
  std::int64_t entries = 0;
  std::int64_t checkpoints = 0;
  std::optional<Break> first_break;   // empty: the chain holds
};
/// A checkpoint somebody kept elsewhere: catches even a log whose end was cut off with all that knew of it.
struct Witness {
  std::int64_t seq = 0;
  std::string hash_hex;
};
Result<Verification> verify(storage::Database& database, crypto::KeyRing& keys, const std::optional<Witness>& witness = {});

/// JSON lines: one `export` line (public key, range), then entries with `checkpoint` lines after the entry they sign. No personal data
/// beyond ids. Result: entries written. `from_seq` 1 is the beginning; `to_seq` 0 is the end.
Result<std::int64_t> export_json_lines(storage::Database& database, crypto::KeyRing& keys, std::ostream& out,
                                       std::int64_t from_seq = 1, std::int64_t to_seq = 0);

/// What is asked of the log; empty fields ask nothing. `subjects`: any of these (a person's per_ id and sub_ ids), at most 200.
struct Filter {
  std::vector<std::string> subjects = {};
  std::string object = {};
  std::string actor = {};
  bool reads_only = false;
};
struct Page {
  std::vector<Entry> entries;              // newest first
  std::optional<std::int64_t> next_before; // pass as `before_seq` for the next page
};
inline constexpr int page_entries_max = 200;
/// "Who read this record" and the auditor's list. Failure `audit.too_many_subjects`.
Result<Page> list_entries(storage::Reader& reader, const Filter& filter, std::int64_t before_seq = 0, int limit = 50);

}  // namespace motcua::audit
