#pragma once
// The writing half of an import: batches go to the database in order on a thread of their own while the next ones are parsed.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "platform/intake/intake.hpp"

namespace motcua::intake {

class BatchWriter {
 public:
  using Write = std::function<Result<BatchCounts>(storage::Transaction&)>;
  struct Batch {
    Write write;
    std::int64_t read = 0, rejected = 0, warned = 0;   // of the file so far, this batch included
  };

  BatchWriter(storage::Database& database, Act act, std::string import_id, std::function<Instant()> now);
  ~BatchWriter();
  BatchWriter(const BatchWriter&) = delete;
  BatchWriter& operator=(const BatchWriter&) = delete;

  /// Waits while batches_ahead_max are ahead. False: a batch failed, no more are taken.
  bool put(Batch batch);
  /// Waits until all are durable; what they counted, or the first failure.
  Result<BatchCounts> finish();

 private:
  void run();
  Result<void> write(const Batch& batch);

  storage::Database& database_;
  Act act_;
  std::string import_id_;
  std::function<Instant()> now_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> waiting_;
  bool closed_ = false;
  std::optional<Failure> failure_;
  BatchCounts counts_;
  std::thread thread_;
};

}  // namespace motcua::intake
