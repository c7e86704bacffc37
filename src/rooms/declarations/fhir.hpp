#pragma once
// Forms, declarations and people as FHIR R4 (hl7.org/fhir/R4): Questionnaire, QuestionnaireResponse, Patient. Pure. Ids of the house have an underscore where FHIR allows none:
// "dec_..." is "dec-...".
#include <boost/json.hpp>

#include "rooms/declarations/declaring.hpp"

namespace motcua::declarations::fhir {

std::string to_fhir_id(std::string_view id);
std::string from_fhir_id(std::string_view id);
/// "health-1"; and the address that never changes, "urn:motcua:questionnaire:health".
std::string questionnaire_id(const Form& form);
std::string questionnaire_url(FormKind kind);

boost::json::object to_questionnaire(const Form& form);
/// `form` null: the form is no longer carried, so that only who and when can be told.
boost::json::object to_response(const ToldDeclaration& told, const Form* form, const residents::Person& person);
boost::json::object to_patient(const residents::Person& person);
boost::json::object capability_statement(Instant at);
boost::json::object to_bundle(boost::json::array resources);

/// What a QuestionnaireResponse answers, by keys of the form it names. Failure declarations.fhir_unreadable (field: where).
Result<FormAnswers> to_answers(const boost::json::object& response, const Form& form);
/// The kind of form that `questionnaire` names, with or without |version.
std::optional<FormKind> form_kind_of(const boost::json::object& response);
/// A Patient as somebody tells of a person. Failure declarations.fhir_unreadable.
Result<residents::Details> to_details(const boost::json::object& patient);

}  // namespace motcua::declarations::fhir
