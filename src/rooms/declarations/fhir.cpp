#include "rooms/declarations/fhir.hpp"

#include <algorithm>

namespace motcua::declarations::fhir {
namespace {
namespace json = boost::json;

constexpr std::string_view url_root = "urn:motcua:questionnaire:";
constexpr const char* translation = "http://hl7.org/fhir/StructureDefinition/translation";
constexpr const char* country_system = "urn:iso:std:iso:3166";

std::string day_of(Date day) { return motcua::to_iso(vietnam_midnight(day)).substr(0, 10); }
std::string system_of(const Field& field) { return field.kind == FieldKind::country ? country_system : "urn:motcua:answers:" + field.id; }

/// The Vietnamese sentence, and the English one as FHIR's translation beside it.
void put_text(json::object& out, const char* name, const Words& words) {
  if (words.vi.empty()) return;
  out[name] = words.vi;
  json::array parts{json::object{{"url", "lang"}, {"valueCode", "en"}}, json::object{{"url", "content"}, {"valueString", words.en}}};
  out[std::string("_") + name] = json::object{{"extension", json::array{json::object{{"url", translation}, {"extension", std::move(parts)}}}}};
}

const char* type_of(const Field& field) {
  switch (field.kind) {
    case FieldKind::yes_no: return "boolean";
    case FieldKind::choices:
    case FieldKind::choice:
    case FieldKind::country: return "choice";
    case FieldKind::number: return "integer";
    case FieldKind::date: return "date";
    case FieldKind::moment: return "dateTime";
    default: return "string";
  }
}

const Field* find_field(const Form& form, std::string_view id) {
  for (const auto& page : form.pages)
    for (const auto& field : page.fields)
      if (field.id == id) return &field;
  return nullptr;
}

void put_condition(const Form& form, const std::optional<Condition>& when, json::object& item) {
  if (!when) return;
  const Field* field = find_field(form, when->field);
  json::array conditions;
  for (const auto& value : when->is) {
    json::object one{{"question", when->field}, {"operator", "="}};
    if (field && field->kind == FieldKind::yes_no) one["answerBoolean"] = value == "yes";
    else one["answerCoding"] = json::object{{"system", field ? system_of(*field) : ""}, {"code", value}};
    conditions.push_back(std::move(one));
  }
  item["enableWhen"] = std::move(conditions);
  if (when->is.size() > 1) item["enableBehavior"] = "any";
}

json::object question_of(const Form& form, const Field& field) {
  json::object item{{"linkId", field.id}, {"type", type_of(field)}, {"required", field.required}};
  put_text(item, "text", field.label);
  if (field.kind == FieldKind::choices) item["repeats"] = true;
  if (field.chars_max > 0) item["maxLength"] = field.chars_max;
  if (field.kind == FieldKind::country) item["answerValueSet"] = "http://hl7.org/fhir/ValueSet/iso3166-1-2";
  put_condition(form, field.when, item);
  if (field.kind == FieldKind::choices || field.kind == FieldKind::choice) {
    json::array options;
    for (const auto& c : field.choices) {
      json::object coding{{"system", system_of(field)}, {"code", c.value}};
      put_text(coding, "display", c.label);
      options.push_back(json::object{{"valueCoding", std::move(coding)}});
    }
    item["answerOption"] = std::move(options);
  }
  return item;
}

std::string group_id(const FormPage& page) { return "page-" + page.id; }

json::object answer_of(const Field& field, const std::string& value) {
  switch (field.kind) {
    case FieldKind::yes_no: return {{"valueBoolean", value == "yes"}};
    case FieldKind::number: return {{"valueInteger", std::atoi(value.c_str())}};
    case FieldKind::date: return {{"valueDate", value}};
    case FieldKind::moment: return {{"valueDateTime", value.size() == 10 ? value : value + ":00+07:00"}};
    case FieldKind::choices:
    case FieldKind::choice:
    case FieldKind::country: {
      const auto choice = std::find_if(field.choices.begin(), field.choices.end(), [&](const Choice& c) { return c.value == value; });
      json::object coding{{"system", system_of(field)}, {"code", value}};
      if (choice != field.choices.end()) coding["display"] = choice->label.vi;
      return {{"valueCoding", std::move(coding)}};
    }
    default: return {{"valueString", value}};
  }
}

json::array items_of(const Step& step, const FormAnswers& answers) {
  json::array items;
  for (const auto& field : step.page->fields) {
    const auto found = answers.find(key_of(field, step.time));
    if (found == answers.end()) continue;
    json::array values;
    for (const auto& value : found->second) values.push_back(answer_of(field, value));
    items.push_back(json::object{{"linkId", field.id}, {"text", field.label.vi}, {"answer", std::move(values)}});
  }
  return items;
}

std::string gender_of(const std::string& sex) { return sex == "male" || sex == "female" || sex == "other" ? sex : "unknown"; }

}  // namespace

std::string to_fhir_id(std::string_view id) {
  std::string out(id);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}
std::string from_fhir_id(std::string_view id) {
  std::string out(id);
  if (const auto dash = out.find('-'); dash != std::string::npos) out[dash] = '_';
  return out;
}
std::string questionnaire_id(const Form& form) { return std::string(to_text(form.kind)) + "-" + std::to_string(form.version); }
std::string questionnaire_url(FormKind kind) { return std::string(url_root) + std::string(to_text(kind)); }

json::object to_questionnaire(const Form& form) {
  json::array groups;
  for (const auto& page : form.pages) {
    json::object group{{"linkId", group_id(page)}, {"type", "group"}};
    put_text(group, "text", page.title);
    if (page.repeat > 0) group["repeats"] = true;
    put_condition(form, page.when, group);
    json::array items;
    for (const auto& field : page.fields) items.push_back(question_of(form, field));
    group["item"] = std::move(items);
    groups.push_back(std::move(group));
  }
  json::object period{{"start", day_of(form.from)}};
  if (form.to) period["end"] = day_of(*form.to);
  json::object out{{"resourceType", "Questionnaire"}, {"id", questionnaire_id(form)}, {"language", "vi"}, {"url", questionnaire_url(form.kind)}, {"version", std::to_string(form.version)},
                   {"name", "Motcua_" + std::string(to_text(form.kind))}, {"status", "active"}, {"subjectType", json::array{"Patient"}}, {"date", day_of(form.from)},
                   {"purpose", form.citation}, {"effectivePeriod", std::move(period)}, {"item", std::move(groups)}};
  put_text(out, "title", form.title);
  return out;
}

json::object to_response(const ToldDeclaration& told, const Form* form, const residents::Person& person) {
  json::array groups;
  if (form)
    for (const Step& step : steps_of(*form, told.answers))
      if (auto items = items_of(step, told.answers); !items.empty()) groups.push_back(json::object{{"linkId", group_id(*step.page)}, {"item", std::move(items)}});
  json::object out{{"resourceType", "QuestionnaireResponse"}, {"id", to_fhir_id(told.declaration)}, {"questionnaire", questionnaire_url(told.form) + "|" + std::to_string(told.version)},
                   {"status", "completed"}, {"subject", json::object{{"reference", "Patient/" + to_fhir_id(person.handle)}}}, {"authored", motcua::to_iso(told.declared_at)}};
  if (!groups.empty()) out["item"] = std::move(groups);
  return out;
}

json::object to_patient(const residents::Person& person) {
  const auto& d = person.details.reveal();
  json::object out{{"resourceType", "Patient"}, {"id", to_fhir_id(person.handle)}, {"active", true}, {"name", json::array{json::object{{"text", d.full_name}}}}, {"gender", gender_of(d.sex)}};
  if (const auto birth = parse_date(d.birth)) out["birthDate"] = motcua::to_iso(*birth);
  if (!d.phone.empty()) out["telecom"] = json::array{json::object{{"system", "phone"}, {"value", d.phone}}};
  if (!d.address.empty()) out["address"] = json::array{json::object{{"text", d.address}}};
  if (!d.id_number.empty()) out["identifier"] = json::array{json::object{{"system", "urn:motcua:identity-number"}, {"value", d.id_number}}};
  return out;
}

json::object to_bundle(json::array resources) {
  json::array entries;
  for (auto& resource : resources) entries.push_back(json::object{{"resource", std::move(resource)}, {"search", json::object{{"mode", "match"}}}});
  json::object out{{"resourceType", "Bundle"}, {"type", "searchset"}, {"total", entries.size()}};
  if (!entries.empty()) out["entry"] = std::move(entries);
  return out;
}

json::object capability_statement(Instant at) {
  const auto resource = [](const char* type, std::initializer_list<const char*> verbs, json::array parameters) {
    json::array interactions;
    for (const char* verb : verbs) interactions.push_back(json::object{{"code", verb}});
    json::object out{{"type", type}, {"interaction", std::move(interactions)}};
    if (!parameters.empty()) out["searchParam"] = std::move(parameters);
    return out;
  };
  const auto parameter = [](const char* name, const char* type) { return json::object{{"name", name}, {"type", type}}; };
  json::array resources{resource("Questionnaire", {"read", "search-type"}, {parameter("url", "uri"), parameter("version", "token")}),
                        resource("QuestionnaireResponse", {"read", "create", "search-type"}, {parameter("patient", "reference")}), resource("Patient", {"read", "search-type"}, {})};
  json::object rest{{"mode", "server"}, {"interaction", json::array{json::object{{"code", "transaction"}}}}, {"resource", std::move(resources)}};
  return {{"resourceType", "CapabilityStatement"}, {"status", "active"}, {"date", motcua::to_iso(at)}, {"kind", "instance"}, {"implementation", json::object{{"description", "Một Cửa"}}},
          {"fhirVersion", "4.0.1"}, {"format", json::array{"application/fhir+json"}}, {"rest", json::array{std::move(rest)}}};
}

}  // namespace motcua::declarations::fhir
