#pragma once
// The blocking keys of a person.
#include "engines/linkage/block.hpp"
#include "engines/linkage/columns.hpp"

namespace motcua::linkage {

enum KeyFamily : std::uint8_t {
  key_id, key_insurance, key_email, key_phone, key_name_year, key_given_date, key_family_given_year, key_name_ward, key_address_year, key_name_day,
  key_family_date, key_skeleton_year, key_families,
  key_address = key_families,   // not for pairing: who shares a house
  key_record                    // not for pairing: the record of a PersonRecord::key
};

class PersonKeys : public KeySource {
 public:
  explicit PersonKeys(const RecordSet::Columns& columns) : columns_(columns) {}
  std::size_t records() const override { return columns_.rows.size(); }
  std::size_t families() const override { return key_families; }
  void keys(RecordIndex record, std::size_t family, std::vector<std::uint64_t>& out) const override { keys_of(columns_.rows[record], family, out); }
  void keys_of(const RecordRow& row, std::size_t family, std::vector<std::uint64_t>& out) const;
  std::size_t refinements() const override { return 3; }
  std::uint64_t refinement(RecordIndex record, std::size_t step) const override { return refinement_of(columns_.rows[record], step); }
  std::uint64_t refinement_of(const RecordRow& row, std::size_t step) const;
  /// Two records have one refinement just when they have one refinement id; ids differ from set to set, and cost no look at texts.
  std::uint64_t refinement_id_of(const RecordRow& row, std::size_t step) const;

 private:
  const RecordSet::Columns& columns_;
};

/// Fields whose agreement a family's keys already presuppose, with all that depends on them, as a bit set over Field.
std::uint32_t presupposed_fields(std::size_t family);

}  // namespace motcua::linkage
