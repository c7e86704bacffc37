#pragma once
// Structured logs: one JSON object a line, one event name, typed values. What can be logged is closed: numbers, booleans,
// enumerations, durations, instants, string literals, validated ids and short codes. A std::string or a Personal<T> is not
// accepted, so a name, a number of a person or a text somebody typed cannot get into a line by accident.
//
//   log::info("import.finished", {{"import", log::id(import_id)}, {"rows", rows}, {"took", elapsed}});
//   {"at":"2021-07-31T10:05:00.123Z","level":"info","event":"import.finished","import":"imp_...","rows":50000,"took_ms":812}
#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "base/result.hpp"
#include "base/time.hpp"

namespace motcua::log {

enum class Level { debug, info, warning, error, off };

/// A text known when the program was compiled; nothing typed by anybody can become one.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT(google-explicit-constructor)
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// A run-time word that passed a check; made by id() and code() only.
class Word {
 public:
  const std::string& text() const { return text_; }

 private:
  friend Word id(std::string_view);
  friend Word code(std::string_view);
  explicit Word(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// An identifier of ours (`imp_` + 26 characters of base32); anything else is logged as "not-an-id".
Word id(std::string_view text);
/// A stable word of the program: failure code, route pattern, job name. A letter first, then up to 95 of [a-zA-Z0-9_.:/{}*-]
/// with no run of more than five digits (so no phone and no identity number); anything else is logged as "not-a-code".
Word code(std::string_view text);

class Field {
 public:
  using Value = std::variant<std::int64_t, std::uint64_t, double, bool, std::string_view, std::string>;

  template <std::same_as<bool> T>  // a template, so that no pointer turns into a bool
  Field(Literal name, T value) : name_(name.text()), value_(value) {}
  template <class T>
    requires(std::signed_integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>)
  Field(Literal name, T value) : name_(name.text()), value_(static_cast<std::int64_t>(value)) {}
  template <class T>
    requires(std::unsigned_integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>)
  Field(Literal name, T value) : name_(name.text()), value_(static_cast<std::uint64_t>(value)) {}
  template <std::floating_point T>
  Field(Literal name, T value) : name_(name.text()), value_(static_cast<double>(value)) {}
  template <class T>
    requires std::is_enum_v<T>
  Field(Literal name, T value) : name_(name.text()), value_(static_cast<std::int64_t>(value)) {}
  /// Durations are written in milliseconds (fractions kept) under `<name>_ms`.
  template <class R, class P>
  Field(Literal name, std::chrono::duration<R, P> value)
      : name_(name.text()), value_(std::chrono::duration<double, std::milli>(value).count()), suffix_("_ms") {}
  Field(Literal name, Instant value) : name_(name.text()), value_(to_millis(value)), suffix_("_at_ms") {}
  Field(Literal name, Literal value) : name_(name.text()), value_(value.text()) {}
  Field(Literal name, Word value) : name_(name.text()), value_(value.text()) {}

  std::string_view name() const { return name_; }
  std::string_view suffix() const { return suffix_; }
  const Value& value() const { return value_; }

 private:
  std::string_view name_;
  Value value_;
  std::string_view suffix_;
};

using Fields = std::initializer_list<Field>;

void write(Level level, Literal event, Fields fields = {});
inline void debug(Literal event, Fields fields = {}) { write(Level::debug, event, fields); }
inline void info(Literal event, Fields fields = {}) { write(Level::info, event, fields); }
inline void warning(Literal event, Fields fields = {}) { write(Level::warning, event, fields); }
inline void error(Literal event, Fields fields = {}) { write(Level::error, event, fields); }

/// A failure, once, at the boundary: kind, code, row and the private detail (ASCII only, cut at 300 characters, runs of six or
/// more digits blotted out: a second fence behind the rule that details hold no personal data).
void failure(Level level, Literal event, const Failure& failure, Fields fields = {});

/// While it lives, every line of this thread carries `"request": id`.
class RequestScope {
 public:
  explicit RequestScope(std::string_view request_id);
  ~RequestScope();
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;

 private:
  std::string before_;
};

struct Options {
  Level level = Level::info;
  std::string file = {};   // empty: standard error. Grows to file_bytes_max, then is turned over; files_max are kept.
  std::size_t file_bytes_max = 64u << 20;
  std::size_t files_max = 8;
};
/// Once at start; before it, lines go to standard error from level info on. Failure `log.cannot_open`.
Result<void> configure(const Options& options);
/// Gives every line to `sink` instead (tests); an empty function ends it.
void capture(std::function<void(std::string_view line)> sink);

}  // namespace motcua::log
