// Stays told as they happen: the fact, and whether an open case has to look again.
#include <algorithm>

#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/store_facts.hpp"
#include "rooms/tracing/store_stays.hpp"

namespace motcua::tracing {
namespace {

/// A burst at a place that a case watches is one look at the cases, so many seconds after its first stay.
constexpr std::chrono::seconds look_after{1};

Result<void> wake_cases(const Desk& desk, storage::Transaction& tx, std::span<const Stay> stays) {
  for (const Stay& stay : stays) {
    TRY_ASSIGN(const bool watched, store::is_watched(tx, stay));
    if (watched) return ask_for_retrace(desk, tx, desk.house.now() + look_after);
  }
  return {};
}

}  // namespace

Result<void> tell_stays(const Desk& desk, storage::Transaction& tx, std::span<const Stay> stays) {
  for (const Stay& s : stays)
    if (s.to < s.from || to_millis(s.to) - to_millis(s.from) > store::visit_ms_max) return invalid("tracing.visit_too_long", "to");
  TRY(store::save_stays(tx, stays, desk.house.now()));
  return wake_cases(desk, tx, stays);
}

Result<bool> withdraw_stay(const Desk& desk, storage::Transaction& tx, const Stay& stay) {
  TRY_ASSIGN(const bool gone, store::withdraw_stay(tx, stay, desk.house.now()));
  if (gone) TRY(wake_cases(desk, tx, {&stay, 1}));
  return gone;
}

}  // namespace motcua::tracing
