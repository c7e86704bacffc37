#pragma once
// Forms as data (policies/forms/*.toml): which one is in force, which fields are asked, and whether answers fit. Pure but for the files the binary carries.
#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "rooms/declarations/model.hpp"
#include "rooms/declarations/pass.hpp"
#include "rooms/declarations/pass_rules.hpp"

namespace motcua::declarations {

struct Words {
  std::string vi, en;
  const std::string& in(std::string_view lang) const { return lang == "en" ? en : vi; }
};

enum class FieldKind { yes_no, choices, text };
struct Choice {
  std::string value;
  Words label;
};
/// Asked only when another field, of this page or an earlier one, has one of these values.
struct Condition {
  std::string field;
  std::vector<std::string> is;
};
struct Field {
  std::string id;
  FieldKind kind = FieldKind::yes_no;
  Words label, hint, why;               // hint and why may be empty
  bool required = true;
  bool keep = false;                    // last time's answer may be filled in
  int chars_max = 0;                    // of a text, in characters
  std::vector<Choice> choices;          // of yes_no: "yes", "no"; "none" among choices stands alone
  std::optional<Condition> when;
  std::string means;                    // what it tells the house: symptoms, contact_with_case, contact_with_symptomatic, from_affected_area; or empty
};
struct FormPage {
  std::string id;
  std::vector<Field> fields;
};
struct Form {
  FormKind kind = FormKind::health;
  int version = 1;
  Date from{};
  std::optional<Date> to;               // last day
  std::string citation;
  Words title;
  std::vector<FormPage> pages;
};

inline constexpr int form_chars_max = 2000;       // the most a text field may allow
inline constexpr int form_fields_max = 100;

/// Failure declarations.form_invalid or toml.*, naming file and key.
Result<Form> read_form(std::string_view text, const std::string& file);
/// Those the binary carries.
Result<std::vector<Form>> read_forms();
/// The newest that is in force on that day; null: there is none.
const Form* form_on(const std::vector<Form>& forms, FormKind kind, Date day);

/// Field id -> what was answered; several only for choices. A field that is not there was not answered.
using FormAnswers = std::map<std::string, std::vector<std::string>, std::less<>>;

const FormPage* find_page(const Form& form, std::string_view id);
bool is_asked(const Field& field, const FormAnswers& answers);
/// What is wrong with one field: declarations.answer_missing, answer_unknown, answer_alone (none with others), answer_too_long (arg `max`),
/// text_unreadable.
std::optional<Failure> check_field(const Field& field, const FormAnswers& answers);
std::vector<Failure> check_page(const FormPage& page, const FormAnswers& answers);
/// Every page's, and declarations.field_unknown.
std::vector<Failure> check_answers(const Form& form, const FormAnswers& answers);
/// The first page with something missing or wrong; null: none.
const FormPage* first_open_page(const Form& form, const FormAnswers& answers);
/// Without answers to what is not asked (any more).
FormAnswers asked_only(const Form& form, FormAnswers answers);
/// Of last time, what may be filled in today and still fits.
FormAnswers kept_answers(const Form& form, const FormAnswers& last);

/// What the answers tell the house.
Answers to_told(const Form& form, const FormAnswers& answers);
PassFacts to_facts(const Answers& told);

boost::json::object to_json(const Form& form);
boost::json::object to_json(const FormAnswers& answers);      // field -> list of texts
/// A text, or a list of texts. Failure declarations.answers_unreadable (field answers).
Result<FormAnswers> answers_of(const boost::json::object& object);

}  // namespace motcua::declarations
