// One run: what is there, what the engine says of it, what differs is written.
#include "rooms/identity/link_run.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "rooms/identity/linking.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t batch_records = 2'000;             // written in one transaction: some 50 ms
constexpr float probability_step = 0.005F;               // a smaller change is not worth a write

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

}  // namespace

Result<void> LinkRun::all_records() {
  // Changes are noted from here on, also before anything was ever linked.
  TRY(house_.database.write(act_, [](storage::Transaction& tx) { return store::begin_generation(tx, crypto::random_id("gen")); }));
  linkage::RecordSet records;
  TRY(house_.database.read([&](storage::Reader& reader) {
    return load_for_linking(reader, load_, [&](linkage::PersonRecord&& r, const Entry&) { records.add(r); });
  }));
  const auto options = engine_options();
  linkage::Model model = linkage::learn(records, options);
  outcome_.model = model.to_json();
  linkage::LinkInput input = constraints_between_named(load_);
  for (const Entry& e : load_.named) input.previous_person.push_back(e.before);
  const auto result = linkage::link(records, model, input, options);
  adopt(result);
  TRY(finish());
  keep(std::move(model), std::move(records));
  return {};
}

Result<void> LinkRun::new_records() {
  linkage::Index::Changes changes;
  const auto prepared = house_.database.read([&](storage::Reader& reader) -> Result<void> {
    TRY_ASSIGN(load_.state, store::read_state(reader));
    TRY_ASSIGN(load_.constraints, store::constraints(reader));
    TRY(kept_.open(reader, load_.state));
    std::set<std::string> subjects, persons;
    TRY(kept_.follow(reader, load_.state.changes_linked, [&](const store::StoredRecord& r) { subjects.insert(r.record.subject); }));
    changes = kept_.index().add({});
    for (const auto& c : changes.changed) {
      subjects.insert(subject_at(c.record));
      for (const std::int64_t p : {c.before, c.after})
        if (p >= 0) persons.insert(kept_.persons().id_of(p));
    }
    return load_around(reader, load_, subjects, persons);
  });
  if (prepared) adopt(changes);
  changes_ = load_.state.changes;
  const auto written = prepared ? finish() : prepared;
  if (!written) {
    kept_.take_back(changes);
    return written;
  }
  for (const auto& [number, id] : new_persons_) kept_.index().rename(number, kept_.persons().number_of(id));
  kept_.mark_seen(seen_);
  return {};
}

std::string LinkRun::subject_at(linkage::RecordIndex record) const {
  const std::string_view key = kept_.index().records().key(record);
  const std::size_t colon = key.find(':');   // key_of: sources hold none
  return subject_of_(key.substr(0, colon), key.substr(colon + 1));
}

std::int64_t LinkRun::make_person() { return load_.persons.number_of(crypto::random_id("per")); }

void LinkRun::adopt(const linkage::LinkResult& result) {
  std::vector<std::int64_t> number;
  for (const std::int64_t kept : result.keeps) number.push_back(kept == -1 ? make_person() : kept);
  for (std::size_t i = 0; i < load_.named.size(); ++i) {
    Entry& e = load_.named[i];
    e.after = number[result.person_of[i]];
    e.probability = result.confidence[i];
    const auto& best = result.best[i];
    if (best.a != linkage::no_record) e.partner = best.a == i ? best.b : best.a;
  }
  for (const auto& pair : result.review) outcome_.review.push_back({load_.named[pair.a].subject, load_.named[pair.b].subject, pair.probability, pair.bits});
  outcome_.pairs_scored = result.statistics.pairs_scored;
}

void LinkRun::adopt(const linkage::Index::Changes& changes) {
  std::unordered_map<std::string_view, std::uint32_t> position;
  for (std::uint32_t i = 0; i < load_.named.size(); ++i) {
    Entry& e = load_.named[i];
    e.after = e.before;
    e.probability = e.probability_before;
    e.decided = e.decided_before;
    position[e.subject] = i;
  }
  for (const auto& c : changes.changed) {
    const auto at = position.find(subject_at(c.record));
    if (at == position.end()) continue;   // its row is gone
    Entry& e = load_.named[at->second];
    if (c.before == c.after && !e.pending()) continue;
    e.after = number_here(c.after);
    e.probability = c.confidence;
    e.decided = 0;  // "auto"
    if (c.best.a == linkage::no_record) continue;
    const auto partner = position.find(subject_at(c.best.a == c.record ? c.best.b : c.best.a));
    if (partner != position.end()) e.partner = partner->second;
  }
  for (const auto& pair : changes.review) outcome_.review.push_back({subject_at(pair.a), subject_at(pair.b), pair.probability, pair.bits});
  outcome_.pairs_scored = changes.pairs_scored;
}

/// The index's number of a person as this run's.
std::int64_t LinkRun::number_here(std::int64_t number) {
  if (number >= 0) return load_.persons.number_of(kept_.persons().id_of(number));
  const auto [at, is_new] = new_persons_.try_emplace(number);
  if (is_new) at->second = crypto::random_id("per");
  return load_.persons.number_of(at->second);
}

/// What has just been linked is the index from now on.
void LinkRun::keep(linkage::Model model, linkage::RecordSet records) {
  std::vector<std::int64_t> persons;
  for (const Entry& e : load_.named) persons.push_back(e.after);
  kept_.adopt(linkage::Index(std::move(model), std::move(records), persons, engine_options()), std::move(load_.persons), generation_, seen_);
}

/// Gives nameless records their person, then writes what differs.
Result<void> LinkRun::finish() {
  apply_nameless_rule(load_, [this] { return make_person(); });
  name_deciders(load_);
  TRY(write_links());
  return write_end();
}

bool LinkRun::differs(const Entry& e) {
  return e.pending() || e.before != e.after || e.decided != e.decided_before || std::abs(e.probability - e.probability_before) > probability_step;
}

/// Whole persons together, so that a reader between two batches sees every record in one person and nobody half-moved.
Result<void> LinkRun::write_links() {
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

std::size_t LinkRun::count_moved(const std::vector<const Entry*>& changed) {
  std::size_t persons = 0;
  for (std::size_t i = 0; i < changed.size(); ++i) persons += i == 0 || changed[i]->after != changed[i - 1]->after;
  return persons;
}

Result<void> LinkRun::write_batch(std::span<const Entry* const> entries) {
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
    TRY(tell_indexes(tx, rows));
    return many_ ? Result<void>() : tell_changed(house_.bus, tx, told);
  }));
  ++load_.state.epoch;
  return {};
}

/// So that other processes' indexes follow: of a few links each by name, of a full run that nothing is as it was.
Result<void> LinkRun::tell_indexes(storage::Transaction& tx, const std::vector<store::LinkChange>& rows) {
  if (full()) return store::begin_generation(tx, crypto::random_id("gen"));
  std::vector<std::string> subjects;
  for (const auto& row : rows) subjects.push_back(row.subject);
  TRY_ASSIGN(const std::int64_t change, store::note_change(tx, std::move(subjects)));
  own_changes_ = own_changes_ && change == changes_ + 1;
  changes_ = change;
  return {};
}

/// The review list, the model, and up to which change of records the links are.
Result<void> LinkRun::write_end() {
  const auto tasks = review_tasks();
  const Instant now = house_.now();
  return house_.database.write(act_, [&](storage::Transaction& tx) -> Result<void> {
    TRY(store::advance_epoch(tx, load_.state.epoch));
    TRY(drop_settled_tasks(tx, tasks));
    TRY(put_tasks(tx, tasks, now));
    if (full()) {
      TRY(store::put_model(tx, *outcome_.model, static_cast<std::int64_t>(load_.named.size())));
      TRY(store::begin_generation(tx, generation_ = crypto::random_id("gen")));
      TRY(store::forget_changes(tx, load_.state.changes));
    }
    TRY_ASSIGN(const store::State now_there, store::read_state(tx));
    // What this run wrote itself is seen; what others wrote in between is not.
    seen_ = own_changes_ && now_there.changes == changes_ ? changes_ : load_.state.changes;
    TRY(store::mark_linked(tx, seen_));
    return many_ ? tell_all_changed(house_.bus, tx) : Result<void>();
  });
}

std::vector<store::Task> LinkRun::review_tasks() const {
  std::vector<store::Task> tasks;
  for (const auto& pair : outcome_.review) {
    const auto& [a, b] = std::minmax(pair.subject_a, pair.subject_b);
    tasks.push_back({crypto::keyed_id("rev", review_key_, a + b), pair.subject_a, pair.subject_b, {}, {}, {}, pair.probability, pair.bits, ReviewState::open, {}, {}});
  }
  return tasks;
}

/// Open tasks whose two records are one person now; after a full run also those that are doubtful no more.
Result<void> LinkRun::drop_settled_tasks(storage::Transaction& tx, const std::vector<store::Task>& tasks) {
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
    if (one || (full() && !found.contains(t.task_id))) settled.push_back(t.task_id);
  }
  return store::remove_open_tasks(tx, settled);
}

Result<void> LinkRun::put_tasks(storage::Transaction& tx, std::vector<store::Task> tasks, Instant now) {
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

}  // namespace motcua::identity
