#include "platform/storage/group_writer.hpp"

#include <algorithm>
#include <chrono>

#include "platform/metrics/metrics.hpp"

namespace motcua::storage {

namespace {

/// What a body sees. The first failed statement fails the transaction for good: PostgreSQL knows no other way, so SQLite is held to it.
class GroupTransaction final : public Transaction {
 public:
  GroupTransaction(Session& session, const Act& act, std::vector<AuditNote>& notes)
      : session_(session), act_(act), notes_(notes) {}

  Result<void> query(std::string_view sql, const Values& parameters, const RowVisitor& visit) override {
    return guarded<void>([&] { return session_.query(sql, parameters, visit); });
  }
  Result<std::int64_t> execute(std::string_view sql, const Values& parameters) override {
    return guarded<std::int64_t>([&] { return session_.execute(sql, parameters); });
  }
  Result<std::vector<std::int64_t>> execute_many(std::string_view sql, const std::vector<Values>& sets) override {
    if (sets.empty()) return std::vector<std::int64_t>{};
    return guarded<std::vector<std::int64_t>>([&] { return session_.execute_many(sql, sets); });
  }
  Result<void> bulk_insert(std::string_view table, const std::vector<std::string>& columns,
                           const std::vector<Values>& rows) override {
    if (rows.empty()) return {};
    return guarded<void>([&] { return session_.bulk_insert(table, columns, rows); });
  }
  void note(AuditNote note) override { notes_.push_back(std::move(note)); }
  const Act& act() const override { return act_; }

  const std::optional<Failure>& failed() const { return failed_; }

 private:
  template <class T, class F>
  Result<T> guarded(F&& run) {
    if (failed_) return *failed_;
    count_statement();
    Result<T> result = run();
    if (!result) failed_ = result.failure();
    return result;
  }

  Session& session_;
  const Act& act_;
  std::vector<AuditNote>& notes_;
  std::optional<Failure> failed_;
};

}  // namespace

GroupWriter::GroupWriter(Engine& engine, int group_max, std::size_t queue_max)
    : engine_(engine), group_max_(std::max(1, engine.group_limit(group_max))), queue_max_(queue_max) {
  thread_ = std::thread([this] { work(); });
}

GroupWriter::~GroupWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  thread_.join();
}

void GroupWriter::set_audit_sink(std::shared_ptr<AuditSink> sink) {
  const std::lock_guard lock(mutex_);
  sink_ = std::move(sink);
}

Result<void> GroupWriter::write(const Act& act, const Database::WriteBody& body) {
  if (act.actor.empty() || act.action.empty()) return internal("storage.act_missing", "a write needs an actor and an action");
  auto item = std::make_shared<Pending>();
  item->act = &act;
  item->body = &body;
  return submit(item);
}

Result<void> GroupWriter::run_alone(const AloneBody& body) {
  auto item = std::make_shared<Pending>();
  item->alone = &body;
  return submit(item);
}

Result<void> GroupWriter::submit(const Item& item) {
  if (std::this_thread::get_id() == thread_.get_id())
    return internal("storage.write_inside_write", "a write body called write()");
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= queue_max_) return unavailable("storage.busy", "the queue of writes is full");
    queue_.push_back(item);
  }
  arrived_.notify_one();
  std::unique_lock lock(item->mutex);
  item->finished.wait(lock, [&] { return item->done; });
  if (item->defect) std::rethrow_exception(item->defect);
  return std::move(item->result);
}

void GroupWriter::finish(Pending& item) {
  const std::lock_guard lock(item.mutex);
  item.done = true;
  item.finished.notify_one();
}

void GroupWriter::work() {
  for (;;) {
    auto group = take_group();
    if (group.empty()) return;
    if (group.front()->alone != nullptr)
      run_one_alone(*group.front());
    else
      run_group(group);
    for (const auto& item : group) finish(*item);
  }
}

/// Everything that waits, up to the limit; a piece that runs alone is a group of its own. Empty: the end.
std::vector<GroupWriter::Item> GroupWriter::take_group() {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
  std::vector<Item> group;
  while (!queue_.empty() && static_cast<int>(group.size()) < group_max_) {
    const bool alone = queue_.front()->alone != nullptr;
    if (alone && !group.empty()) break;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (alone) break;
  }
  return group;
}

Result<void> GroupWriter::ensure_session() {
  if (session_ && (session_->trouble() == Trouble::broken || session_->trouble() == Trouble::lost)) session_.reset();
  if (session_) return {};
  TRY_ASSIGN(session_, engine_.open(SessionUse::write));
  return {};
}

void GroupWriter::run_one_alone(Pending& item) {
  try {
    item.result = ensure_session();
    if (item.result) item.result = (*item.alone)(*session_);
  } catch (...) {
    item.defect = std::current_exception();
  }
  if (session_) {
    session_->rollback();
    session_->forget_statements();
  }
}

void GroupWriter::run_group(std::vector<Item>& group) {
  bool lost_race = false;
  for (int attempt = 1;; ++attempt) {
    const auto outcome = try_group(group, lost_race);
    if (outcome) return;
    const auto trouble = session_ ? session_->trouble() : Trouble::none;
    lost_race = trouble == Trouble::replay;
    const bool again = (trouble == Trouble::replay || trouble == Trouble::broken) && attempt < replays_max;
    if (session_) session_->rollback();
    if (again) continue;
    for (auto& item : group)
      if (item->result && !item->defect) item->result = outcome.failure();
    return;
  }
}

/// A failure here is the whole group's: nothing of it was committed.
Result<void> GroupWriter::try_group(std::vector<Item>& group, bool alone) {
  for (auto& item : group) {
    item->result = Result<void>{};
    item->defect = nullptr;
    item->notes.clear();
  }
  TRY(ensure_session());
  TRY(session_->begin_write(alone));
  for (auto& item : group) TRY(run_one(*item, group.size() == 1));
  const bool any = std::any_of(group.begin(), group.end(), [](const Item& i) { return i->result && !i->defect; });
  if (!any) {
    session_->rollback();
    return {};
  }
  TRY(append_audit(group));
  return commit(group.size());
}

Result<void> GroupWriter::commit(std::size_t transactions) {
  static auto& seconds = metrics::registry().histogram("motcua_storage_commit_seconds", "Time a commit took.");
  static auto& written = metrics::registry().counter("motcua_storage_transactions_total", "Transactions written, many to a commit.");
  const auto began = std::chrono::steady_clock::now();
  auto committed = session_->commit();
  seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  if (committed) written.add(transactions);
  return committed;
}

/// One body behind a savepoint; its own failure stays with it and is undone.
Result<void> GroupWriter::run_one(Pending& item, bool alone_in_group) {
  if (!alone_in_group) TRY(session_->savepoint());
  item.result = call_body(item);
  const bool good = item.result && !item.defect;
  if (session_->trouble() != Trouble::none && !good) return item.result ? internal("storage.failed", "connection") : item.result;
  if (!session_->in_transaction()) {  // SQLite gave the transaction up (disk full): the others went with it
    if (item.result) return unavailable("storage.unavailable", "transaction given up by the database");
    return item.result;
  }
  if (alone_in_group) return {};
  return good ? session_->release() : session_->rollback_to_savepoint();
}

Result<void> GroupWriter::call_body(Pending& item) {
  GroupTransaction transaction(*session_, *item.act, item.notes);
  try {
    TRY((*item.body)(transaction));
  } catch (...) {
    item.defect = std::current_exception();
    return {};
  }
  if (transaction.failed()) return *transaction.failed();
  return {};
}

Result<void> GroupWriter::append_audit(std::span<const Item> group) {
  std::shared_ptr<AuditSink> sink;
  {
    const std::lock_guard lock(mutex_);
    sink = sink_;
  }
  if (!sink) return {};
  std::vector<AuditSink::Entry> entries;
  std::deque<AuditNote> bare;  // an act without notes is on record all the same; a deque keeps their addresses
  for (const auto& item : group) {
    if (!item->result || item->defect) continue;
    if (item->notes.empty() && item->act->purpose != bookkeeping)
      entries.push_back({item->act, &bare.emplace_back(AuditNote{.action = item->act->action, .object = {}})});
    for (const auto& note : item->notes) entries.push_back({item->act, &note});
  }
  if (entries.empty()) return {};
  static const Act own{"job:audit", "system", "record", "audit.append", ""};
  std::vector<AuditNote> ignored;
  GroupTransaction transaction(*session_, own, ignored);
  TRY(sink->append(transaction, entries));
  if (transaction.failed()) return *transaction.failed();
  return {};
}

}  // namespace motcua::storage
