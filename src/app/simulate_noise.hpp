#pragma once
// What happens to facts on their way into a legacy register: fingers, keyboards, spreadsheets, habits. Rates by level.
#include <string>
#include <string_view>

#include "app/simulate.hpp"
#include "base/prng.hpp"

namespace motcua::app::town {

struct BirthDay {
  int year = 0, month = 0, day = 0;
};

class Spoiler {
 public:
  explicit Spoiler(Noise level) : factor_(level == Noise::low ? 0.3 : level == Noise::mid ? 1.0 : 2.2) {}

  /// True with a probability that is `rate` at mid level.
  bool happens(Prng& random, double rate) const { return random.chance(rate * factor_); }

  std::string name(Prng& random, std::string_view name, bool in_capitals) const;
  /// In one of the spellings of a date; perhaps the year alone, 1 January, or day and month exchanged.
  std::string birth(Prng& random, BirthDay birth) const;
  int birth_year(Prng& random, int year) const;
  /// `national`: nine digits without the leading zero. `intact` says whether a careful reader still gets that number.
  std::string phone(Prng& random, std::uint32_t national, bool& intact) const;
  /// Twelve or nine digits.
  std::string id_number(Prng& random, std::string_view digits, bool& intact) const;
  /// "Phường 3" -> "P.3", "phuong 3", ...
  std::string unit(Prng& random, std::string_view name) const;

 private:
  double factor_;
};

// Single mistakes. Each may leave the text as it is, where there is nothing to do.
std::string without_middle(std::string_view name);
std::string mistyped(Prng& random, std::string_view name);                 // one letter left out, doubled or exchanged with its neighbour
std::string other_tone(Prng& random, std::string_view name);               // Hạnh for Hành
std::string one_digit_wrong(Prng& random, std::string digits, std::size_t from);

/// 0xxxxxxxxx
std::string plain_phone(std::uint32_t national);

}  // namespace motcua::app::town
