// Merging, splitting, deciding doubtful pairs, and taking each back.
#include <algorithm>
#include <set>

#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "rooms/identity/linking.hpp"
#include "rooms/identity/people.hpp"

namespace motcua::identity {
namespace {

using storage::Transaction;

store::Event make_event(const Viewer& viewer, ChangeKind kind, Instant now, std::string task_id = {}) {
  return {crypto::random_id("evn"), viewer.act.actor, std::move(task_id), kind, now, std::nullopt};
}

/// What stands against a new decision is retired by it, and comes back when it is undone.
Result<void> retire_between(Transaction& tx, const std::set<std::string>& a, const std::set<std::string>& b, bool same, const store::Event& event) {
  const std::vector<std::string> asked(a.begin(), a.end());
  TRY_ASSIGN(const auto known, store::constraints_of(tx, asked));
  std::vector<store::Constraint> against;
  for (const auto& c : known) {
    const bool between = (a.contains(c.subject_a) && b.contains(c.subject_b)) || (a.contains(c.subject_b) && b.contains(c.subject_a));
    if (between && c.same == same) against.push_back(c);
  }
  return store::retire_constraints(tx, against, event.event_id, event.at);
}

Result<std::vector<store::StoredRecord>> records_of(Transaction& tx, const std::string& person_id) {
  TRY_ASSIGN(auto records, store::records_of_persons(tx, std::span(&person_id, 1), decision_records_max + 1));
  if (records.empty()) return not_found("identity.no_such_person");
  if (records.size() > static_cast<std::size_t>(decision_records_max))
    return invalid("identity.too_many_records", {}, {{"records_max", std::to_string(decision_records_max)}});
  return records;
}

/// The record a decision about a whole person holds on to: the register's, else the one that sorts first.
std::string representative(const std::vector<store::StoredRecord>& records) {
  const auto rank = [](const store::StoredRecord& r) {
    return std::make_tuple(!r.record.has_name(), r.record.kind != "residents", key_of(r.record.source, r.record.record_id));
  };
  return std::min_element(records.begin(), records.end(), [&](const auto& x, const auto& y) { return rank(x) < rank(y); })->record.subject;
}

std::set<std::string> subjects_in(const std::vector<store::StoredRecord>& records) {
  std::set<std::string> out;
  for (const auto& r : records) out.insert(r.record.subject);
  return out;
}

/// Moves records to a person by a human decision.
Result<std::vector<store::Move>> move_records(Transaction& tx, const std::vector<store::StoredRecord>& records, const std::string& to,
                                              const store::Event& event) {
  std::vector<store::Move> moves;
  std::vector<store::LinkChange> links;
  for (const auto& r : records) {
    moves.push_back({r.record.subject, r.link.person_id, to, r.link.decided_by});
    links.push_back({r.record.subject, to, event.actor, r.link.partner, 1.0, r.link.content_hash});
  }
  TRY(store::put_links(tx, links, event.at));
  return moves;
}

}  // namespace

Result<Decision> People::carry_out(const Viewer& viewer, const std::function<Result<Decision>(Transaction&)>& body) {
  return house_.database.write_value(viewer.act, [&](Transaction& tx) -> Result<Decision> {
    TRY(store::raise_epoch(tx));
    TRY_ASSIGN(auto decision, body(tx));
    std::vector<std::string> subjects;
    for (const auto& person : decision.person_ids) {
      TRY_ASSIGN(const auto of_person, store::subjects_of(tx, person, 2 * decision_records_max));
      subjects.insert(subjects.end(), of_person.begin(), of_person.end());
    }
    TRY(store::note_change(tx, std::move(subjects)));
    TRY(store::rebuild_persons(tx, decision.person_ids, house_.now()));
    TRY(tell_changed(house_.bus, tx, decision.person_ids));
    for (const auto& person : decision.person_ids) tx.note({{}, decision.event_id, person});
    return decision;
  });
}

Result<void> People::record(Transaction& tx, const store::Event& event, std::span<const store::Move> moves, std::span<const std::string> person_ids) {
  return store::put_event(tx, event, moves, person_ids);
}

/// Makes persons a and b one; the decision holds on to the two subjects, or to all records when none are named. The person with more records keeps its id, the smaller id on a tie.
Result<Decision> People::join(Transaction& tx, const store::Event& event, const std::string& a, const std::string& b, const std::string& subject_a,
                              const std::string& subject_b) {
  TRY_ASSIGN(const auto of_a, records_of(tx, a));
  TRY_ASSIGN(const auto of_b, records_of(tx, b));
  const std::string at_a = subject_a.empty() ? representative(of_a) : subject_a, at_b = subject_b.empty() ? representative(of_b) : subject_b;
  TRY(retire_between(tx, subjects_in(of_a), subjects_in(of_b), false, event));
  std::vector<store::Constraint> same{{at_a, at_b, event.event_id, event.actor, true}};
  if (subject_a.empty()) {   // whole persons: none of their records falls off again by itself
    for (const auto& [rest, at] : {std::pair(&of_a, &at_a), std::pair(&of_b, &at_b)})
      for (const auto& r : *rest)
        if (r.record.subject != *at) same.push_back({*at, r.record.subject, event.event_id, event.actor, true});
  }
  TRY(store::put_constraints(tx, same, event.at));
  Decision decision{event.event_id, {a, b}};
  std::vector<store::Move> moves;
  if (a != b) {
    const bool keep_a = of_a.size() != of_b.size() ? of_a.size() > of_b.size() : a < b;
    TRY_ASSIGN(moves, move_records(tx, keep_a ? of_b : of_a, keep_a ? a : b, event));
  } else {
    decision.person_ids = {a};
  }
  TRY(record(tx, event, moves, decision.person_ids));
  return decision;
}

Result<Decision> People::decide_review(const Viewer& viewer, std::string_view task_id, bool same_person) {
  return carry_out(viewer, [&](Transaction& tx) -> Result<Decision> {
    TRY_ASSIGN(auto task, task_seen(tx, viewer, task_id));
    if (task.state != ReviewState::open) return conflict("identity.already_decided");
    const std::vector<std::string> subjects{task.subject_a, task.subject_b};
    TRY_ASSIGN(const auto records, store::records_by_subject(tx, subjects));
    if (records.size() != 2 || records[0].link.person_id.empty() || records[1].link.person_id.empty()) return not_found("identity.no_such_task");
    const bool in_order = records[0].record.subject == task.subject_a;
    const std::string a = records[in_order ? 0 : 1].link.person_id, b = records[in_order ? 1 : 0].link.person_id;
    const auto event = make_event(viewer, same_person ? ChangeKind::accepted : ChangeKind::rejected, house_.now(), task.task_id);
    Decision decision{event.event_id, {a, b}};
    if (same_person) {
      TRY_ASSIGN(decision, join(tx, event, a, b, task.subject_a, task.subject_b));
    } else {
      if (a == b) return conflict("identity.already_merged");
      TRY(retire_between(tx, {task.subject_a}, {task.subject_b}, true, event));
      const store::Constraint different{task.subject_a, task.subject_b, event.event_id, event.actor, false};
      TRY(store::put_constraints(tx, std::span(&different, 1), event.at));
      TRY(record(tx, event, {}, decision.person_ids));
    }
    task.state = same_person ? ReviewState::accepted : ReviewState::rejected;
    task.decided_by = viewer.act.actor;
    task.decided_at = event.at;
    task.event_id = event.event_id;
    TRY(store::decide_task(tx, task));
    return decision;
  });
}

Result<Decision> People::merge(const Viewer& viewer, std::string_view person_id, std::string_view other_person_id) {
  if (person_id == other_person_id) return conflict("identity.already_merged");
  return carry_out(viewer, [&](Transaction& tx) -> Result<Decision> {
    TRY_ASSIGN(const auto a, person_seen(tx, viewer, person_id));
    TRY_ASSIGN(const auto b, person_seen(tx, viewer, other_person_id));
    return join(tx, make_event(viewer, ChangeKind::merged, house_.now()), a.person_id, b.person_id, {}, {});
  });
}

Result<Decision> People::split(const Viewer& viewer, std::string_view person_id, std::span<const std::string> subjects) {
  return carry_out(viewer, [&](Transaction& tx) -> Result<Decision> {
    TRY_ASSIGN(const auto person, person_seen(tx, viewer, person_id));
    TRY_ASSIGN(auto records, records_of(tx, person.person_id));
    const std::set<std::string> wanted(subjects.begin(), subjects.end());
    const auto stay = std::partition(records.begin(), records.end(), [&](const auto& r) { return wanted.contains(r.record.subject); });
    const std::vector<store::StoredRecord> out(records.begin(), stay), rest(stay, records.end());
    if (out.empty() || rest.empty() || out.size() != wanted.size()) return invalid("identity.nothing_to_split");
    if (out.size() * rest.size() > split_pairs_max) return invalid("identity.too_many_records", {}, {{"records_max", std::to_string(split_pairs_max)}});
    const auto event = make_event(viewer, ChangeKind::split, house_.now());
    TRY(retire_between(tx, subjects_in(out), subjects_in(rest), true, event));
    std::vector<store::Constraint> constraints;
    for (const auto& o : out)
      for (const auto& r : rest) constraints.push_back({o.record.subject, r.record.subject, event.event_id, event.actor, false});
    for (std::size_t i = 1; i < out.size(); ++i)  // what was taken out was taken out as one person
      constraints.push_back({out[i - 1].record.subject, out[i].record.subject, event.event_id, event.actor, true});
    TRY(store::put_constraints(tx, constraints, event.at));
    const std::string fresh = crypto::random_id("per");
    TRY_ASSIGN(const auto moves, move_records(tx, out, fresh, event));
    Decision decision{event.event_id, {person.person_id, fresh}};
    TRY(record(tx, event, moves, decision.person_ids));
    return decision;
  });
}

Result<Decision> People::undo(const Viewer& viewer, std::string_view event_id) {
  return carry_out(viewer, [&](Transaction& tx) -> Result<Decision> {
    TRY_ASSIGN(const auto event, store::find_event(tx, event_id));
    if (!event) return not_found("identity.no_such_event");
    TRY_ASSIGN(auto persons, store::persons_of_event(tx, event_id));
    bool seen = false;
    for (const auto& id : persons) seen = seen || person_seen(tx, viewer, id).ok();
    if (!seen) return not_found("identity.no_such_event");
    if (event->undone_at) return conflict("identity.already_undone");
    TRY_ASSIGN(const auto moves, store::moves_of(tx, event_id));
    std::vector<std::string> subjects;
    for (const auto& m : moves) subjects.push_back(m.subject);
    TRY_ASSIGN(const auto records, store::records_by_subject(tx, subjects));
    std::vector<store::LinkChange> back;
    for (const auto& r : records)
      for (const auto& m : moves)
        if (m.subject == r.record.subject && m.person_after == r.link.person_id)
          back.push_back({m.subject, m.person_before, m.decided_before, r.link.partner, r.link.probability, r.link.content_hash});
    TRY(store::put_links(tx, back, house_.now()));
    TRY(store::undo_event(tx, event_id, house_.now()));
    if (!event->task_id.empty()) {
      store::Task open;
      open.task_id = event->task_id;
      TRY(store::decide_task(tx, open));
    }
    return Decision{std::string(event_id), std::move(persons)};
  });
}

}  // namespace motcua::identity
