#include "rooms/identity/model_view.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/vietnamese.hpp"
#include "rooms/identity/linking.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t values_shown = 12;
constexpr int reviewed_max = 100'000;           // of the latest
constexpr int calibration_bins = 8;
constexpr std::array thresholds{0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.999};

std::vector<ModelField> to_fields(const linkage::Model& model) {
  std::vector<ModelField> out;
  for (const auto& field : model.parameters()) {
    ModelField shown{field.field, {}};
    for (const auto& level : field.levels) shown.levels.push_back({level.code, level.m, level.u, std::log2(level.m / level.u)});
    out.push_back(std::move(shown));
  }
  return out;
}

/// The commonest values and those that tell most; one that few records have is nobody's business.
ModelFrequencies to_frequencies(const linkage::Model& model, const char* name, linkage::NamePart part) {
  ModelFrequencies out{name, static_cast<std::int64_t>(model.named_records(part)), {}, {}};
  const auto values = model.frequent_values(part, model_value_records_min);
  const auto shown = [&](const linkage::ValueCount& v) {
    const double share = static_cast<double>(v.records) / static_cast<double>(std::max<std::int64_t>(out.total, 1));
    return ModelValue{vietnamese::title_case(v.value), v.records, share, -std::log2(share)};
  };
  const std::size_t common = std::min(values_shown, values.size()), telling = std::min(values_shown, values.size() - common);
  for (std::size_t i = 0; i < common; ++i) out.commonest.push_back(shown(values[i]));
  for (std::size_t i = 0; i < telling; ++i) out.most_telling.push_back(shown(values[values.size() - 1 - i]));
  return out;
}

}  // namespace

std::vector<ModelThreshold> to_curve(std::span<const linkage::ExpectedPairs> expected, std::span<const double> at) {
  double all = 0;
  for (const auto& bin : expected) all += bin.matches;
  std::vector<ModelThreshold> out;
  if (all <= 0) return out;
  for (const double threshold : at) {
    const double bits = std::log2(threshold / (1 - threshold));
    double pairs = 0, matches = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      // A bin that the threshold cuts counts by the part above it.
      const double low = expected[i].bits, high = i + 1 < expected.size() ? expected[i + 1].bits : low + linkage::expected_bin_bits;
      const double above = std::clamp((high - bits) / (high - low), 0.0, 1.0);
      pairs += above * expected[i].pairs;
      matches += above * expected[i].matches;
    }
    out.push_back({threshold, pairs > 0 ? matches / pairs : 1, matches / all, pairs});
  }
  return out;
}

std::vector<CalibrationBin> to_calibration(std::span<const Reviewed> reviewed, double from, double to) {
  std::vector<CalibrationBin> bins;
  const double width = (to - from) / calibration_bins;
  for (int i = 0; i < calibration_bins; ++i) bins.push_back({from + i * width, from + (i + 1) * width, 0, 0, 0});
  for (const Reviewed& r : reviewed) {
    const int i = std::clamp(static_cast<int>(std::floor((r.probability - from) / width)), 0, calibration_bins - 1);
    CalibrationBin& bin = bins[static_cast<std::size_t>(i)];
    bin.from = std::min(bin.from, r.probability);   // the first and the last reach as far as there is something
    bin.to = std::max(bin.to, r.probability);
    ++bin.decided;
    bin.same += r.same ? 1 : 0;
    bin.said += r.probability;
  }
  for (CalibrationBin& bin : bins) bin.said = bin.decided ? bin.said / static_cast<double>(bin.decided) : 0;
  return bins;
}

Result<ModelView> view_model(storage::Reader& reader) {
  TRY_ASSIGN(const auto state, store::read_state(reader));
  TRY_ASSIGN(const auto model, Linker::model_of(state));
  TRY_ASSIGN(const auto reviewed, store::reviewed_pairs(reader, reviewed_max));
  const linkage::Options options;
  ModelView view;
  view.learned = model.learned();
  view.records = state.model_records;
  view.prior = model.prior();
  view.link_probability = options.link_probability;
  view.review_probability = options.review_probability;
  view.fields = to_fields(model);
  view.frequencies = {to_frequencies(model, "family", linkage::NamePart::family), to_frequencies(model, "given", linkage::NamePart::given)};
  view.curve = to_curve(model.expected_pairs(), thresholds);
  view.decided = static_cast<std::int64_t>(reviewed.size());
  view.calibration = to_calibration(reviewed, options.review_probability, options.link_probability);
  return view;
}

}  // namespace motcua::identity
