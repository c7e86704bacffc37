#include <algorithm>
#include <boost/json.hpp>

#include "engines/linkage/em.hpp"
#include "engines/linkage/model_json.hpp"
#include "engines/linkage/model_state.hpp"
#include "engines/linkage/person_fields.hpp"

namespace motcua::linkage {
namespace json = boost::json;

double Frequencies::share(std::string_view value, double floor) const {
  if (total == 0) return floor;
  const auto found = counts.find(value);
  const double seen = found == counts.end() ? 1 : found->second;
  return std::max(seen / static_cast<double>(total), floor);
}

void Frequencies::trim(std::size_t values_max) {
  std::erase_if(counts, [](const auto& entry) { return entry.second < 2; });
  if (counts.size() <= values_max) return;
  std::vector<std::uint32_t> seen;
  for (const auto& [value, count] : counts) seen.push_back(count);
  std::nth_element(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(values_max), seen.end(), std::greater<>());
  const std::uint32_t least = seen[values_max];   // values tied with the first one left out go too: no dependence on order
  std::erase_if(counts, [&](const auto& entry) { return entry.second <= least; });
}

Model::Model() : state_(std::make_unique<State>()) { state_->fields = starting_parameters(); }
Model::Model(std::unique_ptr<State> state) : state_(std::move(state)) {}
Model::Model(const Model& other) : state_(std::make_unique<State>(*other.state_)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model other) {
  std::swap(state_, other.state_);
  return *this;
}
Model::~Model() = default;

std::vector<FieldParameters> Model::parameters() const { return state_->fields; }
double Model::prior() const { return state_->prior; }
bool Model::learned() const { return state_->learned; }

std::vector<ExpectedPairs> Model::expected_pairs() const { return state_->expected; }

std::vector<ValueCount> Model::frequent_values(NamePart part, std::uint32_t records_min) const {
  const Frequencies& f = part == NamePart::family ? state_->family : state_->given;
  std::vector<ValueCount> values;
  for (const auto& [value, count] : f.counts)
    if (count >= records_min) values.push_back({value, count});
  std::sort(values.begin(), values.end(), [](const ValueCount& a, const ValueCount& b) { return a.records != b.records ? a.records > b.records : a.value < b.value; });
  return values;
}
std::uint64_t Model::named_records(NamePart part) const { return (part == NamePart::family ? state_->family : state_->given).total; }

namespace {
constexpr std::int64_t format_version = 1;
}  // namespace

std::string Model::to_json() const {
  json::object root = {{"version", format_version}, {"prior", state_->prior}, {"records", state_->records}, {"learned", state_->learned},
                       {"fields", write_fields(state_->fields)}};
  json::array expected;
  for (const ExpectedPairs& e : state_->expected) expected.push_back({e.bits, e.pairs, to_kept_digits(e.matches)});
  root["expected"] = std::move(expected);
  root["frequencies"] = json::object{{"family", write(state_->family)}, {"given", write(state_->given)}, {"rest", write(state_->rest)},
                                     {"ward", write(state_->ward)}};
  return json::serialize(root);
}

Result<Model> Model::from_json(std::string_view text) {
  const Failure unreadable = invalid("linkage.model_unreadable");
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  if (error) return unreadable;
  try {   // boost::json reports a member that is absent or of another kind by throwing
    Model model;
    State& state = *model.state_;
    if (root.at("version").to_number<std::int64_t>() != format_version || !read_fields(root.at("fields").as_array(), state.fields)) return unreadable;
    state.prior = to_kept_digits(root.at("prior").to_number<double>());
    state.records = root.at("records").to_number<std::uint64_t>();
    state.learned = root.at("learned").as_bool();
    const json::value* expected = root.as_object().if_contains("expected");   // absent: written before it was kept
    for (const json::value& e : expected ? expected->as_array() : json::array())
      state.expected.push_back({e.at(0).to_number<double>(), e.at(1).to_number<double>(), e.at(2).to_number<double>()});
    const json::value& frequencies = root.at("frequencies");
    state.family = read_frequencies(frequencies.at("family"));
    state.given = read_frequencies(frequencies.at("given"));
    state.rest = read_frequencies(frequencies.at("rest"));
    state.ward = read_frequencies(frequencies.at("ward"));
    if (!is_probability(state.prior)) return unreadable;
    return model;
  } catch (const std::exception&) {
    return unreadable;
  }
}

}  // namespace motcua::linkage
