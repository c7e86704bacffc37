#pragma once
// Linkage: which records are about one person. A pure library: no clock, log, SQL or threads of its own making.
//
//   RecordSet records;                    for (...) records.add(record);
//   Model model = learn(records);         or Model::from_json(text) of the last full run
//   LinkResult result = link(records, model, {.must_link = ..., .cannot_link = ..., .previous_person = ...});
//   Explanation why = explain(records, model, a, b);
//
// The answer depends on the set of records, the model and the constraints, never on the order in which they were given: ties are
// broken by `PersonRecord::key`.
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/sex.hpp"
#include "base/time.hpp"

namespace motcua::linkage {

using RecordIndex = std::uint32_t;   // position in a RecordSet, from 0
inline constexpr RecordIndex no_record = std::numeric_limits<RecordIndex>::max();

struct PhoneClaim {
  std::string number;   // canonical (+84...); compared as text
  bool own = false;     // told by or for its owner (register, app user, declaring for oneself), not by a relative on behalf
};

/// What one source says about one person. Every field but `key` may be empty: empty neither helps nor hurts.
struct PersonRecord {
  std::string key;               // unique and stable ("ncovi:D-12"); breaks ties
  std::string source;            // "residents"; at most 65,534 different ones
  bool one_per_person = false;   // a clean register: no two records of this source are one person
  std::string full_name;         // UTF-8 as written, family name first; the engine folds marks, case, tone placement, Telex and VNI residue
  PartialDate birth;             // year 0: unknown; month and day may be unknown
  Sex sex = Sex::unknown;
  std::vector<PhoneClaim> phones;   // the first `phones_max` count
  std::string id_number;         // CCCD (12 digits), CMND (9), or whatever the source calls the id; told apart by shape
  std::string old_id_number;     // the number a register says came before
  std::string passport;
  std::string insurance_number;
  std::string email;
  std::string ward_code;         // of one map; the caller translates
  std::string address;           // as written: house, street, hamlet
  std::string household_id;
};
inline constexpr std::size_t phones_max = 2;

/// Records, normalised, interned and in columns: 60 bytes each and the distinct texts once.
class RecordSet {
 public:
  RecordSet();
  RecordSet(RecordSet&&) noexcept;
  RecordSet& operator=(RecordSet&&) noexcept;
  ~RecordSet();

  RecordIndex add(const PersonRecord& record);
  std::size_t size() const;
  std::string_view key(RecordIndex record) const;
  std::uint64_t bytes() const;   // held in memory, about

  struct Columns;
  const Columns& columns() const { return *columns_; }

 private:
  friend class Index;
  std::unique_ptr<Columns> columns_;
};

struct Options {
  double link_probability = 0.9;      // at least this: one person
  double review_probability = 0.5;    // between the two: a task for a human
  std::uint32_t block_records_max = 64;          // a blocking key held by more records is refined by further fields, and dropped when that fails
  std::uint64_t candidate_pairs_per_record_max = 200;  // the loosest blocks are dropped first
  std::uint32_t worked_records_max = 20000;      // an Index works at most so many records again for one `add`
  std::uint64_t seed = 1;             // of the random pairs that u is learned from
  /// Calls body(0..n-1), in any order, from as many threads as the caller likes. The answer does not depend on it.
  std::function<void(std::size_t n, const std::function<void(std::size_t)>& body)> parallel_for = {};
};

/// Agreement level of one field: how often pairs of one person (m) and of two persons (u) show it.
struct LevelParameters {
  std::string code;    // stable: "name.same_folded"
  double m = 0, u = 0;
};
struct FieldParameters {
  std::string field;   // "name", "birth", "sex", "id", "insurance", "phone", "email", "ward", "address"
  std::vector<LevelParameters> levels;   // best agreement first, "<field>.missing" is none of them
};

/// m, u, prior and term frequencies. Value type; text form is JSON.
class Model {
 public:
  Model();                       // sensible starting values: usable without learning
  Model(const Model&);
  Model(Model&&) noexcept;
  Model& operator=(Model);
  ~Model();

  std::string to_json() const;
  /// Failure `linkage.model_unreadable`.
  static Result<Model> from_json(std::string_view text);

  std::vector<FieldParameters> parameters() const;
  double prior() const;          // that two records drawn at random, of the set it was learned from, are one person
  bool learned() const;          // false: starting values (too few records to learn from)

  struct State;
  const State& state() const { return *state_; }
  explicit Model(std::unique_ptr<State> state);

 private:
  std::unique_ptr<State> state_;
};

/// Parameters from unlabelled records: u from random pairs, m by EM over candidate pairs, term frequencies by counting.
/// With few records the starting values weigh more than what is seen.
Model learn(const RecordSet& records, const Options& options = {});

/// Decisions of people, always respected. A cannot-link wins over a chain of must-links being drawn into one person by the machine,
/// but must-links among themselves are taken as given.
struct LinkInput {
  std::vector<std::pair<RecordIndex, RecordIndex>> must_link = {};
  std::vector<std::pair<RecordIndex, RecordIndex>> cannot_link = {};
  /// Empty, or for each record the number of the person it belongs to today, -1 for none (new). Used only to decide which cluster keeps
  /// which person, never to score.
  std::vector<std::int64_t> previous_person = {};
};

struct ScoredPair {
  RecordIndex a = no_record, b = no_record;   // key(a) < key(b)
  float bits = 0;                             // total evidence, prior included
  float probability = 0;
};

struct LinkStatistics {
  std::uint64_t records = 0, persons = 0;
  std::uint64_t candidate_pairs = 0, pairs_scored = 0, pairs_kept = 0;   // kept: at least the review probability
  std::uint64_t blocks = 0, blocks_refined = 0, blocks_dropped = 0;
  std::uint64_t vetoed = 0;                  // joins refused because the persons contradict each other
  double expected_precision = 1, expected_recall = 1;   // of linked pairs among candidates, from the model's own probabilities
};

struct LinkResult {
  std::vector<std::uint32_t> person_of;       // per record: 0..persons-1, numbered by smallest key
  std::vector<float> confidence;              // per record, 0..1: that it belongs to its person. A record alone: that it is nobody else
  std::vector<ScoredPair> best;               // per record: the strongest pair with a record of its person; a == no_record: none
  std::vector<std::int64_t> keeps;            // per person: the previous person whose identity it keeps, or -1 (new). Each at most once
  std::vector<ScoredPair> review;             // doubtful: not joined, and a human should look. Strongest first, one per pair of persons
  LinkStatistics statistics;
};
LinkResult link(const RecordSet& records, const Model& model, const LinkInput& input = {}, const Options& options = {});

/// One bar of the waterfall. `level` is a stable code; `<field>.missing` has no bar. `adjust.*` codes are corrections between fields
/// that depend on each other ("adjust.household_contact": same phone and address say household, not person).
struct Evidence {
  std::string field, level;
  double bits = 0;
  double m = 0, u = 0;   // 0 for adjustments
};
struct Explanation {
  double prior_bits = 0;
  std::vector<Evidence> evidence;
  double bits = 0;          // prior + evidence
  double probability = 0;
  std::string veto;         // not empty: never one person by the machine, whatever the bits ("veto.one_per_person", "veto.id")
};
/// How telling a phone or a house is depends on how many share it: give a set that holds every record with these phones and addresses.
Explanation explain(const RecordSet& records, const Model& model, RecordIndex a, RecordIndex b);

/// The keys under which a record can meet others, for callers that keep an index of their own: two records are compared when they share
/// one. The most telling first; at most `blocking_keys_max`.
inline constexpr std::size_t blocking_keys_max = 32;
std::vector<std::uint64_t> blocking_keys(const PersonRecord& record);

/// All records of an installation, ready to be asked and added to. Same scores, constraints and clustering as `link`: only the part of
/// the records connected to what was added is worked again. One caller at a time.
class Index {
 public:
  explicit Index(Model model, Options options = {});
  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;
  ~Index();

  const RecordSet& records() const;

  /// Adds records without deciding anything; `person` is the caller's number of the person each belongs to, -1 for none yet.
  /// Call before the first `add` or `resolve`, as often as needed.
  void load(std::span<const PersonRecord> records, std::span<const std::int64_t> person);
  void constrain(std::span<const std::pair<RecordIndex, RecordIndex>> must_link,
                 std::span<const std::pair<RecordIndex, RecordIndex>> cannot_link);

  /// Every record whose person may have changed, with the new grouping. New persons have numbers below -1 (-2, -3, ...), each
  /// meaning one person of this answer; the caller gives them their own with `rename`.
  struct Change {
    RecordIndex record = no_record;
    std::int64_t before = -1, after = -1;
    float confidence = 0;
    ScoredPair best;
  };
  struct Changes {
    std::vector<Change> changed;           // every record added, and every other whose person is not what it was
    std::vector<ScoredPair> review;        // of the part that was worked again
    std::uint64_t pairs_scored = 0, records_worked = 0;
  };
  Changes add(std::span<const PersonRecord> records);
  void rename(std::int64_t from, std::int64_t to);
  std::int64_t person_of(RecordIndex record) const;

  /// Who is this? Persons by their best record, most probable first. Adds nothing. A query may hold any fields, also no name.
  struct Match {
    std::int64_t person = -1;
    ScoredPair pair;                       // a == no_record stands for the query
    Explanation explanation;
  };
  std::vector<Match> resolve(const PersonRecord& query, std::size_t limit = 10);
  Explanation explain(RecordIndex a, RecordIndex b) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace motcua::linkage
