#pragma once
// What an Index holds, and the steps of its work.
#include <unordered_map>
#include <vector>

#include "engines/linkage/block.hpp"
#include "engines/linkage/person_keys.hpp"
#include "engines/linkage/person_scorer.hpp"
#include "engines/linkage/postings.hpp"

namespace motcua::linkage {

inline constexpr std::size_t neighbours_each_side = 8;      // compared in a block that no refinement makes small enough, as in `find_candidates`
inline constexpr std::size_t walked_records_max = 4'096;    // of a block, where bisection does not help

struct Index::State {
  State(Model m, Options o, RecordSet r = {});

  Model model;
  Options options;
  RecordSet records;
  SharingCounts sharing;
  PersonScorer scorer;
  PersonKeys keys;
  Postings postings;
  std::vector<std::int32_t> person;          // per record
  std::vector<RecordIndex> mate;             // per record: the next of its person, round and round; no_record: an earlier version
  std::vector<RecordIndex> member;           // per person's number: one of its records
  std::unordered_map<std::int64_t, RecordIndex> unnamed_member;
  std::vector<Decision> decisions;           // sorted
  std::unordered_map<std::string, std::vector<std::string>> must, cannot;   // by key
  std::vector<RecordIndex> dirty;            // to be worked again
  std::vector<RecordIndex> touched;          // and to be told of, as what is given
  std::size_t replaced = 0;
  std::int64_t next_unnamed = -2;
  bool built = true;                         // the postings hold every record

  // ---- records (index.cpp)
  RecordIndex append(const PersonRecord& record, std::int64_t to);
  void replace(RecordIndex old);
  bool is_same(RecordIndex known, const PersonRecord& record);
  void build();
  void keys_of(RecordIndex record, std::vector<std::uint64_t>& out) const;
  RecordIndex find(std::string_view key) const;
  bool is_before(RecordIndex a, RecordIndex b) const;   // in the order of keys
  RecordIndex* member_of(std::int64_t person);
  void set_person(RecordIndex record, std::int64_t to);
  template <class Visit>
  void each_mate(RecordIndex record, const Visit& visit) const {
    for (RecordIndex r = mate[record]; r != record; r = mate[r]) visit(r);
  }

  // ---- blocks (index_blocks.cpp)
  std::vector<RecordIndex> candidates_of(const RecordRow& row, RecordIndex self) const;
  /// Marks what has other candidates or other scores because `record` has come or is about to go.
  void disturb(RecordIndex record);
  std::vector<RecordIndex> sharers_of(const RecordRow& row, std::size_t most) const;

  // ---- work (index_work.cpp)
  struct Neighbourhood {
    std::vector<RecordIndex> records;
    std::unordered_map<RecordIndex, RecordIndex> local;
    std::vector<std::uint64_t> pairs;        // local numbers
  };
  Neighbourhood connected_to(std::span<const RecordIndex> seeds);
  LinkResult work(Neighbourhood& hood) const;
  void adopt(const Neighbourhood& hood, const LinkResult& result, std::span<const RecordIndex> given, Changes& changes);
};

}  // namespace motcua::linkage
