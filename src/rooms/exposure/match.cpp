#include "rooms/exposure/match.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <cstring>

namespace motcua::exposure {
namespace {

struct IdentifierHash {
  std::size_t operator()(const crypto::Block128& id) const {
    std::size_t head;
    std::memcpy(&head, id.data(), sizeof head);   // identifiers are random bits
    return head;
  }
};
using Heard = std::unordered_multimap<crypto::Block128, const Observed*, IdentifierHash>;

void match_key(const ArchivedKey& key, const Heard& heard, std::vector<Match>& out) {
  const auto identifiers =
      tracing::rolling_proximity_identifiers(key.key, static_cast<std::uint64_t>(key.rolling_start), static_cast<std::uint64_t>(key.rolling_period));
  if (!identifiers) return;   // bounds are those of the archive's reader
  const auto metadata_key = tracing::metadata_key(key.key);
  for (std::size_t i = 0; i < identifiers->size(); ++i) {
    const std::int64_t interval = key.rolling_start + static_cast<std::int64_t>(i);
    for (auto [at, end] = heard.equal_range((*identifiers)[i]); at != end; ++at) {
      const Observed& one = *at->second;
      if (std::abs(one.interval - interval) > tolerance_intervals) continue;
      Match match{key, interval, one.interval, std::nullopt};
      if (one.metadata) match.metadata = tracing::crypt_metadata(metadata_key, one.identifier, *one.metadata);
      out.push_back(std::move(match));
    }
  }
}

}  // namespace

std::vector<Match> match_keys(const Archive& archive, std::span<const Observed> observed) {
  Heard heard;
  for (const auto& one : observed) heard.emplace(one.identifier, &one);
  std::map<crypto::Block128, ArchivedKey> last_told;
  for (const auto* keys : {&archive.keys, &archive.revised})
    for (const auto& key : *keys) last_told[key.key] = key;
  std::vector<Match> out;
  for (const auto& [bytes, key] : last_told)
    if (key.type != ReportType::negative) match_key(key, heard, out);
  std::stable_sort(out.begin(), out.end(), [](const Match& a, const Match& b) { return a.key.key != b.key.key ? a.key.key < b.key.key : a.heard < b.heard; });
  return out;
}

}  // namespace motcua::exposure
