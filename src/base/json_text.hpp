#pragma once
// Writing small flat JSON objects in bulk, where a document tree would be in the way.
#include <string>
#include <string_view>

namespace motcua {

/// The text in quotes, escaped; must be UTF-8.
void append_json_string(std::string& out, std::string_view text);
/// Adds "key": "value" to a JSON object in text form ("{}" or "{...}").
void add_to_json_object(std::string& object, std::string_view key, std::string_view value);

}  // namespace motcua
