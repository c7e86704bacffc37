// The one place that sees the Mustache library.
#include <kainjow/mustache.hpp>

#include <boost/json.hpp>
#include <stdexcept>

#include "platform/pages/templates.hpp"

namespace motcua::pages {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;

/// An empty text counts as absent, so that `{{#phone}}` asks what it seems to ask.
data to_data(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::object: {
      data out{data::type::object};
      for (const auto& [key, member] : value.get_object()) out.set(std::string(key), to_data(member));
      return out;
    }
    case boost::json::kind::array: {
      list out;
      for (const auto& member : value.get_array()) out.push_back(to_data(member));
      return data{std::move(out)};
    }
    case boost::json::kind::string:
      if (value.get_string().empty()) return data{false};
      return data{std::string(value.get_string())};
    case boost::json::kind::bool_: return data{value.get_bool()};
    case boost::json::kind::null: return data{false};
    default: return data{boost::json::serialize(value)};
  }
}

}  // namespace

/// Rendering reads the parsed tree and writes only to its own context: it is shared between threads without a lock. (The
/// library's one mutable member, the message of a partial that cannot be parsed, is not reached: partials are taken in before.)
struct Template::Parsed {
  explicit Parsed(const std::string& text) : mustache(text) {
    mustache.set_custom_escape([](const std::string& value) { return escape_html(value); });
  }
  mutable kainjow::mustache::mustache mustache;
};

Template::Template(const std::string& name, const std::string& text) : parsed_(std::make_unique<Parsed>(text)) {
  if (!parsed_->mustache.is_valid()) throw std::logic_error("template " + name + ": " + parsed_->mustache.error_message());
}
Template::~Template() = default;
Template::Template(Template&&) noexcept = default;

std::string Template::render(const boost::json::object& context) const {
  std::string out;
  parsed_->mustache.render(to_data(context), [&out](const std::string& part) { out += part; });
  return out;
}

}  // namespace motcua::pages
