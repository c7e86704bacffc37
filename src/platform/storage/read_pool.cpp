#include "platform/storage/read_pool.hpp"

namespace motcua::storage {

namespace {

/// Reads of this thread that are open. One inside another does not wait for a place: both would wait for ever under load.
thread_local int depth = 0;

class SnapshotReader final : public Reader {
 public:
  explicit SnapshotReader(Session& session) : session_(session) {}
  Result<void> query(std::string_view sql, const Values& parameters, const RowVisitor& visit) override {
    count_statement();
    return session_.query(sql, parameters, visit);
  }

 private:
  Session& session_;
};

}  // namespace

ReadPool::Lease::~Lease() {
  if (session) session->rollback();
  --depth;
  const std::lock_guard lock(pool.mutex_);
  --pool.out_;
  const bool usable = session && session->trouble() != Trouble::broken && generation == pool.generation_;
  if (usable) pool.idle_.push_back(std::move(session));
  pool.returned_.notify_one();
}

void ReadPool::wait_for_place() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return depth > 0 || out_ < readers_max_; });
  ++out_;
  ++depth;
}

/// Takes an idle connection or opens one; an idle one that died meanwhile is replaced, once.
Result<void> ReadPool::begin(Lease& lease) {
  {
    const std::lock_guard lock(mutex_);
    lease.generation = generation_;
    if (!idle_.empty()) {
      lease.session = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (lease.session) {
    auto begun = lease.session->begin_read();
    if (begun || lease.session->trouble() != Trouble::broken) return begun;
    lease.session.reset();
  }
  TRY_ASSIGN(lease.session, engine_.open(SessionUse::read));
  return lease.session->begin_read();
}

Result<void> ReadPool::read(const Database::ReadBody& body) {
  wait_for_place();
  Lease lease{*this, nullptr, 0};
  TRY(begin(lease));
  SnapshotReader reader(*lease.session);
  return body(reader);
}

void ReadPool::forget() {
  const std::lock_guard lock(mutex_);
  ++generation_;
  idle_.clear();
}

}  // namespace motcua::storage
