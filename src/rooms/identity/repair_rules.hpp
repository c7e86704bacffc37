#pragma once
// Which fields of a record are wrong, and what they should say, judged by what other sources say of the same person. Pure.
//
// A field is wrong when it says something else than the person's other sources; one that says less (no marks, a year only, nothing) is not.
// The truth is the population register's word; without it what at least two records of other kinds agree on, against none. A correction is
// certain then; what one record alone says against the row is a correction for a person to confirm.
//   id     the register names the new number: an old one (9 digits) on the row is to be replaced.
//   name   a row without any marks left them out; one with marks has to have the right ones.
//   birth  1 January stands for a year, unless the register says it.
//   phone  a phone that another record of the person tells is never wrong, and one that nobody tells may be a new one. Her own is what she or
//          the register told as such; certain when two records tell it, or the row's is another person's own, or it is one slip away from
//          the register's. An app's phone that is hers by rule (phone_owner.hpp) only proposes.
#include <array>
#include <span>
#include <string>
#include <vector>

#include "rooms/identity/model.hpp"

namespace motcua::identity {

struct Correction {
  RepairField field = RepairField::name;
  std::string should_say;       // name as written there, ISO date, +84..., digits
  std::string source;           // "residents:0791...": the record that says so
  bool certain = false;
};

/// What the caller knows beyond the records.
struct RepairQuestion {
  const Record* row = nullptr;                            // as normalised
  std::array<bool, repair_fields> told{};                 // the row tells something in the field, readable or not
  bool phone_is_anothers = false;                         // the row's phone is own to another person and not to this one
  bool id_is_anothers = false;                            // likewise its identity number: with another name or birth date nothing is certain
};
/// `sources`: the other records of the person. The result is in the order of RepairField, each at most once.
std::vector<Correction> find_corrections(const RepairQuestion& question, std::span<const Record* const> sources);

/// The same name, but for case, marks left out, the place of a tone, letters an input method left behind, titles and the order of words.
bool is_same_name(std::string_view a, std::string_view b);

}  // namespace motcua::identity
