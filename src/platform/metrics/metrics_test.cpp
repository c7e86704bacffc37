#include "platform/metrics/metrics.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace motcua::metrics {
namespace {

TEST(Metrics, RenderPrometheusText) {
  Registry r;
  r.counter("motcua_b_total", "Things done", {{"kind", "x\"y\\z\n"}}).add(3);
  r.counter("motcua_b_total", "Things done", {{"kind", "a"}}).add();
  r.gauge("motcua_a_open", "Open things").set(-2);
  auto& h = r.histogram("motcua_c_seconds", "Time", {{"job", "j"}}, {0.1, 1});
  h.observe(0.1);
  h.observe(0.5);
  h.observe(7);
  EXPECT_EQ(r.render(),
            "# HELP motcua_a_open Open things\n# TYPE motcua_a_open gauge\nmotcua_a_open -2\n"
            "# HELP motcua_b_total Things done\n# TYPE motcua_b_total counter\n"
            "motcua_b_total{kind=\"a\"} 1\nmotcua_b_total{kind=\"x\\\"y\\\\z\\n\"} 3\n"
            "# HELP motcua_c_seconds Time\n# TYPE motcua_c_seconds histogram\n"
            "motcua_c_seconds_bucket{job=\"j\",le=\"0.1\"} 1\nmotcua_c_seconds_bucket{job=\"j\",le=\"1\"} 2\n"
            "motcua_c_seconds_bucket{job=\"j\",le=\"+Inf\"} 3\nmotcua_c_seconds_sum{job=\"j\"} 7.6\n"
            "motcua_c_seconds_count{job=\"j\"} 3\n");
}

TEST(Metrics, TheSameNameIsTheSameHandle) {
  Registry r;
  EXPECT_EQ(&r.counter("motcua_x_total", "h"), &r.counter("motcua_x_total", "h"));
  EXPECT_NE(&r.counter("motcua_x_total", "h"), &r.counter("motcua_x_total", "h", {{"a", "b"}}));
}

TEST(Metrics, DefectsAreThrown) {
  Registry r;
  r.counter("motcua_x_total", "h");
  EXPECT_THROW(r.gauge("motcua_x_total", "h"), std::logic_error);
  EXPECT_THROW(r.counter("1bad", "h"), std::logic_error);
  EXPECT_THROW(r.counter("bad name", "h"), std::logic_error);
  EXPECT_THROW(r.counter("motcua_y_total", "h", {{"bad-label", "v"}}), std::logic_error);
  EXPECT_THROW(r.histogram("motcua_z_seconds", "h", {}, {2, 1}), std::logic_error);
}

TEST(Metrics, AFamilyHasAtMostSoManySeries) {
  Registry r;
  for (std::size_t i = 0; i < series_max + 50; ++i) r.counter("motcua_x_total", "h", {{"n", std::to_string(i)}}).add();
  EXPECT_EQ(r.counter("motcua_x_total", "h", {{"n", "other"}}).value(), 50u);
}

TEST(Metrics, CountsFromManyThreadsAddUp) {
  Registry r;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10000; ++i) {
        r.counter("motcua_x_total", "h").add();
        r.histogram("motcua_y_seconds", "h").observe(0.5);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(r.counter("motcua_x_total", "h").value(), 40000u);
  EXPECT_EQ(r.histogram("motcua_y_seconds", "h").count(), 40000u);
  EXPECT_DOUBLE_EQ(r.histogram("motcua_y_seconds", "h").sum(), 20000.0);
}

}  // namespace
}  // namespace motcua::metrics
