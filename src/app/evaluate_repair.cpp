#include "app/evaluate_repair.hpp"

#include <algorithm>
#include <filesystem>

#include "app/evaluate_truth.hpp"
#include "base/phone.hpp"
#include "base/time.hpp"
#include "base/vietnamese.hpp"

namespace motcua::app {
namespace {

using identity::RepairField;

constexpr std::array<const char*, identity::repair_fields> names{"full_name", "birth_date", "phone", "id_number"};   // by RepairField

/// The text in a form in which what means the same is the same.
std::string plain(RepairField field, const std::string& text) {
  switch (field) {
    case RepairField::name: {
      const auto clean = vietnamese::clean_name(text);
      return vietnamese::fold(clean ? *clean : text);
    }
    case RepairField::birth: {
      const auto date = parse_date(text);
      return date ? to_iso(*date) : text;
    }
    case RepairField::phone: {
      const auto phone = parse_phone(text);
      return phone ? phone->number : text;
    }
    default: return text;
  }
}

}  // namespace

Result<RepairTruth> RepairTruth::load(const std::string& truth_file, const std::string& links_file) {
  RepairTruth t;
  TRY(truth::read_columns(truth_file, {"dose_id", "person", "wrong", "full_name", "birth_date", "phone", "id_number"}, 7, [&](const auto& v) {
    Row& row = t.rows_[std::string(v[0])];
    row.person = v[1];
    for (std::size_t f = 0; f < names.size(); ++f) {
      row.wrong[f] = (";" + std::string(v[2]) + ";").find(";" + std::string(names[f]) + ";") != std::string::npos;
      row.should_say[f] = v[3 + f];
    }
  }));
  const auto persons_file = std::filesystem::path(truth_file).parent_path() / "persons.csv";
  TRY_ASSIGN(const auto matched, truth::match_records(links_file, persons_file.string()));
  const auto best = truth::true_person_of(matched);
  for (std::uint32_t p = 0; p < best.size(); ++p)
    if (best[p] != truth::Names::none) t.true_person_[matched.persons.text(p)] = matched.truths.text(best[p]);
  return t;
}

bool RepairTruth::is_right_person(const Row& truth, const identity::RepairRow& row) const {
  const auto person = true_person_.find(row.person_id);
  return person != true_person_.end() && person->second == truth.person;
}

void RepairTruth::take(const identity::RepairRow& row) {
  const auto found = rows_.find(row.dose_id);
  if (found == rows_.end()) return;
  const Row& truth = found->second;
  RepairEvaluation& e = evaluation_;
  const bool is_wrong = std::find(truth.wrong.begin(), truth.wrong.end(), true) != truth.wrong.end();
  const bool repaired = row.outcome == identity::RepairOutcome::repaired, assigned = repaired || row.outcome == identity::RepairOutcome::right;
  bool as_true = is_right_person(truth, row);
  if (assigned) ++e.assigned, e.assigned_wrongly += as_true ? 0 : 1;
  for (std::size_t f = 0; f < names.size(); ++f) {
    const std::string& should = row.words[f].should_say.reveal();
    const bool right = plain(RepairField(f), should) == plain(RepairField(f), truth.should_say[f]);
    if (truth.wrong[f]) ++e.wrong_fields[f], e.corrected_fields[f] += repaired && right ? 1 : 0;
    if (!should.empty() && !right) as_true = false;
  }
  if (repaired) ++e.repaired, e.wrongly_repaired += as_true ? 0 : 1;
  if (!is_wrong) return;
  ++e.wrong_rows;
  switch (row.outcome) {
    case identity::RepairOutcome::repaired: ++e.wrong_repaired; break;
    case identity::RepairOutcome::review: ++e.wrong_review; break;
    case identity::RepairOutcome::left: ++e.wrong_left; break;
    case identity::RepairOutcome::right: ++e.wrong_overlooked; break;
  }
}

}  // namespace motcua::app
