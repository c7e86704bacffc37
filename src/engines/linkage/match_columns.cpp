#include "engines/linkage/match_columns.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "engines/linkage/text.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t words_max = 32;

std::string to_date_digits(std::string_view raw) {
  if (const auto date = parse_date(raw); date.ok()) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%04d%02d%02d", date->year, date->month, date->day);
    return digits;
  }
  std::string digits;   // a day that does not exist is still telling: 19450299
  for (const char c : raw)
    if (c >= '0' && c <= '9') digits.push_back(c);
  return digits.size() == 8 ? digits : std::string();
}

std::string to_digits(std::string_view raw) {
  std::string digits;
  for (const char c : raw)
    if (c >= '0' && c <= '9') digits.push_back(c);
  return digits;
}

std::string join(const std::vector<Word>& words) {
  std::string joined;
  for (const Word& w : words) {
    if (!joined.empty()) joined.push_back(' ');
    joined += w.folded;
  }
  return joined;
}

std::string to_value(const MatchField& field, std::string_view raw) {
  switch (field.kind) {
    case FieldKind::date: return to_date_digits(raw);
    case FieldKind::phone: return to_digits(raw);
    case FieldKind::id: return to_alnum(raw);
    case FieldKind::name: return field.vietnamese ? join(to_name_words(raw)) : to_folded(raw);
    case FieldKind::address: return field.vietnamese ? join(to_address_words(raw)) : to_folded(raw);
    case FieldKind::email: case FieldKind::number: case FieldKind::year: return to_small(raw);
    default: return to_folded(raw);
  }
}

std::uint64_t to_skeleton(std::string_view text) {
  std::string skeleton;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool soft = c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == 'w' || c == 'h' || c == ' ';
    if (i == 0 || (!soft && c != text[i - 1])) skeleton.push_back(c);
  }
  return hash_text(skeleton);
}

double to_number(std::string_view text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

struct KindName { std::string_view text; FieldKind kind; };
constexpr KindName kind_names[] = {{"name", FieldKind::name}, {"text", FieldKind::text}, {"date", FieldKind::date}, {"year", FieldKind::year},
    {"id", FieldKind::id}, {"phone", FieldKind::phone}, {"number", FieldKind::number}, {"category", FieldKind::category},
    {"email", FieldKind::email}, {"address", FieldKind::address}};

}  // namespace

Result<FieldKind> parse_field_kind(std::string_view text) {
  for (const KindName& k : kind_names)
    if (k.text == text) return k.kind;
  return invalid("linkage.unknown_kind", std::string(text), {{"field", std::string(text)}});
}

TextId MatchColumn::intern(std::string_view raw) {
  const TextId id = values.intern(to_value(field, raw.substr(0, match_value_bytes_max)));
  if (id < parsed.size()) return id;
  MatchValue value;
  const std::string_view folded = values.text(id);
  value.first_word = static_cast<std::uint32_t>(words.size());
  if (field.kind == FieldKind::address || field.kind == FieldKind::text || field.kind == FieldKind::name) {
    value.skeleton = to_skeleton(folded);
    std::size_t from = 0;
    while (from < folded.size() && words.size() - value.first_word < words_max) {
      const std::size_t to = std::min(folded.find_first_of(" ,.;", from), folded.size());
      if (to > from) words.push_back(word_texts.intern(folded.substr(from, to - from)));
      from = to + 1;
    }
    std::sort(words.begin() + value.first_word, words.end());
    words.erase(std::unique(words.begin() + value.first_word, words.end()), words.end());
  }
  value.words = static_cast<std::uint16_t>(words.size() - value.first_word);
  if (field.kind == FieldKind::name && field.vietnamese) names.push_back(people.to_row({.full_name = std::string(folded)}).name);
  if (field.kind == FieldKind::number || field.kind == FieldKind::year) value.number = to_number(folded);
  parsed.push_back(value);
  return id;
}

MatchTable::MatchTable(const MatchSpec& spec) : columns_(std::make_unique<Columns>()) {
  for (const MatchField& field : spec.fields) {
    columns_->columns.emplace_back();
    columns_->columns.back().field = field;
  }
}
MatchTable::MatchTable(MatchTable&&) noexcept = default;
MatchTable& MatchTable::operator=(MatchTable&&) noexcept = default;
MatchTable::~MatchTable() = default;
std::size_t MatchTable::size() const { return columns_->files.size(); }

RecordIndex MatchTable::add(std::span<const std::string_view> values, int file) {
  for (std::size_t f = 0; f < columns_->columns.size(); ++f)
    columns_->values.push_back(f < values.size() ? columns_->columns[f].intern(values[f]) : 0);
  columns_->files.push_back(static_cast<std::uint8_t>(file));
  return static_cast<RecordIndex>(columns_->files.size() - 1);
}

}  // namespace motcua::linkage
