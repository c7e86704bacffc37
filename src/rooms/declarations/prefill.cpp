// What is known is filled in, with its source: confirming is quicker than typing. What changes by itself is asked again: an answer that says "ill" or "was near a case"
// speaks of days that have moved on since, so that only its quiet answer may be confirmed (Field::keep_only), and days and hours of a ride are never carried over.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <set>

#include "rooms/declarations/declaring.hpp"

namespace motcua::declarations {
namespace {

constexpr const char* yes_or_no(bool yes) { return yes ? "yes" : "no"; }

/// What somebody said once, and where. The newest that says anything about a field decides whether it is filled in: an older "no" fills no newer "yes".
struct Saying {
  FormAnswers answers;
  Filled source;
};

void put(const Form& form, const FormAnswers& answers, const Filled& source, Draft& draft) {
  for (const Step& step : steps_of(form, answers))
    for (const auto& field : step.page->fields) {
      const std::string key = key_of(field, step.time);
      const auto found = answers.find(key);
      if (found == answers.end() || draft.answers.contains(key)) continue;
      draft.answers[key] = found->second;
      draft.filled[key] = source;
    }
}

void put_newest(const Form& form, std::vector<Saying> sayings, Draft& draft) {
  std::stable_sort(sayings.begin(), sayings.end(), [](const Saying& a, const Saying& b) { return a.source.at > b.source.at; });
  std::set<std::string> said;
  for (auto& saying : sayings) {
    std::erase_if(saying.answers, [&](const auto& answer) { return said.contains(answer.first); });
    for (const auto& [key, values] : saying.answers) said.insert(key);
    put(form, kept_answers(form, saying.answers), saying.source, draft);
  }
}

std::string detail_of(const residents::Details& d, std::string_view name) {
  if (name == "id_number") return d.id_number;
  if (name == "nationality") return d.nationality;
  if (name == "address") return d.address;
  if (name == "ward_code") return d.ward_code;
  return name == "phone" ? d.phone : std::string();
}

FormAnswers details_for(const Form& form, const residents::Details& details) {
  FormAnswers answers;
  for (const auto& page : form.pages)
    for (const auto& field : page.fields)
      if (const auto value = detail_of(details, field.known); !value.empty() && page.repeat == 0) answers[field.id] = {value};
  return answers;
}

/// What an import told, in this form's answers: of the meanings it shares with the form.
FormAnswers in_form(const Form& form, const Answers& told, std::optional<bool> travelled) {
  FormAnswers answers;
  const auto put_said = [&](const Field& field, std::optional<bool> said) {
    if (said) answers[field.id] = {yes_or_no(*said)};
  };
  for (const auto& page : form.pages)
    for (const auto& field : page.fields) {
      if (page.repeat > 0 || field.means.empty()) continue;
      if (field.means == "symptoms") answers[field.id] = told.symptoms == 0 ? std::vector<std::string>{"none"} : to_codes(told.symptoms);
      if (field.means == "contact_with_case") put_said(field, told.contact_case);
      if (field.means == "contact_with_symptomatic") put_said(field, told.contact_symptomatic);
      if (field.means == "from_affected_area") put_said(field, told.from_affected_area);
      if (field.means == "travelled") put_said(field, travelled);
    }
  return answers;
}

/// VHD asks where one has been; NCOVI does not.
std::optional<bool> travelled_by(const identity::RecordView& record) {
  if (record.kind != "vhd") return std::nullopt;
  std::error_code error;
  const auto payload = boost::json::parse(record.payload.reveal(), error);
  if (error || !payload.is_object()) return std::nullopt;
  return payload.as_object().contains("countryPassing");
}

}  // namespace

/// Only of somebody whom the register proves: another's declaration tells nothing to whoever types their number.
Result<std::vector<store::Told>> Declaring::told_elsewhere(storage::Reader& reader, const residents::Person& person) const {
  TRY_ASSIGN(const auto who, residents_.find_known(reader, person));
  if (!who) return std::vector<store::Told>();
  TRY_ASSIGN(const auto subjects, identity_.subjects_of(reader, *who));
  TRY_ASSIGN(auto told, store::told_of(reader, subjects));
  std::erase_if(told, [](const store::Told& t) { return t.kind != "vhd" && t.kind != "ncovi"; });
  if (told.size() > told_max) told.resize(told_max);
  return told;
}

Result<Draft> Declaring::fill(const residents::Person& person, const Form& form) const {
  Draft draft{crypto::random_id("dec"), {}};
  std::vector<Saying> sayings;
  TRY_ASSIGN(const auto before, list(person, told_max));
  const auto last = std::find_if(before.begin(), before.end(), [&](const auto& d) { return d.form == form.kind; });
  if (last != before.end()) sayings.push_back({last->answers, {"last", last->declared_at}});
  TRY(house_.database.read([&](storage::Reader& reader) -> Result<void> {
    TRY_ASSIGN(const auto told, told_elsewhere(reader, person));
    std::vector<std::string> subjects;
    for (const auto& t : told) subjects.push_back(t.subject);
    TRY_ASSIGN(const auto records, identity_.records_of(reader, subjects));
    for (const auto& t : told) {
      const auto record = std::find_if(records.begin(), records.end(), [&](const auto& r) { return r.subject == t.subject; });
      sayings.push_back({in_form(form, t.answers, record == records.end() ? std::nullopt : travelled_by(*record)), {t.kind, t.declared_at}});
    }
    return {};
  }));
  put_newest(form, std::move(sayings), draft);
  TRY_ASSIGN(const auto details, known(person));
  put(form, details_for(form, details.details.reveal()), {details.registered ? "register" : "you", details.at.value_or(house_.now())}, draft);
  draft.answers = readable_only(form, draft.answers, reading());
  std::erase_if(draft.filled, [&](const auto& source) { return !draft.answers.contains(source.first); });
  for (const auto& [key, source] : draft.filled)
    if (source.source != "you" && source.source != "register") draft.from = std::max(draft.from.value_or(source.at), source.at);
  return draft;
}

}  // namespace motcua::declarations
