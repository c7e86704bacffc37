#include "rooms/declarations/forms.hpp"

#include <algorithm>
#include <set>

#include "base/vietnamese.hpp"

namespace motcua::declarations {
namespace {

std::size_t chars_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
bool is_blank(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(), [](const std::string& v) { return v.find_first_not_of(" \t\r\n") == std::string::npos; });
}
bool is_readable(std::string_view text) {
  return vietnamese::is_clean_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
}

bool holds(const std::optional<Condition>& when, const FormPage& page, int time, const FormAnswers& answers) {
  if (!when) return true;
  const auto same_page = std::find_if(page.fields.begin(), page.fields.end(), [&](const Field& f) { return f.id == when->field; });
  const auto found = answers.find(same_page == page.fields.end() ? when->field : key_of(*same_page, time));
  if (found == answers.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const auto& v) { return std::find(when->is.begin(), when->is.end(), v) != when->is.end(); });
}

std::optional<Failure> check_chosen(const Field& field, const std::string& key, const std::vector<std::string>& values) {
  const auto known = [&](const std::string& v) { return std::any_of(field.choices.begin(), field.choices.end(), [&](const Choice& c) { return c.value == v; }); };
  if (!std::all_of(values.begin(), values.end(), known)) return invalid("declarations.answer_unknown", key);
  if (std::set<std::string>(values.begin(), values.end()).size() != values.size()) return invalid("declarations.answer_unknown", key);
  if (values.size() > 1 && std::find(values.begin(), values.end(), "none") != values.end()) return invalid("declarations.answer_alone", key);
  return std::nullopt;
}

/// Every key the form can have with these answers, asked or not.
std::set<std::string> keys_of(const Form& form, const FormAnswers& answers) {
  std::set<std::string> keys;
  for (const auto& page : form.pages)
    for (int time = page.repeat > 0 ? 1 : 0; time <= times_of(page, answers); ++time)
      for (const auto& field : page.fields) keys.insert(key_of(field, time));
  return keys;
}

/// A new set out of the asked fields' answers, in order; `chosen` says with what is there so far whether one goes in.
template <class Chosen>
FormAnswers sieve(const Form& form, const FormAnswers& answers, Chosen&& chosen) {
  FormAnswers out;
  for (const auto& page : form.pages) {
    if (!is_asked(page, out)) continue;
    for (int time = page.repeat > 0 ? 1 : 0; time <= times_of(page, answers); ++time)
      for (const auto& field : page.fields) {
        const Step step{&page, time};
        const std::string key = key_of(field, time);
        const auto found = answers.find(key);
        if (found == answers.end() || !is_asked(step, field, out)) continue;
        out[key] = found->second;
        if (!chosen(step, field, out)) out.erase(key);
      }
  }
  // What lies behind a gap in a repeated page is no answer to anything.
  const auto keys = keys_of(form, out);
  std::erase_if(out, [&](const auto& answer) { return !keys.contains(answer.first); });
  return out;
}

}  // namespace

const Form* form_on(const std::vector<Form>& forms, FormKind kind, Date day) {
  const Form* found = nullptr;
  for (const auto& form : forms)
    if (form.kind == kind && form.from <= day && (!form.to || day <= *form.to) && (!found || form.version > found->version)) found = &form;
  return found;
}

std::string key_of(const Field& field, int time) { return time == 0 ? field.id : field.id + "." + std::to_string(time); }

std::string_view value_of(const FormAnswers& answers, std::string_view key) {
  const auto found = answers.find(key);
  return found == answers.end() || found->second.empty() ? std::string_view() : found->second.front();
}

std::string to_text(const Step& step) { return step.time == 0 ? step.page->id : step.page->id + "." + std::to_string(step.time); }

int times_of(const FormPage& page, const FormAnswers& answers) {
  int times = 0;
  const auto answered = [&](int time) { return std::any_of(page.fields.begin(), page.fields.end(), [&](const Field& f) { return answers.contains(key_of(f, time)); }); };
  while (times < page.repeat && answered(times + 1)) ++times;
  return times;
}

std::vector<Step> steps_of(const Form& form, const FormAnswers& answers) {
  std::vector<Step> steps;
  for (const auto& page : form.pages) {
    if (!is_asked(page, answers)) continue;
    if (page.repeat == 0) steps.push_back({&page, 0});
    for (int time = 1; page.repeat > 0 && time <= std::max(1, times_of(page, answers)); ++time) steps.push_back({&page, time});
  }
  return steps;
}

std::optional<Step> find_step(const Form& form, std::string_view text, const FormAnswers& answers) {
  for (const auto& page : form.pages) {
    if (page.repeat == 0 && page.id == text) return Step{&page, 0};
    for (int time = 1; time <= std::min(page.repeat, times_of(page, answers) + 1); ++time)
      if (to_text(Step{&page, time}) == text) return Step{&page, time};
  }
  return std::nullopt;
}

FormAnswers without_step(const Step& step, FormAnswers answers) {
  const int times = times_of(*step.page, answers);
  for (int time = step.time; time <= times; ++time)
    for (const auto& field : step.page->fields) {
      answers.erase(key_of(field, time));
      if (auto later = answers.extract(key_of(field, time + 1)); later && time < times) {
        later.key() = key_of(field, time);
        answers.insert(std::move(later));
      }
    }
  return answers;
}

bool is_asked(const FormPage& page, const FormAnswers& answers) { return holds(page.when, page, 0, answers); }
bool is_asked(const Step& step, const Field& field, const FormAnswers& answers) { return is_asked(*step.page, answers) && holds(field.when, *step.page, step.time, answers); }

std::optional<Failure> check_field(const Step& step, const Field& field, const FormAnswers& answers) {
  if (!is_asked(step, field, answers)) return std::nullopt;
  const std::string key = key_of(field, step.time);
  const auto found = answers.find(key);
  if (found == answers.end() || is_blank(found->second)) return field.required ? std::optional(invalid("declarations.answer_missing", key)) : std::nullopt;
  const auto& values = found->second;
  if (field.kind != FieldKind::choices && values.size() != 1) return invalid("declarations.answer_unknown", key);
  if (!field.choices.empty()) return check_chosen(field, key, values);
  if (!is_readable(values[0])) return invalid("declarations.text_unreadable", key);
  if (field.chars_max > 0 && chars_of(values[0]) > static_cast<std::size_t>(field.chars_max))
    return invalid("declarations.answer_too_long", key, {{"max", std::to_string(field.chars_max)}});
  return std::nullopt;
}

std::vector<Failure> check_step(const Step& step, const FormAnswers& answers) {
  std::vector<Failure> failures;
  for (const auto& field : step.page->fields)
    if (auto failure = check_field(step, field, answers)) failures.push_back(std::move(*failure));
  return failures;
}

std::vector<Failure> check_answers(const Form& form, const FormAnswers& answers) {
  std::vector<Failure> failures;
  for (const Step& step : steps_of(form, answers))
    for (auto& failure : check_step(step, answers)) failures.push_back(std::move(failure));
  const auto known = keys_of(form, answers);
  // The name that was sent is not said back: it may be anything.
  if (std::any_of(answers.begin(), answers.end(), [&](const auto& a) { return !known.contains(a.first); })) failures.push_back(invalid("declarations.field_unknown", "answers"));
  return failures;
}

std::optional<Step> first_open_step(const Form& form, const FormAnswers& answers) {
  for (const Step& step : steps_of(form, answers))
    if (!check_step(step, answers).empty()) return step;
  return std::nullopt;
}

FormAnswers asked_only(const Form& form, const FormAnswers& answers) {
  FormAnswers out = sieve(form, answers, [](const Step&, const Field&, const FormAnswers&) { return true; });
  const auto known = keys_of(form, answers);
  for (const auto& [key, values] : answers)
    if (!known.contains(key)) out[key] = values;
  return out;
}

FormAnswers fitting_only(const Form& form, const FormAnswers& answers) {
  return sieve(form, answers, [](const Step& step, const Field& field, const FormAnswers& so_far) { return !check_field(step, field, so_far); });
}

bool may_keep(const Field& field, const std::vector<std::string>& values) {
  if (!field.keep || field.keep_only.empty()) return field.keep;
  return std::all_of(values.begin(), values.end(), [&](const auto& v) { return std::find(field.keep_only.begin(), field.keep_only.end(), v) != field.keep_only.end(); });
}

FormAnswers kept_answers(const Form& form, const FormAnswers& last) {
  return sieve(form, last, [](const Step& step, const Field& field, const FormAnswers& so_far) {
    return may_keep(field, so_far.at(key_of(field, step.time))) && !check_field(step, field, so_far);
  });
}

}  // namespace motcua::declarations
