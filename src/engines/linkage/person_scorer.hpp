#pragma once
// Bits of evidence that two person records are one person.
#include <unordered_map>

#include "engines/linkage/columns.hpp"
#include "engines/linkage/comparison.hpp"
#include "engines/linkage/model_state.hpp"
#include "engines/linkage/person_compare.hpp"

namespace motcua::linkage {

/// How many records carry a value, and of how many differently named people: a phone of one name says who, a hotline says nothing.
struct Sharing {
  std::uint32_t records = 0, names = 0;
};

/// Sharing of every contact and address of a record set. Grows with it.
class SharingCounts {
 public:
  void add(const RecordSet::Columns& columns, RecordIndex from);   // records from..size
  Sharing of_contact(TextId id) const { return id < contacts_.size() ? contacts_[id] : Sharing{}; }
  Sharing of_address(std::uint32_t id) const { return id < addresses_.size() ? addresses_[id] : Sharing{}; }

 private:
  void count(std::vector<Sharing>& table, std::vector<std::array<std::uint32_t, 6>>& seen, std::uint32_t id, std::uint32_t name);
  std::vector<Sharing> contacts_, addresses_;
  std::vector<std::array<std::uint32_t, 6>> contact_names_, address_names_;   // the first few names (folded given and family)
};

class PersonScorer : public PairScorer {
 public:
  PersonScorer(const RecordSet::Columns& columns, const Model::State& model, const SharingCounts& sharing);

  std::size_t records() const override { return columns_.rows.size(); }
  double bits(RecordIndex a, RecordIndex b, double at_least) const override;
  double prior_bits() const override { return prior_bits_; }
  bool is_vetoed(RecordIndex a, RecordIndex b) const override;

  Explanation explain(RecordIndex a, RecordIndex b) const;
  Explanation explain_rows(const RecordRow& a, const RecordRow& b) const;
  double bits_of_rows(const RecordRow& a, const RecordRow& b, double at_least, Explanation* trace) const;
  /// Names interned after construction.
  void extend();

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
  std::vector<float> name_rarity_;          // -log2 of the share of records with this folded name, per name
  std::vector<float> name_short_rarity_;    // of family and given name alone
  std::vector<float> given_rarity_;
};

}  // namespace motcua::linkage
