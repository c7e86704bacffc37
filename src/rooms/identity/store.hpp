#pragma once
// The only SQL of identity. Every function works inside the caller's snapshot or transaction.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/storage/storage.hpp"
#include "rooms/identity/model.hpp"
#include "rooms/identity/rules.hpp"

namespace motcua::identity::store {

using storage::Reader;
using storage::Transaction;

// ---- records (store_records.cpp)
Result<std::vector<Saved>> save_records(Transaction& tx, std::span<const std::shared_ptr<const PreparedRecord>> records, Instant now);

struct LinkRow {
  std::string person_id;       // empty: not linked
  std::string decided_by, partner;
  double probability = 0;
  std::int64_t content_hash = 0;
};
struct StoredRecord {
  Record record;
  std::int64_t content_hash = 0;
  Instant imported_at{};
  LinkRow link;
};
/// Every record with what linking compares (no payload, no link); no order. Two plain scans instead of a join: the ids are random, and
/// a join by them reads the whole table once more, page by page.
Result<void> for_each_record(Reader& reader, const std::function<void(const StoredRecord&)>& visit);
struct LinkView { std::string_view subject, person_id, decided_by; double probability; std::int64_t content_hash; };
Result<void> for_each_link_row(Reader& reader, const std::function<void(const LinkView&)>& visit);
Result<std::vector<StoredRecord>> records_of_persons(Reader& reader, std::span<const std::string> person_ids, int limit);
Result<std::vector<StoredRecord>> records_by_subject(Reader& reader, std::span<const std::string> subjects);
/// Subjects of the records that claim a reference, own or not.
Result<std::vector<std::string>> claimants(Reader& reader, std::string_view reference, int limit);

// ---- links and persons (store_links.cpp)
Result<std::vector<std::pair<std::string, std::string>>> persons_of(Reader& reader, std::span<const std::string> subjects);
Result<std::vector<std::string>> subjects_of(Reader& reader, std::string_view person_id, int limit);

struct LinkChange {
  std::string subject, person_id, decided_by, partner;
  double probability = 0;
  std::int64_t content_hash = 0;
};
/// The smallest subject id of each person.
Result<std::map<std::string, std::string>> first_subjects(Reader& reader, std::span<const std::string> person_ids);
Result<void> put_links(Transaction& tx, std::span<const LinkChange> links, Instant now);
/// Makes the summaries of these persons anew; those without records are removed.
Result<void> rebuild_persons(Transaction& tx, std::span<const std::string> person_ids, Instant now);
Result<std::vector<PersonSummary>> summaries(Reader& reader, std::span<const std::string> person_ids);
Result<std::vector<std::string>> persons_named_like(Reader& reader, std::string_view name_key, int limit);
Result<std::int64_t> count_persons(Reader& reader);
Result<std::int64_t> count_records(Reader& reader);
Result<std::int64_t> count_links(Reader& reader);
/// `keys`: key and name of every claim, or only of those on references that several persons claim, which is all that decide_spans asks.
enum class ClaimKeys { all, contested };
Result<std::vector<PersonClaim>> claims_on(Reader& reader, std::span<const std::string> references, ClaimKeys keys = ClaimKeys::all);
/// The own phones and the ids of these persons' records, as references without repetition.
Result<std::vector<std::string>> references_claimed(Reader& reader, std::span<const std::string> person_ids);
/// Person and "SOURCE:ID" of each of their records.
Result<std::vector<std::pair<std::string, std::string>>> record_keys_of(Reader& reader, std::span<const std::string> person_ids);
/// Sorted as formats.md section 3 says.
struct ExportRow { std::string_view source, record_id, person_id, decided_by; double probability; };
Result<void> for_each_link(Reader& reader, const std::function<void(const ExportRow&)>& visit);

struct State {
  std::string model;
  std::int64_t model_records = 0, changes = 0, changes_linked = 0, epoch = 0;
  std::string generation;      // empty: never linked
};
Result<State> read_state(Reader& reader);
/// Fails with identity.links_moved_on when somebody else changed links or decisions since `epoch`; else raises it by one.
Result<void> advance_epoch(Transaction& tx, std::int64_t epoch);
Result<void> raise_epoch(Transaction& tx);
Result<void> put_model(Transaction& tx, std::string_view model, std::int64_t records);
Result<void> mark_linked(Transaction& tx, std::int64_t changes);

// ---- what changed since the last full run (store_change.cpp)
struct ChangedSubject { std::string subject; std::int64_t change = 0; };
/// Counts one change, of the records or links of these subjects; its number.
Result<std::int64_t> note_change(Transaction& tx, std::vector<std::string> subjects);
/// Each once, with its last change.
Result<std::vector<ChangedSubject>> changed_after(Reader& reader, std::int64_t change);
Result<std::vector<std::string>> subjects_of_change(Reader& reader, std::int64_t change);
Result<std::int64_t> count_changed_after(Reader& reader, std::int64_t change);
/// Tells indexes that are kept that this is not what they know any more.
Result<void> begin_generation(Transaction& tx, std::string_view generation);
Result<void> forget_changes(Transaction& tx, std::int64_t through);

// ---- human work (store_review.cpp)
struct Task {
  std::string task_id, subject_a, subject_b, ward_code, decided_by, event_id;
  double probability = 0, bits = 0;
  ReviewState state = ReviewState::open;
  Instant created_at{};
  std::optional<Instant> decided_at;
};
struct TaskPair { std::string task_id, subject_a, subject_b; };
Result<std::vector<TaskPair>> open_tasks(Reader& reader);
Result<void> put_task(Transaction& tx, const Task& task);              // a decided one stays as it is
Result<void> remove_open_tasks(Transaction& tx, std::span<const std::string> task_ids);
Result<std::int64_t> count_open_tasks(Reader& reader);
Result<std::optional<Task>> find_task(Reader& reader, std::string_view task_id);
Result<void> decide_task(Transaction& tx, const Task& task);           // state, decided_by, decided_at, event_id
struct WardCount { std::string ward_code; std::int64_t tasks = 0; };
Result<std::vector<WardCount>> wards_of_tasks(Reader& reader, ReviewState state);
/// Most probable first. Absent `wards`: all.
Result<std::vector<Task>> list_tasks(Reader& reader, ReviewState state, const std::optional<std::vector<std::string>>& wards, int limit, std::int64_t offset);
/// The open task that stands next in the list.
Result<std::optional<std::string>> task_after(Reader& reader, const Task& task, const std::optional<std::vector<std::string>>& wards);

struct Constraint {
  std::string subject_a, subject_b, event_id, actor;
  bool same = false;
};
/// In force today.
Result<std::vector<Constraint>> constraints(Reader& reader);
/// Those between two records with names, by the engine's keys.
Result<std::vector<linkage::Index::Decision>> decisions_between_named(Reader& reader);
Result<std::vector<Constraint>> constraints_of(Reader& reader, std::span<const std::string> subjects);
Result<void> put_constraints(Transaction& tx, std::span<const Constraint> constraints, Instant now);
Result<void> retire_constraints(Transaction& tx, std::span<const Constraint> constraints, std::string_view by_event, Instant now);

struct Move { std::string subject, person_before, person_after, decided_before; };
struct Event {
  std::string event_id, actor, task_id;
  ChangeKind kind = ChangeKind::merged;
  Instant at{};
  std::optional<Instant> undone_at;
};
Result<void> put_event(Transaction& tx, const Event& event, std::span<const Move> moves, std::span<const std::string> person_ids);
Result<std::optional<Event>> find_event(Reader& reader, std::string_view event_id);
Result<std::vector<Move>> moves_of(Reader& reader, std::string_view event_id);
Result<std::vector<std::string>> persons_of_event(Reader& reader, std::string_view event_id);
/// Marks it undone, drops its constraints and puts those it had retired back in force.
Result<void> undo_event(Transaction& tx, std::string_view event_id, Instant now);
Result<std::vector<Event>> events_of_person(Reader& reader, std::string_view person_id, int limit);

// ---- lists of ids in statements
/// Runs `each` on chunks of at most 100, padded to exactly 100 by the last id, so that one statement is prepared once.
inline constexpr std::size_t chunk_ids = 100;
Result<void> in_chunks(std::span<const std::string> ids, const std::function<Result<void>(storage::Values)>& each);
/// "($1,$2,...,$100)" beginning after `offset`.
std::string chunk_placeholders(std::size_t offset = 0);

}  // namespace motcua::identity::store
