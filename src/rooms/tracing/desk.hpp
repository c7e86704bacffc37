#pragma once
// What the use cases share: the doors, the policies, who sees what. Inner header of the room.
#include "platform/crypto/crypto.hpp"
#include "platform/house/house.hpp"
#include "rooms/tracing/present.hpp"
#include "rooms/tracing/question.hpp"
#include "rooms/tracing/store.hpp"
#include "rooms/tracing/tracing.hpp"

namespace motcua::tracing {

struct Desk {
  House& house;
  Doors doors;
  std::vector<Policy> policies;
  crypto::Bytes id_key;                      // contact ids: stable while the pair of case and person is
};

// ---- who sees what (desk.cpp)
/// The wards in use that lie in one of the asker's areas: of one case, or of all. People without a known ward belong to those who see
/// the case's own ward. Nothing at all: failure tracing.not_found when a case was named.
Result<store::Wards> wards_seen(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id);
bool sees(const store::Wards& wards, const std::string& ward_code);
/// The case, if the asker may see it; tracing.not_found otherwise, after the same questions to the database.
Result<store::CaseRow> get_visible_case(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id, store::Wards& wards);
Result<store::ContactRecord> get_visible_contact(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& contact_id, store::Wards& wards);
Result<store::TaskRow> get_visible_task(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& task_id);

/// The tasks a list shows. With a case that is not the asker's: tracing.not_found.
Result<std::vector<store::TaskRow>> visible_tasks(const Desk& desk, storage::Reader& reader, const Asker& asker, const TaskFilter& filter, std::int64_t& total);

/// Notes of a look, one a person; written by `record`.
AuditNote read_note(const std::string& object, const std::string& person_id, const std::string& area);
Result<void> record(const Desk& desk, const Act& act, std::vector<AuditNote> notes);

std::string contact_id_of(const Desk& desk, const std::string& case_id, const std::string& person_id);
/// Folded name and the phone's digits, for finding.
std::string search_text_of(const identity::PersonSummary& person);
std::string search_text_of(std::string_view typed);
std::map<std::string, identity::PersonSummary> by_id(std::vector<identity::PersonSummary> summaries);
CaseFacts facts_of(const store::CaseRow& row);
Result<Policy> policy_of(const Desk& desk, const store::CaseRow& row, const std::string& named);
Say say_in(const Desk& desk, std::string lang);
/// A case as lists show it (cases.cpp), and stored contacts with names (contact_list.cpp).
CaseSummary to_summary(const store::CaseRow& row, const store::CaseCounts& counts, const identity::PersonSummary* person);
Result<std::vector<ContactRow>> rows_of(const Desk& desk, storage::Reader& reader, const std::vector<store::ContactRecord>& records, const store::CaseRow& row);

// ---- storing a trace (retrace.cpp)
/// Lists that one transaction writes anew hold at most so many contacts, beside those of its last case: some 2 KB each until it is written.
inline constexpr std::int64_t retrace_contacts_max = 50'000;
/// Whose case it is today, and the trace that is stored of it.
Result<TraceResult> look(const Desk& desk, storage::Reader& reader, store::CaseRow& row);
/// A trace found on a snapshot before the transaction, and the turn that snapshot saw.
struct FoundBefore { TraceResult found; std::int64_t turn = 0; };
/// Traces the case with what is known now, or as found before when no other facts came in since, and writes what changed: contacts, tasks, sums;
/// emits tracing.contacts_changed when anything did. Everything in this one transaction.
Result<RetraceSummary> retrace_in(const Desk& desk, storage::Transaction& tx, store::CaseRow& row, const FoundBefore* before = nullptr);
Result<RetraceSummary> retrace(const Desk& desk, const Act& act, const std::string& case_id);
/// Every open case, whatever differs in one transaction (retrace_contacts_max); the job that identity.persons_changed and
/// tracing.facts_changed ask for.
Result<void> retrace_open_cases(const Desk& desk, const Act& act);

/// A look at all open cases, unless one is on its way already.
Result<void> ask_for_retrace(const Desk& desk, storage::Transaction& tx, Instant not_before);

// ---- stays told as they happen (stays.cpp)
Result<void> tell_stays(const Desk& desk, storage::Transaction& tx, std::span<const Stay> stays);
Result<bool> withdraw_stay(const Desk& desk, storage::Transaction& tx, const Stay& stay);

// ---- changing a task (assignment.cpp)
/// Writes what became of a task unless it moved on (false), with its line of audit and its event.
Result<bool> save_task(const Desk& desk, storage::Transaction& tx, const store::TaskRow& changed, int version, const std::string& action);

// ---- use cases, one file each group
Result<std::string> confirm_case(const Desk& desk, const Asker& asker, const CaseInput& input);
Result<void> amend_case(const Desk& desk, const Asker& asker, const std::string& case_id, int version, const CaseChange& change);
Result<void> close_case(const Desk& desk, const Asker& asker, const std::string& case_id, int version);
Result<CasePage> list_cases(const Desk& desk, const Asker& asker, const CaseFilter& filter);
Result<CaseView> get_case(const Desk& desk, const Asker& asker, const std::string& case_id);
Result<TraceResult> trace(const Desk& desk, const Asker& asker, const TraceRequest& request);

Result<ContactPage> list_contacts(const Desk& desk, const Asker& asker, const ContactFilter& filter);
Result<ContactView> get_contact(const Desk& desk, const Asker& asker, const std::string& contact_id);
Result<std::string> export_contacts(const Desk& desk, const Asker& asker, const ContactFilter& filter);
Result<Chain> get_chain(const Desk& desk, const Asker& asker, const ChainRequest& request);
Result<std::vector<TimelineEvent>> list_timeline(const Desk& desk, const Asker& asker, const std::string& case_id, int events_max);

Result<TaskPage> list_tasks(const Desk& desk, const Asker& asker, const TaskFilter& filter);
Result<TaskView> get_task(const Desk& desk, const Asker& asker, const std::string& task_id);
Result<void> assign_task(const Desk& desk, const Asker& asker, const std::string& task_id, int version, const std::string& account);
Result<std::vector<Count>> count_tasks_by_ward(const Desk& desk, const Asker& asker);
Result<Given> assign_tasks(const Desk& desk, const Asker& asker, const TaskChoice& choice, const std::string& account);
Result<std::vector<Workload>> list_colleagues(const Desk& desk, const Asker& asker, std::span<const std::string> task_ids);
Result<std::int64_t> count_tasks_of(const Desk& desk, const std::string& account, std::int64_t limit);
Result<void> record_call(const Desk& desk, const Asker& asker, const std::string& task_id, int version, const CallInput& call);
Result<void> record_isolation(const Desk& desk, const Asker& asker, const std::string& contact_id, Instant at);

}  // namespace motcua::tracing
