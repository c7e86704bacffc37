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
#include <compare>
#include <cstddef>
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
  std::uint32_t worked_records_max = 4000;      // an Index works at most so many records again for one `add`
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

/// Candidate pairs whose evidence, prior included, is from `bits` to the next bin's; the first bin also holds what is below.
struct ExpectedPairs {
  double bits = 0;
  double pairs = 0, matches = 0;   // how many, and how many of them are one person by the model's own probabilities
};
inline constexpr double expected_bin_bits = 0.5, expected_bits_min = -10, expected_bits_max = 20;

enum class NamePart { family, given };
struct ValueCount {
  std::string value;               // folded
  std::uint32_t records = 0;
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
  /// What precision and recall to expect at any threshold: ascending bins. Empty when nothing was learned. Pairs that blocking never brought
  /// together, and pairs that may not be joined, are not in it.
  std::vector<ExpectedPairs> expected_pairs() const;
  /// Values that at least `records_min` records have, commonest first; and how many records name one at all.
  std::vector<ValueCount> frequent_values(NamePart part, std::uint32_t records_min) const;
  std::uint64_t named_records(NamePart part) const;

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
/// that depend on each other ("adjust.household_contact": same phone and address say household, not person), and what this very value says
/// beyond its level: a rare name more, a phone of many less ("adjust.name_rare", "adjust.phone_of_many").
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
/// the records connected to what was added is worked again, and the persons are then those that `link` finds for all records at once
/// (index_property_test.cpp). Exact as long as no phone and no house is shared by more than `block_records_max` records, and less than
/// `worked_records_max` are connected; beyond, records whose evidence changed by a hair keep the person they have.
///
/// Work for one record is bounded: of every blocking key at most `block_records_max` records are compared, found by bisection.
/// One caller at a time.
class Index {
 public:
  explicit Index(Model model, Options options = {});
  /// Of a set that has just been linked; persons as in `load`.
  Index(Model model, RecordSet records, std::span<const std::int64_t> person, Options options = {});
  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;
  ~Index();

  /// Also holds earlier versions of records, which are found no more.
  const RecordSet& records() const;
  std::size_t size() const;                // records without their earlier versions
  std::uint64_t bytes() const;             // held in memory, about
  RecordIndex find(std::string_view key) const;   // no_record: unknown

  /// Adds records without deciding anything, each in the place of the one that has its key; `person` is the caller's number of the person
  /// each belongs to, from 0 and without large gaps, -1 for none yet. The first call may bring millions.
  void load(std::span<const PersonRecord> records, std::span<const std::int64_t> person);
  /// A record's person as somebody else decided it.
  void place(RecordIndex record, std::int64_t person);
  /// Works this record and what is connected to it again with the next `add`, as if it were given to it.
  void touch(RecordIndex record);

  /// All decisions of people that are in force, by the keys of records, known or yet to come. Those given before and not now are released.
  struct Decision {
    std::string key_a, key_b;
    bool same = false;
    friend auto operator<=>(const Decision&, const Decision&) = default;
  };
  void constrain(std::vector<Decision> decisions);

  /// Every record whose person may have changed, with the new grouping. New persons have numbers below -1 (-2, -3, ...), each
  /// meaning one person of this answer; the caller gives them their own with `rename`.
  struct Change {
    RecordIndex record = no_record;
    std::int64_t before = -1, after = -1;
    float confidence = 0;
    ScoredPair best;
  };
  struct Changes {
    std::vector<Change> changed;           // every record given, and every other whose person is not what it was
    std::vector<ScoredPair> review;        // of the part that was worked again
    std::uint64_t pairs_scored = 0, records_worked = 0;
  };
  /// Adds records, each in the place of the one that has its key.
  Changes add(std::span<const PersonRecord> records);
  void rename(std::int64_t from, std::int64_t to);   // from: below -1
  std::int64_t person_of(RecordIndex record) const;

  /// Who is this? Persons by their best record, most probable first. Adds nothing. A query may hold any fields, also no name.
  struct Match {
    std::int64_t person = -1;
    ScoredPair pair;                       // a == no_record stands for the query
    Explanation explanation;
  };
  std::vector<Match> resolve(const PersonRecord& query, std::size_t limit = 10);
  Explanation explain(RecordIndex a, RecordIndex b) const;

  /// The image: everything above in one piece of bytes, to be kept in a file by the caller. `note` is the caller's own and given back.
  /// `put` takes consecutive pieces and says whether it could; failure `linkage.image_not_written`.
  using Put = std::function<bool(std::span<const std::byte> piece)>;
  Result<void> save(const Put& put, std::string_view note);
  /// `get` fills a piece and says whether there was so much; `bytes`: the size of the image. Failure `linkage.image_unreadable` when it is cut
  /// off, altered, or of another version of this program or another kind of machine.
  using Get = std::function<bool(std::span<std::byte> piece)>;
  struct Restored;
  static Result<Restored> restore(const Get& get, std::uint64_t bytes, Options options = {});

  struct State;

 private:
  struct Columns;
  explicit Index(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};
struct Index::Restored {
  Index index;
  std::string note;
};

}  // namespace motcua::linkage
