// Forms out of their TOML files, with the file and the key of whatever is wrong.
#include <algorithm>
#include <set>

#include "platform/assets/assets.hpp"
#include "platform/toml/toml.hpp"
#include "rooms/declarations/forms.hpp"

namespace motcua::declarations {
namespace {

constexpr std::string_view forms_folder = "policies/forms/";
constexpr int days_max = 4000;

struct KindName {
  FieldKind kind;
  std::string_view name;
};
constexpr KindName kind_names[] = {{FieldKind::yes_no, "yes_no"}, {FieldKind::choices, "choices"}, {FieldKind::choice, "choice"}, {FieldKind::text, "text"}, {FieldKind::number, "number"},
                                   {FieldKind::date, "date"}, {FieldKind::moment, "moment"}, {FieldKind::country, "country"}, {FieldKind::ward, "ward"}, {FieldKind::phone, "phone"},
                                   {FieldKind::code, "code"}};
/// What may be told by which kind of field; forms_told.cpp reads them.
constexpr struct {
  std::string_view means;
  FieldKind kind;
} meanings[] = {{"symptoms", FieldKind::choices}, {"contact_with_case", FieldKind::yes_no}, {"contact_with_symptomatic", FieldKind::yes_no}, {"from_affected_area", FieldKind::yes_no},
                {"travelled", FieldKind::yes_no}, {"ride_kind", FieldKind::choice}, {"ride_code", FieldKind::code}, {"ride_seat", FieldKind::text}, {"ride_from", FieldKind::moment},
                {"ride_to", FieldKind::moment}, {"stop_name", FieldKind::text}, {"stop_ward", FieldKind::ward}, {"stop_from", FieldKind::moment}, {"stop_to", FieldKind::moment}};
constexpr std::string_view details_known[] = {"id_number", "nationality", "address", "ward_code", "phone"};

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
  if (kind != FieldKind::choices && kind != FieldKind::choice) return choices;
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

/// Fields and pages before the one that is read: a condition may name an earlier field, of a repeated page only from within it.
struct Known {
  std::set<std::string> fields, once, here;        // all; of pages that do not repeat; of this page
};
Result<std::optional<Condition>> read_condition(const toml::Table& t, const Known& known) {
  if (!t.has("when")) return std::optional<Condition>();
  TRY_ASSIGN(const toml::Table when, t.table("when"));
  TRY(when.only({"field", "is"}));
  Condition condition;
  TRY_ASSIGN(condition.field, when.text("field"));
  TRY_ASSIGN(condition.is, when.texts("is"));
  if ((!known.once.contains(condition.field) && !known.here.contains(condition.field)) || condition.is.empty()) return wrong(t, "when");
  return std::optional(std::move(condition));
}

Result<void> read_bounds(const toml::Table& t, Field& field) {
  if (field.kind == FieldKind::text || field.kind == FieldKind::code) {
    TRY_ASSIGN(const auto most, t.integer("chars_max", 1, form_chars_max));
    field.chars_max = static_cast<int>(most);
  }
  if (field.kind == FieldKind::number) {
    TRY_ASSIGN(field.min, t.integer("min", 0, 1'000'000'000));
    TRY_ASSIGN(field.max, t.integer("max", field.min, 1'000'000'000));
  }
  if (field.kind == FieldKind::date || field.kind == FieldKind::moment) {
    TRY_ASSIGN(const auto back, t.integer("days_back", 0, days_max));
    TRY_ASSIGN(const auto ahead, t.integer("days_ahead", 0, days_max));
    field.days_back = static_cast<int>(back), field.days_ahead = static_cast<int>(ahead);
  }
  return {};
}

Result<void> read_kind(const toml::Table& t, Field& field) {
  TRY_ASSIGN(const auto kind, t.text("kind"));
  const auto* named = std::find_if(std::begin(kind_names), std::end(kind_names), [&](const KindName& k) { return k.name == kind; });
  if (named == std::end(kind_names)) return wrong(t, "kind");
  field.kind = named->kind;
  TRY(read_bounds(t, field));
  TRY_ASSIGN(field.choices, read_choices(t, field.kind));
  if (!t.has("means")) return {};
  TRY_ASSIGN(field.means, t.text("means"));
  const bool fits = std::any_of(std::begin(meanings), std::end(meanings), [&](const auto& m) { return m.means == field.means && m.kind == field.kind; });
  return fits ? Result<void>() : wrong(t, "means");
}

Result<void> read_filling(const toml::Table& t, Field& field) {
  if (t.has("keep")) {
    TRY_ASSIGN(field.keep, t.boolean("keep"));
  }
  if (t.has("keep_only")) {
    TRY_ASSIGN(field.keep_only, t.texts("keep_only"));
    field.keep = true;
    if (field.keep_only.empty()) return wrong(t, "keep_only");
  }
  if (t.has("known")) {
    TRY_ASSIGN(field.known, t.text("known"));
    if (std::find(std::begin(details_known), std::end(details_known), field.known) == std::end(details_known)) return wrong(t, "known");
  }
  return {};
}

bool is_field_id(std::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

Result<Field> read_field(const toml::Table& t, Known& known) {
  TRY(t.only({"id", "kind", "means", "keep", "keep_only", "known", "required", "label", "hint", "why", "choices", "chars_max", "min", "max", "days_back", "days_ahead", "when"}));
  Field field;
  TRY_ASSIGN(field.id, t.text("id"));
  TRY_ASSIGN(field.label, read_words(t, "label"));
  TRY_ASSIGN(field.hint, read_words(t, "hint"));
  TRY_ASSIGN(field.why, read_words(t, "why"));
  if (field.label.vi.empty()) return wrong(t, "label");
  TRY(read_kind(t, field));
  TRY(read_filling(t, field));
  if (t.has("required")) {
    TRY_ASSIGN(field.required, t.boolean("required"));
  }
  TRY_ASSIGN(field.when, read_condition(t, known));
  if (!is_field_id(field.id) || !known.fields.insert(field.id).second || known.fields.size() > form_fields_max) return wrong(t, "id");
  known.here.insert(field.id);
  return field;
}

Result<FormPage> read_page(const toml::Table& t, Known& known) {
  TRY(t.only({"id", "title", "repeat", "when", "field"}));
  FormPage page;
  TRY_ASSIGN(page.id, t.text("id"));
  if (!is_field_id(page.id)) return wrong(t, "id");
  TRY_ASSIGN(page.title, read_words(t, "title"));
  if (t.has("repeat")) {
    TRY_ASSIGN(const auto most, t.integer("repeat", 1, form_repeat_max));
    page.repeat = static_cast<int>(most);
  }
  known.here.clear();
  TRY_ASSIGN(page.when, read_condition(t, known));
  TRY_ASSIGN(const auto fields, t.tables("field"));
  if (fields.empty()) return wrong(t, "field");
  for (const auto& f : fields) {
    TRY_ASSIGN(auto field, read_field(f, known));
    page.fields.push_back(std::move(field));
  }
  if (page.repeat == 0) known.once.insert(known.here.begin(), known.here.end());
  return page;
}

Result<void> read_head(const toml::Table& t, Form& form) {
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
  return form.title.vi.empty() ? wrong(t, "title") : Result<void>();
}

}  // namespace

std::string_view to_text(FieldKind kind) {
  return std::find_if(std::begin(kind_names), std::end(kind_names), [&](const KindName& k) { return k.kind == kind; })->name;
}

Result<Form> read_form(std::string_view text, const std::string& file) {
  TRY_ASSIGN(const toml::Table t, toml::parse(text, file));
  TRY(t.only({"id", "version", "from", "to", "citation", "confidence", "title", "page"}));
  Form form;
  TRY(read_head(t, form));
  TRY_ASSIGN(const auto pages, t.tables("page"));
  Known known;
  for (const auto& one : pages) {
    TRY_ASSIGN(auto page, read_page(one, known));
    const bool twice = std::any_of(form.pages.begin(), form.pages.end(), [&](const FormPage& p) { return p.id == page.id; });
    if (twice) return wrong(one, "id");
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

}  // namespace motcua::declarations
