#pragma once
// The generic matcher: any table, fields given by kind, no labels. De-duplicates one file or links two.
//
//   MatchTable table(spec);                         for (...) table.add(values in the order of spec.fields, file);
//   Result<MatchResult> result = match_table(spec, table);
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engines/linkage/linkage.hpp"

namespace motcua::linkage {

enum class FieldKind : std::uint8_t { name, text, date, year, id, phone, number, category, email, address };
/// Failure `linkage.unknown_kind`.
Result<FieldKind> parse_field_kind(std::string_view text);

struct MatchField {
  std::string name;
  FieldKind kind = FieldKind::text;
  bool vietnamese = false;        // fold names and addresses as Vietnamese
  bool term_frequency = true;     // rare values count more; without effect on kinds whose values are nearly unique
};

struct MatchSpec {
  enum class Mode : std::uint8_t { dedupe, link };
  Mode mode = Mode::dedupe;
  bool one_to_one = false;                          // link: at most one partner a row
  std::vector<MatchField> fields;                   // 1..match_fields_max
  std::vector<std::vector<std::string>> blocks;     // field names compared for equality; empty: chosen from the data
  Options options = {};
  bool model_wanted = true;                         // MatchResult::model_json is made
  /// Called after each phase ("blocks", "learn", "pairs", "link"), for callers with a clock or a progress bar.
  std::function<void(std::string_view phase)> phase_done = {};
};
inline constexpr std::size_t match_fields_max = 24, match_blocks_max = 32;
inline constexpr std::uint64_t match_block_pairs_max = 2'000'000'000;   // of blocks that were given
inline constexpr std::size_t match_value_bytes_max = 4096;   // longer values are compared by their first bytes

class MatchTable {
 public:
  explicit MatchTable(const MatchSpec& spec);
  MatchTable(MatchTable&&) noexcept;
  MatchTable& operator=(MatchTable&&) noexcept;
  ~MatchTable();
  /// `file` is 1, or 2 for the second file of a link. Missing values are empty.
  RecordIndex add(std::span<const std::string_view> values, int file = 1);
  /// Rows one after another, each with a value for every field. Fields are worked side by side, and beside them `meanwhile`.
  void add_rows(std::span<const std::string_view> values, int file, const decltype(Options::parallel_for)& parallel_for,
                const std::function<void()>& meanwhile = [] {});
  std::size_t size() const;

  struct Columns;
  const Columns& columns() const { return *columns_; }

 private:
  std::unique_ptr<Columns> columns_;
};

struct MatchResult {
  std::vector<std::uint32_t> cluster_of;    // per row, 0..clusters-1, numbered by first row
  struct Pair { ScoredPair pair; bool linked = false; };   // not linked: review
  std::vector<Pair> pairs;                  // at least the review probability, strongest first
  std::vector<std::string> blocks;          // "surname + date_of_birth(year)"
  double block_recall = 1;                  // of true pairs, expected to meet in a block; 1 where all rows are compared with all
  std::vector<FieldParameters> parameters;
  double prior = 0;
  LinkStatistics statistics;
  std::string model_json;                   // give it back as `model` to score other rows the same way
};

/// Failures: linkage.no_fields, linkage.too_many_fields, linkage.duplicate_field, linkage.unknown_block_field (field names it),
/// linkage.too_many_blocks, linkage.bad_probability.
Result<void> check_spec(const MatchSpec& spec);

/// Failures: those of check_spec, linkage.blocks_too_wide, linkage.model_unreadable.
Result<MatchResult> match_table(const MatchSpec& spec, const MatchTable& table, std::string_view model = {});

}  // namespace motcua::linkage
