#pragma once
// Retention over the whole house: rooms, files, the audit log; and the proof of it.
#include <optional>

#include "app/installation.hpp"
#include "platform/audit/retention.hpp"

namespace motcua::app {

struct PurgeReport {
  std::vector<Purged> lines;
  std::optional<audit::Proof> proof;   // absent when nothing was deleted
};
/// Deletes what was kept as long as retention.* say, or only counts it. What was deleted is put on record and signed.
Result<PurgeReport> purge_house(Installation& home, const Act& act, bool count_only);

}  // namespace motcua::app
