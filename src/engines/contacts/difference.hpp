#pragma once
// What becomes of an answer when the windows of its seeds move: "if this case's onset was two days earlier, who is added, who goes, whose
// level changes?" Only what the move reaches is computed: layer by layer the persons whose arrival differs, and those they meet.
#include <optional>
#include <vector>

#include "engines/contacts/contacts.hpp"

namespace motcua::contacts {

/// A row of an answer, as far as differences go.
struct Standing {
  int level = 0;
  Time at = 0;
  Person via = 0;
  Time overlap_total_ms = 0;
  friend bool operator==(const Standing&, const Standing&) = default;
};

struct Change {
  Person person = 0;
  std::optional<Standing> before, after;    // never both empty, never equal
};

struct Difference {
  std::vector<Change> changes;              // by id
  std::size_t contacts_seen = 0;            // looked at for it
  bool second_run = false;                  // more was affected than one run looks at: the question was asked again, and the answers compared
  bool partial = false;                     // either answer is
};

/// `before` answers `question`; `moved` are the same seeds in the same order with other windows. The result is what two runs would differ in.
/// When more contacts than the first answer looked at (or `contacts_max`) would be needed, it asks a second time. Failures: as the source fails.
Result<Difference> difference(FactSource& facts, const Question& question, const Answer& before, const std::vector<Seed>& moved,
                              std::optional<std::size_t> contacts_max = {});

}  // namespace motcua::contacts
