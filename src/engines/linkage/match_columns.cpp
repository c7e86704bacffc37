#include "engines/linkage/match_columns.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "engines/linkage/text.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t words_max = 32, subscriber_digits = 9;

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

/// Without the country's code or the 0 in its place: "84912345678" and "0912345678" are one number.
std::string to_subscriber(const std::string& digits) { return digits.substr(digits.size() - std::min(digits.size(), subscriber_digits)); }

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
    case FieldKind::phone: return to_subscriber(to_digits(raw));
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

DigitCode to_digit_code(std::string_view text) {
  if (text.size() > 15) return 0;
  DigitCode code = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return 0;
    code = code << 4 | static_cast<DigitCode>(c - '0' + 1);
  }
  return code;
}

/// Between the first and the last digit that differ, two edits can explain the ends only: what lies between must stand in its place or, one
/// digit lost at one end and another found at the other, one place further.
bool are_far_apart(DigitCode a, DigitCode b) {
  const auto digits = [](DigitCode code) { return (std::bit_width(code) + 3) / 4; };
  const DigitCode differ = a ^ b;
  if (a == 0 || b == 0 || differ == 0 || digits(a) != digits(b)) return false;
  const int low = std::countr_zero(differ) / 4, high = (std::bit_width(differ) - 1) / 4;
  if (high - low < 4) return false;
  const auto places = [](int from, int to) { return (~DigitCode{0} >> (64 - 4 * (to - from + 1))) << (4 * from); };
  return (differ & places(low + 2, high - 2)) != 0 && ((a >> 4 ^ b) & places(low, high - 1)) != 0 && ((a ^ b >> 4) & places(low, high - 1)) != 0;
}

TextId MatchColumn::intern(std::string_view raw) {
  if (raw.empty()) return 0;
  TextId* const known = seen.find(raw);
  if (known != nullptr && *known != SeenValues::unknown) return *known;
  const TextId id = intern_folded(to_value(field, raw.substr(0, match_value_bytes_max)));
  if (known != nullptr) *known = id;
  return id;
}

TextId* SeenValues::find(std::string_view raw) {
  if (raw.size() > raw_bytes_max || given_up_) return nullptr;
  if (slots_.empty()) slots_.resize(slots_max);
  Slot& slot = slots_[hash_text(raw) % slots_max];
  ++asked_;
  if (slot.size == raw.size() && std::memcmp(slot.raw.data(), raw.data(), raw.size()) == 0) {
    ++found_;
    return &slot.id;
  }
  if (asked_ >= asked_before_giving_up && found_ * 8 < asked_) {   // nearly every value is new: nothing to remember
    given_up_ = true;
    slots_ = {};
    return nullptr;
  }
  slot.size = static_cast<std::uint8_t>(raw.size());
  std::memcpy(slot.raw.data(), raw.data(), raw.size());
  slot.id = unknown;
  return &slot.id;
}

TextId MatchColumn::intern_folded(std::string_view text) {
  const std::size_t before = values.size();
  const TextId id = values.intern(text);
  if (values.size() == before) return id;
  const std::string_view folded = values.text(id);
  switch (field.kind) {
    case FieldKind::name: case FieldKind::text: case FieldKind::address:
      parsed.push_back(to_parsed(folded));
      if (field.kind == FieldKind::name && field.vietnamese) names.push_back(people.to_row({.full_name = std::string(folded)}).name);
      break;
    case FieldKind::date: case FieldKind::id: case FieldKind::phone: codes.push_back(to_digit_code(folded)); break;
    case FieldKind::year: case FieldKind::number: numbers.push_back(to_number(folded)); break;
    default: break;
  }
  return id;
}

MatchValue MatchColumn::to_parsed(std::string_view folded) {
  MatchValue value{to_skeleton(folded), static_cast<std::uint32_t>(words.size()), 0};
  for (std::size_t from = 0; from < folded.size() && words.size() - value.first_word < words_max;) {
    const std::size_t to = std::min(folded.find_first_of(" ,.;", from), folded.size());
    if (to > from) words.push_back(word_texts.intern(folded.substr(from, to - from)));
    from = to + 1;
  }
  std::sort(words.begin() + value.first_word, words.end());
  words.erase(std::unique(words.begin() + value.first_word, words.end()), words.end());
  value.words = static_cast<std::uint16_t>(words.size() - value.first_word);
  return value;
}

MatchTable::MatchTable(const MatchSpec& spec) : columns_(std::make_unique<Columns>()) {
  for (const MatchField& field : spec.fields) {
    columns_->columns.emplace_back();
    columns_->columns.back().field = field;
  }
  columns_->width = spec.fields.size();
}
MatchTable::MatchTable(MatchTable&&) noexcept = default;
MatchTable& MatchTable::operator=(MatchTable&&) noexcept = default;
MatchTable::~MatchTable() = default;
std::size_t MatchTable::size() const { return columns_->files.size(); }

RecordIndex MatchTable::add(std::span<const std::string_view> values, int file) {
  std::vector<std::string_view> row(values.begin(), values.end());
  row.resize(columns_->columns.size());
  add_rows(row, file, {});
  return static_cast<RecordIndex>(size() - 1);
}

void MatchTable::add_rows(std::span<const std::string_view> values, int file, const ParallelFor& parallel_for,
                          const std::function<void()>& meanwhile) {
  const std::size_t fields = columns_->columns.size(), before = columns_->values.size(), width = columns_->width;
  columns_->values.resize(before + values.size() / fields * width);
  run(parallel_for, fields + 1, [&](std::size_t task) {
    if (task == 0) return meanwhile();
    const std::size_t f = task - 1;
    for (std::size_t i = f, at = before + f; i < values.size(); i += fields, at += width) columns_->values[at] = columns_->columns[f].intern(values[i]);
  });
  columns_->files.insert(columns_->files.end(), values.size() / fields, static_cast<std::uint8_t>(file));
}

}  // namespace motcua::linkage
