// How fast records come in and are linked, reported as properties of the test. MOTCUA_SPEED_ROWS sets the size (default 20,000).
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "base/prng.hpp"
#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Declarations of a made-up town: every person about twice.
std::string declarations(int rows) {
  const std::vector<std::string> family{"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ"};
  const std::vector<std::string> given{"An", "Bình", "Châu", "Dũng", "Hà", "Hải", "Hiếu", "Hoa", "Hùng", "Khánh", "Lan", "Linh", "Long", "Mai", "Minh", "Nam", "Ngọc", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Trang", "Tuấn", "Vy"};
  Prng random(7);
  std::string csv = "dose_id,full_name,birth_date,sex,phone,id_number,insurance_number,vaccine,lot,dose_number,injected_at,site\n";
  csv.reserve(static_cast<std::size_t>(rows) * 150);
  for (int i = 0; i < rows; ++i) {
    const int who = i % (rows / 2 + 1);
    Prng p = random.split("person", static_cast<std::uint64_t>(who));
    const bool male = p.chance(0.5);
    const int year = static_cast<int>(p.between(1940, 2015));
    char line[512];
    std::snprintf(line, sizeof line, "D-%d,%s %s %s %s,%02d/%02d/%d,%s,09%08d,%s,,AstraZeneca,ABX%d,%d,2021-07-%02d 08:%02d,Trạm y tế %d\n", i, p.pick(family).c_str(),
                  male ? "Văn" : "Thị", p.pick(given).c_str(), p.pick(given).c_str(), int(p.between(1, 28)), int(p.between(1, 12)), year, male ? "Nam" : "Nữ", who,
                  i % 3 == 0 ? "" : ("079" + std::to_string((year >= 2000 ? 2 : 0) + !male) + std::to_string(year).substr(2) + std::to_string(100000 + who % 900000)).c_str(),
                  who % 97, i % 2 + 1, i % 28 + 1, i % 60, who % 300);
    csv += line;
  }
  return csv;
}

class SpeedTest : public tests::DatabaseTest {};
INSTANTIATE_TEST_SUITE_P(Engines, SpeedTest, tests::both_engines(), tests::engine_name);

TEST_P(SpeedTest, reported) {
  const char* wanted = std::getenv("MOTCUA_SPEED_ROWS");
  const int rows = wanted ? std::atoi(wanted) : 20'000;
  TestHouse house(database(), dir().file("home"));
  const auto csv = declarations(rows);
  const auto kinds = house.room->kinds();
  const auto doses = std::find_if(kinds.begin(), kinds.end(), [](const auto& k) { return k.name == "doses"; });
  auto start = Clock::now();
  auto imported = intake::import_source(database(), tests::test_act("imports.import"), *doses, {}, *intake::text_source(csv), dir().file("home"));
  ASSERT_TRUE(imported) << imported.failure().code;
  EXPECT_EQ(imported->accepted, rows);
  RecordProperty("import_rows_per_second", static_cast<int>(rows / seconds_since(start)));

  start = Clock::now();
  auto linked = house.door().link(tests::test_act("identity.link"), {.full = true});
  ASSERT_TRUE(linked) << linked.failure().code;
  RecordProperty("link_ms", static_cast<int>(seconds_since(start) * 1000));
  RecordProperty("link_peak_mib", static_cast<int>(linked->peak_memory_bytes >> 20));
  EXPECT_NEAR(static_cast<double>(linked->persons), rows / 2.0, rows * 0.05);

  SourceRecord late = told("doses", "D-late", "Nguyễn Văn Mới", "1990-01-02", "Nam", "0938000204");
  std::vector<intake::Warning> warnings;
  const std::vector<std::shared_ptr<const PreparedRecord>> one{*house.door().prepare(late, warnings)};
  ASSERT_TRUE(database().write_value(tests::test_act(), [&](storage::Transaction& tx) { return house.door().save(tx, one); }));
  start = Clock::now();
  ASSERT_TRUE(house.door().link(tests::test_act("identity.link"), {}));
  RecordProperty("link_one_more_ms", static_cast<int>(seconds_since(start) * 1000));
  std::printf("[ SPEED    ] %d rows: import %.1f s, link %.1f s, one more %.2f s\n", rows, imported->seconds, linked->seconds, seconds_since(start));
}

}  // namespace
}  // namespace motcua::identity
