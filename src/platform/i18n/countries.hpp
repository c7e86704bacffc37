#pragma once
// Countries by their ISO 3166-1 alpha-2 codes, named in the languages of the house: ICU's own tables (CLDR).
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::i18n {

struct Country {
  std::string code, name;
};
/// All of them, in the order of their names in that language.
const std::vector<Country>& countries(std::string_view lang);
/// The code itself where it is none.
std::string country_name(std::string_view lang, std::string_view code);
/// A code of two letters, or a name in any language of the house, with or without marks.
std::optional<std::string> find_country(std::string_view text);

}  // namespace motcua::i18n
