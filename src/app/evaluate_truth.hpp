#pragma once
// Reading truth files, and who is who between them and an installation.
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace motcua::app::truth {

/// Each row's values of the named columns, in that order; empty where an optional column (not `required`) is absent.
/// Failures: evaluate.column_missing, and those of intake.
Result<void> read_columns(const std::string& file, const std::vector<std::string>& columns, std::size_t required,
                          const std::function<void(const std::vector<std::string_view>&)>& take);

/// Dense numbers for texts.
class Names {
 public:
  std::uint32_t number(std::string_view text);
  std::uint32_t find(std::string_view text) const;         // none when unknown
  const std::string& text(std::uint32_t number) const { return texts_[number]; }
  std::size_t size() const { return texts_.size(); }
  static constexpr std::uint32_t none = UINT32_MAX;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<std::string> texts_;
};

/// One record on both sides.
struct Linked {
  std::uint32_t source = 0;
  std::uint32_t person = 0;     // the installation's
  std::uint32_t truth = 0;
  std::string id;               // "source:record_id"
};
struct Matched {
  Names sources, persons, truths;
  std::vector<Linked> records;
  std::int64_t unknown = 0;     // records on one side only
};
Result<Matched> match_records(const std::string& links_file, const std::string& truth_file);

/// The true person behind each of the installation's: the one most of its records are about (the smaller number on a tie).
std::vector<std::uint32_t> true_person_of(const Matched& matched);

}  // namespace motcua::app::truth
