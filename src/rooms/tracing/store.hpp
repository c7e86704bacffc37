#pragma once
// Cases, stored contacts and tasks as tables. Inner header of the room. `Wards` is what an asker may see.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/storage/storage.hpp"
#include "rooms/tracing/model.hpp"

namespace motcua::tracing::store {

// ---- cases
struct CaseRow {
  std::string case_id, subject, person_id, ward_code, search_text, policy, state = "open";
  Instant sampled_at{}, confirmed_at{};
  std::optional<Date> onset;
  std::optional<Instant> isolated_at, source_contact_at, traced_at;
  int depth = 2;
  bool partial = false;
  std::int64_t contacts = 0;
  int version = 1;                         // grows with every change people make
  std::int64_t traces = 0;                 // grows with every stored trace
};
Result<void> insert_case(storage::Transaction& tx, const CaseRow& row);
/// Changed rows: 0 when the version moved on.
Result<std::int64_t> update_case(storage::Transaction& tx, const CaseRow& row, int version_seen);
/// What a trace found out; the version stays.
Result<void> save_traced(storage::Transaction& tx, const CaseRow& row);
Result<std::optional<CaseRow>> find_case(storage::Reader& reader, const std::string& case_id);
Result<std::optional<std::string>> find_case_of(storage::Reader& reader, std::span<const std::string> subjects, Instant sampled_at);
/// Looked at and found as stored: when, and that it is no older than that.
Result<void> mark_traced(storage::Transaction& tx, const std::vector<std::string>& case_ids, Instant now);
/// Ids, first confirmed first.
Result<std::vector<std::string>> open_cases(storage::Reader& reader);

/// Which wards' rows somebody sees; `all`: every row.
struct Wards {
  bool all = false;
  std::vector<std::string> codes;
};
struct CaseCounts { std::int64_t contacts = 0, f1 = 0, waiting = 0; };
struct CaseQuery { std::string state, search_text; int page = 1, page_size = 50; };
/// Cases whose own ward, or the ward of a contact, is among these.
Result<std::vector<CaseRow>> list_cases(storage::Reader& reader, const Wards& wards, const CaseQuery& query, std::int64_t& total);
Result<std::map<std::string, CaseCounts>> case_counts(storage::Reader& reader, std::span<const std::string> case_ids, const Wards& wards);
/// Wards that occur: of cases and contacts (all cases, or one).
Result<std::vector<std::string>> wards_in_use(storage::Reader& reader, const std::string& case_id);

/// True for the first who asks since the last look began.
Result<bool> claim_retrace(storage::Transaction& tx);
/// A look at all open cases begins: the next turn. A list found on a snapshot of an earlier turn may lack facts that this look knows.
Result<void> begin_retrace(storage::Transaction& tx);
Result<std::int64_t> read_turn(storage::Reader& reader);
/// The same, and nobody else writes lists before this transaction ends.
Result<std::int64_t> hold_turn(storage::Transaction& tx);

// ---- contacts
struct ContactRecord {
  std::string case_id, person_id, contact_id, ward_code, search_text, evidence, via_person, reason, path, earliest_path, task_id, state = "none", assignee;
  int level = 0;
  Instant first_at{}, last_at{}, exposed_at{};
  double minutes = 0;
  std::int64_t fingerprint = 0;            // of what the trace said (not of the task)
  std::optional<Instant> due_at;
};
struct KnownContact { std::int64_t fingerprint = 0; int level = 0; std::string task_id, state, assignee; std::optional<Instant> due_at; };
Result<std::map<std::string, KnownContact>> known_contacts(storage::Reader& reader, const std::string& case_id);
Result<void> delete_contacts(storage::Transaction& tx, const std::string& case_id, const std::vector<std::string>& person_ids);
Result<void> insert_contacts(storage::Transaction& tx, const std::vector<ContactRecord>& rows);
/// Sums by ward that lists of cases are made from.
Result<void> rebuild_case_wards(storage::Transaction& tx, const std::string& case_id);

struct ContactQuery {
  std::string case_id;
  std::optional<int> level;
  std::string ward_code, state, search_text, via_person, sort = "class";
  bool descending = false;
  int page = 1, page_size = 50;
};
Result<std::vector<ContactRecord>> list_contacts(storage::Reader& reader, const Wards& wards, const ContactQuery& query, std::int64_t* total);
Result<std::optional<ContactRecord>> find_contact(storage::Reader& reader, const std::string& contact_id);
/// Contacts of a case by person, for `via` and chains.
Result<std::map<std::string, ContactRecord>> contacts_of_persons(storage::Reader& reader, const std::string& case_id, std::span<const std::string> person_ids);
enum class CountBy { level, state, ward };
Result<std::vector<Count>> count_contacts(storage::Reader& reader, const std::string& case_id, const Wards& wards, CountBy by);
/// Cases with contacts in common, most first; and who they are, nearest to both first.
Result<std::vector<std::pair<std::string, std::int64_t>>> cases_sharing(storage::Reader& reader, const Wards& wards, const std::string& case_id, int limit);
Result<std::vector<std::string>> persons_shared(storage::Reader& reader, const Wards& wards, const std::string& case_id, const std::string& other_case_id);
Result<std::vector<CaseLink>> links_of(storage::Reader& reader, std::span<const std::string> person_ids);

// ---- tasks
struct TaskRow {
  std::string case_id, task_id, subject, person_id, ward_code, assignee, state = "open", last_outcome;
  int level = 0, calls = 0, version = 1;
  std::optional<Instant> due_at;
};
Result<std::vector<TaskRow>> tasks_of_case(storage::Reader& reader, const std::string& case_id);
Result<void> insert_tasks(storage::Transaction& tx, const std::vector<TaskRow>& rows);
/// Person, class, ward and state after a trace.
Result<void> move_tasks(storage::Transaction& tx, const std::vector<TaskRow>& rows);
Result<std::optional<TaskRow>> find_task(storage::Reader& reader, const std::string& task_id);
/// Changed rows: 0 when the version moved on. The contact's row follows.
Result<std::int64_t> update_task(storage::Transaction& tx, const TaskRow& row, int version_seen);
struct TaskQuery {
  std::string case_id, ward_code, assignee, state;
  std::optional<int> level = {};
  bool unassigned = false;
  std::optional<Instant> due_before;
  int page = 1, page_size = 50;
};
Result<std::vector<TaskRow>> list_tasks(storage::Reader& reader, const Wards& wards, const TaskQuery& query, std::int64_t& total);
/// Open tasks of an account, counted up to `limit`.
Result<std::int64_t> count_tasks_of(storage::Reader& reader, const std::string& account, std::int64_t limit);
struct TaskLoad { std::int64_t open = 0, overdue = 0; };
/// By account, of all who have taken something.
Result<std::map<std::string, TaskLoad>> task_loads(storage::Reader& reader, Instant now);
Result<std::vector<Count>> count_tasks_by_ward(storage::Reader& reader, const Wards& wards);
Result<void> insert_call(storage::Transaction& tx, const TaskRow& task, const CallEntry& call);
Result<std::vector<CallEntry>> calls_of(storage::Reader& reader, const std::string& case_id, const std::string& task_id);

}  // namespace motcua::tracing::store
