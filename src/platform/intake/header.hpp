#pragma once
// Which column of the file is which column of the KIND.
#include <string>
#include <string_view>
#include <vector>

#include "platform/intake/intake.hpp"

namespace motcua::intake {

struct Header {
  std::vector<std::string> names;        // as the file has them; those of the KIND when it has no header
  std::vector<int> column_of;            // for each of Kind::columns its column in the file, or -1
  std::vector<std::size_t> unknown;      // columns of the file that the KIND does not know
  bool headerless = false;
};

/// The same name whatever its case, spaces, underscores and diacritics.
std::string fold_column(std::string_view name);

/// Comma, semicolon or tab: the one under which most columns of the KIND appear in the first line.
char detect_delimiter(const Kind& kind, std::string_view first_line);

/// Failures: intake.column_missing (field: the KIND's name of it; args "columns": what the file has), intake.column_twice.
Result<Header> match_header(const Kind& kind, const std::vector<std::string_view>& fields);

/// True when a file of this KIND's headerless form begins so.
bool is_headerless(const Kind& kind, std::string_view first_line);
Header headerless_header(const Kind& kind);

}  // namespace motcua::intake
