#include "platform/audit/audit.hpp"
#include "platform/audit/walk.hpp"

namespace motcua::audit {

std::string_view to_text(BreakKind kind) {
  switch (kind) {
    case BreakKind::changed: return "changed";
    case BreakKind::removed: return "removed";
    case BreakKind::chain_broken: return "chain_broken";
    case BreakKind::truncated: return "truncated";
    case BreakKind::rewritten: return "rewritten";
    case BreakKind::bad_signature: return "bad_signature";
  }
  return "changed";
}

Result<Verification> verify(storage::Database& database, crypto::KeyRing& keys, const std::optional<Witness>& witness) {
  TRY_ASSIGN(const auto key, keys.signing_key("audit"));
  TRY_ASSIGN(Known known, known_now(database));
  Walk walk(known.cut, std::move(known.checkpoints), key.public_key, witness);
  if (!walk.begin(known.cut)) return walk.result();
  // Entries appended while we read lie behind this head and are left for the next time.
  TRY_ASSIGN(const bool whole, pass_until(database, walk, known.head.seq));
  if (!whole) return walk.result();
  walk.end(known.head, known.stored_seq_max);
  return walk.result();
}

}  // namespace motcua::audit
