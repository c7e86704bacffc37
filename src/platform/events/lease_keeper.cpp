#include "platform/events/lease_keeper.hpp"

#include "platform/events/store.hpp"
#include "platform/log/log.hpp"

namespace motcua::events {

LeaseKeeper::LeaseKeeper(storage::Database& database, std::function<Instant()> now, std::chrono::milliseconds lease)
    : database_(database), now_(std::move(now)), lease_(lease), thread_([this] { work(); }) {}

LeaseKeeper::~LeaseKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

LeaseKeeper::Hold::Hold(LeaseKeeper& keeper, std::vector<std::string> deliveries, std::string job)
    : keeper_(keeper), deliveries_(std::move(deliveries)), job_(std::move(job)) {
  const std::lock_guard lock(keeper_.mutex_);
  keeper_.deliveries_.insert(deliveries_.begin(), deliveries_.end());
  if (!job_.empty()) keeper_.jobs_.insert(job_);
}

LeaseKeeper::Hold::~Hold() {
  const std::lock_guard lock(keeper_.mutex_);
  for (const auto& id : deliveries_) keeper_.deliveries_.erase(id);
  keeper_.jobs_.erase(job_);
}

void LeaseKeeper::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, lease_ / 3, [this] { return stopping_; });
    if (stopping_ || (deliveries_.empty() && jobs_.empty())) continue;
    const auto deliveries = deliveries_, jobs = jobs_;
    lock.unlock();
    renew(deliveries, jobs);
    lock.lock();
  }
}

void LeaseKeeper::renew(const std::set<std::string>& deliveries, const std::set<std::string>& jobs) {
  const Act act{"job:events", "system", bookkeeping, "events.renew", ""};
  const auto renewed = database_.write(act, [&](storage::Transaction& tx) {
    return store::renew(tx, {deliveries.begin(), deliveries.end()}, {jobs.begin(), jobs.end()}, now_() + lease_);
  });
  if (!renewed) log::warning("events.renew_failed", {{"failure", log::code(renewed.failure().code)}});
}

}  // namespace motcua::events
