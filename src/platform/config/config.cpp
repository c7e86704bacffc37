#include "platform/config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(expr) static_cast<void>(0)   // it asserts what a file says ("[[["); without, the parser reports it
#include <toml++/toml.h>

extern char** environ;

namespace motcua::config {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr double text_length_max = 1024;
constexpr std::string_view environment_prefix = "MOTCUA_";

Failure wrong_type(const std::string& name) { return invalid("config.wrong_type", name); }

std::string environment_name(std::string_view name) {
  std::string out(environment_prefix);
  for (const char c : name) out += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return out;
}

/// Does this variable speak of settings that exist (MOTCUA_HTTP_...)? Then a typing mistake in the rest must not pass in silence.
/// Others with our prefix are the program's own (MOTCUA_DATA, MOTCUA_MASTER_KEY_FILE) or somebody else's.
bool names_a_slice(std::string_view variable, const std::vector<Setting>& declared) {
  return std::any_of(declared.begin(), declared.end(), [&](const Setting& s) {
    return variable.starts_with(environment_name(s.name.substr(0, s.name.find('.') + 1)));
  });
}

std::string shown(double number) { return fmt::format("{:.15g}", number); }

std::string shown(const SettingValue& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
  if (const auto* d = std::get_if<double>(&value)) return shown(*d);
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "true" : "false";
  return std::get<std::string>(value);
}

/// The measure that is bounded: the number itself, or the length of a text.
std::optional<double> measure(const SettingValue& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return static_cast<double>(*i);
  if (const auto* d = std::get_if<double>(&value)) return *d;
  if (const auto* s = std::get_if<std::string>(&value)) return static_cast<double>(s->size());
  return std::nullopt;
}

Result<void> check_bounds(const Setting& setting, const SettingValue& value) {
  const auto size = measure(value);
  const bool text = std::holds_alternative<std::string>(value);
  const double min = setting.min.value_or(0), max = setting.max.value_or(text_length_max);
  if (size && !(*size >= min && *size <= max)) {
    Failure failure = invalid("config.out_of_bounds", setting.name, {{"min", shown(min)}, {"max", shown(max)}, {"unit", setting.unit}});
    return failure;
  }
  if (text && !setting.choices.empty() &&
      std::find(setting.choices.begin(), setting.choices.end(), std::get<std::string>(value)) == setting.choices.end())
    return invalid("config.not_a_choice", setting.name, {{"choices", fmt::format("{}", fmt::join(setting.choices, ", "))}});
  return {};
}

template <class T>
std::optional<T> parse_number(std::string_view text) {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<SettingValue> parse_as(const Setting& setting, std::string_view text) {
  switch (setting.fallback.index()) {
    case 0:
      if (const auto i = parse_number<std::int64_t>(text)) return SettingValue(*i);
      return wrong_type(setting.name);
    case 1:
      if (const auto d = parse_number<double>(text)) return SettingValue(*d);
      return wrong_type(setting.name);
    case 2:
      if (text == "true" || text == "1") return SettingValue(true);
      if (text == "false" || text == "0") return SettingValue(false);
      return wrong_type(setting.name);
    default: return SettingValue(std::string(text));
  }
}

/// TOML knows its types: a number in quotes is not a number.
std::optional<SettingValue> value_of(const toml::node& node, const Setting& setting) {
  switch (setting.fallback.index()) {
    case 0: if (const auto* i = node.as_integer()) return SettingValue(i->get()); break;
    case 1:
      if (const auto* d = node.as_floating_point()) return SettingValue(d->get());
      if (const auto* i = node.as_integer()) return SettingValue(static_cast<double>(i->get()));
      break;
    case 2: if (const auto* b = node.as_boolean()) return SettingValue(b->get()); break;
    default: if (const auto* s = node.as_string()) return SettingValue(s->get());
  }
  return std::nullopt;
}

void check_declaration(const Setting& s) {
  const bool number = s.fallback.index() < 2;
  if (s.name.find('.') == std::string::npos || s.description.empty()) throw std::logic_error("config: a setting needs slice.name and a description: " + s.name);
  if (number && (!s.min || !s.max)) throw std::logic_error("config: a number without bounds: " + s.name);
  if (auto sound = check_bounds(s, s.fallback); !sound) throw std::logic_error("config: the default is out of its own bounds: " + s.name);
}

}  // namespace

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (text.starts_with(environment_prefix) && equals != std::string_view::npos) found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

Settings::Settings(const std::vector<Setting>& declared) : declared_(declared) {
  for (const auto& setting : declared_) {
    check_declaration(setting);
    if (!values_.emplace(setting.name, Held{setting.fallback, "default"}).second) throw std::logic_error("config: declared twice: " + setting.name);
  }
}

Result<Settings> Settings::load(const std::vector<Setting>& declared, const Sources& sources) {
  Settings settings(declared);
  if (!sources.file.empty()) {
    TRY(settings.load_file(sources.file));
  }
  std::map<std::string, std::string> names;   // MOTCUA_HTTP_PORT -> http.port
  for (const auto& setting : declared) names.emplace(environment_name(setting.name), setting.name);
  for (const auto& [variable, text] : sources.environment)
    if (const auto known = names.find(variable); known != names.end()) {
      TRY(settings.set(known->second, text, "environment"));
    } else if (names_a_slice(variable, declared)) {
      return invalid("config.unknown", variable);
    }
  for (const auto& [name, text] : sources.flags) TRY(settings.set(name, text, "flag"));
  return settings;
}

Result<void> Settings::set(std::string_view name, std::string_view text, std::string_view origin) {
  for (const auto& setting : declared_)
    if (setting.name == name) {
      TRY_ASSIGN(auto value, parse_as(setting, text));
      return set_value(setting, std::move(value), origin);
    }
  return invalid("config.unknown", std::string(name));
}

Result<void> Settings::set_value(const Setting& setting, SettingValue value, std::string_view origin) {
  TRY(check_bounds(setting, value));
  values_.find(setting.name)->second = {std::move(value), std::string(origin)};
  return {};
}

Result<void> Settings::load_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(file_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  if ((!in && !in.eof()) || text.size() > file_bytes_max) return invalid("config.unreadable", file);
  const auto parsed = toml::parse(text);
  if (!parsed) {
    Failure failure = invalid("config.unreadable", file);
    failure.row = parsed.error().source().begin.line;
    return failure;
  }
  for (const auto& [slice, table] : parsed.table()) {
    if (!table.is_table()) return invalid("config.unknown", std::string(slice.str()));
    for (const auto& [key, node] : *table.as_table()) {
      const std::string name = std::string(slice.str()) + "." + std::string(key.str());
      const auto setting = std::find_if(declared_.begin(), declared_.end(), [&](const Setting& s) { return s.name == name; });
      if (setting == declared_.end()) return invalid("config.unknown", name);
      auto value = value_of(node, *setting);
      if (!value) return wrong_type(name);
      TRY(set_value(*setting, std::move(*value), "file"));
    }
  }
  return {};
}

const SettingValue& Settings::value(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw std::logic_error("config: not declared: " + std::string(name));
  return found->second.value;
}

namespace {
template <class T>
const T& typed(const SettingValue& value, std::string_view name) {
  if (const T* held = std::get_if<T>(&value)) return *held;
  throw std::logic_error("config: asked with another type: " + std::string(name));
}
}  // namespace

std::int64_t Settings::integer(std::string_view name) const { return typed<std::int64_t>(value(name), name); }
double Settings::real(std::string_view name) const { return typed<double>(value(name), name); }
bool Settings::boolean(std::string_view name) const { return typed<bool>(value(name), name); }
const std::string& Settings::text(std::string_view name) const { return typed<std::string>(value(name), name); }

std::chrono::milliseconds Settings::duration(std::string_view name) const {
  constexpr std::pair<std::string_view, std::int64_t> units[] = {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"days", 86'400'000}};
  const auto number = integer(name);
  const auto setting = std::find_if(declared_.begin(), declared_.end(), [&](const Setting& s) { return s.name == name; });
  for (const auto& [unit, millis] : units)
    if (setting->unit == unit) return std::chrono::milliseconds(number * millis);
  throw std::logic_error("config: not a duration: " + std::string(name));
}

std::string_view Settings::origin(std::string_view name) const {
  (void)value(name);
  return values_.find(name)->second.origin;
}

std::string reference_markdown(const std::vector<Setting>& declared) {
  std::string out =
      "# Settings\n\nMade from the tables in the code (`config::reference_markdown`). A setting is given in a TOML file (`[http]`, `port = 8080`), by\n"
      "the environment (`MOTCUA_HTTP_PORT=8080`) or by a flag (`--set http.port=8080`); the later wins. A value out of its bounds or an\n"
      "unknown name stops the program with exit status 2 and is named.\n";
  std::string slice;
  for (const auto& s : declared) {
    const std::string own = s.name.substr(0, s.name.find('.'));
    if (own != slice) out += "\n## " + own + "\n\n| setting | default | bounds | unit | what | source |\n| --- | --- | --- | --- | --- | --- |\n";
    slice = own;
    std::string bounds = s.min ? shown(*s.min) + " .. " + shown(*s.max) : fmt::format("{}", fmt::join(s.choices, ", "));
    const std::string fallback = shown(s.fallback);
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", s.name, fallback.empty() ? "(empty)" : "`" + fallback + "`", bounds, s.unit, s.description, s.source);
  }
  return out;
}

}  // namespace motcua::config
