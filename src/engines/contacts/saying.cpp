#include "engines/contacts/saying.hpp"

namespace motcua::contacts {

std::size_t Sayings::Hash::operator()(const Saying& s) const {
  std::uint64_t h = static_cast<std::uint64_t>(s.recorded);
  const auto mix = [&h](std::uint64_t value) { h = (h ^ value ^ (h >> 32)) * 0x9e3779b97f4a7c15ULL; };
  mix(static_cast<std::uint64_t>(s.withdrawn));
  mix(static_cast<std::uint64_t>(s.distance_cm));
  mix(static_cast<std::uint64_t>(s.seat.row) << 16 | static_cast<std::uint64_t>(static_cast<unsigned char>(s.seat.letter)) << 8 |
      static_cast<std::uint64_t>(s.kind) << 2 | static_cast<std::uint64_t>(s.both_masked) << 1 | static_cast<std::uint64_t>(s.withdraws));
  return h ^ (h >> 29);
}

std::uint32_t Sayings::number(const Saying& saying) {
  if (last_ < rows_.size() && rows_[last_] == saying) return last_;
  const auto [at, is_new] = numbers_.try_emplace(saying, size());
  if (is_new) rows_.push_back(saying);
  withdraws_ = withdraws_ || saying.withdraws;
  return last_ = at->second;
}

}  // namespace motcua::contacts
