// A field on a page, and what the page sends back. Without script: a ward is typed in words, and where several may be meant they are offered on the next view.
#include <algorithm>

#include "base/phone.hpp"
#include "rooms/declarations/declaring_pages.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;

json::array options_of(const Field& field, const std::string& key, const std::vector<std::string>& values, std::string_view lang) {
  json::array options;
  for (std::size_t i = 0; i < field.choices.size(); ++i) {
    const auto& c = field.choices[i];
    // The first has the field's own id: there the summary of errors leads.
    options.push_back(json::object{{"name", key}, {"value", c.value}, {"label", c.label.in(lang)}, {"input", i == 0 ? key : key + "-" + c.value},
                                   {"checked", std::find(values.begin(), values.end(), c.value) != values.end()}});
  }
  return options;
}

json::array countries_of(std::string_view chosen, std::string_view lang) {
  json::array options;
  for (const auto& country : i18n::countries(lang)) options.push_back(json::object{{"value", country.code}, {"label", country.name}, {"chosen", country.code == chosen}});
  return options;
}

struct InputKind {
  const char* type = "text";
  const char* mode = "text";
  const char* width = "20";
  const char* complete = "off";
};
InputKind input_of(const Field& field) {
  switch (field.kind) {
    case FieldKind::number: return {"text", "numeric", "5"};
    case FieldKind::date: return {"date", "text", "10"};
    case FieldKind::phone: return {"tel", "tel", "20", "tel"};
    case FieldKind::code: return {"text", "text", "10"};
    default: return {};
  }
}

void put_ward(json::object& out, const std::string& key, const std::string& value, bool wrong, const Reading& reading) {
  const auto unit = reading.units.find(value, reading.today);
  if (unit && unit->level == units::Level::ward) out["value"] = reading.units.full_name(value, reading.today), out["was"] = value;
  json::array offered;
  if (wrong)
    for (const auto& ward : offer_wards(value, reading))
      offered.push_back(json::object{{"value", ward.code}, {"label", reading.units.full_name(ward.code, reading.today)}, {"name", key + "-pick"}, {"input", key + "-pick-" + ward.code}});
  out["has_offered"] = !offered.empty();
  out["offered"] = std::move(offered);
}

void put_kind(json::object& out, const Field& field, const std::string& key, const std::vector<std::string>& values, bool wrong, std::string_view lang, const Reading& reading) {
  const std::string value = values.empty() ? "" : values[0];
  const InputKind input = input_of(field);
  out["value"] = value, out["type"] = input.type, out["mode"] = input.mode, out["width"] = input.width, out["complete"] = input.complete;
  if (field.kind == FieldKind::choices) out["checkboxes"] = options_of(field, key, values, lang);
  else if (!field.choices.empty()) out["radios"] = options_of(field, key, values, lang);
  else if (field.kind == FieldKind::country) out["countries"] = countries_of(value, lang);
  else if (field.kind == FieldKind::moment) {
    const auto split = value.find_first_of("T ");
    out["moment"] = true, out["value"] = value.substr(0, split), out["time"] = split == std::string::npos ? "" : value.substr(split + 1);
  } else out["input"] = true;
  out["options"] = !field.choices.empty();
  out["has_radios"] = out.contains("radios"), out["has_checkboxes"] = out.contains("checkboxes"), out["has_countries"] = out.contains("countries");
  if (field.kind == FieldKind::phone && !wrong && !value.empty()) out["value"] = to_display_phone(value);
  if (field.kind == FieldKind::ward) put_ward(out, key, value, wrong, reading);
}

}  // namespace

json::array show_step(const House& house, std::string_view lang, const Step& step, const FormAnswers& answers, const std::vector<Failure>& failures, const Reading& reading) {
  json::array fields;
  for (const auto& field : step.page->fields) {
    const bool on_this_page = field.when && std::any_of(step.page->fields.begin(), step.page->fields.end(), [&](const Field& f) { return f.id == field.when->field; });
    if (!on_this_page && !is_asked(step, field, answers)) continue;
    const std::string key = key_of(field, step.time);
    const auto found = answers.find(key);
    const auto failure = std::find_if(failures.begin(), failures.end(), [&](const Failure& f) { return f.field == key; });
    json::object out{{"id", key}, {"label", field.label.in(lang)}, {"hint", field.hint.in(lang)}, {"why", field.why.in(lang)}, {"optional", !field.required}};
    if (failure != failures.end()) out["error"] = house.texts.text(lang, failure->code, failure->args);
    std::string described;
    for (const char* part : {"hint", "why", "error"})
      if (out.contains(part) && !out.at(part).as_string().empty()) described += (described.empty() ? "" : " ") + key + "-" + part;
    out["described"] = described;
    put_kind(out, field, key, found == answers.end() ? std::vector<std::string>() : found->second, failure != failures.end(), lang, reading);
    out["heading"] = fields.empty() && step.page->title.vi.empty();
    fields.push_back(std::move(out));
  }
  return fields;
}

FormAnswers typed_answers(const http::Request& request, const Step& step, const Reading& reading) {
  FormAnswers typed;
  for (const auto& field : step.page->fields) {
    const std::string key = key_of(field, step.time);
    const auto [from, to] = request.form.equal_range(key);
    std::vector<std::string> values;
    for (auto at = from; at != to; ++at)
      if (!at->second.empty()) values.push_back(at->second);
    if (field.kind == FieldKind::moment && !values.empty())
      if (const auto time = request.form_value(key + "-time"); !time.empty()) values[0] += "T" + time;
    if (field.kind == FieldKind::ward && !values.empty()) {
      const auto was = request.form_value(key + "-was"), pick = request.form_value(key + "-pick");
      if (!pick.empty()) values[0] = pick;
      else if (!was.empty() && values[0] == reading.units.full_name(was, reading.today)) values[0] = was;
    }
    if (!values.empty()) typed[key] = std::move(values);
  }
  return typed;
}

}  // namespace motcua::declarations
