#pragma once
// The one writer: a thread that runs what queued while the last commit was on its way to the disk, each body behind a savepoint,
// the audit notes of them all in the same commit, and wakes the callers once it is durable.
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "platform/storage/session.hpp"

namespace motcua::storage {

class GroupWriter {
 public:
  GroupWriter(Engine& engine, int group_max, std::size_t queue_max);
  ~GroupWriter();  // what is queued is still written
  GroupWriter(const GroupWriter&) = delete;
  GroupWriter& operator=(const GroupWriter&) = delete;

  Result<void> write(const Act& act, const Database::WriteBody& body);
  /// Runs `body` on the writer's connection between two groups, with no transaction open.
  using AloneBody = std::function<Result<void>(Session&)>;
  Result<void> run_alone(const AloneBody& body);
  void set_audit_sink(std::shared_ptr<AuditSink> sink);

 private:
  struct Pending {
    const Act* act = nullptr;
    const Database::WriteBody* body = nullptr;
    const AloneBody* alone = nullptr;
    std::vector<AuditNote> notes = {};
    Result<void> result = {};
    std::exception_ptr defect = {};
    std::mutex mutex = {};
    std::condition_variable finished = {};
    bool done = false;
  };
  using Item = std::shared_ptr<Pending>;

  Result<void> submit(const Item& item);
  void work();
  std::vector<Item> take_group();
  void run_group(std::vector<Item>& group);
  Result<void> try_group(std::vector<Item>& group, bool alone);
  Result<void> run_one(Pending& item, bool alone_in_group);
  Result<void> call_body(Pending& item);
  Result<void> commit(std::size_t transactions);
  Result<void> append_audit(std::span<const Item> group);
  void run_one_alone(Pending& item);
  Result<void> ensure_session();
  static void finish(Pending& item);

  Engine& engine_;
  const int group_max_;
  const std::size_t queue_max_;
  std::unique_ptr<Session> session_;
  std::shared_ptr<AuditSink> sink_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace motcua::storage
