#pragma once
// The inner work of a match alone, for comparison with another engine that does the same: given blocks, a given model, all pairs scored.
#include "app/match_rows.hpp"

namespace motcua::bench {

/// Prints one JSON object: seconds of reading; of blocking and scoring, with pairs given up early and with every field of every pair compared; pairs,
/// those at least as likely as not, a hash of the set of pairs (sum of (a 2^32 + b) mod 1,000,000,007 over rows a < b), the weights in bits.
Result<void> print_pairs(const app::MatchPlan& plan, const std::string& file);

}  // namespace motcua::bench
