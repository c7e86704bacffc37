#pragma once
// How right is a repair? Each row of the report held against what `motcua simulate` says of it (truth/dose-register.csv).
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "base/result.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::app {

struct RepairEvaluation {
  std::int64_t wrong_rows = 0;            // with a wrong field, by the truth
  std::int64_t wrong_repaired = 0, wrong_review = 0, wrong_left = 0, wrong_overlooked = 0;   // what became of them; the sum is wrong_rows
  std::int64_t repaired = 0;              // rows repaired, whether wrong or not
  std::int64_t wrongly_repaired = 0;      // of them: another person's, or a correction that is not what the truth says
  std::int64_t assigned = 0, assigned_wrongly = 0;   // rows said to be a person's: right and repaired ones
  std::array<std::int64_t, identity::repair_fields> wrong_fields{}, corrected_fields{};   // by RepairField: wrong; and of them corrected by the machine
  double repaired_share() const { return wrong_rows ? double(wrong_repaired) / double(wrong_rows) : 1; }
  double wrongly_repaired_share() const { return repaired ? double(wrongly_repaired) / double(repaired) : 0; }
};

class RepairTruth {
 public:
  /// `truth_file` as simulated, truth/persons.csv beside it; `links_file` as `link export` writes it, to know who is who.
  static Result<RepairTruth> load(const std::string& truth_file, const std::string& links_file);
  void take(const identity::RepairRow& row);
  const RepairEvaluation& evaluation() const { return evaluation_; }

 private:
  struct Row {
    std::string person;
    std::array<bool, identity::repair_fields> wrong{};
    std::array<std::string, identity::repair_fields> should_say;
  };
  bool is_right_person(const Row& truth, const identity::RepairRow& row) const;

  std::map<std::string, Row> rows_;
  std::map<std::string, std::string> true_person_;   // by the installation's id
  RepairEvaluation evaluation_;
};

}  // namespace motcua::app
