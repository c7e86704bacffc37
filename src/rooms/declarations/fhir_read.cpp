// FHIR as it comes in: answers and people, with the place of what cannot be read.
#include "rooms/declarations/fhir.hpp"

namespace motcua::declarations::fhir {
namespace {
namespace json = boost::json;

constexpr int items_depth_max = 5;
constexpr std::size_t items_max = 500;

Failure unreadable(const char* where) { return invalid("declarations.fhir_unreadable", where); }

std::string text_at(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}
const json::array* list_at(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_array() ? &value->as_array() : nullptr;
}
const json::object* first_of(const json::object& object, const char* name) {
  const auto* list = list_at(object, name);
  return list && !list->empty() && list->front().is_object() ? &list->front().as_object() : nullptr;
}

Result<std::string> value_in(const json::object& answer) {
  for (const char* name : {"valueString", "valueDate", "valueDateTime", "valueUri"})
    if (answer.contains(name)) return text_at(answer, name);
  if (const auto* yes = answer.if_contains("valueBoolean"); yes && yes->is_bool()) return std::string(yes->as_bool() ? "yes" : "no");
  if (const auto* number = answer.if_contains("valueInteger"); number && number->is_int64()) return std::to_string(number->as_int64());
  if (const auto* coding = answer.if_contains("valueCoding"); coding && coding->is_object()) return text_at(coding->as_object(), "code");
  return unreadable("answer");
}

/// "2021-07-31T08:30:00+07:00" is a moment of Vietnam's clock, whatever its offset; the other texts stay.
std::string moment_of(const std::string& text) {
  if (text.size() <= 16 || text[10] != 'T') return text;
  const auto at = parse_instant(text);
  return at ? motcua::to_iso(*at).substr(0, 16) : text;
}

struct Place {
  const FormPage* page = nullptr;
  const Field* field = nullptr;
};
Place place_of(const Form& form, std::string_view link) {
  for (const auto& page : form.pages) {
    if ("page-" + page.id == link) return {&page, nullptr};
    for (const auto& field : page.fields)
      if (field.id == link) return {&page, &field};
  }
  return {};
}

struct Reader {
  const Form& form;
  FormAnswers answers;
  std::map<const FormPage*, int> times;
  std::size_t seen = 0;

  Result<void> items(const json::object& holder, int time, int depth) {
    const auto* list = list_at(holder, "item");
    if (!list) return {};
    if (depth > items_depth_max) return unreadable("item");
    for (const auto& one : *list) {
      if (!one.is_object() || ++seen > items_max) return unreadable("item");
      TRY(item(one.as_object(), time, depth));
    }
    return {};
  }
  Result<void> item(const json::object& item, int time, int depth) {
    const Place place = place_of(form, text_at(item, "linkId"));
    if (!place.page) return unreadable("linkId");
    if (!place.field) return items(item, place.page->repeat > 0 ? ++times[place.page] : 0, depth + 1);
    if (place.page->repeat > 0 && time == 0) time = 1;
    auto& values = answers[key_of(*place.field, time)];
    if (const auto* list = list_at(item, "answer"))
      for (const auto& answer : *list) {
        if (!answer.is_object() || values.size() >= items_max) return unreadable("answer");
        TRY_ASSIGN(auto value, value_in(answer.as_object()));
        values.push_back(place.field->kind == FieldKind::moment ? moment_of(value) : std::move(value));
      }
    return {};
  }
};

}  // namespace

Result<FormAnswers> to_answers(const json::object& response, const Form& form) {
  Reader reader{form, {}, {}};
  TRY(reader.items(response, 0, 0));
  return std::move(reader.answers);
}

std::optional<FormKind> form_kind_of(const json::object& response) {
  const std::string canonical = text_at(response, "questionnaire");
  const std::string url = canonical.substr(0, canonical.find('|'));
  for (const auto kind : {FormKind::health, FormKind::domestic, FormKind::entry, FormKind::daily})
    if (url == questionnaire_url(kind)) return kind;
  return std::nullopt;
}

Result<residents::Details> to_details(const json::object& patient) {
  if (text_at(patient, "resourceType") != "Patient") return unreadable("resourceType");
  residents::Details d;
  const auto* name = first_of(patient, "name");
  if (!name) return unreadable("Patient.name");
  d.full_name = text_at(*name, "text");
  if (d.full_name.empty()) {
    // Family, middle and given: the order of Vietnamese names.
    d.full_name = text_at(*name, "family");
    if (const auto* given = list_at(*name, "given"))
      for (const auto& part : *given)
        if (part.is_string()) d.full_name += " " + std::string(part.as_string());
  }
  d.birth = text_at(patient, "birthDate");
  d.sex = text_at(patient, "gender") == "unknown" ? "other" : text_at(patient, "gender");
  if (const auto* identifier = first_of(patient, "identifier")) d.id_number = text_at(*identifier, "value");
  if (const auto* telecom = first_of(patient, "telecom")) d.phone = text_at(*telecom, "value");
  if (const auto* address = first_of(patient, "address")) d.address = text_at(*address, "text");
  return d;
}

}  // namespace motcua::declarations::fhir
