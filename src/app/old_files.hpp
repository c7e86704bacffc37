#pragma once
// Files with people in them that outlived their purpose: uploads whose import did not end, rejected rows.
#include <vector>

#include "platform/house/house.hpp"

namespace motcua::app {

/// Removes what is older than retention.uploads_h and retention.rejected_days, or only counts it.
std::vector<Purged> remove_old_files(const House& house, Instant now, bool count_only);

}  // namespace motcua::app
