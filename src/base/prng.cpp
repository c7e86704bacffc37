#include "base/prng.hpp"

#include <xxhash.h>

#include <bit>
#include <cmath>
#include <numbers>

namespace motcua {
namespace {
// SplitMix64, the usual way to fill xoshiro's state from one word.
std::uint64_t splitmix(std::uint64_t& x) {
  std::uint64_t z = (x += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}
constexpr double poisson_mean_max = 500;
}  // namespace

Prng::Prng(std::uint64_t seed) : seed_(seed) {
  for (auto& word : state_) word = splitmix(seed);
}

Prng Prng::split(std::string_view name, std::uint64_t index) const {
  return Prng(XXH3_64bits_withSeed(name.data(), name.size(), seed_) + 0x9e3779b97f4a7c15ULL * (index + 1));
}

std::uint64_t Prng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Prng::below(std::uint64_t bound) {
  if (bound < 2) return 0;
  const std::uint64_t reject_under = (0 - bound) % bound;  // 2^64 mod bound: what would make low results likelier
  for (;;)
    if (const auto r = next(); r >= reject_under) return r % bound;
}

std::int64_t Prng::between(std::int64_t low, std::int64_t high) {
  if (high <= low) return low;
  const auto width = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  const auto offset = width == 0 ? next() : below(width);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
}

double Prng::real() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

bool Prng::chance(double probability) { return real() < probability; }

double Prng::normal(double mean, double deviation) {
  const double radius = std::sqrt(-2 * std::log(1 - real()));
  return mean + deviation * radius * std::cos(2 * std::numbers::pi * real());
}

double Prng::exponential(double mean) { return -mean * std::log(1 - real()); }

int Prng::poisson(double mean) {
  if (!(mean > 0)) return 0;
  const double limit = std::exp(-std::min(mean, poisson_mean_max));
  int count = 0;
  for (double product = real(); product > limit; product *= real()) ++count;
  return count;
}

std::size_t Prng::weighted(std::span<const double> weights) {
  double total = 0;
  for (double w : weights) total += w;
  double at = real() * total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (at < weights[i]) return i;
    at -= weights[i];
  }
  for (std::size_t i = weights.size(); i > 0; --i)  // rounding left a rest: the last that can be drawn
    if (weights[i - 1] > 0) return i - 1;
  return 0;
}

}  // namespace motcua
