#pragma once
// SPEC.toml of `motcua match` (docs/formats.md).
#include <string>
#include <vector>

#include "engines/linkage/match.hpp"

namespace motcua::app {

inline constexpr std::size_t match_spec_bytes_max = 1024 * 1024;

struct MatchPlan {
  linkage::MatchSpec spec;
  std::string id_column;               // names a row, is never compared
  std::vector<std::string> columns;    // of each field, as the file's header calls it
};

/// `files`: how many the command line names; without `mode` one is de-duplicated and two are linked.
/// Failures: toml.*, linkage.* (as match_table), app.match_files (mode and number of files differ), app.match_id_compared,
/// app.match_locale, app.match_block_empty.
Result<MatchPlan> parse_match_spec(const std::string& text, const std::string& file, std::size_t files);

/// The same from a file. Failure app.match_spec_unreadable.
Result<MatchPlan> read_match_spec(const std::string& file, std::size_t files);

}  // namespace motcua::app
