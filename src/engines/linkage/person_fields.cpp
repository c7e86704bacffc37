#include "engines/linkage/person_fields.hpp"

namespace motcua::linkage {

// m: how records of one person differ, from the noise that registers and declarations are known for. u: how two people of one town
// agree by chance, with 38 % Nguyễn, some 200 given names and 80 birth years; learned anew from random pairs.
std::vector<FieldParameters> starting_parameters() {
  return {
      {"name", {{"name.same_marked", 0.62, 2.0e-4}, {"name.same_folded", 0.22, 2.0e-4}, {"name.reordered", 0.01, 2.0e-5},
                {"name.typo", 0.04, 1.0e-4}, {"name.middle_missing", 0.04, 8.0e-4}, {"name.marks_differ", 0.012, 4.0e-4},
                {"name.similar", 0.012, 6.0e-4}, {"name.middle_differs", 0.008, 5.0e-3}, {"name.given_same", 0.006, 1.0e-2},
                {"name.differs", 0.010, 0.983}}},
      {"birth", {{"birth.same", 0.55, 4.0e-5}, {"birth.swapped", 0.01, 1.0e-5}, {"birth.one_slip", 0.025, 4.0e-4},
                 {"birth.year_same", 0.36, 8.0e-3}, {"birth.year_same_day_differs", 0.012, 1.0e-2}, {"birth.day_same", 0.008, 2.4e-3},
                 {"birth.year_near", 0.015, 2.5e-2}, {"birth.differs", 0.010, 0.954}}},
      {"sex", {{"sex.same", 0.985, 0.5}, {"sex.differs", 0.015, 0.5}}},
      {"id", {{"id.same", 0.88, 1.0e-6}, {"id.joined", 0.05, 1.0e-6}, {"id.same_weak", 0.01, 1.0e-6}, {"id.one_slip", 0.03, 5.0e-6},
              {"id.old_card_differs", 0.01, 0.1}, {"id.differs", 0.02, 0.89999}}},
      {"insurance", {{"insurance.same", 0.93, 1.0e-6}, {"insurance.one_slip", 0.03, 5.0e-6}, {"insurance.differs", 0.04, 0.99999}}},
      {"phone", {{"phone.same_own", 0.45, 1.0e-5}, {"phone.same", 0.33, 5.0e-5}, {"phone.one_slip", 0.01, 5.0e-5}, {"phone.differs", 0.20, 0.9999}}},
      {"email", {{"email.same", 0.80, 2.0e-5}, {"email.differs", 0.20, 0.99998}}},
      {"ward", {{"ward.same", 0.90, 0.06}, {"ward.differs", 0.10, 0.94}}},
      {"address", {{"address.same", 0.75, 1.0e-4}, {"address.similar", 0.12, 2.0e-3}, {"address.differs", 0.13, 0.998}}},
  };
}

}  // namespace motcua::linkage
