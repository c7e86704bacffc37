#pragma once
// What tracing speaks of: policies, cases, contacts with their reasons, follow-up tasks.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/personal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/message.hpp"
#include "platform/storage/act.hpp"

namespace motcua::tracing {

inline constexpr int trace_depth_max = 9;             // F1..F9; the rules of 2020 name F5 as the last
inline constexpr int page_size_max = 200;             // rows of one page
inline constexpr int chain_nodes_max = 500;           // more than that nobody can look at
inline constexpr int contacts_max = 1'000'000;        // contacts one stored trace may hold; the rest makes it partial

/// Who asks: the act on record, the areas in which the asker's tracing roles hold, and the language of sentences.
struct Asker {
  Act act;
  std::vector<std::string> areas;       // unit codes; "" among them: the whole country; none: sees nothing
  std::string lang = "vi";
};
/// Of a signed-in request; roles that see cases and contacts: tracer, tracing_supervisor, ward_health_worker.
Asker asker_of(const http::Request& request, std::string action, std::string purpose = "contact-tracing");
/// The same with the areas of the roles that hand out work alone: tracer, tracing_supervisor.
Asker tracer_of(const http::Request& request, std::string action, std::string purpose = "contact-tracing");
/// Of the command line and of jobs: the whole country.
Asker everywhere(Act act, std::string lang = "vi");

// ---- consent to the use of what the app on a phone recorded
struct PhoneConsent {
  Personal<std::string> reference;      // "phone:+84..."
  bool given = true;
  bool used = false;                    // something of this phone is held
  std::optional<Instant> since;         // absent: by the upload itself
};
struct PersonConsent {
  std::string person_id;
  Personal<std::string> full_name;
  std::string ward_code;
  std::vector<PhoneConsent> phones;
};

// ---- policies (policies/*.toml)
struct QuarantineRule {                 // of one class; a task's text and due times come from it
  std::string class_name;               // "F1"
  std::string place;                    // "central", "home", "none"
  int days = 0;                         // apart from others
  int monitor_days = 0;                 // self-monitoring after that
  std::vector<int> test_days;           // D1, D7 ...
  int call_within_hours = 24;           // when the follow-up call is due
  bool follow_up = false;               // a task is made for each contact of the class
  std::optional<Date> from;             // a change within the policy: from this day on
  std::string confidence;               // A, B, C, D: how sure the source is
};
struct Policy {
  std::string name;                     // "vn-2021-07"
  std::string citation;
  Date from{};                          // first day in force, Vietnam calendar
  std::optional<Date> to;               // last day in force
  int latent_minutes = 0;
  double distance_m = 2;
  int minutes_min = 0;                  // unmasked or unknown
  int minutes_min_masked = 0;           // both known to be masked
  int infectious_days_before_onset = 3;
  int days_before_sample = 14;          // no symptoms, source unknown
  double risk_high = 1, risk_medium = 1;   // from these strengths of a path on
  std::vector<std::string> definition_vi, definition_en;   // F1 first, one sentence a class
  std::vector<QuarantineRule> quarantine;                   // changes of a class after the rule they change
  const QuarantineRule* rule_for(int level, Date on) const; // nullptr: nothing is ordered
};

// ---- cases
struct CaseInput {
  std::string person_id;                              // per_..., or
  std::string record_source, record_id;               // the record it is about
  Instant sampled_at{};
  std::optional<Date> onset;
  std::optional<Instant> isolated_at;
  std::optional<Instant> source_contact_at;           // first contact with a known source, for cases without symptoms
};
struct CaseChange {                                   // absent: as it is; set to nullopt: cleared
  std::optional<std::optional<Date>> onset;
  std::optional<std::optional<Instant>> isolated_at, source_contact_at;
};
struct CaseSummary {
  std::string case_id, person_id;
  Personal<std::string> full_name;
  std::string ward_code, policy, state;               // state: open, closed
  Instant sampled_at{}, confirmed_at{};
  std::optional<Date> onset;
  std::optional<Instant> isolated_at;
  std::int64_t contacts = 0, f1 = 0, waiting = 0;     // waiting: contacts whose task is not done
  int version = 0;
};
struct CaseFilter { std::string state; std::string search; int page = 1; int page_size = 50; };
struct CasePage { std::vector<CaseSummary> rows; std::int64_t total = 0; };
struct Count { std::string key; std::int64_t contacts = 0; };
struct CaseView : CaseSummary {
  Personal<std::string> phone, address;
  std::string birth, sex;
  Instant infectious_from{};
  std::optional<Instant> infectious_to;
  std::optional<Instant> source_contact_at, traced_at;
  int depth = 0;
  bool partial = false;
  bool one_record = false;                            // nothing but one record is known of the person: is it the right one?
  bool empty_trace = false;                           // traced, and nobody was found anywhere
  std::vector<Count> by_class, by_state, by_ward;
};

// ---- what a trace finds
/// One contact of a path: `from` passed it (or may have passed it) to `to`.
struct Step {
  std::string from_person, to_person;                 // per_...
  Instant start{}, end{};                             // the part of the contact that counts
  std::string kind;                                   // household work school health venue vehicle flight proximity encounter declared
  std::string place_code, place_name;                 // empty for proximity and encounters
  std::string from_seat, to_seat;
  std::optional<double> distance_m;                   // unknown: counts as near, and the sentence says so
  int crowd = 0;                                      // how many others were seen at the place at that time
  double strength = 0;                                // 0..1, orders paths, decides no class
  friend bool operator==(const Step&, const Step&) = default;
};
/// One sentence through a text key with values ({{name}} style); minutes, place, seats, names of no one.
struct Sentence { std::string key; std::map<std::string, std::string> values; };
struct TraceContact {
  int level = 0;                                      // 1: F1
  std::string person_id, ward_code, via_person_id;
  Personal<std::string> full_name, phone;
  Instant first_contact_at{}, last_contact_at{};
  Instant exposed_at{};                               // earliest arrival at this level
  double minutes = 0;
  std::vector<std::string> evidence;                  // kinds, sorted
  std::vector<Step> path;                             // the strongest, from the case on (backward: from the contact to the case)
  std::vector<Step> earliest_path;
  Sentence reason;                                    // of the last step of `path`
};
enum class Direction { forward, backward };
struct TraceRequest {
  std::string case_id;
  int depth = 2;
  std::optional<Instant> as_of;                       // only facts recorded by then, and of what had happened by then
  std::string policy;                                 // empty: the one in force on the sampling day
  Direction direction = Direction::forward;
  bool names = true;                                  // false: person ids only, no names or phones are read
};
/// A window in which a trace asked about a place (watched_place) or a reference: a stay outside all of them changes nothing of its answer.
struct Watched {
  std::int64_t from = 0, to = 0;                      // ms, half-open
  friend bool operator==(const Watched&, const Watched&) = default;
};
inline std::string watched_place(std::string_view place_code) { return "at " + std::string(place_code); }

struct TraceResult {
  std::string case_id, case_person_id;
  Policy policy;
  bool partial = false;
  int depth = 0;
  Direction direction = Direction::forward;
  std::optional<Instant> as_of;
  std::vector<TraceContact> contacts;                 // by level, then minutes descending, then person id
  std::map<std::string, Watched> watched;             // by place or reference
};
struct RetraceSummary { std::int64_t contacts = 0, added = 0, removed = 0, reclassified = 0; bool partial = false; };

// ---- the stored list
struct ContactFilter {
  std::string case_id;
  std::string class_name;                             // "F1"; empty: all
  std::string ward_code, state, search;               // search: part of a name (marks or none) or of a phone
  std::string sort = "class";                         // class, minutes, name, ward, last_contact, due
  bool descending = false;
  int page = 1, page_size = 50;
};
struct ContactRow {
  std::string contact_id, person_id, class_name, ward_code;
  int level = 0;
  Personal<std::string> full_name, phone;
  std::string birth, sex;
  Instant first_contact_at{}, last_contact_at{};
  double minutes = 0;
  std::vector<std::string> evidence;
  std::string via_person_id, via_contact_id;          // via_contact_id empty: the case itself
  Sentence reason;
  std::string risk;                                   // "high", "medium", "low": of the strongest path, by the case's policy
  std::string state;                                  // of its task; "none" without one
  std::string task_id, assignee;
  Personal<std::string> assignee_name;
  std::optional<Instant> due_at;
};
struct ContactPage { std::vector<ContactRow> rows; std::int64_t total = 0; };
struct ContactView : ContactRow {
  std::string case_id;
  Personal<std::string> address;
  std::vector<Step> path, earliest_path;
  std::map<std::string, Personal<std::string>> names; // person id -> name, for those on the paths whom the asker may see
  Instant exposed_at{};
  std::optional<Instant> isolated_at;
  std::optional<QuarantineRule> order;                // what the policy foresees
};

struct ChainRequest { std::string case_id; int level_max = 2; int nodes_max = 200; std::string around_person = {}; };
struct ChainNode { std::string person_id, contact_id, label, class_name, ward_code; int level = 0; bool is_case = false; };
struct ChainEdge { std::string from, to, kind; Instant at{}; double minutes = 0; Sentence reason; };
struct Chain { std::vector<ChainNode> nodes; std::vector<ChainEdge> edges; std::int64_t left_out = 0; };

struct TimelineEvent { Instant at{}; std::string kind; Sentence text; std::string contact_id, person_id, ward_code, class_name; Personal<std::string> full_name; };   // kind: onset, sampled, isolated, infectious_from, exposure, traced, task

// ---- follow-up
inline constexpr int tasks_given_max = 500;           // given to a colleague at once
struct TaskFilter {
  std::string case_id, ward_code, assignee, state;    // state empty: all that are not done
  std::string class_name = {};                        // "F1"; empty: all
  bool unassigned = false;                            // only those nobody has taken
  bool overdue_only = false;
  int page = 1, page_size = 50;
};
struct CallEntry { Instant at{}; std::string actor, outcome, note; std::optional<Instant> appointment_at; };
struct TaskView {
  std::string task_id, case_id, contact_id, person_id, class_name, ward_code, assignee, state, last_outcome;
  Personal<std::string> full_name, phone, assignee_name;
  std::optional<Instant> due_at;
  int version = 0, calls = 0;
  std::vector<CallEntry> history;                     // get_task only, newest first
};
struct TaskPage { std::vector<TaskView> rows; std::int64_t total = 0; };
/// Somebody who holds a tracing role where the asker's work is, and how much she has to do.
struct Workload { std::string account; Personal<std::string> display_name; std::int64_t open = 0, overdue = 0; };
/// Tasks to be given away: these, or the first tasks_given_max that a list shows.
struct TaskChoice { std::vector<std::string> task_ids; std::optional<TaskFilter> all_of; };
struct Given { std::int64_t given = 0, left = 0; };   // left: finished, not hers to see, or not where the colleague works
/// outcome: reached, no_answer, wrong_number, refused, moved, appointment (needs appointment_at). States: open, trying, appointment, done, lost
/// (wrong number, refused or moved: another way is needed), cancelled (no longer a contact).
struct CallInput { std::string outcome; std::string note; std::optional<Instant> appointment_at; };

struct CaseLink { std::string case_id, contact_id, person_id, class_name; int level = 0; };   // level 0: the case herself
struct ProximitySummary { std::int64_t waiting = 0, resolved = 0, episodes = 0; };

}  // namespace motcua::tracing
