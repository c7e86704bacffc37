#include "rooms/declarations/forms.hpp"

#include <algorithm>
#include <set>

#include "platform/assets/assets.hpp"
#include "platform/toml/toml.hpp"

namespace motcua::declarations {
namespace {

constexpr std::string_view forms_folder = "policies/forms/";

Failure wrong(const toml::Table& t, std::string_view key) { return t.failure("declarations.form_invalid", key); }

Result<Words> read_words(const toml::Table& t, std::string_view key) {
  if (!t.has(key)) return Words{};
  TRY_ASSIGN(const toml::Table words, t.table(key));
  TRY(words.only({"vi", "en"}));
  Words out;
  TRY_ASSIGN(out.vi, words.text("vi"));
  TRY_ASSIGN(out.en, words.text("en"));
  if (out.vi.empty() || out.en.empty()) return wrong(t, key);
  return out;
}

Result<std::vector<Choice>> read_choices(const toml::Table& t, FieldKind kind) {
  std::vector<Choice> choices;
  if (kind == FieldKind::yes_no) return std::vector<Choice>{{"yes", {"Có", "Yes"}}, {"no", {"Không", "No"}}};
  if (kind != FieldKind::choices) return choices;
  TRY_ASSIGN(const auto tables, t.tables("choices"));
  for (const auto& one : tables) {
    TRY(one.only({"value", "vi", "en"}));
    Choice choice;
    TRY_ASSIGN(choice.value, one.text("value"));
    TRY_ASSIGN(choice.label.vi, one.text("vi"));
    TRY_ASSIGN(choice.label.en, one.text("en"));
    choices.push_back(std::move(choice));
  }
  if (choices.empty()) return wrong(t, "choices");
  return choices;
}

/// `known`: fields before this one.
Result<std::optional<Condition>> read_condition(const toml::Table& t, const std::set<std::string>& known) {
  if (!t.has("when")) return std::optional<Condition>();
  TRY_ASSIGN(const toml::Table when, t.table("when"));
  TRY(when.only({"field", "is"}));
  Condition condition;
  TRY_ASSIGN(condition.field, when.text("field"));
  TRY_ASSIGN(condition.is, when.texts("is"));
  if (!known.contains(condition.field) || condition.is.empty()) return wrong(t, "when");
  return std::optional(std::move(condition));
}

Result<void> read_kind(const toml::Table& t, Field& field) {
  TRY_ASSIGN(const auto kind, t.text("kind"));
  if (kind != "yes_no" && kind != "choices" && kind != "text") return wrong(t, "kind");
  field.kind = kind == "yes_no" ? FieldKind::yes_no : kind == "choices" ? FieldKind::choices : FieldKind::text;
  if (field.kind == FieldKind::text) {
    TRY_ASSIGN(const auto most, t.integer("chars_max", 1, form_chars_max));
    field.chars_max = static_cast<int>(most);
  }
  TRY_ASSIGN(field.choices, read_choices(t, field.kind));
  if (!t.has("means")) return {};
  TRY_ASSIGN(field.means, t.text("means"));
  const bool answer = field.means == "contact_with_case" || field.means == "contact_with_symptomatic" || field.means == "from_affected_area";
  if (!(answer && field.kind == FieldKind::yes_no) && !(field.means == "symptoms" && field.kind == FieldKind::choices)) return wrong(t, "means");
  return {};
}

Result<Field> read_field(const toml::Table& t, std::set<std::string>& known) {
  TRY(t.only({"id", "kind", "means", "keep", "required", "label", "hint", "why", "choices", "chars_max", "when"}));
  Field field;
  TRY_ASSIGN(field.id, t.text("id"));
  TRY_ASSIGN(field.label, read_words(t, "label"));
  TRY_ASSIGN(field.hint, read_words(t, "hint"));
  TRY_ASSIGN(field.why, read_words(t, "why"));
  if (field.label.vi.empty()) return wrong(t, "label");
  TRY(read_kind(t, field));
  if (t.has("keep")) {
    TRY_ASSIGN(field.keep, t.boolean("keep"));
  }
  if (t.has("required")) {
    TRY_ASSIGN(field.required, t.boolean("required"));
  }
  TRY_ASSIGN(field.when, read_condition(t, known));
  if (field.id.empty() || !known.insert(field.id).second || known.size() > form_fields_max) return wrong(t, "id");
  return field;
}

std::size_t chars_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}
bool is_blank(const std::vector<std::string>& values) {
  return std::all_of(values.begin(), values.end(), [](const std::string& v) { return v.find_first_not_of(" \t\r\n") == std::string::npos; });
}
bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
}

template <class Visit>
void each_field(const Form& form, Visit&& visit) {
  for (const auto& page : form.pages)
    for (const auto& field : page.fields) visit(field);
}

}  // namespace

Result<Form> read_form(std::string_view text, const std::string& file) {
  TRY_ASSIGN(const toml::Table t, toml::parse(text, file));
  TRY(t.only({"id", "version", "from", "to", "citation", "confidence", "title", "page"}));
  Form form;
  TRY_ASSIGN(const auto id, t.text("id"));
  const auto kind = parse_form_kind(id);
  if (!kind) return wrong(t, "id");
  form.kind = *kind;
  TRY_ASSIGN(const auto version, t.integer("version", 1, 1000));
  form.version = static_cast<int>(version);
  TRY_ASSIGN(form.from, t.date("from"));
  if (t.has("to")) {
    TRY_ASSIGN(form.to, t.date("to"));
  }
  if (form.to && *form.to < form.from) return wrong(t, "to");
  TRY_ASSIGN(form.citation, t.text("citation"));
  TRY_ASSIGN(form.title, read_words(t, "title"));
  if (form.title.vi.empty()) return wrong(t, "title");
  TRY_ASSIGN(const auto pages, t.tables("page"));
  std::set<std::string> known;
  for (const auto& one : pages) {
    TRY(one.only({"id", "field"}));
    FormPage page;
    TRY_ASSIGN(page.id, one.text("id"));
    if (page.id.empty() || find_page(form, page.id)) return wrong(one, "id");
    TRY_ASSIGN(const auto fields, one.tables("field"));
    if (fields.empty()) return wrong(one, "field");
    for (const auto& f : fields) {
      TRY_ASSIGN(auto field, read_field(f, known));
      page.fields.push_back(std::move(field));
    }
    form.pages.push_back(std::move(page));
  }
  if (form.pages.empty()) return wrong(t, "page");
  return form;
}

Result<std::vector<Form>> read_forms() {
  std::vector<Form> forms;
  for (const auto& asset : assets::list(forms_folder)) {
    TRY_ASSIGN(auto form, read_form(asset.content, std::string(asset.name)));
    forms.push_back(std::move(form));
  }
  return forms;
}

const Form* form_on(const std::vector<Form>& forms, FormKind kind, Date day) {
  const Form* found = nullptr;
  for (const auto& form : forms)
    if (form.kind == kind && form.from <= day && (!form.to || day <= *form.to) && (!found || form.version > found->version)) found = &form;
  return found;
}

const FormPage* find_page(const Form& form, std::string_view id) {
  for (const auto& page : form.pages)
    if (page.id == id) return &page;
  return nullptr;
}

bool is_asked(const Field& field, const FormAnswers& answers) {
  if (!field.when) return true;
  const auto found = answers.find(field.when->field);
  if (found == answers.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const auto& v) { return std::find(field.when->is.begin(), field.when->is.end(), v) != field.when->is.end(); });
}

std::optional<Failure> check_field(const Field& field, const FormAnswers& answers) {
  if (!is_asked(field, answers)) return std::nullopt;
  const auto found = answers.find(field.id);
  if (found == answers.end() || is_blank(found->second)) return field.required ? std::optional(invalid("declarations.answer_missing", field.id)) : std::nullopt;
  const auto& values = found->second;
  if (field.kind != FieldKind::choices && values.size() > 1) return invalid("declarations.answer_unknown", field.id);
  if (field.kind == FieldKind::text) {
    if (has_control(values[0])) return invalid("declarations.text_unreadable", field.id);
    if (chars_of(values[0]) > static_cast<std::size_t>(field.chars_max)) return invalid("declarations.answer_too_long", field.id, {{"max", std::to_string(field.chars_max)}});
    return std::nullopt;
  }
  for (const auto& value : values)
    if (std::none_of(field.choices.begin(), field.choices.end(), [&](const Choice& c) { return c.value == value; })) return invalid("declarations.answer_unknown", field.id);
  if (values.size() > 1 && std::find(values.begin(), values.end(), "none") != values.end()) return invalid("declarations.answer_alone", field.id);
  return std::nullopt;
}

std::vector<Failure> check_page(const FormPage& page, const FormAnswers& answers) {
  std::vector<Failure> failures;
  for (const auto& field : page.fields)
    if (auto failure = check_field(field, answers)) failures.push_back(std::move(*failure));
  return failures;
}

std::vector<Failure> check_answers(const Form& form, const FormAnswers& answers) {
  std::vector<Failure> failures;
  std::set<std::string_view> known;
  for (const auto& page : form.pages)
    for (auto& failure : check_page(page, answers)) failures.push_back(std::move(failure));
  each_field(form, [&](const Field& field) { known.insert(field.id); });
  // The name that was sent is not said back: it may be anything.
  if (std::any_of(answers.begin(), answers.end(), [&](const auto& a) { return !known.contains(a.first); })) failures.push_back(invalid("declarations.field_unknown", "answers"));
  return failures;
}

const FormPage* first_open_page(const Form& form, const FormAnswers& answers) {
  for (const auto& page : form.pages)
    if (!check_page(page, answers).empty()) return &page;
  return nullptr;
}

FormAnswers asked_only(const Form& form, FormAnswers answers) {
  each_field(form, [&](const Field& field) {
    if (!is_asked(field, answers)) answers.erase(field.id);
  });
  return answers;
}

FormAnswers kept_answers(const Form& form, const FormAnswers& last) {
  FormAnswers kept;
  each_field(form, [&](const Field& field) {
    const auto found = last.find(field.id);
    if (!field.keep || found == last.end()) return;
    kept[field.id] = found->second;
    if (!is_asked(field, kept) || check_field(field, kept)) kept.erase(field.id);
  });
  return kept;
}

Answers to_told(const Form& form, const FormAnswers& answers) {
  Answers told;
  each_field(form, [&](const Field& field) {
    const auto found = answers.find(field.id);
    if (found == answers.end() || found->second.empty() || !is_asked(field, answers)) return;
    if (field.means == "symptoms") {
      for (const auto& value : found->second) {
        if (value == "none") continue;
        const auto code = std::find(symptom_codes.begin(), symptom_codes.end(), value);
        told.symptoms |= 1 << std::min<std::ptrdiff_t>(code - symptom_codes.begin(), static_cast<std::ptrdiff_t>(symptom_codes.size()) - 1);
      }
      return;
    }
    const bool yes = found->second[0] == "yes";
    if (field.means == "contact_with_case") told.contact_case = yes;
    if (field.means == "contact_with_symptomatic") told.contact_symptomatic = yes;
    if (field.means == "from_affected_area") told.from_affected_area = yes;
  });
  return told;
}

PassFacts to_facts(const Answers& told) {
  return {.symptoms = told.symptoms != 0, .contact_with_case = told.contact_case.value_or(false), .contact_with_symptomatic = told.contact_symptomatic.value_or(false),
          .from_affected_area = told.from_affected_area.value_or(false)};
}

}  // namespace motcua::declarations
