#include "rooms/tracing/purge.hpp"

#include "platform/config/config.hpp"
#include "rooms/tracing/pseudonyms.hpp"
#include "rooms/tracing/store_purge.hpp"

namespace motcua::tracing {
namespace {

/// The longest infectious period before sampling that any policy knows, and a day for the calendar.
constexpr std::chrono::days trace_reach{60 + 1};

}  // namespace

Result<std::vector<Purged>> purge(House& house, const Act& act, Instant now, bool count_only) {
  const auto ago = [&](const char* setting) { return now - house.settings.duration(setting); };
  return house.database.write_value(act, [&](storage::Transaction& tx) -> Result<std::vector<Purged>> {
    TRY_ASSIGN(const auto earliest, store::earliest_kept_case(tx, ago("retention.visits_after_case_days")));
    const Instant needed_from = earliest ? *earliest - trace_reach : now;
    const store::Forget raw{ago("retention.proximity_days"), needed_from};
    const store::Forget facts{ago("retention.visits_days"), needed_from};
    std::vector<Purged> purged;
    TRY_ASSIGN(const std::int64_t sightings, store::forget_sightings(tx, raw, count_only));
    purged.push_back({"tracing.purge_sightings", sightings});
    TRY_ASSIGN(const std::int64_t keys, store::forget_keys(tx, raw, count_only));
    purged.push_back({"tracing.purge_keys", keys});
    TRY_ASSIGN(const std::int64_t visits, store::forget_visits(tx, facts, count_only));
    purged.push_back({"tracing.purge_visits", visits});
    TRY_ASSIGN(const std::int64_t encounters, store::forget_encounters(tx, facts, count_only));
    purged.push_back({"tracing.purge_encounters", encounters});
    TRY_ASSIGN(const std::int64_t names, forget_names(tx, ago("retention.cases_pseudonymised_days"), count_only));
    purged.push_back({"tracing.purge_names", names});
    TRY_ASSIGN(const std::int64_t cases, store::forget_cases(tx, ago("retention.cases_days"), count_only));
    purged.push_back({"tracing.purge_cases", cases});
    return purged;
  });
}

}  // namespace motcua::tracing
