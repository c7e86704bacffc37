#pragma once
// Bits of evidence that two person records are one person.
#include "engines/linkage/columns.hpp"
#include "engines/linkage/comparison.hpp"
#include "engines/linkage/model_state.hpp"
#include "engines/linkage/person_compare.hpp"
#include "engines/linkage/sharing.hpp"

namespace motcua::linkage {

class PersonScorer : public PairScorer {
 public:
  PersonScorer(const RecordSet::Columns& columns, const Model::State& model, const SharingCounts& sharing);

  std::size_t records() const override { return columns_.rows.size(); }
  double bits(RecordIndex a, RecordIndex b, double at_least) const override;
  double prior_bits() const override { return prior_bits_; }
  bool is_vetoed(RecordIndex a, RecordIndex b) const override;
  void prefetch(RecordIndex a, RecordIndex b) const override { prefetch_row(a), prefetch_row(b); }
  void prefetch_values(RecordIndex a, RecordIndex b) const override { prefetch_name(a), prefetch_name(b); }
  void prefetch_row(RecordIndex r) const {
    const char* row = reinterpret_cast<const char*>(&columns_.rows[r]);
    __builtin_prefetch(row);
    __builtin_prefetch(row + sizeof(RecordRow) - 1);
  }
  void prefetch_name(RecordIndex r) const {
    const std::uint32_t name = columns_.rows[r].name;
    __builtin_prefetch(&columns_.name_values[name]);
    __builtin_prefetch(&name_rarity_[name]);
  }
  void prefetch_words(RecordIndex r) const { __builtin_prefetch(columns_.words_of(columns_.name(columns_.rows[r].name))); }

  Explanation explain(RecordIndex a, RecordIndex b) const;
  /// Of rows that need not be in the set; their texts must be interned in it. A query may be nameless.
  struct Ask { double at_least = -1000; bool nameless = false; Explanation* trace = nullptr; };
  double bits_of_rows(const RecordRow& a, const RecordRow& b, const Ask& ask) const;
  Explanation explain_rows(const RecordRow& a, const RecordRow& b, bool nameless) const;
  /// Follows the names of the set: those interned since, those forgotten.
  void extend();
  std::uint64_t bytes() const;

 private:
  struct Total;
  double name_bits(const RecordRow& a, const RecordRow& b, std::uint8_t level) const;
  double shared_value_bits(double m, double u, Sharing sharing) const;
  void add_contacts(const RecordRow& a, const RecordRow& b, const Levels& levels, Total& total) const;
  double rarity_of_name(std::uint32_t name) const;

  const RecordSet::Columns& columns_;
  const Model::State& model_;
  const SharingCounts& sharing_;
  Weights weights_;
  double prior_bits_ = 0, records_log_ = 0, name_u_ = 0;
  double family_average_ = 0, given_average_ = 0;   // of two records drawn at random, that they share the name
  std::vector<float> name_rarity_;          // -log2 of the share of records with this folded name, per name
  std::vector<float> name_short_rarity_;    // of family and given name alone
  std::vector<float> given_rarity_;
};

}  // namespace motcua::linkage
