#pragma once
// How entries and checkpoints lie in their tables. Open to this slice alone.
#include <string>
#include <vector>

#include "platform/audit/chain.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::audit {

struct Head {
  std::int64_t seq = 0;
  crypto::Hash256 hash{};
  std::int64_t checkpoint_seq = 0;
  Instant checkpoint_at{};
};

extern const std::vector<std::string> entry_columns;
extern const std::string select_entry;        // "SELECT ... FROM audit_entry "
extern const std::string select_checkpoint;

storage::Values to_values(const Entry& entry);
Entry entry_of(const storage::Row& row);
Checkpoint checkpoint_of(const storage::Row& row);
/// Nothing was appended yet: no row, and so a head at 0.
Result<Head> find_head(storage::Reader& reader);

crypto::Hash256 hash_of_bytes(const storage::Bytes& bytes);   // all zeros unless 32 bytes
storage::Bytes bytes_of_hash(const crypto::Hash256& hash);

}  // namespace motcua::audit
