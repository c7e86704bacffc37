#pragma once
// SQL of what staff declared for others at a gate or counter.
#include "platform/storage/storage.hpp"

namespace motcua::declarations::store {

struct GateRow {
  std::string account, declaration, subject;
  std::string label;                    // "L. H. N. · 1990"
  int ticket = 0;                       // counts this account's day from 1
  Instant received_at{};
};
/// False: the account sent that declaration before, and nothing was changed.
Result<bool> add_gate(storage::Transaction& tx, const GateRow& row);
Result<std::optional<GateRow>> find_gate(storage::Reader& reader, std::string_view account, std::string_view declaration);
/// Newest first.
Result<std::vector<GateRow>> list_gate(storage::Reader& reader, std::string_view account, Instant from, int limit);
Result<int> last_ticket(storage::Reader& reader, std::string_view account, Instant from);
/// Rows older than that, deleted or only counted.
Result<std::int64_t> purge_gate(storage::Reader& reader, storage::Transaction* tx, Instant received_before);

}  // namespace motcua::declarations::store
