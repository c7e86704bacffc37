#pragma once
// CLUSTERS.csv and PAIRS.csv of `motcua match` (docs/formats.md).
#include <string>

#include "app/match_rows.hpp"

namespace motcua::app {

/// That the folder is there and takes files, and the name is not a folder's; asked before long work. Empty: no file. Failure app.file_not_written.
Result<void> check_writable(const std::string& file);
/// Both files are there whole or not at all (written beside, then renamed), readable by their owner alone. Failure app.file_not_written.
Result<void> write_clusters(const std::string& file, const MatchRows& rows, const linkage::MatchResult& result);
Result<void> write_pairs(const std::string& file, const MatchRows& rows, const linkage::MatchResult& result);
Result<void> write_whole(const std::string& file, const std::string& content);

}  // namespace motcua::app
