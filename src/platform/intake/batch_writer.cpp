#include "platform/intake/batch_writer.hpp"

#include <exception>
#include <utility>

#include "platform/intake/limits.hpp"
#include "platform/intake/store.hpp"

namespace motcua::intake {

BatchWriter::BatchWriter(storage::Database& database, Act act, std::string import_id, std::function<Instant()> now)
    : database_(database), act_(std::move(act)), import_id_(std::move(import_id)), now_(std::move(now)), thread_([this] { run(); }) {}

BatchWriter::~BatchWriter() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool BatchWriter::put(Batch batch) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || waiting_.size() < batches_ahead_max; });
  if (failure_) return false;
  waiting_.push_back(std::move(batch));
  changed_.notify_all();
  return true;
}

Result<BatchCounts> BatchWriter::finish() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (failure_) return *failure_;
  return counts_;
}

void BatchWriter::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty() || failure_) return;
    auto batch = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    auto written = write(batch);
    if (written) continue;
    lock.lock();
    failure_ = std::move(written).failure();
    waiting_.clear();
    lock.unlock();
    changed_.notify_all();
    return;
  }
}

/// A batch and what the imports page says of it commit together. The body may run twice: it only assigns.
Result<void> BatchWriter::write(const Batch& batch) try {
  BatchCounts sum;
  auto body = [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(auto counts, batch.write(tx));
    sum = {counts_.accepted + counts.accepted, counts_.updated + counts.updated, counts_.unchanged + counts.unchanged};
    TRY(store::save_progress(tx, import_id_, batch.read, sum, batch.rejected, batch.warned, now_()));
    tx.note({.action = {}, .object = import_id_, .detail = "{\"read\":" + std::to_string(batch.read) + "}"});
    return {};
  };
  TRY(database_.write(act_, body));
  counts_ = sum;
  return {};
} catch (const std::exception& defect) {
  return internal("intake.defect", defect.what());
}

}  // namespace motcua::intake
