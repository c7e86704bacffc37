#pragma once
// Renews the leases of what runs in this process, so that a long import is not begun a second time by another.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "platform/events/events.hpp"

namespace motcua::events {

class LeaseKeeper {
 public:
  LeaseKeeper(storage::Database& database, std::function<Instant()> now, std::chrono::milliseconds lease);
  ~LeaseKeeper();
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  /// Keeps while it lives.
  class Hold {
   public:
    Hold(LeaseKeeper& keeper, std::vector<std::string> deliveries, std::string job = {});
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    LeaseKeeper& keeper_;
    std::vector<std::string> deliveries_;
    std::string job_;
  };

 private:
  void work();
  void renew(const std::set<std::string>& deliveries, const std::set<std::string>& jobs);

  storage::Database& database_;
  std::function<Instant()> now_;
  const std::chrono::milliseconds lease_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<std::string> deliveries_, jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace motcua::events
