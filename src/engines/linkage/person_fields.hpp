#pragma once
// The person model's fields and agreement levels. A level's number is its place in the list, from 1; 0 is missing.
#include "engines/linkage/linkage.hpp"

namespace motcua::linkage {

enum Field : std::uint8_t { field_name, field_birth, field_sex, field_id, field_insurance, field_phone, field_email, field_ward, field_address, person_fields };

enum NameLevel : std::uint8_t {
  name_missing, name_same_marked, name_same_folded, name_reordered, name_typo, name_middle_missing, name_marks_differ, name_similar,
  name_middle_differs, name_given_same, name_differs
};
enum BirthLevel : std::uint8_t {
  birth_missing, birth_same, birth_swapped, birth_one_slip, birth_year_same, birth_year_same_day_differs, birth_day_same, birth_year_near, birth_differs
};
enum SexLevel : std::uint8_t { sex_missing, sex_same, sex_differs };
enum IdLevel : std::uint8_t { id_missing, id_same, id_joined, id_same_weak, id_one_slip, id_old_card_differs, id_differs };
enum InsuranceLevel : std::uint8_t { insurance_missing, insurance_same, insurance_one_slip, insurance_differs };
enum PhoneLevel : std::uint8_t { phone_missing, phone_same_own, phone_same, phone_one_slip, phone_differs };
enum EmailLevel : std::uint8_t { email_missing, email_same, email_differs };
enum WardLevel : std::uint8_t { ward_missing, ward_same, ward_differs };
enum AddressLevel : std::uint8_t { address_missing, address_same, address_similar, address_differs };

/// Starting values: what is known before any data is seen, and all there is when data is small.
std::vector<FieldParameters> starting_parameters();

}  // namespace motcua::linkage
