#pragma once
// Pure decisions of identity: what a person's summary says, and whom a reference means when.
#include <span>
#include <string>
#include <vector>

#include "rooms/identity/model.hpp"

namespace motcua::identity {

/// The columns of identity_person.
struct Summary {
  std::string full_name, name_key, birth, phone, ward_code, address;
  Sex sex = Sex::unknown;
  int records = 0;
};
/// The register's word where there is one, else what most records say, the latest on a tie. A phone told by its owner goes before one
/// told on somebody's behalf, and the latest own one before all.
Summary summarise(std::span<const Record> records);

/// A claim on a reference by a record that belongs to a person today.
struct PersonClaim {
  std::string reference;
  std::optional<Instant> since;   // absent: always (the population register)
  std::string person_id;
  std::string key;                // of the record, breaks ties
  bool named = false;             // the record tells a name: an app's phone alone says nothing of who
};
/// Whom a reference means, from when to when: docs/formats.md, section 2, last paragraph. All claims on one reference, any order.
/// One person claims it: the whole of time. Several: the latest claim before the fact; claims of the same instant are won by the person with
/// most claims, then by the smallest key. Where a named person claims it, nameless ones are left out.
std::vector<ReferenceSpan> decide_spans(std::vector<PersonClaim> claims);

}  // namespace motcua::identity
