#pragma once
// A MatchTable's values: one column per field, every distinct value once, parsed as its kind asks.
#include <array>

#include "engines/linkage/columns.hpp"
#include "engines/linkage/comparison.hpp"
#include "engines/linkage/large_array.hpp"
#include "engines/linkage/match.hpp"
#include "engines/linkage/parallel.hpp"
#include "engines/linkage/pool.hpp"

namespace motcua::linkage {

/// Names, texts and addresses.
struct MatchValue {
  std::uint64_t skeleton = 0;     // hash of the consonants
  std::uint32_t first_word = 0;   // sorted words, in the column's `words`
  std::uint16_t words = 0;
};

/// Up to 15 digits in one number: 4 bits a digit, the last one lowest, each one more than it says. 0: longer, or not of digits alone.
using DigitCode = std::uint64_t;
DigitCode to_digit_code(std::string_view text);
/// True only when more than two edits (as `edit_distance` counts them) lie between two texts of the same length.
bool are_far_apart(DigitCode a, DigitCode b);

/// The last values seen as they were written, so that what comes often is folded once.
class SeenValues {
 public:
  struct Slot {
    std::uint32_t asked = 0;   // who put the text here, until `id` is known
    TextId id = 0;             // 0: not known yet
    std::uint8_t size = 0;
    std::array<char, 55> raw{};
  };
  /// The text's slot, at hand for it from now on; nothing when it is not worth remembering.
  Slot* find(std::string_view raw);

 private:
  static constexpr std::size_t slots_max = 1 << 14, asked_before_giving_up = 1 << 16;
  std::vector<Slot> slots_;
  std::size_t asked_ = 0, found_ = 0;
  bool given_up_ = false;
};

/// Values are kept folded: dates as yyyymmdd (what is no day in 7 to 9 digits), phones as digits, ids as letters and digits, the rest lower-case without marks.
struct MatchColumn {
  MatchField field;
  TextPool values;
  std::vector<MatchValue> parsed{MatchValue{}};   // names, texts, addresses
  LargeArray<DigitCode> codes = LargeArray<DigitCode>(1);                // dates, ids, phones
  std::vector<double> numbers{0};                 // years, numbers
  mutable std::vector<float> places;              // per number, the share of rows below it, half of its own counted; empty: not counted yet
  TextPool word_texts;
  std::vector<TextId> words;
  mutable std::vector<float> word_weights;     // per word, the rarer the more; empty: all weigh the same
  RecordSet::Columns people;             // Vietnamese names: compared word by word, as the person model does
  std::vector<std::uint32_t> names{0};   // per value, its name in `people`
  SeenValues seen;

  /// Every `step`th of the raw values, to ids `width` apart.
  void intern(std::span<const std::string_view> raw, std::size_t step, TextId* ids, std::size_t width);
  std::string_view text(TextId id) const { return values.text(id); }

 private:
  struct Batch;
  void intern_folded(Batch& batch);
  void parse(TextId value);
  MatchValue to_parsed(std::string_view folded);
  TextId intern_word(std::string_view word);
};

struct MatchTable::Columns {
  std::vector<MatchColumn> columns;
  /// rows x width: a row's values lie together, for whoever compares two rows, and behind them what blocking numbers of them (MatchKeys). How wide
  /// rows lie is no part of what the table says, but two matches cannot work on one table at a time.
  mutable LargeArray<TextId> values;
  mutable std::size_t width = 0;
  std::vector<std::uint8_t> files;     // per row

  const TextId* row(RecordIndex r) const { return values.data() + static_cast<std::size_t>(r) * width; }
  TextId value(RecordIndex r, std::size_t field) const { return row(r)[field]; }
  std::size_t rows() const { return files.size(); }
  /// Counts rows, so that rare words weigh more when texts are compared, and numbers are near when few others lie between them. To be called once,
  /// when all rows are there.
  void weigh_values(const ParallelFor& parallel_for) const;
  std::vector<std::uint32_t> rows_with_value(std::size_t field) const;
  /// How many rows hold each word of a field.
  std::vector<std::uint32_t> rows_with_word(std::size_t field) const;
};

/// Starting levels of a kind, codes "<field>.same" ...
FieldParameters starting_parameters(const MatchField& field);
/// 0: missing. Never `swapped`: that takes two fields.
std::uint8_t compare_values(const MatchColumn& column, TextId a, TextId b);
inline constexpr std::uint8_t level_same = 1;
/// The level of two e-mail addresses.
std::uint8_t compare_addresses(std::string_view x, std::string_view y);
/// How much of two texts is the same, by the weight of their words, 0..1: the mean of the share of both and of the shorter one's. Words one
/// slip apart are the same, and so is an initial with its word.
double word_similarity(const MatchColumn& column, const MatchValue& a, const MatchValue& b);
/// The level of names, texts and addresses that changed places with another field of the kind; 0: the kind has none.
std::uint8_t swapped_level(FieldKind kind);

Levels compare_rows(const MatchTable::Columns& table, RecordIndex a, RecordIndex b);
/// The part of it that looks at two fields at once: names, texts or addresses that differ, each
/// being about the other row's value of another field of the kind, are swapped.
void find_swapped_values(const MatchTable::Columns& table, RecordIndex a, RecordIndex b, Levels& levels);

}  // namespace motcua::linkage
