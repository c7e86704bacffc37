#pragma once
// The only SQL of intake.
#include "platform/intake/intake.hpp"

namespace motcua::intake::store {

Result<void> save_start(storage::Transaction& tx, const Kind& kind, const ImportOptions& options, const Act& act, Instant now);
Result<void> save_progress(storage::Transaction& tx, const std::string& import_id, std::int64_t read, const BatchCounts& counts,
                           std::int64_t rejected, std::int64_t warned, Instant now);
/// `failure` null: done.
Result<void> save_end(storage::Transaction& tx, const Summary& summary, const Failure* failure, Instant now);

}  // namespace motcua::intake::store
