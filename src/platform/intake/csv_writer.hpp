#pragma once
// CSV that a spreadsheet may open: quoted where needed, and no field begins a formula (OWASP, CSV injection).
#include <string>
#include <string_view>

namespace motcua::intake {

/// Appends the field, quoted when it holds a delimiter, quote or newline. One that a spreadsheet would take for a formula (= + - @, tab or
/// return in front, and not a plain number) gets an apostrophe in front, which reading again takes off.
void append_csv_field(std::string& line, std::string_view field);

/// Plain RFC 4180, for files that programs read: nothing added.
void append_csv_plain(std::string& line, std::string_view field);

}  // namespace motcua::intake
