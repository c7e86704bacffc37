#include "platform/metrics/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>
#include <variant>

namespace motcua::metrics {
namespace {

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += "\\n";
    else if (c == '\\' || (quotes && c == '"')) (out += '\\') += c;
    else out += c;
  }
  return out;
}

std::string rendered(const Labels& labels) {
  std::string out;
  for (const auto& [name, value] : labels) {
    if (!is_name(name)) throw std::logic_error("metrics: malformed label name");
    out += (out.empty() ? "" : ",") + name + "=\"" + escaped(value, true) + '"';
  }
  return out;
}

std::string rendered(double value) {
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

template <class T>
inline constexpr std::size_t type_index = std::is_same_v<T, Counter> ? 0 : std::is_same_v<T, Gauge> ? 1 : 2;
using Series = std::variant<std::unique_ptr<Counter>, std::unique_ptr<Gauge>, std::unique_ptr<Histogram>>;

struct Family {
  std::string help;
  std::size_t type = 0;  // type_index
  std::map<std::string, Series> series;
};

void append_sample(std::string& out, std::string_view name, std::string_view suffix, const std::string& labels, const std::string& value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void append_series(std::string& out, const std::string& name, const std::string& labels, const Histogram& histogram) {
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i <= histogram.bounds().size(); ++i) {
    cumulative += histogram.bucket(i);
    const std::string bound = i < histogram.bounds().size() ? rendered(histogram.bounds()[i]) : "+Inf";
    append_sample(out, name, "_bucket", (labels.empty() ? "" : labels + ",") + "le=\"" + bound + '"', std::to_string(cumulative));
  }
  append_sample(out, name, "_sum", labels, rendered(histogram.sum()));
  append_sample(out, name, "_count", labels, std::to_string(cumulative));
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), buckets_(std::make_unique<std::atomic<std::uint64_t>[]>(bounds_.size() + 1)) {
  if (!std::is_sorted(bounds_.begin(), bounds_.end())) throw std::logic_error("metrics: histogram bounds must ascend");
}

void Histogram::observe(double value) {
  const auto i = static_cast<std::size_t>(std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin());
  buckets_[i].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= bounds_.size(); ++i) total += bucket(i);
  return total;
}

std::vector<double> seconds_bounds() { return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}; }

struct Registry::State {
  mutable std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;

  template <class T, class... Arguments>
  T& series(std::string_view name, std::string_view help, Labels labels, Arguments&&... arguments) {
    constexpr std::size_t type = type_index<T>;
    std::lock_guard lock(mutex);
    auto found = families.find(name);
    if (found == families.end()) {
      if (!is_name(name)) throw std::logic_error("metrics: malformed metric name");
      found = families.emplace(std::string(name), Family{std::string(help), type, {}}).first;
    }
    Family& family = found->second;
    if (family.type != type) throw std::logic_error("metrics: one name with two types");
    std::string key = rendered(labels);
    if (family.series.size() >= series_max && !family.series.contains(key)) {
      for (auto& [unused, value] : labels) value = "other";
      key = rendered(labels);
    }
    auto& held = family.series[key];
    if (!std::holds_alternative<std::unique_ptr<T>>(held) || !std::get<std::unique_ptr<T>>(held))
      held = std::make_unique<T>(std::forward<Arguments>(arguments)...);
    return *std::get<std::unique_ptr<T>>(held);
  }
};

Registry::Registry() : state_(std::make_unique<State>()) {}
Registry::~Registry() = default;

Counter& Registry::counter(std::string_view name, std::string_view help, Labels labels) {
  return state_->series<Counter>(name, help, std::move(labels));
}
Gauge& Registry::gauge(std::string_view name, std::string_view help, Labels labels) {
  return state_->series<Gauge>(name, help, std::move(labels));
}
Histogram& Registry::histogram(std::string_view name, std::string_view help, Labels labels, std::vector<double> bounds) {
  return state_->series<Histogram>(name, help, std::move(labels), std::move(bounds));
}

std::string Registry::render() const {
  constexpr std::string_view types[] = {"counter", "gauge", "histogram"};
  std::lock_guard lock(state_->mutex);
  std::string out;
  for (const auto& [name, family] : state_->families) {
    out += "# HELP " + name + ' ' + escaped(family.help, false) + "\n# TYPE " + name + ' ';
    out.append(types[family.type]).append("\n");
    for (const auto& [labels, series] : family.series) {
      if (auto* counter = std::get_if<0>(&series)) append_sample(out, name, "", labels, std::to_string((*counter)->value()));
      else if (auto* gauge = std::get_if<1>(&series)) append_sample(out, name, "", labels, std::to_string((*gauge)->value()));
      else append_series(out, name, labels, *std::get<2>(series));
    }
  }
  return out;
}

Registry& registry() {
  static Registry own;
  return own;
}

}  // namespace motcua::metrics
