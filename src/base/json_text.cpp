#include "base/json_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace motcua {

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<int>(c));
        else out += c;
    }
  }
  out += '"';
}

void add_to_json_object(std::string& object, std::string_view key, std::string_view value) {
  if (object.empty()) object = "{}";
  object.pop_back();
  if (object.size() > 1) object += ',';
  append_json_string(object, key);
  object += ':';
  append_json_string(object, value);
  object += '}';
}

}  // namespace motcua
