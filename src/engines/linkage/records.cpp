#include <algorithm>
#include <numeric>

#include "engines/linkage/columns.hpp"

namespace motcua::linkage {
namespace {

constexpr std::size_t name_words_max = 12, address_words_max = 24;

/// First letters and consonants, doubled ones once: what is left when vowels and marks are mistyped.
std::uint64_t to_skeleton(const std::vector<Word>& words) {
  std::string skeleton;
  for (const Word& word : words) {
    for (std::size_t i = 0; i < word.folded.size(); ++i) {
      const char c = word.folded[i];
      const bool vowel = c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == 'w';
      if (i != 0 && (vowel || c == word.folded[i - 1] || c == 'h' || c == 'g')) continue;
      skeleton.push_back(c);
    }
    skeleton.push_back(' ');
  }
  return hash_text(skeleton);
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Numbers that say "none": 0, 000000000, 123456789, 999999999999.
bool is_placeholder(std::string_view id) {
  return id.size() < 5 || id.find_first_not_of(id[0]) == std::string_view::npos || id == "123456789" || id == "012345678" ||
         id == "012345678912" || id == "123456789012";
}

IdValue classify(std::string_view id) {
  // 50,000 numbers that both Bà Rịa-Vũng Tàu and Đồng Nai gave out.
  constexpr std::string_view twice_from = "271450001", twice_to = "271500000";
  if (is_digits(id) && id.size() == 12) return {IdKind::citizen, false};
  if (is_digits(id) && id.size() == 9) return {IdKind::old_card, id >= twice_from && id <= twice_to};
  return {IdKind::other, false};
}

/// A citizen number says the birth year and the sex: digit 4 the century and sex, digits 5 and 6 the year.
void derive_from_citizen_number(std::string_view id, RecordRow& row) {
  const int code = id[3] - '0';
  if (row.birth == 0) row.birth = pack(1900 + 100 * (code / 2) + (id[4] - '0') * 10 + (id[5] - '0'), 0, 0);
  if (row.sex == 0) row.sex = static_cast<std::uint8_t>(code % 2 == 0 ? Sex::male : Sex::female);
}

std::string join(const std::vector<const std::string*>& parts) {
  std::string text;
  for (const std::string* part : parts) {
    if (!text.empty()) text.push_back(' ');
    text += *part;
  }
  return text;
}

}  // namespace

std::uint32_t RecordSet::Columns::intern_name(std::vector<Word> parsed) {
  if (parsed.size() > name_words_max) parsed.resize(name_words_max);
  if (parsed.empty()) return 0;
  std::vector<const std::string*> marked, folded;
  for (const Word& w : parsed) { marked.push_back(&w.marked); folded.push_back(&w.folded); }
  const std::uint32_t id = names.intern(join(marked));
  if (id < name_values.size()) return id;
  NameValue value;
  value.folded = words.intern(join(folded));
  std::sort(folded.begin(), folded.end(), [](auto* a, auto* b) { return *a < *b; });
  value.sorted = words.intern(join(folded));
  value.skeleton = to_skeleton(parsed);
  value.first_word = static_cast<std::uint32_t>(name_words.size());
  value.words = static_cast<std::uint8_t>(parsed.size());
  for (const Word& w : parsed) {
    const TextId plain = words.intern(w.folded);
    name_words.push_back({plain, w.has_marks ? words.intern(w.marked) : plain, w.has_marks, w.syllable});
    value.has_marks = value.has_marks || w.has_marks;
  }
  name_values.push_back(value);
  return id;
}

std::uint32_t RecordSet::Columns::intern_address(std::string_view text) {
  auto parsed = to_address_words(text);
  if (parsed.size() > address_words_max) parsed.resize(address_words_max);
  if (parsed.empty()) return 0;
  std::vector<const std::string*> folded;
  for (const Word& w : parsed) folded.push_back(&w.folded);
  const std::uint32_t id = addresses.intern(join(folded));
  if (id < address_values.size()) return id;
  AddressValue value;
  value.first_word = static_cast<std::uint32_t>(address_words.size());
  for (const Word& w : parsed) {
    const bool number = w.folded[0] >= '0' && w.folded[0] <= '9';
    if (number && value.house == 0) value.house = words.intern(w.folded);
    else address_words.push_back(words.intern(w.folded));
  }
  std::sort(address_words.begin() + value.first_word, address_words.end());
  address_words.erase(std::unique(address_words.begin() + value.first_word, address_words.end()), address_words.end());
  value.words = static_cast<std::uint8_t>(address_words.size() - value.first_word);
  address_values.push_back(value);
  return id;
}

TextId RecordSet::Columns::intern_id(std::string_view text, bool passport) {
  std::string id = to_alnum(text);
  if (!passport && is_digits(id) && (id.size() == 11 || id.size() == 8)) id.insert(0, "0");   // a spreadsheet dropped it
  if (is_placeholder(id)) return 0;
  const TextId number = ids.intern(id);
  if (number >= id_values.size()) id_values.push_back(classify(id));
  return number;
}

RecordRow RecordSet::Columns::to_row(const PersonRecord& record) {
  RecordRow row;
  row.name = intern_name(to_name_words(record.full_name));
  if (record.birth.year != 0) row.birth = pack(record.birth.year, record.birth.month, record.birth.month != 0 ? record.birth.day : 0);
  row.sex = static_cast<std::uint8_t>(record.sex);
  row.flags = record.one_per_person ? clean_flag : 0;
  for (std::size_t k = 0; k < std::min(phones_max, record.phones.size()); ++k) {
    row.phone[k] = contacts.intern(record.phones[k].number);
    if (record.phones[k].own) row.flags = static_cast<std::uint8_t>(row.flags | 2 << k);
  }
  row.email = contacts.intern(to_small(record.email));
  row.id = {intern_id(record.id_number, false), intern_id(record.old_id_number, false), intern_id(record.passport, true)};
  row.insurance = intern_id(record.insurance_number, true);
  row.ward = places.intern(record.ward_code);
  row.household = places.intern(record.household_id.empty() ? std::string() : record.source + '\x1f' + record.household_id);
  row.address = intern_address(record.address);
  row.source = static_cast<std::uint16_t>(sources.intern(record.source));
  if (id_values[row.id[0]].kind == IdKind::citizen) derive_from_citizen_number(ids.text(row.id[0]), row);
  return row;
}

RecordSet::Columns::Mark RecordSet::Columns::mark() const {
  return {names.size(), words.size(), addresses.size(), ids.size(), contacts.size(), places.size(), sources.size(), name_words.size(), address_words.size()};
}

void RecordSet::Columns::forget_from(const Mark& m) {
  names.shrink(m.names);
  words.shrink(m.words);
  addresses.shrink(m.addresses);
  ids.shrink(m.ids);
  contacts.shrink(m.contacts);
  places.shrink(m.places);
  sources.shrink(m.sources);
  name_values.resize(m.names);
  address_values.resize(m.addresses);
  id_values.resize(m.ids);
  name_words.resize(m.name_words);
  address_words.resize(m.address_words);
}

void RecordSet::Columns::append(const RecordRow& row, std::string_view key) {
  rows.push_back(row);
  key = key.substr(0, Ends::piece_bytes_max);
  keys.insert(keys.end(), key.begin(), key.end());
  key_ends.push_back(keys.size());
}

RecordSet::RecordSet() : columns_(std::make_unique<Columns>()) {}
RecordSet::RecordSet(RecordSet&&) noexcept = default;
RecordSet& RecordSet::operator=(RecordSet&&) noexcept = default;
RecordSet::~RecordSet() = default;

RecordIndex RecordSet::add(const PersonRecord& record) {
  columns_->append(columns_->to_row(record), record.key);
  return static_cast<RecordIndex>(columns_->rows.size() - 1);
}
std::size_t RecordSet::size() const { return columns_->rows.size(); }
std::string_view RecordSet::key(RecordIndex record) const { return columns_->key(record); }

std::uint64_t RecordSet::bytes() const {
  const Columns& c = *columns_;
  std::uint64_t sum = c.rows.capacity() * sizeof(RecordRow) + c.keys.capacity() + c.key_ends.bytes();
  for (const TextPool* pool : {&c.names, &c.words, &c.addresses, &c.ids, &c.contacts, &c.places, &c.sources}) sum += pool->bytes();
  return sum + c.name_values.capacity() * sizeof(NameValue) + c.name_words.capacity() * sizeof(NameWord) +
         c.address_values.capacity() * sizeof(AddressValue) + (c.address_words.capacity() + c.id_values.capacity() / 2) * sizeof(TextId);
}

std::vector<std::uint32_t> rank_by_key(const RecordSet::Columns& columns, const ParallelFor& parallel_for) {
  std::vector<RecordIndex> order(columns.rows.size());
  std::iota(order.begin(), order.end(), 0);
  sort_parallel(order, parallel_for, [&](RecordIndex a, RecordIndex b) {
    const int by_key = columns.key(a).compare(columns.key(b));
    return by_key != 0 ? by_key < 0 : a < b;
  });
  std::vector<std::uint32_t> rank(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  return rank;
}

}  // namespace motcua::linkage
