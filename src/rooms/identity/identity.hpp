#pragma once
// The door of identity: one person behind many records. Other rooms store the subject id of the record they were given; only
// identity knows which person that subject is today, so merging and un-merging persons rewrites nothing anywhere else.
#include <array>
#include <cstdint>
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

namespace motcua::identity {

/// One record about one person, as another system told it; texts as they came. Key: source + record_id.
struct SourceRecord {
  std::string source;              // "ncovi", or what --source named
  std::string record_id;
  std::string kind;                // the KIND of docs/formats.md
  std::optional<Instant> told_at;  // declared, registered, collected, injected; absent for the population register
  std::string full_name, sex, phone, email, id_number, old_id_number, insurance_number, passport, nationality;
  std::string birth;               // date or year
  std::string address, ward, district, province, ward_code, household_id;
  bool phone_is_own = false;       // register, app user, declaring for oneself: the phone may name this person in a reference
  std::string payload = "{}";      // JSON object of everything else, as it came
};

struct PreparedRecord;             // normalised, with subject id and content hash
enum class Saved { accepted, updated, unchanged };

/// A reference to a person as facts carry it, canonical: "phone:+84938000204", "id:079187000123", "record:vhd:123". Failure
/// identity.reference_unreadable. A phone or id is normalised first.
Result<std::string> to_reference(std::string_view text);

/// From when to when a reference means this person (the latest claim before the fact wins where several persons claim it; with one
/// claimant the whole of time). Half-open; absent ends are unbounded.
struct ReferenceSpan {
  std::string reference;
  std::string person_id;
  std::optional<Instant> from, until;
};

struct PersonSummary {
  std::string person_id;           // per_...
  Personal<std::string> full_name;
  std::string birth;               // ISO, maybe a year only
  std::string sex;                 // "male", "female", "other", ""
  Personal<std::string> phone;     // +84..., may be empty
  int phone_shared_by = 1;         // persons who carry this phone
  std::string ward_code;           // may be empty
  Personal<std::string> address;
  int records = 0;
};

// ---- what people see and decide

/// Who looks: the act on record and the areas in which the looker's role holds ("" among them: the whole country; none: nothing).
struct Viewer {
  Act act;
  std::vector<std::string> areas;  // unit codes
};

/// One bar of a waterfall: what a field said for or against two records being one person. `level` is a stable code and text key
/// below "identity.level." ("name.same_folded"); bits may be negative.
struct WaterfallBar {
  std::string field, level;    // field "adjust": a correction between fields, or for a value that is rarer or commoner than most
  double bits = 0;
  double m = 0, u = 0;         // 0 for corrections
};
struct Waterfall {
  double prior_bits = 0;
  std::vector<WaterfallBar> bars;
  double bits = 0;             // prior and bars
  double probability = 0;
  std::string veto;            // not empty: the machine never joins the two ("veto.id")
};

/// What a field of a record should say, and which record says so (repair_doses). `field`: "full_name", "birth_date", "phone", "id_number".
struct RecordCorrection {
  std::string field;
  Personal<std::string> says, should_say, source;
  bool proposed = false;             // for a person to confirm
};

/// One record as it was told, normalised, with the reason it is this person's.
struct RecordView {
  std::string subject, source, record_id, kind;
  std::optional<Instant> told_at;
  Instant imported_at{};
  Personal<std::string> full_name, phone, email, id_number, old_id_number, insurance_number, passport, address, payload;
  std::string birth, sex, nationality, ward_code;
  Personal<std::string> household_id;
  bool phone_is_own = false;
  // the link
  std::string person_id;             // empty: not linked yet
  std::string decided_by;            // "auto", "rule", or the account that decided
  double probability = 0;
  std::string partner;               // subject of the record it is linked through; empty: it stands alone
  std::optional<Waterfall> why;      // against `partner`
  std::vector<RecordCorrection> corrections;
};

enum class ReviewState { open, accepted, rejected };
struct ReviewFilter {
  ReviewState state = ReviewState::open;
  std::string ward_code;             // any unit; empty: all the viewer may see
  int page = 1, page_size = 50;      // at most review_page_max
};
inline constexpr int review_page_max = 200;
struct ReviewTask {
  std::string task_id;               // rev_...
  ReviewState state = ReviewState::open;
  double probability = 0, bits = 0;
  Instant created_at{};
  std::string ward_code;
  std::string source_a, source_b;
  std::string masked_a, masked_b;    // "N***** V** A*, 19**": enough to tell tasks apart, not to know anybody
  std::string decided_by;
  std::optional<Instant> decided_at;
  std::string event_id;              // of the decision, for undo
};
struct ReviewPage {
  std::vector<ReviewTask> tasks;
  std::int64_t total = 0;
};
/// Both records unmasked, side by side.
struct ReviewPair {
  ReviewTask task;
  RecordView a, b;
  Waterfall why;
  std::string next_task_id;          // the next open one in the list's order; empty: the last
};

enum class ChangeKind { accepted, rejected, merged, split };
/// One human decision in a person's history, newest first. Undone ones stay visible.
struct HistoryEntry {
  std::string event_id;              // evn_...
  ChangeKind kind = ChangeKind::merged;
  std::string actor;
  Instant at{};
  std::vector<std::string> person_ids;
  std::optional<Instant> undone_at;
};
struct PersonView {
  PersonSummary summary;
  std::vector<RecordView> records;   // oldest told first, the register in front; at most person_records_max
  std::vector<HistoryEntry> history;
};
inline constexpr int person_records_max = 500;

/// What a decision did.
struct Decision {
  std::string event_id;
  std::vector<std::string> person_ids;   // that gained or lost records, or were confirmed as different
};

// ---- a file of doses held against what is known (repair.hpp)

enum class RepairField { name, birth, phone, id_number };
inline constexpr std::size_t repair_fields = 4;
/// Each row has exactly one.
enum class RepairOutcome {
  right,      // as it stands
  repaired,   // its person is certain, and so is what each wrong field should say
  review,     // for a person to decide: whose it is, or what a field should say
  left        // unreadable, or about nobody who is known
};
struct RepairWord {
  Personal<std::string> says, should_say, source;   // source: "residents:0791...", the record that says so. Empty where nothing is wrong
  bool certain = false;
};
struct RepairRow {
  std::int64_t row = 0;            // data records from 1
  std::string dose_id;
  RepairOutcome outcome = RepairOutcome::left;
  std::string reason;              // stable code and text key below "identity.repair_reason_"
  Failure failure;                 // of a row that cannot be read
  std::string person_id;           // whose it is; in review, whose it may be
  double probability = 0;
  std::array<RepairWord, repair_fields> words;   // by RepairField; `says` as it stands in the file
};
struct RepairOptions {
  std::string source = "doses";
  bool apply = false;              // false: nothing is changed
  std::string repair_id = {};      // rep_..., on record with what was changed
  /// Which wards the asker may see; a row of a person elsewhere is about nobody. Absent: all.
  std::function<bool(std::string_view ward_code)> may_see = {};
};
struct RepairSummary {
  std::int64_t read = 0, right = 0, repaired = 0, review = 0, left = 0;   // read is the sum of the others
  std::int64_t corrections = 0;    // fields of repaired rows
  std::int64_t recorded = 0;       // corrections that were not on record before; 0 without `apply`
};

/// Which of these names of records (subject ids, references) another room still needs: such records outlive their retention.
using Referrer = std::function<Result<std::vector<std::string>>(storage::Reader& reader, std::span<const std::string> names)>;

// ---- the linkage model, to be looked at (model_view.hpp). Nothing in it is about one person

struct ModelLevel {
  std::string code;                // text key below "identity.level."
  double m = 0, u = 0, bits = 0;   // bits: log2(m / u)
};
struct ModelField {
  std::string field;
  std::vector<ModelLevel> levels;
};
struct ModelValue {
  std::string value;               // a name part, marks left out
  std::int64_t records = 0;
  double share = 0, bits = 0;      // of records that name one; bits: -log2(share)
};
struct ModelFrequencies {
  std::string part;                // "family", "given"
  std::int64_t total = 0;
  std::vector<ModelValue> commonest, most_telling;
};
inline constexpr int model_value_records_min = 20;   // a rarer value is not shown
/// What to expect when pairs from this probability on are joined: of candidate pairs, by the model's own probabilities.
struct ModelThreshold {
  double threshold = 0, precision = 0, recall = 0, pairs = 0;
};
/// Pairs that people decided, by the probability the machine had given.
struct CalibrationBin {
  double from = 0, to = 0;
  std::int64_t decided = 0, same = 0;
  double said = 0;                 // mean probability of the decided ones
};
inline constexpr std::int64_t calibration_decisions_min = 10;   // of a bin, before its share means anything
struct ModelView {
  bool learned = false;
  std::int64_t records = 0, decided = 0;
  double prior = 0, link_probability = 0, review_probability = 0;
  std::vector<ModelField> fields;
  std::vector<ModelFrequencies> frequencies;
  std::vector<ModelThreshold> curve;            // ascending; empty before the first full run
  std::vector<CalibrationBin> calibration;
};

class Identity {
 public:
  virtual ~Identity() = default;
  /// When rooms are made, before anything runs.
  virtual void add_referrer(Referrer referrer) = 0;

  // ---- for rooms that import records about people
  /// The subject id (sub_...) of a record; keyed, so it cannot be guessed, and stable for this installation.
  virtual std::string subject_of(std::string_view source, std::string_view record_id) const = 0;
  /// Normalises; fails with the field when a required one is unreadable. Warnings name optional fields kept as they came.
  virtual Result<std::shared_ptr<const PreparedRecord>> prepare(SourceRecord record, std::vector<intake::Warning>& warnings) const = 0;
  virtual Result<std::vector<Saved>> save(storage::Transaction& tx,
                                          std::span<const std::shared_ptr<const PreparedRecord>> records) = 0;

  // ---- asks, inside the caller's snapshot or transaction
  virtual Result<std::map<std::string, std::string>> persons_of(storage::Reader& reader, std::span<const std::string> subjects) = 0;
  virtual Result<std::vector<std::string>> subjects_of(storage::Reader& reader, std::string_view person_id) = 0;
  /// One record of each person, the first of subjects_of: person id -> subject id; who has none is left out.
  virtual Result<std::map<std::string, std::string>> first_subjects(storage::Reader& reader, std::span<const std::string> person_ids) = 0;
  /// Batched; order of the argument, unknown ids left out.
  virtual Result<std::vector<PersonSummary>> summaries(storage::Reader& reader, std::span<const std::string> person_ids) = 0;
  /// Every span in which one of these persons is what a reference means, and the other way round.
  virtual Result<std::vector<ReferenceSpan>> references_of(storage::Reader& reader, std::span<const std::string> person_ids) = 0;
  virtual Result<std::vector<ReferenceSpan>> resolve(storage::Reader& reader, std::span<const std::string> references) = 0;
  /// Subjects of records that call this reference their own, linked or not yet; at most `limit`.
  virtual Result<std::vector<std::string>> claimants(storage::Reader& reader, std::string_view reference, int limit) = 0;

  /// The records of these subjects as told, with their links and without reasons. The caller puts the look on record.
  virtual Result<std::vector<RecordView>> records_of(storage::Reader& reader, std::span<const std::string> subjects) = 0;
  /// What the population register says of a person, where she stands in it.
  virtual Result<std::optional<RecordView>> find_registered(storage::Reader& reader, std::string_view person_id) = 0;

  /// A person says that what the register tells of them is wrong, in their own words; a reviewer's to answer (objection.hpp). Failures identity.objection_empty,
  /// identity.objection_long (field words), identity.objections_wait.
  virtual Result<std::string> object(const Act& act, std::string_view person_id, const std::string& words) = 0;
  struct Objected {
    std::string objection_id, state;              // "open", "upheld", "not_upheld"
    Personal<std::string> words, answer;
    Instant at{};
  };
  virtual Result<std::vector<Objected>> objected(storage::Reader& reader, std::string_view person_id) = 0;

  // ---- linking (jobs and the command line)
  struct LinkOptions { bool full = false; };
  struct LinkSummary {
    std::int64_t records = 0, persons = 0, pairs_scored = 0, review_tasks = 0;
    double seconds = 0;
    std::uint64_t peak_memory_bytes = 0;
  };
  /// Resolves records to persons: all of them, or only what is new. Emits identity.persons_changed with the person ids that
  /// gained or lost records. A human decision (review, merge, split) is never overwritten.
  virtual Result<LinkSummary> link(const Act& act, const LinkOptions& options) = 0;
  /// formats.md section 3, sorted.
  virtual Result<std::int64_t> export_links(const Act& act, const std::string& file) = 0;

  /// Holds a file of KIND doses against the records of all other kinds: whose is each row, and which field is wrong. `each` hears every row
  /// once, in order. With `apply` the rows come in as by import, are linked, and corrections stand beside the records, which stay as told;
  /// again changes nothing. Failures: those of reading the file (nothing was changed), identity.repair_too_large.
  virtual Result<RepairSummary> repair_doses(const Act& act, const intake::ByteSource& file, const RepairOptions& options,
                                             const std::function<void(const RepairRow&)>& each) = 0;

  virtual Result<ModelView> view_model() = 0;

  // ---- who is this?
  struct Query { std::string phone, id_number, full_name, birth; };
  struct Candidate { PersonSummary person; double probability = 0; std::vector<std::pair<std::string, double>> reasons; };
  virtual Result<std::vector<Candidate>> find_person(const Act& act, const Query& query, int limit) = 0;

  // ---- doubtful pairs. Every look and every decision is on record; what lies outside the viewer's areas is "not found".
  virtual Result<ReviewPage> list_review(const Viewer& viewer, const ReviewFilter& filter) = 0;
  virtual Result<ReviewPair> open_review(const Viewer& viewer, std::string_view task_id) = 0;
  /// One person (accept) or two (reject), for ever or until undone. Failure identity.already_decided.
  virtual Result<Decision> decide_review(const Viewer& viewer, std::string_view task_id, bool same_person) = 0;

  // ---- persons. Failures identity.no_such_person, identity.already_merged, identity.nothing_to_split, identity.too_many_records.
  virtual Result<PersonView> view_person(const Viewer& viewer, std::string_view person_id) = 0;
  virtual Result<Decision> merge(const Viewer& viewer, std::string_view person_id, std::string_view other_person_id) = 0;
  /// Takes these records out of the person; together they become another one.
  virtual Result<Decision> split(const Viewer& viewer, std::string_view person_id, std::span<const std::string> subjects) = 0;
  /// Takes a decision back: its constraints fall and its records return, unless a later decision moved them on.
  /// Failures identity.no_such_event, identity.already_undone.
  virtual Result<Decision> undo(const Viewer& viewer, std::string_view event_id) = 0;
};

/// The event of every change: {"person_ids": [...]} with at most persons_in_event_max ids, several events for more; a change of more than
/// persons_named_max persons (a first full run) is one event {"all": true}.
inline constexpr std::string_view persons_changed = "identity.persons_changed";
inline constexpr std::size_t persons_in_event_max = 400;
inline constexpr std::size_t persons_named_max = 10'000;

/// The room and its door.
class IdentityRoom : public Room {
 public:
  virtual Identity& door() = 0;
};
std::unique_ptr<IdentityRoom> make_identity(House& house);

}  // namespace motcua::identity

#include "rooms/identity/repair_report.hpp"   // what leaves identity as a file is entered by its door, too; it needs the types above
