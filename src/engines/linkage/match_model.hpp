#pragma once
// What is learned of a table, and how it scores two rows. match.cpp holds the pipeline around it.
#include "engines/linkage/comparison.hpp"
#include "engines/linkage/kin.hpp"
#include "engines/linkage/match_columns.hpp"
#include "engines/linkage/match_derived.hpp"
#include "engines/linkage/match_keys.hpp"
#include "engines/linkage/model_state.hpp"

namespace motcua::linkage {

inline constexpr double match_pairs_per_record_max = 60;   // that chosen blocks may propose

struct TableModel {
  std::vector<FieldParameters> fields;
  std::vector<FieldParameters> kin;       // the same levels among kin (kin.hpp), as m; empty: there are none
  Home home;                              // which fields say where, and who moved
  double prior = 1e-3, kin_prior = 1e-6;  // share of all pairs that are one person; kin
  std::vector<Frequencies> frequencies;   // per field; empty where term frequency is off
};

class RowScorer : public PairScorer {
 public:
  RowScorer(const MatchTable::Columns& table, const TableModel& model, bool between_files_only);
  std::size_t records() const override { return table_.files.size(); }
  double prior_bits() const override { return prior_bits_; }
  bool is_vetoed(RecordIndex a, RecordIndex b) const override { return between_files_only_ && table_.files[a] == table_.files[b]; }
  double bits(RecordIndex a, RecordIndex b, double at_least) const override;
  void prefetch(RecordIndex a, RecordIndex b) const override {
    __builtin_prefetch(table_.row(a));
    __builtin_prefetch(table_.row(b));
  }
  void prefetch_values(RecordIndex a, RecordIndex b) const override;
  /// Of two rows with these levels.
  double total(const Levels& levels, const TextId* x, const TextId* y) const;
  /// The same, against strangers and without shares: for one person, and for kin.
  Twofold evidence(const Levels& levels, const TextId* x, const TextId* y) const;

 private:
  /// Of two values at this level, 0 where one is missing or does not matter; symmetric.
  double bar(std::size_t field, std::uint8_t level, TextId x, TextId y) const;
  double kin_bar(std::size_t field, std::uint8_t level, TextId x, TextId y) const;
  /// Bits that are in a bar because the values are rare.
  double rarity(std::size_t field, std::uint8_t level, TextId x, TextId y) const;
  /// What an address that is made of the name counts too much, since the name was counted already.
  double counted_twice(const DerivedAddresses& addresses, const Levels& levels, const TextId* x, const TextId* y) const;

  const MatchTable::Columns& table_;
  Weights weights_, kin_weights_;
  Home home_;
  std::vector<std::vector<double>> m_, u_, kin_m_;   // per field and level
  std::vector<std::uint8_t> near_level_;    // per field, the level of one slip where it counts by rarity; 0: none
  std::vector<std::uint8_t> coded_;        // fields with digit codes
  std::vector<std::uint8_t> by_cost_;      // fields, those that are compared fastest first
  std::array<double, fields_max> most_{};  // the best that two different values of a field can bring
  std::array<bool, fields_max> swaps_{};   // there is another field of the kind, with which its values may have changed places
  bool any_swaps_ = false;
  double prior_bits_, kin_prior_bits_;
  bool between_files_only_;
  std::vector<DerivedAddresses> derived_;
  std::vector<std::vector<float>> rarity_;   // per field and value, bits added to "same"; empty: none
};

/// Parameters from unlabelled rows. `rank` orders the rows whatever the order they came in.
TableModel learn_model(const MatchTable::Columns& table, const MatchSpec& spec, const MatchKeys& keys, const std::vector<std::uint32_t>& rank);

/// How much of a pair's bits is believed when precision and recall are expected, 0..1. Fields are weighed as if they were independent, and they are not: of pairs
/// said to be right in 99 of 100 cases, 96 are. Least is believed where a text names things: a sequel shares most of it. Measured on the tables of match_dirty_test.
double trusted_share(const MatchTable::Columns& table, const TableModel& model);

std::string to_json(const TableModel& model);
/// Failure `linkage.model_unreadable`: no model, or one of other fields.
Result<TableModel> read_model(std::string_view text, const MatchTable::Columns& table);

}  // namespace motcua::linkage
