#pragma once
// Templates as they are parsed: other files taken in, sentences put in their place. Inner header.
#include <boost/json/object.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "platform/i18n/i18n.hpp"

namespace motcua::pages {

/// Templates by name, as the files say.
using Sources = std::map<std::string, std::string, std::less<>>;
/// The embedded ones: "rooms/tracing/pages/case.html" is "tracing/case", "web/layout/desk.html" is "layout/desk".
Sources embedded_sources();

/// `{{> name}}` and `{{_ key}}` replaced. Throws std::logic_error for a name or a key that is not there, and for files that take each other in.
std::string expand(const Sources& sources, std::string_view name, const i18n::Texts& texts, std::string_view lang);
/// Text keys that a template file names.
std::set<std::string> keys_in(std::string_view source);

/// A parsed template; render() may be called by many threads at once.
class Template {
 public:
  Template(const std::string& name, const std::string& text);   // throws std::logic_error with the parser's message
  ~Template();
  Template(Template&&) noexcept;
  std::string render(const boost::json::object& context) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

std::string escape_html(std::string_view text);

}  // namespace motcua::pages
