// FHIR R4 at /fhir/R4: forms for everybody; for residents what was declared and for whom; for the counter one transaction of Patient and QuestionnaireResponse. Refusals are
// OperationOutcomes (platform/http/failure.hpp).
#include "platform/auth/access.hpp"
#include "platform/crypto/crypto.hpp"
#include "rooms/declarations/fhir.hpp"
#include "rooms/declarations/routes.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> counter_roles = {"gate_staff", "clerk"};
constexpr std::string_view search_next = "Patient/";

Response answer(const json::object& resource, int status = 200) {
  Response response = Response::json(json::serialize(resource), status);
  response.content_type = "application/fhir+json";
  return response;
}

Result<json::object> body_of(const Request& request, std::string_view type) {
  std::error_code error;
  auto body = json::parse(request.body, error);
  if (error || !body.is_object()) return invalid("declarations.fhir_unreadable", "body");
  const auto* resource = body.as_object().if_contains("resourceType");
  if (!resource || !resource->is_string() || resource->as_string() != type) return invalid("declarations.fhir_unreadable", "resourceType");
  return std::move(body.as_object());
}

struct Fhir {
  House* house;
  residents::Residents* residents;
  const Declaring* declaring;

  Result<Response> metadata(const Request&) const { return answer(fhir::capability_statement(house->now())); }

  Result<Response> questionnaires(const Request& request) const {
    std::string url = request.query_value("url"), version = request.query_value("version");
    if (const auto bar = url.find('|'); bar != std::string::npos) version = url.substr(bar + 1), url.resize(bar);
    json::array found;
    for (const auto& form : declaring->forms()) {
      const bool in_force = form_on(declaring->forms(), form.kind, declaring->reading().today) == &form;
      if (version.empty() ? !in_force : version != std::to_string(form.version)) continue;
      if (url.empty() || url == fhir::questionnaire_url(form.kind)) found.push_back(fhir::to_questionnaire(form));
    }
    return answer(fhir::to_bundle(std::move(found)));
  }
  Result<Response> questionnaire(const Request& request) const {
    for (const auto& form : declaring->forms())
      if (fhir::questionnaire_id(form) == request.param("questionnaire")) return answer(fhir::to_questionnaire(form));
    return not_found("declarations.no_such_form");
  }

  Result<Response> patients(const Request& request) const {
    TRY_ASSIGN(const auto people, residents->list_people(*request.resident));
    json::array found;
    for (const auto& person : people)
      if (!person.waits) found.push_back(fhir::to_patient(person));
    return answer(fhir::to_bundle(std::move(found)));
  }
  Result<Response> patient(const Request& request) const {
    TRY_ASSIGN(const auto person, residents->get_person(*request.resident, fhir::from_fhir_id(request.param("person"))));
    return answer(fhir::to_patient(person));
  }

  /// Of `patient`, or of all for whom the account speaks.
  Result<Response> responses(const Request& request) const {
    std::string wanted = request.query_value("patient");
    if (wanted.starts_with(search_next)) wanted.erase(0, search_next.size());
    std::vector<residents::Person> people;
    if (wanted.empty()) {
      TRY_ASSIGN(people, residents->list_people(*request.resident));
    } else {
      TRY_ASSIGN(auto person, residents->get_person(*request.resident, fhir::from_fhir_id(wanted)));
      people.push_back(std::move(person));
    }
    json::array found;
    for (const auto& person : people) {
      if (person.waits) continue;
      TRY_ASSIGN(const auto told, declaring->list(person, told_max));
      for (const auto& d : told) found.push_back(fhir::to_response(d, declaring->form_of(d), person));
    }
    return answer(fhir::to_bundle(std::move(found)));
  }
  Result<Response> response(const Request& request) const {
    TRY_ASSIGN(const auto people, residents->list_people(*request.resident));
    for (const auto& person : people) {
      if (person.waits) continue;
      TRY_ASSIGN(const auto told, declaring->find(person, fhir::from_fhir_id(request.param("declaration"))));
      if (told) return answer(fhir::to_response(*told, declaring->form_of(*told), person));
    }
    return not_found("declarations.no_such_declaration");
  }

  struct Read {
    const Form* form = nullptr;
    Draft draft;
  };
  Result<Read> read(const json::object& resource) const {
    const auto kind = fhir::form_kind_of(resource);
    if (!kind) return invalid("declarations.fhir_unreadable", "QuestionnaireResponse.questionnaire");
    Read read;
    TRY_ASSIGN(read.form, declaring->form_today(to_text(*kind)));
    TRY_ASSIGN(read.draft.answers, fhir::to_answers(resource, *read.form));
    // A client that gives its response a number of this kind may send it again: it is one declaration.
    const auto* id = resource.if_contains("id");
    read.draft.declaration = id && id->is_string() ? fhir::from_fhir_id(id->as_string()) : crypto::random_id("dec");
    return read;
  }
  Result<Response> create(const Request& request) const {
    TRY_ASSIGN(const auto resource, body_of(request, "QuestionnaireResponse"));
    const auto* subject = resource.if_contains("subject");
    const auto* reference = subject && subject->is_object() ? subject->as_object().if_contains("reference") : nullptr;
    if (!reference || !reference->is_string() || !std::string_view(reference->as_string()).starts_with(search_next)) return invalid("declarations.fhir_unreadable", "QuestionnaireResponse.subject");
    TRY_ASSIGN(const auto person, residents->person_to_act_for(*request.resident, fhir::from_fhir_id(std::string_view(reference->as_string()).substr(search_next.size()))));
    TRY_ASSIGN(const auto read, this->read(resource));
    TRY_ASSIGN(const auto told, declaring->submit(residents::act_of(*request.resident, "declarations.declare", request.id), person, *read.form, read.draft));
    Response created = answer(fhir::to_response(told, read.form, person), 201);
    created.headers.emplace_back("Location", "/fhir/R4/QuestionnaireResponse/" + fhir::to_fhir_id(told.declaration));
    return created;
  }

  /// A Bundle of one Patient and one QuestionnaireResponse: somebody at a counter, who is told of by staff. Both or neither.
  Result<Response> transaction(const Request& request) const {
    TRY_ASSIGN(const auto act, auth::act_of(request, {"gate_staff", "clerk"}, "declaring", "declarations.declare"));
    TRY_ASSIGN(const auto bundle, body_of(request, "Bundle"));
    const auto* entries = bundle.if_contains("entry");
    const json::object *patient = nullptr, *response = nullptr;
    if (entries && entries->is_array())
      for (const auto& entry : entries->as_array()) {
        const auto* resource = entry.is_object() ? entry.as_object().if_contains("resource") : nullptr;
        const auto* type = resource && resource->is_object() ? resource->as_object().if_contains("resourceType") : nullptr;
        if (type && type->is_string() && type->as_string() == "Patient") patient = &resource->as_object();
        if (type && type->is_string() && type->as_string() == "QuestionnaireResponse") response = &resource->as_object();
      }
    if (!patient || !response || entries->as_array().size() != 2) return invalid("declarations.fhir_unreadable", "Bundle.entry");
    TRY_ASSIGN(const auto details, fhir::to_details(*patient));
    TRY_ASSIGN(const auto read, this->read(*response));
    TRY_ASSIGN(const auto told, house->database.write_value(act, [&](storage::Transaction& tx) -> Result<ToldDeclaration> {
      TRY_ASSIGN(const auto person, residents->receive(tx, residents::NewPerson{details, residents::Relation::helped}));
      return declaring->submit_in(tx, person, *read.form, read.draft);
    }));
    json::array done{json::object{{"response", json::object{{"status", "201 Created"}}}},
                     json::object{{"response", json::object{{"status", "201 Created"}, {"location", "QuestionnaireResponse/" + fhir::to_fhir_id(told.declaration)}}}}};
    return answer({{"resourceType", "Bundle"}, {"type", "transaction-response"}, {"entry", std::move(done)}});
  }
};

}  // namespace

void add_fhir_routes(http::Router& router, House& house, residents::Residents& residents, const Declaring& declaring) {
  const Fhir site{&house, &residents, &declaring};
  const auto add = [&](http::Method method, const char* path, http::Access access, const char* summary, Result<Response> (Fhir::*handler)(const Request&) const) {
    router.add({.method = method, .path = std::string("/fhir/R4") + path, .access = std::move(access), .handler = [site, handler](const Request& r) { return (site.*handler)(r); }, .summary = summary,
                .protocol = true});
  };
  using enum http::Method;
  add(get, "/metadata", http::Access::anyone(), "FHIR CapabilityStatement", &Fhir::metadata);
  add(get, "/Questionnaire", http::Access::anyone(), "Forms as FHIR Questionnaires, by url and version", &Fhir::questionnaires);
  add(get, "/Questionnaire/{questionnaire}", http::Access::anyone(), "One form as FHIR Questionnaire", &Fhir::questionnaire);
  add(get, "/Patient", http::Access::resident(), "For whom one speaks, as FHIR Patients", &Fhir::patients);
  add(get, "/Patient/{person}", http::Access::resident(), "One of them", &Fhir::patient);
  add(get, "/QuestionnaireResponse", http::Access::resident(), "What was declared here, as FHIR QuestionnaireResponses, by patient", &Fhir::responses);
  add(get, "/QuestionnaireResponse/{declaration}", http::Access::resident(), "One declaration", &Fhir::response);
  add(post, "/QuestionnaireResponse", http::Access::resident(), "Declare by FHIR", &Fhir::create);
  add(post, "", http::Access::roles(counter_roles, "declaring"), "Declare for somebody at a counter: a transaction of Patient and QuestionnaireResponse", &Fhir::transaction);
}

}  // namespace motcua::declarations
