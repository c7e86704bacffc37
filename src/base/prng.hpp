#pragma once
// Seeded randomness for simulations and tests: xoshiro256**, the same on every machine and with every library. Not for secrets.
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua {

class Prng {
 public:
  explicit Prng(std::uint64_t seed);

  /// A generator of its own for a named part ("households", 17), so that one part's draws never shift another's.
  Prng split(std::string_view name, std::uint64_t index = 0) const;

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);                 // 0 .. bound-1, unbiased; 0 when bound is 0
  std::int64_t between(std::int64_t low, std::int64_t high);  // both included
  double real();                                            // [0, 1)
  bool chance(double probability);
  double normal(double mean, double deviation);
  double exponential(double mean);
  int poisson(double mean);                                 // mean up to 500
  std::size_t weighted(std::span<const double> weights);    // index; 0 when all weights are 0

  template <class T>
  const T& pick(const std::vector<T>& items) { return items[below(items.size())]; }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  Prng() = default;
  std::uint64_t seed_ = 0;
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace motcua
