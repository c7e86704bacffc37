#pragma once
// Personal data cannot be printed by accident: Personal<T> has no formatter, no stream operator and no conversion.
#include <ostream>
#include <utility>

namespace motcua {

template <class T>
class Personal {
 public:
  Personal() = default;
  explicit Personal(T value) : value_(std::move(value)) {}

  /// The one way to the value; every call is a place to ask "may this reader see it?".
  const T& reveal() const { return value_; }
  T& reveal() { return value_; }

  friend bool operator==(const Personal&, const Personal&) = default;
  friend auto operator<=>(const Personal&, const Personal&) = default;

 private:
  T value_{};
};

template <class T>
std::ostream& operator<<(std::ostream&, const Personal<T>&) = delete;

}  // namespace motcua
