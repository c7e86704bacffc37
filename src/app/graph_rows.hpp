#pragma once
// Anybody's tables for the contact graph: contacts `a,b,start,minutes[,kind]`, visits `person,place,from,to`, isolations `person,at`.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engines/contacts/loader.hpp"

namespace motcua::app {

struct LoadedRows {
  std::int64_t read = 0, rejected = 0;
  std::string rejected_file;      // DIR/rejected/<load>.csv; empty when no row was rejected
};

/// Is the file a table of contacts or of visits? Failures: intake.*, contacts.header_unknown.
Result<void> check_header(const std::string& file);

/// Every row into the loader, or rejected with a reason. Failures concern the whole file: intake.*, and the loader's of the disk.
Result<LoadedRows> load_rows(contacts::Loader& loader, const std::string& file, const std::string& out_dir,
                             const std::function<std::string(const Failure&)>& sentence);

/// Tells every row; a row that cannot be read fails.
Result<void> read_isolated(const std::string& file, const std::function<Result<void>(std::string_view person, contacts::Time at)>& told);

}  // namespace motcua::app
