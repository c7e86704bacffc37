#pragma once
// What spreadsheets do to numbers that are names: 9.38000204E+08, 938000204.0, '0938000204.
#include <optional>
#include <string>
#include <string_view>

namespace motcua {

/// The digits behind a number in scientific or decimal form; any other text as it is. Nothing when digits were rounded away
/// (9.38E+08 stands for a hundred thousand numbers).
std::optional<std::string> undo_spreadsheet_number(std::string_view text);

}  // namespace motcua
