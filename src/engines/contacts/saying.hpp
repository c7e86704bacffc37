#pragma once
// What a fact says beyond who, where and when: kind, closeness, seat, and since when it is known here. Few facts of a day differ in it, so that
// each file keeps a table of what its facts say, and a fact only the number of its row: nothing where all say the same.
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engines/contacts/facts.hpp"

namespace motcua::contacts {

inline constexpr std::size_t sayings_max = std::size_t{1} << 28;   // different ones of a graph's day
inline constexpr Time known_now = never - 1;                       // "as of" no past moment: all that is known

struct Saying {
  Time recorded = since_ever;           // when it was told here, ms since 1970; since_ever: always known
  Time withdrawn = never;               // when it was taken back
  std::int32_t distance_cm = -1;        // negative: unknown
  Seat seat = {};
  Kind kind = Kind::encounter;
  bool both_masked = false;
  bool withdraws = false;               // takes back the facts like it that were told before; only on the way into a file

  bool known_at(Time as_of) const { return recorded <= as_of && as_of < withdrawn; }
  float distance_m() const { return distance_cm < 0 ? -1.0F : static_cast<float>(distance_cm) / 100; }
  friend bool operator==(const Saying&, const Saying&) = default;
};

/// Each saying once, numbered as they come.
class Sayings {
 public:
  std::uint32_t number(const Saying& saying);
  const Saying& operator[](std::uint32_t number) const { return rows_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(rows_.size()); }
  bool any_withdraws() const { return withdraws_; }

 private:
  struct Hash { std::size_t operator()(const Saying& s) const; };
  std::vector<Saying> rows_;
  std::unordered_map<Saying, std::uint32_t, Hash> numbers_;
  std::uint32_t last_ = 0;
  bool withdraws_ = false;
};

}  // namespace motcua::contacts
