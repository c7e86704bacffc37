#pragma once
// How the log itself grows old, and the proof that something was deleted.
//
// A cut says that the entries up to seq were deleted when their time was over. It signs (Ed25519) the text
// "motcua audit cut\n<seq>\n<hash, hex>\n<entries>\n<at>\n". Table audit_cut.
#include <cstdint>
#include <map>
#include <string>

#include "platform/audit/audit.hpp"

namespace motcua::audit {

/// The chain begins behind this entry: what lay before was kept as long as it must be.
struct Cut {
  std::int64_t seq = 0;        // 0: nothing was ever cut
  crypto::Hash256 hash{};
  std::int64_t entries = 0;    // deleted by this cut
  Instant at{};
  crypto::Bytes signature;
};
std::string cut_text(const Cut& cut);
/// The newest; seq 0 when nothing was ever cut.
Result<Cut> find_cut(storage::Reader& reader);

/// Deletes (or counts) the entries older than `before`, up to a checkpoint, once they have been verified, and leaves a signed statement
/// from which verify() and exports go on. Entries deleted. Failure audit.cut_of_broken_chain: then nothing is deleted, it is evidence.
Result<std::int64_t> cut(storage::Database& database, crypto::KeyRing& keys, const Act& act, Instant before, Instant now, bool count_only);

/// The proof that something was deleted: an entry that says how many rows of what, and the signature of the chain's end behind it.
struct Proof {
  std::int64_t seq = 0;           // of the checkpoint
  std::string hash_hex, signature_hex;
};
Result<Proof> prove_deletion(storage::Database& database, const Act& act, const std::map<std::string, std::int64_t>& rows);

}  // namespace motcua::audit
