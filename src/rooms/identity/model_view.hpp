#pragma once
// Identity::view_model: the learned parameters as numbers to look at. Nothing in it is about one person.
#include "rooms/identity/store.hpp"

namespace motcua::identity {

Result<ModelView> view_model(storage::Reader& reader);

/// Expected precision and recall at each of these thresholds, from what the model expects of candidate pairs (ascending bits).
std::vector<ModelThreshold> to_curve(std::span<const linkage::ExpectedPairs> expected, std::span<const double> thresholds);

/// Bins of equal width between the review and the link probability; the first and the last reach further when something lies beyond.
struct Reviewed { double probability = 0; bool same = false; };
std::vector<CalibrationBin> to_calibration(std::span<const Reviewed> reviewed, double from, double to);

namespace store {
/// What people decided of doubtful pairs, and what the machine had said. (store_review.cpp)
Result<std::vector<Reviewed>> reviewed_pairs(Reader& reader, int limit);
}

}  // namespace motcua::identity
