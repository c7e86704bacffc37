#pragma once
// Failure is a value. A function that can fail returns Result<T>; the caller must look at it.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace motcua {

/// What sort of failure it is; one table in platform/http maps kinds to HTTP statuses, one in app to exit statuses.
enum class FailureKind {
  invalid,          // the caller's input is wrong: field or row says where
  not_found,        // absent, or not to be seen by this caller: the two look the same
  conflict,         // the state does not allow it (already decided, version moved on)
  unauthenticated,  // no valid sign-in
  forbidden,        // signed in, and may know that the thing exists, but may not do this
  too_large,        // a stated limit is exceeded
  rate_limited,     // too many tries; `args["retry_after_seconds"]`
  unavailable,      // a resource outside the program failed (disk full, database down)
  corrupt,          // stored data does not verify
  internal,         // a defect of ours
};

/// A failure. `code` is stable and public ("identity.already_merged"); it is also the text key of the sentence a person
/// reads, with `args` as that sentence's values. `detail` is for the log only and must hold no personal data.
struct [[nodiscard]] Failure {
  FailureKind kind = FailureKind::internal;
  std::string code;
  std::string field = {};                           // the input field or column, as the user named it
  std::optional<std::int64_t> row = std::nullopt;   // data record, counted from 1, header not counted
  std::map<std::string, std::string> args = {};     // values of the public sentence; never personal data
  std::string detail = {};                          // private
};

inline Failure invalid(std::string code, std::string field = {}, std::map<std::string, std::string> args = {}) {
  return {FailureKind::invalid, std::move(code), std::move(field), std::nullopt, std::move(args), {}};
}
inline Failure not_found(std::string code) { return {FailureKind::not_found, std::move(code)}; }
inline Failure conflict(std::string code) { return {FailureKind::conflict, std::move(code)}; }
inline Failure internal(std::string code, std::string detail) {
  return {FailureKind::internal, std::move(code), {}, std::nullopt, {}, std::move(detail)};
}
inline Failure unavailable(std::string code, std::string detail) {
  return {FailureKind::unavailable, std::move(code), {}, std::nullopt, {}, std::move(detail)};
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}                 // NOLINT(google-explicit-constructor)
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}       // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Failure& failure() const& { return std::get<1>(state_); }
  Failure&& failure() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Failure> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Failure failure) : failure_(std::move(failure)) {}  // NOLINT(google-explicit-constructor)
  explicit operator bool() const { return !failure_; }
  bool ok() const { return !failure_; }
  const Failure& failure() const& { return *failure_; }
  Failure&& failure() && { return std::move(*failure_); }

 private:
  std::optional<Failure> failure_;
};

}  // namespace motcua

/// `TRY_ASSIGN(auto rows, list(...))` and `TRY(save(...))`: go on with the value, or return the failure.
#define MOTCUA_CONCAT_(a, b) a##b
#define MOTCUA_CONCAT(a, b) MOTCUA_CONCAT_(a, b)
#define TRY_ASSIGN(declaration, expression) TRY_ASSIGN_(MOTCUA_CONCAT(result_, __COUNTER__), declaration, expression)
#define TRY_ASSIGN_(result, declaration, expression)       \
  auto result = (expression);                              \
  if (!result) return std::move(result).failure();         \
  declaration = std::move(result).value()
#define TRY(expression) TRY_(MOTCUA_CONCAT(tried_, __COUNTER__), expression)
#define TRY_(tried, expression)                                        \
  do {                                                                 \
    if (auto tried = (expression); !tried) return std::move(tried).failure(); \
  } while (false)
