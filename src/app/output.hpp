#pragma once
// What a command says at its end: one screen for people, one JSON object for programs; and the exit status.
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "platform/i18n/i18n.hpp"

namespace motcua::app {

inline constexpr int exit_done = 0;        // docs/formats.md
inline constexpr int exit_partly = 1;      // rows were rejected, or a check did not hold
inline constexpr int exit_usage = 2;       // command line or settings are wrong
inline constexpr int exit_not_done = 3;    // nothing was changed

/// Keys and values in the order given; keys are stable, labels come from the texts (msgid "app.summary.<key>").
class Summary {
 public:
  using Value = std::variant<std::int64_t, double, std::string, bool>;
  Summary& add(std::string key, Value value) { rows_.emplace_back(std::move(key), std::move(value)); return *this; }
  /// Another label than "app.summary.<key>": the text `app.summary.<name>`.
  Summary& label(std::string key, std::string name) { labels_[std::move(key)] = std::move(name); return *this; }
  std::string to_json() const;
  std::string to_screen(const i18n::Texts& texts, std::string_view lang) const;

 private:
  std::vector<std::pair<std::string, Value>> rows_;
  std::map<std::string, std::string> labels_;
};

/// Prints the summary on standard output in the form asked for.
void print(const Summary& summary, bool json, const i18n::Texts& texts, std::string_view lang);

/// The failure of one of several files, which `fail` then names as the user did.
Failure of_file(Failure failure, const std::string& file);

/// Says what went wrong on standard error, with field and row, in the reader's language, and gives the exit status: `exit_usage` for
/// arguments and settings, `exit_not_done` otherwise. Private details stay private unless MOTCUA_DEBUG is set.
int fail(const Failure& failure, const i18n::Texts& texts, std::string_view lang, bool usage = false);

/// True when standard error is a terminal: then, and only then, progress is shown.
bool shows_progress();

}  // namespace motcua::app
