#include "platform/i18n/countries.hpp"

#include <unicode/coll.h>
#include <unicode/locid.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/vietnamese.hpp"
#include "platform/i18n/i18n.hpp"

namespace motcua::i18n {
namespace {

std::vector<Country> load(std::string_view lang) {
  const std::string name(lang);
  const icu::Locale locale(name.c_str());
  std::vector<std::pair<Country, icu::UnicodeString>> named;
  for (const char* const* code = icu::Locale::getISOCountries(); *code != nullptr; ++code) {
    icu::UnicodeString text;
    icu::Locale("", *code).getDisplayCountry(locale, text);
    Country country{*code, {}};
    text.toUTF8String(country.name);
    if (country.name != country.code) named.emplace_back(std::move(country), text);
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Collator> collator(icu::Collator::createInstance(locale, status));
  std::sort(named.begin(), named.end(), [&](const auto& a, const auto& b) {
    return U_SUCCESS(status) ? collator->compare(a.second, b.second, status) == UCOL_LESS : a.first.name < b.first.name;
  });
  std::vector<Country> out;
  for (auto& [country, text] : named) out.push_back(std::move(country));
  return out;
}

/// Folded names in every language, and codes, to codes.
std::map<std::string, std::string> load_names() {
  std::map<std::string, std::string> names;
  for (const auto lang : languages)
    for (const auto& country : countries(lang)) {
      names.emplace(vietnamese::fold(country.name), country.code);
      names.emplace(vietnamese::fold(country.code), country.code);
    }
  return names;
}

}  // namespace

const std::vector<Country>& countries(std::string_view lang) {
  static const std::map<std::string, std::vector<Country>, std::less<>> all = [] {
    std::map<std::string, std::vector<Country>, std::less<>> loaded;
    for (const auto one : languages) loaded.emplace(one, load(one));
    return loaded;
  }();
  return all.find(language_or_default(lang))->second;
}

std::string country_name(std::string_view lang, std::string_view code) {
  const auto& all = countries(lang);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Country& c) { return c.code == code; });
  return found == all.end() ? std::string(code) : found->name;
}

std::optional<std::string> find_country(std::string_view text) {
  static const std::map<std::string, std::string> names = load_names();
  const auto found = names.find(vietnamese::fold(text));
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace motcua::i18n
