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

/// What a field holds, and how its answer is kept: choices several values, all others one. `number` digits; `date` yyyy-mm-dd; `moment` yyyy-mm-ddTHH:MM
/// in Vietnam time, or the day alone; `country` ISO 3166-1 alpha-2; `ward` its code; `phone` +84...; `code` (of a vehicle, flight, passport) capital letters and digits.
enum class FieldKind { yes_no, choices, choice, text, number, date, moment, country, ward, phone, code };
std::string_view to_text(FieldKind kind);

struct Choice {
  std::string value;
  Words label;
};
/// Asked only when another field, of this page or an earlier one, has one of these values. Within a repeated page: of the same time.
struct Condition {
  std::string field;
  std::vector<std::string> is;
};
struct Field {
  std::string id;                       // letters, digits, underscores
  FieldKind kind = FieldKind::yes_no;
  Words label, hint, why;               // hint and why may be empty
  bool required = true;
  bool keep = false;                    // last time's answer may be filled in
  std::vector<std::string> keep_only;   // not empty: of what may be filled in, these answers alone; others are asked again
  std::string known;                    // what of the person's details fills it in: id_number, nationality, address, ward_code, phone; or empty
  int chars_max = 0;                    // of a text or code, in characters
  std::int64_t min = 0, max = 0;        // of a number
  int days_back = 0, days_ahead = 0;    // of a date or moment, from today
  std::vector<Choice> choices;          // of yes_no: "yes", "no"; "none" among choices stands alone
  std::optional<Condition> when;
  std::string means;                    // what it tells the house (forms_told.cpp); or empty
};
struct FormPage {
  std::string id;
  Words title;                          // empty: its first field's label is the title
  int repeat = 0;                       // 0: once; otherwise as often as there are stops, countries ..., at most so many times, once at least
  std::optional<Condition> when;        // the whole page
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
inline constexpr int form_repeat_max = 20;        // the most a page may repeat
inline constexpr int form_answers_max = 400;      // fields answered, every time counted
inline constexpr int typed_bytes_max = 8192;      // of one answer as typed: form_chars_max letters of four bytes

/// Failure declarations.form_invalid or toml.*, naming file and key.
Result<Form> read_form(std::string_view text, const std::string& file);
/// Those the binary carries.
Result<std::vector<Form>> read_forms();
/// The newest that is in force on that day; null: there is none.
const Form* form_on(const std::vector<Form>& forms, FormKind kind, Date day);

/// Key -> what was answered. The key is the field's id; of a repeated page "id.1", "id.2" ... A field that is not there was not answered.
using FormAnswers = std::map<std::string, std::vector<std::string>, std::less<>>;
std::string key_of(const Field& field, int time);
/// The one value, or empty.
std::string_view value_of(const FormAnswers& answers, std::string_view key);

/// One page as it is filled in. `time`: 0 of a page that does not repeat, otherwise from 1.
struct Step {
  const FormPage* page = nullptr;
  int time = 0;
};
std::string to_text(const Step& step);            // "symptoms", "stop.2"
/// How often a repeated page has been answered.
int times_of(const FormPage& page, const FormAnswers& answers);
/// Every page that is asked, in order; a repeated one as often as it was answered, once at least.
std::vector<Step> steps_of(const Form& form, const FormAnswers& answers);
/// Also the step after the last of a repeated page, while there may be one more.
std::optional<Step> find_step(const Form& form, std::string_view text, const FormAnswers& answers);
/// Without one of a repeated page's steps; the later ones move up.
FormAnswers without_step(const Step& step, FormAnswers answers);

bool is_asked(const FormPage& page, const FormAnswers& answers);
bool is_asked(const Step& step, const Field& field, const FormAnswers& answers);
/// What is wrong with one field, by its key: declarations.answer_missing, answer_unknown, answer_alone (none with others), answer_too_long (arg `max`),
/// text_unreadable. Whether a number, date ... can be read is read_answers' matter.
std::optional<Failure> check_field(const Step& step, const Field& field, const FormAnswers& answers);
std::vector<Failure> check_step(const Step& step, const FormAnswers& answers);
/// Every step's, and declarations.field_unknown.
std::vector<Failure> check_answers(const Form& form, const FormAnswers& answers);
/// The first step with something missing or wrong.
std::optional<Step> first_open_step(const Form& form, const FormAnswers& answers);
/// Without answers to what is not asked (any more). What is no field of the form stays, for check_answers to find.
FormAnswers asked_only(const Form& form, const FormAnswers& answers);
/// Those that fit the form: of an older version's draft, what this one still asks.
FormAnswers fitting_only(const Form& form, const FormAnswers& answers);
/// Of last time, what may be filled in today and still fits.
FormAnswers kept_answers(const Form& form, const FormAnswers& last);
/// False: this answer must be given anew (Field::keep, keep_only).
bool may_keep(const Field& field, const std::vector<std::string>& values);

/// What the answers tell the house.
Answers to_told(const Form& form, const FormAnswers& answers);
PassFacts to_facts(const Answers& told);
/// The ride of the answers and each stop of it that can be found again: a stop with a name and a ward is a place of that day. Without subject.
std::vector<Journey> to_journeys(const Form& form, const FormAnswers& answers, const DefaultStays& stays);

boost::json::object to_json(const Form& form);
boost::json::object to_json(const FormAnswers& answers);      // key -> list of texts
/// A text, or a list of texts. Failure declarations.answers_unreadable (field answers).
Result<FormAnswers> answers_of(const boost::json::object& object);

}  // namespace motcua::declarations
