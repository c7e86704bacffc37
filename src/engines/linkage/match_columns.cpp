#include "engines/linkage/match_columns.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numeric>

#include "engines/linkage/text.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t words_max = 32, subscriber_digits = 9, date_digits_min = 7, date_digits_max = 9;
constexpr std::uint32_t word_rows_min = 2;   // a word seen once may be a slip: it weighs no more than one seen twice

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void append_digits(std::string_view raw, std::string& out) {
  for (const char c : raw)
    if (is_digit(c)) out.push_back(c);
}

/// The digits of what is no day, year first: 19450299 is still telling, and so are seven digits or nine, one lost or one too many.
void append_slipped_date(std::string_view raw, std::string& out) {
  std::array<std::string, 3> parts;
  std::size_t count = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (!is_digit(raw[i])) continue;
    if (i == 0 || !is_digit(raw[i - 1])) ++count;
    if (count > parts.size()) return append_digits(raw, out);
    parts[count - 1].push_back(raw[i]);
  }
  if (count == 3 && parts[0].size() <= 2 && parts[2].size() > 2) std::swap(parts[0], parts[2]);   // day first
  for (std::string& part : parts) out += count == 3 && part.size() == 1 ? "0" + part : part;
}

void append_date(std::string_view raw, std::string& out) {
  const std::size_t before = out.size();
  if (const auto date = parse_date(raw); date.ok()) {
    out.resize(before + 8, '0');
    for (std::int64_t at = static_cast<std::int64_t>(before) + 7, left = date->year * 10000 + date->month * 100 + date->day; left > 0; --at, left /= 10)
      out[static_cast<std::size_t>(at)] = static_cast<char>('0' + left % 10);
    return;
  }
  append_slipped_date(raw, out);
  if (out.size() < before + date_digits_min || out.size() > before + date_digits_max) out.resize(before);
}

/// Without the country's code or the 0 in its place: "84912345678" and "0912345678" are one number.
void append_subscriber(std::string_view raw, std::string& out) {
  const std::size_t before = out.size();
  append_digits(raw, out);
  if (out.size() > before + subscriber_digits) out.erase(before, out.size() - before - subscriber_digits);
}

void append_value(const MatchField& field, std::string_view raw, std::string& out) {
  switch (field.kind) {
    case FieldKind::date: return append_date(raw, out);
    case FieldKind::phone: return append_subscriber(raw, out);
    case FieldKind::id: out += to_alnum(raw); return;
    case FieldKind::name: out += field.vietnamese ? to_name_text(raw) : to_folded(raw); return;
    case FieldKind::address: out += field.vietnamese ? to_address_text(raw) : to_folded(raw); return;
    case FieldKind::email: case FieldKind::number: case FieldKind::year: out += to_small(raw); return;
    default: out += to_folded(raw); return;
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
  return std::isfinite(number) ? number : 0;
}

/// Where each number stands among the rows, 0..1.
std::vector<float> to_places(const std::vector<double>& numbers, const std::vector<std::uint32_t>& holding) {
  std::vector<TextId> order;
  for (TextId v = 1; v < numbers.size(); ++v) order.push_back(v);
  std::sort(order.begin(), order.end(), [&](TextId a, TextId b) { return numbers[a] < numbers[b]; });
  std::vector<float> places(numbers.size(), 0);
  const double rows = std::accumulate(holding.begin() + 1, holding.end(), 0.0);
  double below = 0;
  for (std::size_t from = 0, to = 0; from < order.size(); from = to) {   // "10" and "10.0" stand in one place
    double equal = 0;
    for (; to < order.size() && numbers[order[to]] == numbers[order[from]]; ++to) equal += holding[order[to]];
    for (std::size_t i = from; i < to; ++i) places[order[i]] = static_cast<float>((below + equal / 2) / rows);
    below += equal;
  }
  return places;
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

/// Values that were not seen lately: folded one after the other, then looked up at once.
struct MatchColumn::Batch {
  static constexpr std::size_t values_max = 512;
  std::string folded;
  std::vector<std::size_t> ends;
  std::vector<TextId*> wanted;
  std::vector<SeenValues::Slot*> slots;
};

void MatchColumn::intern(std::span<const std::string_view> raw, std::size_t step, TextId* ids, std::size_t width) {
  Batch batch;
  for (std::size_t i = 0; i < raw.size(); i += step, ids += width) {
    const std::string_view text = raw[i].substr(0, match_value_bytes_max);
    *ids = 0;
    if (text.empty()) continue;
    SeenValues::Slot* const slot = seen.find(text);
    if (slot != nullptr && slot->id != 0) {
      *ids = slot->id;
      continue;
    }
    append_value(field, text, batch.folded);
    if (slot != nullptr) slot->asked = static_cast<std::uint32_t>(batch.wanted.size());
    batch.ends.push_back(batch.folded.size());
    batch.wanted.push_back(ids);
    batch.slots.push_back(slot);
    if (batch.wanted.size() == Batch::values_max) intern_folded(batch);
  }
  intern_folded(batch);
}

void MatchColumn::intern_folded(Batch& batch) {
  std::vector<std::string_view> texts;
  for (std::size_t from = 0; const std::size_t end : batch.ends) {
    texts.push_back(std::string_view(batch.folded).substr(from, end - from));
    from = end;
  }
  std::vector<TextId> ids(texts.size());
  const std::size_t before = values.size();
  values.intern(texts, ids.data());
  for (std::size_t value = before; value < values.size(); ++value) parse(static_cast<TextId>(value));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    *batch.wanted[i] = ids[i];
    if (SeenValues::Slot* slot = batch.slots[i]; slot != nullptr && slot->asked == i) slot->id = ids[i];   // else another text took it
  }
  batch = {};
}

SeenValues::Slot* SeenValues::find(std::string_view raw) {
  if (given_up_ || raw.size() > sizeof Slot::raw) return nullptr;
  if (slots_.empty()) slots_.resize(slots_max);
  Slot& slot = slots_[hash_text(raw) % slots_max];
  ++asked_;
  if (slot.size == raw.size() && std::memcmp(slot.raw.data(), raw.data(), raw.size()) == 0) {
    ++found_;
    return &slot;
  }
  if (asked_ >= asked_before_giving_up && found_ * 8 < asked_) given_up_ = true;   // nearly every value is new: nothing to remember
  slot.size = static_cast<std::uint8_t>(raw.size());
  std::memcpy(slot.raw.data(), raw.data(), raw.size());
  slot.id = 0;
  return &slot;
}

void MatchColumn::parse(TextId value) {
  const std::string_view folded = values.text(value);
  switch (field.kind) {
    case FieldKind::name: case FieldKind::text: case FieldKind::address:
      parsed.push_back(to_parsed(folded));
      if (field.kind == FieldKind::name && field.vietnamese) names.push_back(people.intern_name(to_folded_name_words(folded)));
      break;
    case FieldKind::date: case FieldKind::id: case FieldKind::phone: codes.push_back(to_digit_code(folded)); break;
    case FieldKind::year: case FieldKind::number: numbers.push_back(to_number(folded)); break;
    default: break;
  }
}

/// In texts a number with letters is one word however it is divided: "wh-1000xm4" is "wh1000xm4".
TextId MatchColumn::intern_word(std::string_view word) {
  const auto has = [&](bool (*is)(char)) { return std::any_of(word.begin(), word.end(), is); };
  const auto is_divider = [](char c) { return c == '-' || c == '/' || c == '_'; };
  if (field.kind != FieldKind::text || !has(is_divider) || !has(is_digit) || !has([](char c) { return c >= 'a' && c <= 'z'; })) return word_texts.intern(word);
  std::string joined;
  std::remove_copy_if(word.begin(), word.end(), std::back_inserter(joined), is_divider);
  return word_texts.intern(joined);
}

MatchValue MatchColumn::to_parsed(std::string_view folded) {
  MatchValue value{to_skeleton(folded), static_cast<std::uint32_t>(words.size()), 0};
  for (std::size_t from = 0; from < folded.size() && words.size() - value.first_word < words_max;) {
    const std::size_t to = std::min(folded.find_first_of(" ,.;", from), folded.size());
    if (to > from) words.push_back(intern_word(folded.substr(from, to - from)));
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
    if (values.empty()) return;
    columns_->columns[f].intern(values.subspan(f), fields, columns_->values.data() + before + f, width);
  });
  columns_->files.insert(columns_->files.end(), values.size() / fields, static_cast<std::uint8_t>(file));
}

std::vector<std::uint32_t> MatchTable::Columns::rows_with_value(std::size_t field) const {
  std::vector<std::uint32_t> holding(columns[field].values.size(), 0);
  for (RecordIndex r = 0; r < rows(); ++r) ++holding[value(r, field)];
  return holding;
}

std::vector<std::uint32_t> MatchTable::Columns::rows_with_word(std::size_t field) const {
  const MatchColumn& c = columns[field];
  const std::vector<std::uint32_t> holding = rows_with_value(field);
  std::vector<std::uint32_t> of_word(c.word_texts.size(), 0);
  for (TextId v = 1; v < c.parsed.size(); ++v)
    for (std::size_t w = c.parsed[v].first_word; w < c.parsed[v].first_word + std::size_t{c.parsed[v].words}; ++w) of_word[c.words[w]] += holding[v];
  return of_word;
}

void MatchTable::Columns::weigh_values(const ParallelFor& parallel_for) const {
  run(parallel_for, columns.size(), [&](std::size_t f) {
    const MatchColumn& c = columns[f];
    if (c.field.kind == FieldKind::number) c.places = to_places(c.numbers, rows_with_value(f));
    if (c.parsed.size() < 2) return;
    const std::vector<std::uint32_t> holding = rows_with_word(f);
    c.word_weights.assign(holding.size(), 0);
    for (std::size_t w = 1; w < holding.size(); ++w)
      c.word_weights[w] = static_cast<float>(std::log2(1 + static_cast<double>(rows()) / std::max(holding[w], word_rows_min)));
  });
}

}  // namespace motcua::linkage
