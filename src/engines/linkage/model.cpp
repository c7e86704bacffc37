#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "engines/linkage/em.hpp"
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

namespace {

constexpr std::int64_t format_version = 1;

json::object write(const Frequencies& f) {
  const std::set<std::pair<std::string_view, std::uint32_t>> sorted(f.counts.begin(), f.counts.end());
  json::object counts;
  for (const auto& [value, count] : sorted) counts.emplace(value, count);
  return {{"total", f.total}, {"counts", std::move(counts)}};
}

Frequencies read_frequencies(const json::value& value) {
  Frequencies f;
  f.total = value.at("total").to_number<std::uint64_t>();
  for (const auto& [text, count] : value.at("counts").as_object()) f.counts.emplace(text, count.to_number<std::uint32_t>());
  return f;
}

bool is_probability(double p) { return p > 0 && p < 1; }

/// The file's parameters, when its fields and levels are exactly those of this version.
bool read_fields(const json::array& written, std::vector<FieldParameters>& fields) {
  if (written.size() != fields.size()) return false;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    const json::array& levels = written[f].at("levels").as_array();
    if (written[f].at("field").as_string() != fields[f].field || levels.size() != fields[f].levels.size()) return false;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      LevelParameters& level = fields[f].levels[l];
      if (levels[l].at("code").as_string() != level.code) return false;
      level.m = to_kept_digits(levels[l].at("m").to_number<double>());
      level.u = to_kept_digits(levels[l].at("u").to_number<double>());
      if (!is_probability(level.m) || !is_probability(level.u)) return false;
    }
  }
  return true;
}

}  // namespace

std::string Model::to_json() const {
  json::array fields;
  for (const FieldParameters& field : state_->fields) {
    json::array levels;
    for (const LevelParameters& l : field.levels) levels.push_back({{"code", l.code}, {"m", l.m}, {"u", l.u}});
    fields.push_back({{"field", field.field}, {"levels", std::move(levels)}});
  }
  json::object root = {{"version", format_version}, {"prior", state_->prior}, {"records", state_->records}, {"learned", state_->learned},
                       {"fields", std::move(fields)}};
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
