#include "platform/intake/csv_writer.hpp"

#include <algorithm>

namespace motcua::intake {
namespace {

bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::count(text.begin(), text.end(), '.') <= 1 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

bool begins_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos && !is_number(text);
}

}  // namespace

void append_csv_plain(std::string& line, std::string_view field) {
  if (field.find_first_of(",\"\n\r;\t") == std::string_view::npos) {
    line += field;
    return;
  }
  line += '"';
  for (char c : field) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

void append_csv_field(std::string& line, std::string_view field) {
  if (begins_formula(field)) append_csv_plain(line, "'" + std::string(field));
  else append_csv_plain(line, field);
}

}  // namespace motcua::intake
