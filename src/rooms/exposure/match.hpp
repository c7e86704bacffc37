#pragma once
// Which diagnosis keys a phone heard: what the framework on a phone does with an archive, for whoever has none. Pure.
// Source: Apple and Google, Exposure Notification, Cryptography Specification v1.2: a heard identifier matches up to two hours beside its interval.
#include <optional>
#include <span>
#include <vector>

#include "rooms/exposure/model.hpp"
#include "rooms/tracing/tracing.hpp"

namespace motcua::exposure {

inline constexpr std::size_t observed_max = 5'000'000;       // rows; a phone hears some thousands a day

struct Observed {
  std::int64_t interval = 0;
  crypto::Block128 identifier{};
  std::optional<tracing::ExposureMetadata> metadata;         // as heard, encrypted
};
struct Match {
  ArchivedKey key;
  std::int64_t interval = 0;                                 // in which the identifier was sent
  std::int64_t heard = 0;                                    // in which it was heard
  std::optional<tracing::ExposureMetadata> metadata;         // in clear: version, transmit power, two reserved
};

/// Sorted by key, then by when it was heard. A key that the archive takes back (negative) matches nothing.
std::vector<Match> match_keys(const Archive& archive, std::span<const Observed> observed);

}  // namespace motcua::exposure
