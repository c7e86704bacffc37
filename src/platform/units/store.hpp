#pragma once
// The only SQL of units.
#include <vector>

#include "platform/intake/intake.hpp"
#include "platform/units/atlas.hpp"

namespace motcua::units::store {

Result<Content> load(storage::Reader& reader);
/// Writes versions; how many were new, changed, the same.
Result<intake::BatchCounts> save(storage::Transaction& tx, const std::vector<Unit>& units);

}  // namespace motcua::units::store
