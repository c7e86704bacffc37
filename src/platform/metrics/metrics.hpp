#pragma once
// Counters, gauges and histograms in Prometheus' text format. A handle is looked up once and kept; counting is one relaxed
// atomic addition. Names begin with `motcua_<slice>_` and end with their unit (`_seconds`, `_bytes`, `_total`).
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace motcua::metrics {

/// Label values are a closed set (route patterns, states); a family holds at most `series_max` of them, the rest go to one
/// series labelled "other". Never an id and never anything about a person.
using Labels = std::vector<std::pair<std::string, std::string>>;
inline constexpr std::size_t series_max = 2000;

class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t v) { value_.store(v, std::memory_order_relaxed); }
  void add(std::int64_t n) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);
  void observe(double value);
  const std::vector<double>& bounds() const { return bounds_; }
  std::uint64_t bucket(std::size_t i) const { return buckets_[i].load(std::memory_order_relaxed); }  // not cumulative
  std::uint64_t count() const;
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> bounds_;                               // ascending upper bounds; one more bucket above the last
  std::unique_ptr<std::atomic<std::uint64_t>[]> buckets_;
  std::atomic<double> sum_{0};
};

/// 1 ms to 10 s, for requests, commits and jobs.
std::vector<double> seconds_bounds();

class Registry {
 public:
  Registry();
  ~Registry();
  /// The handle of this name and these labels, made at first call; valid as long as the registry. The same name with another
  /// type, or a malformed name, is a defect (std::logic_error).
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, Labels labels = {}, std::vector<double> bounds = seconds_bounds());
  /// Text format 0.0.4, families sorted by name.
  std::string render() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The process's own.
Registry& registry();

}  // namespace motcua::metrics
