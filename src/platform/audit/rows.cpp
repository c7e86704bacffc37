#include "platform/audit/rows.hpp"

#include <algorithm>

namespace motcua::audit {

const std::vector<std::string> entry_columns = {"seq",     "at",   "actor",  "role",    "purpose", "action",    "object",
                                                "subject", "area", "detail", "request", "is_read", "prev_hash", "hash"};
const std::string select_entry =
    "SELECT seq, at, actor, role, purpose, action, object, subject, area, detail, request, is_read, prev_hash, hash FROM audit_entry ";
const std::string select_checkpoint = "SELECT seq, hash, at, signature FROM audit_checkpoint ";

crypto::Hash256 hash_of_bytes(const storage::Bytes& bytes) {
  crypto::Hash256 hash{};
  if (bytes.size() == hash.size()) std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

storage::Bytes bytes_of_hash(const crypto::Hash256& hash) { return {hash.begin(), hash.end()}; }

storage::Values to_values(const Entry& e) {
  return {e.seq,     e.at,   e.actor,  e.role,    e.purpose, e.action,              e.object,
          e.subject, e.area, e.detail, e.request, e.read,    bytes_of_hash(e.prev), bytes_of_hash(e.hash)};
}

Entry entry_of(const storage::Row& row) {
  return {row.integer(0), row.instant(1), row.string(2),       row.string(3),
          row.string(4),  row.string(5),  row.string(6),       row.string(7),
          row.string(8),  row.string(9),  row.string(10),      row.integer(11) != 0,
          hash_of_bytes(row.bytes(12)),   hash_of_bytes(row.bytes(13))};
}

Checkpoint checkpoint_of(const storage::Row& row) {
  return {row.integer(0), hash_of_bytes(row.bytes(1)), row.instant(2), row.bytes(3)};
}

Result<Head> find_head(storage::Reader& reader) {
  TRY_ASSIGN(const auto head, reader.find("SELECT seq, hash, checkpoint_seq, checkpoint_at FROM audit_head WHERE id = 1", {},
                                          [](const storage::Row& row) {
                                            return Head{row.integer(0), hash_of_bytes(row.bytes(1)), row.integer(2), row.instant(3)};
                                          }));
  return head.value_or(Head{});
}

}  // namespace motcua::audit
