#include "rooms/identity/linking.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <unordered_map>

#include "base/parallel.hpp"
#include "platform/events/events.hpp"
#include "rooms/identity/link_run.hpp"

namespace motcua::identity {
namespace {

constexpr int restarts_max = 3;                          // when others change links at the same time
constexpr double rerun_share = 0.2;                      // more new records than this, and all are linked anew: it is faster, and learns

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

linkage::Options engine_options() {
  linkage::Options options;
  options.parallel_for = run_parallel;
  return options;
}

linkage::LinkInput constraints_between_named(const LinkLoad& load) {
  linkage::LinkInput input;
  if (load.constraints.empty()) return input;
  std::unordered_map<std::string_view, linkage::RecordIndex> position;
  for (std::size_t i = 0; i < load.named.size(); ++i) position[load.named[i].subject] = static_cast<linkage::RecordIndex>(i);
  for (const auto& c : load.constraints) {
    const auto a = position.find(c.subject_a), b = position.find(c.subject_b);
    if (a != position.end() && b != position.end()) (c.same ? input.must_link : input.cannot_link).emplace_back(a->second, b->second);
  }
  return input;
}

Result<void> tell_changed(events::Bus& bus, storage::Transaction& tx, std::span<const std::string> person_ids) {
  for (std::size_t at = 0; at < person_ids.size(); at += persons_in_event_max) {
    boost::json::array ids;
    for (const auto& id : person_ids.subspan(at, std::min(persons_in_event_max, person_ids.size() - at))) ids.emplace_back(id);
    TRY(bus.emit(tx, persons_changed, {{"person_ids", std::move(ids)}}));
  }
  return {};
}

Result<void> tell_all_changed(events::Bus& bus, storage::Transaction& tx) { return bus.emit(tx, persons_changed, {{"all", true}}); }

Linker::Linker(House& house, std::vector<std::uint8_t> review_key, SubjectOf subject_of)
    : house_(house), review_key_(std::move(review_key)), subject_of_(std::move(subject_of)), kept_(house.data_dir) {}

Result<linkage::Model> Linker::model_of(const store::State& state) {
  if (state.model.empty()) return linkage::Model();
  return linkage::Model::from_json(state.model);
}

Result<Identity::LinkSummary> Linker::run(const Act& act, const Identity::LinkOptions& options) {
  const std::lock_guard only(one_at_a_time_);
  for (int restart = 0;; ++restart) {
    auto summary = run_once(act, options);
    if (summary || summary.failure().code != "identity.links_moved_on" || restart == restarts_max) return summary;
  }
}

Result<Identity::LinkSummary> Linker::run_once(const Act& act, const Identity::LinkOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  TRY_ASSIGN(const store::State state, house_.database.read_value([](storage::Reader& reader) { return store::read_state(reader); }));
  if (!options.full && last_ && state.changes == state.changes_linked && state.epoch == last_epoch_) return idle(start);
  TRY_ASSIGN(const std::int64_t pending, house_.database.read_value([&](storage::Reader& reader) { return store::count_changed_after(reader, state.changes_linked); }));
  const bool full = options.full || state.model.empty() || static_cast<double>(pending) > rerun_share * static_cast<double>(state.model_records);
  LinkRun run(house_, act, review_key_, subject_of_, kept_);
  if (full) TRY(run.all_records());
  else if (state.changes != state.changes_linked) TRY(run.new_records());
  kept_.save_if_due(house_.database);
  Identity::LinkSummary summary;
  store::State after;
  TRY(house_.database.read([&](storage::Reader& reader) -> Result<void> {
    TRY_ASSIGN(after, store::read_state(reader));
    TRY_ASSIGN(summary.records, store::count_records(reader));
    TRY_ASSIGN(summary.persons, store::count_persons(reader));
    TRY_ASSIGN(summary.review_tasks, store::count_open_tasks(reader));
    return {};
  }));
  summary.pairs_scored = static_cast<std::int64_t>(run.pairs_scored());
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  summary.peak_memory_bytes = peak_memory_bytes();
  last_ = summary;
  last_epoch_ = after.changes == after.changes_linked ? after.epoch : -1;   // what came meanwhile is for the next run
  return summary;
}

Result<std::vector<std::string>> Linker::likely_subjects(storage::Reader& reader, const linkage::PersonRecord& asked, std::size_t limit) {
  const std::unique_lock only(one_at_a_time_, std::try_to_lock);
  std::vector<std::string> subjects;
  if (!only) return subjects;
  if (!kept_.is_open()) {
    TRY_ASSIGN(const auto state, store::read_state(reader));
    TRY_ASSIGN(const bool opened, kept_.open_file(reader, state));
    if (!opened) return subjects;
  }
  for (const auto& match : kept_.index().resolve(asked, limit)) {
    const std::string_view key = kept_.index().records().key(match.pair.b);
    const std::size_t colon = key.find(':');
    subjects.push_back(subject_of_(key.substr(0, colon), key.substr(colon + 1)));
  }
  return subjects;
}

/// Nothing came since the last run of this process: its counts still hold.
Identity::LinkSummary Linker::idle(std::chrono::steady_clock::time_point start) const {
  Identity::LinkSummary summary = *last_;
  summary.pairs_scored = 0;
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return summary;
}

}  // namespace motcua::identity
