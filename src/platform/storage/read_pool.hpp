#pragma once
// Read connections, made when needed, at most so many; a caller waits for one.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/storage/session.hpp"

namespace motcua::storage {

class ReadPool {
 public:
  ReadPool(Engine& engine, int readers_max) : engine_(engine), readers_max_(readers_max < 1 ? 1 : readers_max) {}

  /// Runs `body` inside one read transaction, which is rolled back afterwards: nothing was written.
  Result<void> read(const Database::ReadBody& body);
  /// Connections with statements of an older schema are closed when they come back.
  void forget();

 private:
  struct Lease {
    ReadPool& pool;
    std::unique_ptr<Session> session;
    std::int64_t generation;
    ~Lease();
  };
  void wait_for_place();
  Result<void> begin(Lease& lease);

  Engine& engine_;
  const int readers_max_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Session>> idle_;
  int out_ = 0;
  std::int64_t generation_ = 0;
};

}  // namespace motcua::storage
