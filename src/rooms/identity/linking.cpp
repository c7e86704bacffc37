#include "rooms/identity/linking.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cmath>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "rooms/identity/link_load.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t batch_records = 2'000;             // written in one transaction: some 50 ms
constexpr int restarts_max = 3;                          // when others change links at the same time
constexpr double rerun_share = 0.2;                      // more new records than this, and all are linked anew: it is faster, and learns
constexpr float probability_step = 0.005F;               // a smaller change is not worth a write
constexpr std::size_t index_chunk = 4'096;

/// What a run found, besides Entry::after.
struct Outcome {
  std::vector<linkage::ScoredPair> review;               // between positions of LinkLoad::named
  std::uint64_t pairs_scored = 0;
  bool all_reviewed = false;                             // the review list is the whole one: what is not in it is not doubtful any more
  std::optional<std::string> model;                      // newly learned
};

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// body(0..n-1) on as many threads as the machine has.
void run_parallel(std::size_t n, const std::function<void(std::size_t)>& body) {
  const std::size_t threads = std::min<std::size_t>(n, std::max(1U, std::thread::hardware_concurrency()));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) body(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < threads; ++t) others.emplace_back(work);
  work();
}

/// Records joined by a person's decision name that person as who decided.
void name_deciders(LinkLoad& load) {
  std::unordered_map<std::string_view, Entry*> entries;
  if (load.constraints.empty()) return;
  for (auto* list : {&load.named, &load.nameless})
    for (Entry& e : *list) entries[e.subject] = &e;
  for (const auto& c : load.constraints) {
    const auto a = entries.find(c.subject_a), b = entries.find(c.subject_b);
    if (!c.same || a == entries.end() || b == entries.end() || a->second->after != b->second->after) continue;
    a->second->decided = b->second->decided = load.decider(c.actor);
    a->second->probability = b->second->probability = 1;
  }
}

class Run {
 public:
  Run(House& house, const Act& act, const std::vector<std::uint8_t>& review_key) : house_(house), act_(act), review_key_(review_key) {}

  Result<void> all_records() {
    linkage::RecordSet records;
    TRY(house_.database.read([&](storage::Reader& reader) {
      return load_for_linking(reader, load_, false, [&](linkage::PersonRecord&& r, const Entry&) { records.add(r); });
    }));
    const auto options = engine_options();
    const linkage::Model model = linkage::learn(records, options);
    outcome_.model = model.to_json();
    linkage::LinkInput input = constraints_between_named(load_);
    for (const Entry& e : load_.named) input.previous_person.push_back(e.before);
    const auto result = linkage::link(records, model, input, options);
    adopt(result);
    outcome_.review = result.review;
    outcome_.pairs_scored = result.statistics.pairs_scored;
    outcome_.all_reviewed = true;
    return {};
  }

  Result<void> new_records(const linkage::Model& model) {
    linkage::Index index(model, engine_options());
    std::vector<linkage::PersonRecord> chunk, fresh;
    std::vector<std::int64_t> persons;
    const auto flush = [&] {
      index.load(chunk, persons);
      chunk.clear();
      persons.clear();
    };
    TRY(house_.database.read([&](storage::Reader& reader) {
      return load_for_linking(reader, load_, true, [&](linkage::PersonRecord&& r, const Entry& e) {
        if (e.pending()) return fresh.push_back(std::move(r));
        chunk.push_back(std::move(r));
        persons.push_back(e.before);
        if (chunk.size() == index_chunk) flush();
      });
    }));
    flush();
    const linkage::LinkInput decided = constraints_between_named(load_);
    const auto key = [&](linkage::RecordIndex r) { return r < index.records().size() ? std::string(index.records().key(r)) : fresh[r - index.records().size()].key; };
    std::vector<linkage::Index::Decision> decisions;
    for (const auto& [a, b] : decided.must_link) decisions.push_back({key(a), key(b), true});
    for (const auto& [a, b] : decided.cannot_link) decisions.push_back({key(a), key(b), false});
    index.constrain(std::move(decisions));
    adopt(index.add(fresh));
    return {};
  }

  /// Gives nameless records their person, then writes what differs.
  Result<void> finish() {
    apply_nameless_rule(load_, [this] { return make_person(); });
    name_deciders(load_);
    TRY(write_links());
    return write_end();
  }

  const Outcome& outcome() const { return outcome_; }

 private:
  std::int64_t make_person() { return load_.persons.number_of(crypto::random_id("per")); }

  void adopt(const linkage::LinkResult& result) {
    std::vector<std::int64_t> number;
    for (const std::int64_t kept : result.keeps) number.push_back(kept == -1 ? make_person() : kept);
    for (std::size_t i = 0; i < load_.named.size(); ++i) {
      Entry& e = load_.named[i];
      e.after = number[result.person_of[i]];
      e.probability = result.confidence[i];
      set_partner(e, static_cast<linkage::RecordIndex>(i), result.best[i]);
    }
  }

  static void set_partner(Entry& e, linkage::RecordIndex self, const linkage::ScoredPair& best) {
    if (best.a != linkage::no_record) e.partner = best.a == self ? best.b : best.a;
  }

  void adopt(const linkage::Index::Changes& changes) {
    for (Entry& e : load_.named) {
      e.after = e.before;
      e.probability = e.probability_before;
      e.decided = e.decided_before;
    }
    const auto named = name_new_persons(changes);
    for (const auto& c : changes.changed) {
      Entry& e = load_.named[c.record];
      e.after = c.after < no_person ? named.at(c.after) : c.after;
      e.probability = c.confidence;
      e.decided = 0;  // "auto"
      set_partner(e, c.record, c.best);
    }
    outcome_.review = changes.review;
    outcome_.pairs_scored = changes.pairs_scored;
  }

  /// New persons' ids. A corrected record that stays alone keeps the person it was, when nobody else is that person now.
  std::unordered_map<std::int64_t, std::int64_t> name_new_persons(const linkage::Index::Changes& changes) {
    std::unordered_set<std::int64_t> held;
    std::unordered_set<linkage::RecordIndex> changed;
    for (const auto& c : changes.changed) {
      changed.insert(c.record);
      if (c.after >= 0) held.insert(c.after);
    }
    for (std::size_t i = 0; i < load_.named.size(); ++i)
      if (!changed.contains(static_cast<linkage::RecordIndex>(i))) held.insert(load_.named[i].before);
    std::unordered_map<std::int64_t, std::int64_t> names;
    for (const auto& c : changes.changed) {
      if (c.after >= no_person || names.contains(c.after)) continue;
      const std::int64_t was = load_.named[c.record].before;
      const bool free = was != no_person && held.insert(was).second;
      names[c.after] = free ? was : make_person();
    }
    return names;
  }

  static bool differs(const Entry& e) {
    return e.pending() || e.before != e.after || e.decided != e.decided_before || std::abs(e.probability - e.probability_before) > probability_step;
  }

  /// Whole persons together, so that a reader between two batches sees every record in one person and nobody half-moved.
  Result<void> write_links() {
    std::vector<const Entry*> changed;
    for (const auto* list : {&load_.named, &load_.nameless})
      for (const Entry& e : *list)
        if (differs(e)) changed.push_back(&e);
    std::sort(changed.begin(), changed.end(), [](const Entry* a, const Entry* b) { return a->after != b->after ? a->after < b->after : a->subject < b->subject; });
    many_ = count_moved(changed) > persons_named_max;
    for (std::size_t from = 0; from < changed.size();) {
      std::size_t to = std::min(from + batch_records, changed.size());
      while (to < changed.size() && changed[to]->after == changed[to - 1]->after) ++to;
      TRY(write_batch(std::span(changed).subspan(from, to - from)));
      from = to;
    }
    return {};
  }

  static std::size_t count_moved(const std::vector<const Entry*>& changed) {
    std::size_t persons = 0;
    for (std::size_t i = 0; i < changed.size(); ++i) persons += i == 0 || changed[i]->after != changed[i - 1]->after;
    return persons;
  }

  Result<void> write_batch(std::span<const Entry* const> entries) {
    std::vector<store::LinkChange> rows;
    std::set<std::string> touched, moved;
    for (const Entry* e : entries) {
      const std::string& person = load_.persons.id_of(e->after);
      rows.push_back({e->subject, person, load_.deciders[e->decided], e->partner == Entry::no_partner ? std::string() : load_.named[e->partner].subject,
                      e->probability, e->content_hash});
      for (const std::int64_t p : {e->before, e->after})
        if (p != no_person) {
          touched.insert(load_.persons.id_of(p));
          if (e->before != e->after || e->pending()) moved.insert(load_.persons.id_of(p));
        }
    }
    const std::vector<std::string> persons(touched.begin(), touched.end()), told(moved.begin(), moved.end());
    const Instant now = house_.now();
    TRY(house_.database.write(act_, [&](storage::Transaction& tx) -> Result<void> {
      TRY(store::advance_epoch(tx, load_.state.epoch));
      TRY(store::put_links(tx, rows, now));
      TRY(store::rebuild_persons(tx, persons, now));
      return many_ ? Result<void>() : tell_changed(house_.bus, tx, told);
    }));
    ++load_.state.epoch;
    return {};
  }

  /// The review list, the model, and up to which change of records the links are.
  Result<void> write_end() {
    const auto tasks = review_tasks();
    const Instant now = house_.now();
    return house_.database.write(act_, [&](storage::Transaction& tx) -> Result<void> {
      TRY(store::advance_epoch(tx, load_.state.epoch));
      TRY(drop_settled_tasks(tx, tasks));
      TRY(put_tasks(tx, tasks, now));
      if (outcome_.model) TRY(store::put_model(tx, *outcome_.model, static_cast<std::int64_t>(load_.named.size())));
      TRY(store::mark_linked(tx, load_.state.changes));
      return many_ ? tell_all_changed(house_.bus, tx) : Result<void>();
    });
  }

  std::vector<store::Task> review_tasks() const {
    std::vector<store::Task> tasks;
    for (const auto& pair : outcome_.review) {
      const std::string &a = load_.named[pair.a].subject, &b = load_.named[pair.b].subject;
      const std::string id = crypto::keyed_id("rev", review_key_, std::min(a, b) + std::max(a, b));
      tasks.push_back({id, a, b, {}, {}, {}, pair.probability, pair.bits, ReviewState::open, {}, {}});
    }
    return tasks;
  }

  /// Open tasks whose two records are one person now; after a full run also those that are doubtful no more.
  Result<void> drop_settled_tasks(storage::Transaction& tx, const std::vector<store::Task>& tasks) {
    TRY_ASSIGN(const auto open, store::open_tasks(tx));
    if (open.empty()) return {};
    std::unordered_map<std::string_view, std::int64_t> person;
    for (const Entry& e : load_.named) person[e.subject] = e.after;
    std::unordered_set<std::string_view> found;
    for (const auto& t : tasks) found.insert(t.task_id);
    std::vector<std::string> settled;
    for (const auto& t : open) {
      const auto a = person.find(t.subject_a), b = person.find(t.subject_b);
      const bool one = a != person.end() && b != person.end() && a->second == b->second;
      if (one || (outcome_.all_reviewed && !found.contains(t.task_id))) settled.push_back(t.task_id);
    }
    return store::remove_open_tasks(tx, settled);
  }

  Result<void> put_tasks(storage::Transaction& tx, std::vector<store::Task> tasks, Instant now) {
    std::vector<std::string> subjects;
    for (const auto& t : tasks) subjects.insert(subjects.end(), {t.subject_a, t.subject_b});
    TRY_ASSIGN(const auto records, store::records_by_subject(tx, subjects));
    std::unordered_map<std::string_view, std::string_view> ward;
    for (const auto& r : records) ward[r.record.subject] = r.record.ward_code;
    for (auto& t : tasks) {
      t.ward_code = ward[t.subject_a].empty() ? ward[t.subject_b] : ward[t.subject_a];
      t.created_at = now;
      TRY(store::put_task(tx, t));
    }
    return {};
  }

  House& house_;
  const Act& act_;
  const std::vector<std::uint8_t>& review_key_;
  LinkLoad load_;
  Outcome outcome_;
  bool many_ = false;
};

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

Linker::Linker(House& house, std::vector<std::uint8_t> review_key) : house_(house), review_key_(std::move(review_key)) {}

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
  std::int64_t records = 0, links = 0;
  TRY(house_.database.read([&](storage::Reader& reader) -> Result<void> {
    TRY_ASSIGN(records, store::count_records(reader));
    TRY_ASSIGN(links, store::count_links(reader));
    return {};
  }));
  Run run(house_, act, review_key_);
  const bool full = options.full || state.model.empty() || static_cast<double>(records - links) > rerun_share * static_cast<double>(links);
  if (full || state.changes != state.changes_linked) {
    if (full) {
      TRY(run.all_records());
    } else {
      TRY_ASSIGN(const auto model, model_of(state));
      TRY(run.new_records(model));
    }
    TRY(run.finish());
  }
  Identity::LinkSummary summary;
  store::State after;
  TRY(house_.database.read([&](storage::Reader& reader) -> Result<void> {
    TRY_ASSIGN(after, store::read_state(reader));
    TRY_ASSIGN(summary.persons, store::count_persons(reader));
    TRY_ASSIGN(summary.review_tasks, store::count_open_tasks(reader));
    return {};
  }));
  summary.records = records;
  summary.pairs_scored = static_cast<std::int64_t>(run.outcome().pairs_scored);
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  summary.peak_memory_bytes = peak_memory_bytes();
  last_ = summary;
  last_epoch_ = after.changes == state.changes ? after.epoch : -1;   // records that came meanwhile were not counted
  return summary;
}

/// Nothing came since the last run of this process: its counts still hold.
Identity::LinkSummary Linker::idle(std::chrono::steady_clock::time_point start) const {
  Identity::LinkSummary summary = *last_;
  summary.pairs_scored = 0;
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return summary;
}

}  // namespace motcua::identity
