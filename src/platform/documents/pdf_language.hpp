#pragma once
// What cairo 1.16 cannot say of a document: the language it is written in, and that its title names it.
#include <string>
#include <string_view>

namespace motcua::documents {

/// The file with an incremental update (ISO 32000-1 section 7.5.6) that repeats the catalogue with /Lang and /DisplayDocTitle (section 14.9.2,
/// 12.2); as it came when its catalogue is not found.
std::string with_language(std::string pdf, std::string_view lang);

}  // namespace motcua::documents
