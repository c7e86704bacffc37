#pragma once
// How alike two records are, field by field, as agreement levels. Pure, symmetric, no allocation.
#include "engines/linkage/columns.hpp"
#include "engines/linkage/comparison.hpp"
#include "engines/linkage/person_fields.hpp"

namespace motcua::linkage {

NameLevel compare_names(const RecordSet::Columns& columns, std::uint32_t a, std::uint32_t b);
BirthLevel compare_births(PackedDate a, PackedDate b);
IdLevel compare_ids(const RecordSet::Columns& columns, const RecordRow& a, const RecordRow& b);
PhoneLevel compare_phones(const RecordSet::Columns& columns, const RecordRow& a, const RecordRow& b);
AddressLevel compare_addresses(const RecordSet::Columns& columns, std::uint32_t a, std::uint32_t b);

/// Name, birth, sex and id; then all the others.
void compare_identity(const RecordSet::Columns& columns, const RecordRow& a, const RecordRow& b, Levels& levels);
void compare_reach(const RecordSet::Columns& columns, const RecordRow& a, const RecordRow& b, Levels& levels);
Levels compare_persons(const RecordSet::Columns& columns, const RecordRow& a, const RecordRow& b);

}  // namespace motcua::linkage
