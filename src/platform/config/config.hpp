#pragma once
// Settings: declared once in a table with bounds, unit, description and source; given by a TOML file, by the environment
// (MOTCUA_HTTP_PORT for http.port) and by flags, the later winning. What is out of bounds or unknown fails and is named.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace motcua::config {

using SettingValue = std::variant<std::int64_t, double, bool, std::string>;

/// One setting. The type of `fallback` is the type of the setting.
struct Setting {
  std::string name;                       // "<slice>.<name>_<unit>"
  SettingValue fallback;
  std::optional<double> min = {};         // numbers: both bounds are required; texts: length bounds, default 0..1024
  std::optional<double> max = {};
  std::string unit = {};                  // "min", "days", "bytes" ...
  std::string description;                // English, one sentence
  std::string source = {};                // where the default or the bound comes from
  std::vector<std::string> choices = {};  // texts: closed set
};

/// Where values come from. `flags` are name -> text as given on the command line ("http.port" -> "8080").
struct Sources {
  std::string file = {};                                  // empty: no file
  std::map<std::string, std::string> environment = {};    // whole environment; only MOTCUA_* is looked at
  std::map<std::string, std::string> flags = {};
};
/// The process's environment, MOTCUA_* only.
std::map<std::string, std::string> process_environment();

class Settings {
 public:
  /// All settings at their defaults.
  explicit Settings(const std::vector<Setting>& declared);
  /// Failures (kind invalid, `field` names the setting): config.unknown, config.out_of_bounds, config.wrong_type,
  /// config.unreadable (file; `row` is the line).
  static Result<Settings> load(const std::vector<Setting>& declared, const Sources& sources);

  /// A name that was not declared, or another type, is a defect (std::logic_error).
  std::int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  bool boolean(std::string_view name) const;
  const std::string& text(std::string_view name) const;
  /// An integer setting whose unit is ms, s, min, h or days.
  std::chrono::milliseconds duration(std::string_view name) const;
  /// Which source gave the value: "default", "file", "environment", "flag".
  std::string_view origin(std::string_view name) const;
  const std::vector<Setting>& declared() const { return declared_; }

 private:
  Result<void> set(std::string_view name, std::string_view text, std::string_view origin);
  Result<void> set_value(const Setting& setting, SettingValue value, std::string_view origin);
  Result<void> load_file(const std::string& file);
  const SettingValue& value(std::string_view name) const;
  struct Held {
    SettingValue value;
    std::string origin = "default";
  };
  std::vector<Setting> declared_;
  std::map<std::string, Held, std::less<>> values_;
};

/// The settings of the house (http.*, storage.*, log.*, auth.*, retention.*, visits.*, imports.*): settings.cpp.
const std::vector<Setting>& platform_settings();
/// Reference of the settings as Markdown (docs/settings.md is this text; a test compares).
std::string reference_markdown(const std::vector<Setting>& declared);

}  // namespace motcua::config
