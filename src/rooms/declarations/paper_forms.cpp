#include "rooms/declarations/paper_forms.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "base/phone.hpp"
#include "platform/crypto/crypto.hpp"

namespace motcua::declarations {
namespace {
using documents::PaperField;
using documents::PaperKind;

constexpr int name_boxes = 28, id_boxes = 12, phone_boxes = 12;
constexpr std::size_t number_chars = 26;   // of an id behind its kind
constexpr std::string_view sexes[] = {"female", "male", "other"};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}
std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}
std::string version_of(const Form& form, std::string_view lang) { return std::to_string(form.version) + "." + upper(std::string(lang)); }

std::vector<PaperField> person_fields(std::string_view lang, const i18n::Texts& texts) {
  const auto say = [&](std::string_view key) { return texts.text(lang, key); };
  const auto field = [&](std::string_view key, const char* label, PaperKind kind, int boxes) { return PaperField{std::string(key), say(label), "", kind, boxes, {}}; };
  std::vector<PaperField> fields{field(paper_name, "declarations.paper_name", PaperKind::letters, name_boxes), field(paper_birth, "declarations.paper_birth", PaperKind::date, 0),
                                 field(paper_sex, "declarations.paper_sex", PaperKind::choice, 0), field(paper_id_number, "declarations.paper_id_number", PaperKind::digits, id_boxes),
                                 field(paper_phone, "declarations.paper_phone", PaperKind::digits, phone_boxes), field(paper_address, "declarations.paper_address", PaperKind::line, 0)};
  fields[1].help = say("declarations.paper_birth_help");
  for (const auto sex : sexes) fields[2].options.push_back({std::string(sex), say("declarations.paper_sex_" + std::string(sex))});
  return fields;
}

PaperField to_paper_field(const PaperQuestion& question, std::string_view lang) {
  const Field& field = *question.field;
  const std::string time = question.step.time > 0 ? std::to_string(question.step.time) + ". " : "";
  PaperField out{question.key, time + field.label.in(lang), field.hint.in(lang), PaperKind::line, 0, {}};
  for (const auto& choice : field.choices) out.options.push_back({choice.value, choice.label.in(lang)});
  if (!out.options.empty()) out.kind = PaperKind::choice;
  return out;
}

const std::string& text_at(const PaperValues& values, std::string_view key) {
  static const std::string none;
  const auto found = values.find(std::string(key));
  return found == values.end() ? none : found->second.text;
}

/// Of the calendar, as yyyy-mm-dd. (Digits alone may be a spreadsheet's date elsewhere, not here.)
bool is_day(std::string_view text) { return text.size() == 10 && text[4] == '-' && parse_date(text); }

bool is_count_of_digits(std::string_view text, std::initializer_list<std::size_t> sizes) {
  return text.find_first_not_of("0123456789") == std::string_view::npos && std::find(sizes.begin(), sizes.end(), text.size()) != sizes.end();
}

}  // namespace

std::vector<PaperQuestion> questions_on_paper(const Form& form) {
  std::vector<PaperQuestion> questions;
  for (const auto& page : form.pages)
    for (int time = page.repeat > 0 ? 1 : 0; time <= std::min(page.repeat, paper_times_max); ++time)
      for (const auto& field : page.fields) questions.push_back({{&page, time}, &field, key_of(field, time)});
  return questions;
}

documents::PaperForm to_paper_form(const Form& form, std::string_view lang, const i18n::Texts& texts) {
  documents::PaperForm paper{std::string(to_text(form.kind)), version_of(form, lang), form.title.in(lang), "", std::string(lang), {}};
  paper.sections.push_back({texts.text(lang, "declarations.paper_person"), "", person_fields(lang, texts)});
  documents::PaperSection questions{texts.text(lang, "declarations.paper_questions"), "", {}};
  for (const auto& question : questions_on_paper(form)) questions.fields.push_back(to_paper_field(question, lang));
  questions.fields.push_back({std::string(paper_told_on), texts.text(lang, "declarations.paper_told_on"), "", PaperKind::date, 0, {}});
  paper.sections.push_back(std::move(questions));
  return paper;
}

std::string make_paper_token(std::string_view handle) {
  const std::string number = upper(crypto::random_id("ppr").substr(4));
  return is_id("prs", handle) ? number + "." + upper(std::string(handle.substr(4))) : number;
}

std::string person_of_paper(std::string_view token) {
  if (token.size() != 2 * number_chars + 1 || token[number_chars] != '.') return {};
  const std::string handle = "prs_" + lower(std::string(token.substr(number_chars + 1)));
  return is_id("prs", handle) ? handle : std::string();
}

PaperValues to_paper_values(const residents::Details& details, const FormAnswers& answers) {
  PaperValues values;
  const auto put = [&](std::string_view key, const std::string& text) {
    if (!text.empty()) values[std::string(key)].text = text;
  };
  put(paper_name, details.full_name);
  put(paper_birth, details.birth.size() == 10 ? details.birth : "");   // a year alone is written by hand: eight boxes ask for a day
  put(paper_id_number, details.id_number);
  std::string phone = to_display_phone(details.phone);
  std::erase(phone, ' ');
  put(paper_phone, phone);
  put(paper_address, details.address);
  if (!details.sex.empty()) values[std::string(paper_sex)].chosen = {details.sex};
  for (const auto& [field, said] : answers) values[field] = {said.empty() ? "" : said.front(), said};
  return values;
}

PaperTold told_of(const Form& form, const PaperValues& values) {
  PaperTold told;
  told.details.full_name = text_at(values, paper_name);
  told.details.birth = text_at(values, paper_birth);
  told.details.id_number = text_at(values, paper_id_number);
  told.details.phone = text_at(values, paper_phone);
  told.details.address = text_at(values, paper_address);
  if (const auto sex = values.find(std::string(paper_sex)); sex != values.end() && !sex->second.chosen.empty()) told.details.sex = sex->second.chosen.front();
  told.told_on = text_at(values, paper_told_on);
  for (const auto& [step, field, key] : questions_on_paper(form)) {
    const auto found = values.find(key);
    if (found == values.end()) continue;
    if (!field->choices.empty() && !found->second.chosen.empty()) told.answers[key] = found->second.chosen;
    if (field->choices.empty() && !found->second.text.empty()) told.answers[key] = {found->second.text};
  }
  return told;
}

bool is_doubtful(std::string_view key, const documents::PaperValue& value) {
  if (value.text.find('?') != std::string::npos) return true;
  if (key == paper_name) return value.text.empty();
  if (key == paper_birth && value.text.size() == 4) return !is_count_of_digits(value.text, {4});
  if (key == paper_birth) return !is_day(value.text);
  if (key == paper_sex) return value.chosen.size() != 1;
  if (value.text.empty()) return false;
  if (key == paper_id_number) return !is_count_of_digits(value.text, {9, 12});
  if (key == paper_phone) return !parse_phone(value.text);
  if (key == paper_told_on) return !is_day(value.text);
  return false;
}

PaperForms::PaperForms(const std::vector<Form>& forms, const i18n::Texts& texts) : forms_(forms) {
  for (const auto& form : forms)
    for (const auto lang : i18n::languages) known_.push_back({form, std::string(lang), to_paper_form(form, lang, texts)});
}

const PaperForms::Known* PaperForms::find(std::string_view id, std::string_view version) const {
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.paper.id == id && k.paper.version == version; });
  return found == known_.end() ? nullptr : &*found;
}

const PaperForms::Known* PaperForms::find(const Form& form, std::string_view lang) const {
  return find(to_text(form.kind), version_of(form, lang));
}

const PaperForms::Known* PaperForms::find_on(FormKind kind, Date day, std::string_view lang) const {
  const Form* form = form_on(forms_, kind, day);
  return form ? find(*form, lang) : nullptr;
}

}  // namespace motcua::declarations
