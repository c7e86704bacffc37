// Forms and answers as JSON.
#include <boost/json/array.hpp>

#include "rooms/declarations/forms.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;

constexpr std::size_t values_max = 50;      // of one field

json::object of_words(const Words& words) { return {{"vi", words.vi}, {"en", words.en}}; }

json::object of_condition(const Condition& when) { return {{"field", when.field}, {"is", json::array(when.is.begin(), when.is.end())}}; }

json::object of_field(const Field& field) {
  json::object out{{"id", field.id}, {"kind", to_text(field.kind)}, {"label", of_words(field.label)}, {"required", field.required}, {"keep", field.keep}};
  if (!field.hint.vi.empty()) out["hint"] = of_words(field.hint);
  if (!field.why.vi.empty()) out["why"] = of_words(field.why);
  if (!field.means.empty()) out["means"] = field.means;
  if (field.chars_max > 0) out["chars_max"] = field.chars_max;
  if (field.kind == FieldKind::number) out["min"] = field.min, out["max"] = field.max;
  if (field.kind == FieldKind::date || field.kind == FieldKind::moment) out["days_back"] = field.days_back, out["days_ahead"] = field.days_ahead;
  if (field.when) out["when"] = of_condition(*field.when);
  json::array choices;
  for (const auto& c : field.choices) choices.push_back(json::object{{"value", c.value}, {"label", of_words(c.label)}});
  if (!choices.empty()) out["choices"] = std::move(choices);
  return out;
}

}  // namespace

json::object to_json(const Form& form) {
  json::array pages;
  for (const auto& page : form.pages) {
    json::array fields;
    for (const auto& field : page.fields) fields.push_back(of_field(field));
    json::object one{{"id", page.id}, {"fields", std::move(fields)}};
    if (!page.title.vi.empty()) one["title"] = of_words(page.title);
    if (page.repeat > 0) one["repeat"] = page.repeat;
    if (page.when) one["when"] = of_condition(*page.when);
    pages.push_back(std::move(one));
  }
  json::object out{{"id", to_text(form.kind)}, {"version", form.version}, {"from", motcua::to_iso(vietnam_midnight(form.from)).substr(0, 10)}, {"citation", form.citation},
                   {"title", of_words(form.title)}, {"pages", std::move(pages)}};
  if (form.to) out["to"] = motcua::to_iso(vietnam_midnight(*form.to)).substr(0, 10);
  return out;
}

json::object to_json(const FormAnswers& answers) {
  json::object out;
  for (const auto& [field, values] : answers) out[field] = json::array(values.begin(), values.end());
  return out;
}

Result<FormAnswers> answers_of(const json::object& object) {
  FormAnswers answers;
  for (const auto& [name, value] : object) {
    auto& values = answers[std::string(name)];
    if (value.is_string()) values.emplace_back(value.as_string());
    else if (!value.is_array() || value.as_array().size() > values_max) return invalid("declarations.answers_unreadable", "answers");
    else
      for (const auto& one : value.as_array()) {
        if (!one.is_string()) return invalid("declarations.answers_unreadable", "answers");
        values.emplace_back(one.as_string());
      }
    if (answers.size() > form_answers_max) return invalid("declarations.answers_unreadable", "answers");
  }
  return answers;
}

}  // namespace motcua::declarations
