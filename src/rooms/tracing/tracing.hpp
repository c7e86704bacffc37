#pragma once
// The door of tracing: from a confirmed case to the named list of contacts, worked off and followed up.
//
// Facts (visits, encounters, Bluezone sightings) are stored with *references* to people ("phone:+84...", "id:...", "record:src:id") and
// identity says at question time who that is; so a fact about somebody unknown waits, and resolves by itself. What a trace found is
// kept ("materialised") per case and made anew when a fact, a case or a person changes.
//
// Everything a signed-in person may not see is `tracing.not_found`, the same as what is not there.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/house/house.hpp"
#include "platform/http/message.hpp"
#include "rooms/declarations/declarations.hpp"
#include "rooms/identity/identity.hpp"
#include "rooms/tracing/bluezone.hpp"
#include "rooms/tracing/exposure_key.hpp"
#include "rooms/tracing/inquiry.hpp"
#include "rooms/tracing/model.hpp"
#include "rooms/tracing/present.hpp"
#include "rooms/tracing/stays.hpp"

namespace motcua::tracing {

class Tracing {
 public:
  virtual ~Tracing() = default;

  // ---- cases
  /// Makes an F0, traces it under the policy in force on the sampling day and hands out the follow-up tasks, all in one transaction;
  /// the case id. The same person and sampling time again answers the case that is there,
  /// with an onset, isolation or source contact told otherwise taken over. Emits tracing.case_confirmed.
  /// Failures: tracing.person_unknown (field person or record), tracing.time_unlikely.
  virtual Result<std::string> confirm_case(const Asker& asker, const CaseInput& input) = 0;
  /// Changes onset, isolation or source; traces again. `version` is the one the reader saw: conflict tracing.case_moved_on.
  virtual Result<void> amend_case(const Asker& asker, const std::string& case_id, int version, const CaseChange& change) = 0;
  virtual Result<void> close_case(const Asker& asker, const std::string& case_id, int version) = 0;
  virtual Result<CasePage> list_cases(const Asker& asker, const CaseFilter& filter) = 0;
  /// With counts by class, state and ward of what the asker may see.
  virtual Result<CaseView> get_case(const Asker& asker, const std::string& case_id) = 0;

  // ---- the question itself (docs/formats.md section 4); answers without storing anything
  virtual Result<TraceResult> trace(const Asker& asker, const TraceRequest& request) = 0;
  /// Traces the case anew and stores the result; how many contacts changed. The jobs call it; so may a supervisor.
  virtual Result<RetraceSummary> retrace(const Act& act, const std::string& case_id) = 0;

  // ---- what else is asked of a case (inquiry.hpp); nothing is stored. Another case that is not the asker's: tracing.not_found
  virtual Result<Comparison> compare(const Asker& asker, const CompareRequest& request) = 0;
  virtual Result<Places> list_places(const Asker& asker, const std::string& case_id) = 0;
  virtual Result<Sources> list_sources(const Asker& asker, const std::string& case_id) = 0;
  virtual Result<std::vector<LinkedCase>> list_linked_cases(const Asker& asker, const std::string& case_id) = 0;
  virtual Result<Bridges> list_bridges(const Asker& asker, const std::string& case_id, const std::string& other_case_id) = 0;

  // ---- the list, served from the stored result
  virtual Result<ContactPage> list_contacts(const Asker& asker, const ContactFilter& filter) = 0;
  virtual Result<ContactView> get_contact(const Asker& asker, const std::string& contact_id) = 0;
  /// The chain as nodes and edges, at most `nodes_max` of them, nearest and strongest first.
  virtual Result<Chain> get_chain(const Asker& asker, const ChainRequest& request) = 0;
  virtual Result<std::vector<TimelineEvent>> list_timeline(const Asker& asker, const std::string& case_id, int events_max) = 0;
  /// Every row the filter shows (no paging), as CSV in the asker's language; safe to open in a spreadsheet.
  virtual Result<std::string> export_contacts(const Asker& asker, const ContactFilter& filter) = 0;

  // ---- follow-up
  virtual Result<TaskPage> list_tasks(const Asker& asker, const TaskFilter& filter) = 0;
  /// Wards with open tasks, and how many: what the list can be narrowed to.
  virtual Result<std::vector<Count>> count_tasks_by_ward(const Asker& asker) = 0;
  virtual Result<TaskView> get_task(const Asker& asker, const std::string& task_id) = 0;
  /// `account` empty: nobody. Anybody takes a task herself and lets her own go; a tracer gives it to a colleague who holds a tracing role
  /// in the task's area today. Failures tracing.task_moved_on (conflict, by `version`), tracing.account_unknown (she does not), tracing.not_yours_to_give.
  virtual Result<void> assign_task(const Asker& asker, const std::string& task_id, int version, const std::string& account) = 0;
  /// The same for several in one transaction, whatever their versions. What cannot be given is left as it is, and counted.
  virtual Result<Given> assign_tasks(const Asker& asker, const TaskChoice& choice, const std::string& account) = 0;
  /// Who works where one of these tasks is (none named: in one of the asker's areas), by name, with her open tasks. On record as a look at
  /// each account.
  virtual Result<std::vector<Workload>> list_colleagues(const Asker& asker, std::span<const std::string> task_ids) = 0;
  /// Open tasks of an account, counted up to `limit`: for a badge.
  virtual Result<std::int64_t> count_tasks_of(const std::string& account, std::int64_t limit) = 0;
  virtual Result<void> record_call(const Asker& asker, const std::string& task_id, int version, const CallInput& call) = 0;
  /// The person is apart from others since `at`: passes nothing on after it. Every case that leads through her is traced anew.
  virtual Result<void> record_isolation(const Asker& asker, const std::string& contact_id, Instant at) = 0;

  // ---- consent to the use of proximity data (promise 11): in force from the moment it is said; open cases are traced anew
  virtual Result<PersonConsent> get_consent(const Asker& asker, const std::string& person_id) = 0;
  /// Failure tracing.consent_not_her_phone.
  virtual Result<void> set_consent(const Asker& asker, const std::string& person_id, const std::string& reference, bool given) = 0;
  /// Which cases lead to this person, if the asker may see her: on record as a look.
  virtual Result<std::vector<CaseLink>> list_cases_of_person(const Asker& asker, const std::string& person_id) = 0;

  // ---- for the person page, inside the caller's snapshot: which cases lead to these persons, and as what class
  virtual Result<std::vector<CaseLink>> cases_of(storage::Reader& reader, std::span<const std::string> person_ids) = 0;

  // ---- proximity keys: resolves waiting sightings with the keys now held, and makes contact episodes of them
  virtual Result<ProximitySummary> resolve_sightings(const Act& act) = 0;

  // ---- stays told by another room as they happen (stays.hpp): check-ins, inside the caller's transaction or snapshot
  /// New ones and corrections alike. Failure tracing.visit_too_long.
  virtual Result<void> tell_stays(storage::Transaction& tx, std::span<const Stay> stays) = 0;
  /// It counts no more. Nothing to take back: false.
  virtual Result<bool> withdraw_stay(storage::Transaction& tx, const Stay& stay) = 0;
  virtual Result<std::optional<Stay>> find_stay(storage::Reader& reader, const std::string& source, const std::string& stay_id) = 0;
  /// In force, of these references, begun in [from, to); newest first.
  virtual Result<std::vector<Stay>> stays_of(storage::Reader& reader, std::span<const std::string> references, Instant from, Instant to) = 0;
  /// Told by sources that begin so.
  virtual Result<std::int64_t> count_stays(storage::Reader& reader, const std::string& place_code, const std::string& source, Instant from, Instant to) = 0;
  virtual Result<void> name_place(storage::Transaction& tx, const Place& place) = 0;

  virtual const std::vector<Policy>& policies() const = 0;
};

class TracingRoom : public Room {
 public:
  virtual Tracing& door() = 0;
};
/// Fails when a policy file is wrong: tracing.policy_invalid names the file and the key.
Result<std::unique_ptr<TracingRoom>> make_tracing(House& house, identity::Identity& identity, declarations::Declarations& declarations);

}  // namespace motcua::tracing
