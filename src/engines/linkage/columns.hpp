#pragma once
// How a RecordSet keeps its records: one column per field, every distinct text once.
#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engines/linkage/linkage.hpp"
#include "engines/linkage/parallel.hpp"
#include "engines/linkage/pool.hpp"
#include "engines/linkage/text.hpp"

namespace motcua::linkage {

struct NameWord {
  TextId folded = 0, marked = 0;
  bool has_marks = false, syllable = false;
};

/// A distinct name. Its number is that of its text in `names`: marked words, tone at the end, single blanks.
struct NameValue {
  TextId folded = 0;          // the words without marks, in order
  TextId sorted = 0;          // and in alphabetical order
  std::uint64_t skeleton = 0; // hash of what typing slips seldom touch: first letters and consonants
  std::uint32_t first_word = 0;
  std::uint8_t words = 0;
  bool has_marks = false;
};

struct AddressValue {
  TextId house = 0;                // "358/25/5a": the first word that begins with a digit
  std::uint32_t first_word = 0;    // the other words, sorted
  std::uint8_t words = 0;
};

enum class IdKind : std::uint8_t { none, citizen, old_card, other };   // 12 digits, 9 digits, passports and whatever else

struct IdValue {
  IdKind kind = IdKind::none;
  bool weak = false;   // of a range that was issued twice
};

using PackedDate = std::uint32_t;   // year << 9 | month << 5 | day; 0: unknown
constexpr PackedDate pack(int year, int month, int day) {
  return static_cast<PackedDate>(year) << 9 | static_cast<PackedDate>(month) << 5 | static_cast<PackedDate>(day);
}
constexpr int year_of(PackedDate d) { return static_cast<int>(d >> 9); }
constexpr int month_of(PackedDate d) { return static_cast<int>(d >> 5 & 15); }
constexpr int day_of(PackedDate d) { return static_cast<int>(d & 31); }
/// Day known and not the 1 January that clerks write for "some day of that year".
constexpr bool is_full(PackedDate d) { return day_of(d) != 0 && month_of(d) != 0 && !(day_of(d) == 1 && month_of(d) == 1); }

struct RecordRow {
  std::uint32_t name = 0;                    // in names
  PackedDate birth = 0;
  std::array<TextId, phones_max> phone{};    // in contacts
  TextId email = 0;                          // in contacts
  std::array<TextId, 3> id{};                // in ids: current, old, passport
  TextId insurance = 0;                      // in ids
  TextId ward = 0, household = 0;            // in places
  std::uint32_t address = 0;                 // in addresses
  std::uint16_t source = 0;
  std::uint8_t sex = 0;                      // Sex
  std::uint8_t flags = 0;                    // bit 0: one_per_person; bit 1 + k: phone k is its owner's
};
inline constexpr std::uint8_t clean_flag = 1;

struct RecordSet::Columns {
  LargeArray<RecordRow> rows;
  LargeArray<char> keys;
  Ends key_ends;
  TextPool names, words, addresses, ids, contacts, places, sources;
  std::vector<NameValue> name_values{NameValue{}};
  std::vector<NameWord> name_words;
  std::vector<AddressValue> address_values{AddressValue{}};
  std::vector<TextId> address_words;
  std::vector<IdValue> id_values{IdValue{}};

  Columns() { key_ends.push_back(0); }
  std::string_view key(RecordIndex r) const {
    const std::uint64_t from = key_ends[r];
    return {keys.data() + from, key_ends[r + 1] - from};
  }
  const NameValue& name(std::uint32_t id) const { return name_values[id]; }
  const NameWord* words_of(const NameValue& v) const { return name_words.data() + v.first_word; }
  const NameWord& given(const NameValue& v) const { return name_words[v.first_word + v.words - 1]; }
  const NameWord& family(const NameValue& v) const { return name_words[v.first_word]; }

  RecordRow to_row(const PersonRecord& record);
  /// The row of a question: texts that nobody has yet are gone after `forget_from(mark())`.
  struct Mark { std::size_t names, words, addresses, ids, contacts, places, sources, name_words, address_words; };
  Mark mark() const;
  void forget_from(const Mark& mark);
  /// Every array, in an order that does not change: for images (image.hpp).
  template <class Visit>
  void each_column(const Visit& visit) {
    visit(rows); visit(keys); key_ends.each_column(visit);
    for (TextPool* pool : {&names, &words, &addresses, &ids, &contacts, &places, &sources}) pool->each_column(visit);
    visit(name_values); visit(name_words); visit(address_values); visit(address_words); visit(id_values);
  }
  void append(const RecordRow& row, std::string_view key);
  /// The number of a name; 0 without any word.
  std::uint32_t intern_name(std::vector<Word> name);

 private:
  std::uint32_t intern_address(std::string_view text);
  TextId intern_id(std::string_view text, bool passport);
};

/// Positions 0..size-1 of the records in the order of their keys.
std::vector<std::uint32_t> rank_by_key(const RecordSet::Columns& columns, const ParallelFor& parallel_for = {});

}  // namespace motcua::linkage
