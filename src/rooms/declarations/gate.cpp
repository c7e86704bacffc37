#include "rooms/declarations/gate.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "rooms/declarations/store.hpp"

namespace motcua::declarations {
namespace {

/// Which record of a person a declaration stands under: what they told at this door, so that they find it there; then the register's.
int rank_of(const identity::RecordView& r) { return r.source == residents::source_name ? 0 : r.kind == "residents" ? 1 : 2; }

}  // namespace

FormAnswers with_no_to_all(const Form& form, FormAnswers answers) {
  for (const auto& page : form.pages)
    for (const auto& field : page.fields) {
      if (page.repeat > 0 || !is_asked(Step{&page, 0}, field, answers) || answers.contains(field.id)) continue;
      const char* no = field.kind == FieldKind::yes_no ? "no" : "none";
      if (std::any_of(field.choices.begin(), field.choices.end(), [&](const Choice& c) { return c.value == no; })) answers[field.id] = {no};
    }
  return answers;
}

Result<std::optional<residents::Person>> Gate::person_known(storage::Reader& reader, const std::string& about) const {
  TRY_ASSIGN(const auto people, people_of(reader, {about}));
  if (people.empty()) return std::optional<residents::Person>();
  TRY_ASSIGN(const auto records, identity_.records_of(reader, people.front().subjects));
  const auto best = std::min_element(records.begin(), records.end(), [](const auto& a, const auto& b) { return rank_of(a) < rank_of(b); });
  if (best == records.end()) return std::optional<residents::Person>();
  residents::Person person;
  person.subject = best->subject, person.relation = residents::Relation::helped, person.basis = residents::Basis::official;
  person.details = Personal(residents::details_of(*best));
  return std::optional(std::move(person));
}

/// Whom the house knows already; nothing: `asked.details` say who it is, with what the scanned document says filled in.
Result<std::optional<residents::Person>> Gate::person_meant(const Act& act, GateDeclaration& asked) const {
  std::string about = asked.about;
  if (about.empty() && !asked.text.empty()) {
    TRY_ASSIGN(const auto answer, check(act, {.text = asked.text, .about = {}, .initials = {}}));
    about = answer.about;
    asked.details = residents::completed(std::move(asked.details), answer.told);   // what is typed counts
  }
  if (!about.empty()) {
    TRY_ASSIGN(auto known, house_.database.read_value([&](storage::Reader& reader) { return person_known(reader, about); }));
    if (known) return known;
  }
  if (asked.details.full_name.empty() && asked.details.birth.empty()) return invalid("declarations.nobody_named", "full_name");
  return std::optional<residents::Person>();
}

Result<GateReceipt> Gate::declare(const Act& act, const GateDeclaration& request) const {
  GateDeclaration asked = request;
  if (!is_id("dec", asked.declaration)) return invalid("declarations.number_unreadable", "declaration");
  TRY_ASSIGN(const Form* form, declaring_.form_today(asked.form));
  Draft draft{asked.declaration, asked.all_no ? with_no_to_all(*form, asked.answers) : asked.answers};
  if (asked.device) {
    TRY_ASSIGN(draft.told_at, told_at(*asked.device, house_.now()));
  }
  TRY_ASSIGN(const auto before, house_.database.read_value([&](storage::Reader& reader) { return store::find_gate(reader, act.actor, asked.declaration); }));
  std::optional<residents::Person> known;
  if (!before) {
    TRY_ASSIGN(known, person_meant(act, asked));
  }
  return house_.database.write_value(act, [&](storage::Transaction& tx) -> Result<GateReceipt> {
    TRY_ASSIGN(const auto there, store::find_gate(tx, act.actor, asked.declaration));
    if (there) {
      TRY_ASSIGN(auto told, declaring_.find_in(tx, there->subject, there->declaration));
      if (!told) return not_found("declarations.no_such_declaration");
      return GateReceipt{std::move(*told), *there};
    }
    residents::Person person;
    if (known) person = *known;
    else {
      TRY_ASSIGN(person, residents_.receive(tx, {asked.details, residents::Relation::helped}));
      person.relation = residents::Relation::helped;
    }
    TRY_ASSIGN(auto told, declaring_.submit_in(tx, person, *form, draft));
    const Instant now = house_.now();
    TRY_ASSIGN(const int last, store::last_ticket(tx, act.actor, vietnam_midnight(vietnam_date(now))));
    const auto& details = person.details.reveal();
    const store::GateRow row{act.actor, asked.declaration, person.subject, gate_label(details.full_name, details.birth), last + 1, now};
    TRY_ASSIGN(const bool is_new, store::add_gate(tx, row));
    if (!is_new) return conflict("declarations.number_taken");
    return GateReceipt{std::move(told), row};
  });
}

Result<GateDay> Gate::today(const std::string& account) const {
  const Instant midnight = vietnam_midnight(vietnam_date(house_.now()));
  return house_.database.read_value([&](storage::Reader& reader) -> Result<GateDay> {
    GateDay day;
    TRY_ASSIGN(day.declared, store::last_ticket(reader, account, midnight));
    TRY_ASSIGN(day.last, store::list_gate(reader, account, midnight, gate_today_max));
    return day;
  });
}

Result<GateSlip> Gate::slip(const std::string& account, std::string_view declaration) const {
  return house_.database.read_value([&](storage::Reader& reader) -> Result<GateSlip> {
    TRY_ASSIGN(const auto row, store::find_gate(reader, account, declaration));
    if (!row) return not_found("declarations.no_such_declaration");
    TRY_ASSIGN(const auto told, declaring_.find_in(reader, row->subject, declaration));
    if (!told) return not_found("declarations.no_such_declaration");
    const std::string subjects[] = {row->subject};
    TRY_ASSIGN(const auto passes, declaring_.passes().passes_of(reader, subjects, told_max));
    const auto pass = std::find_if(passes.begin(), passes.end(), [&](const IssuedPass& p) { return p.pass_id == told->pass_id; });
    if (pass == passes.end()) return not_found("declarations.no_such_declaration");
    return GateSlip{*row, *pass};
  });
}

}  // namespace motcua::declarations
