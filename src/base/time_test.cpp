#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace motcua {
namespace {

TEST(ParseInstant, reads) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"2021-07-31T17:05:00+07:00", "2021-07-31T17:05:00+07:00"}, {"2021-07-31T10:05:00Z", "2021-07-31T17:05:00+07:00"},
      {"2021-07-31 17:05", "2021-07-31T17:05:00+07:00"}, {"2021-07-31T17:05:00.250", "2021-07-31T17:05:00.250+07:00"},
      {"2021-07-31T17:05:00.1239999Z", "2021-08-01T00:05:00.123+07:00"}, {"31/07/2021 17:05", "2021-07-31T17:05:00+07:00"},
      {"31/07/2021 17:05:09", "2021-07-31T17:05:09+07:00"}, {"31/07/2021", "2021-07-31T00:00:00+07:00"}, {"2021-07-31", "2021-07-31T00:00:00+07:00"},
      {"1627725900", "2021-07-31T17:05:00+07:00"}, {"1627725900123", "2021-07-31T17:05:00.123+07:00"}, {" 2021-07-31T17:05+0700 ", "2021-07-31T17:05:00+07:00"},
      {"2021-07-31T17:05:00-05:30", "2021-08-01T05:35:00+07:00"}, {"'31/7/21 7:05", "2021-07-31T07:05:00+07:00"}};
  for (const auto& [in, out] : cases) {
    auto t = parse_instant(in);
    ASSERT_TRUE(t) << in;
    EXPECT_EQ(to_iso(*t), out) << in;
  }
}

TEST(ParseInstant, refuses) {
  using namespace std::string_literals;
  for (const std::string& bad : {""s, "x"s, "31/02/2021"s, "2021-02-29T00:00:00Z"s, "2021-07-31T24:00:00Z"s, "2021-07-31T17:60"s, "2021-07-31T17"s,
                                 "2021-07-31T17:05:00+25:00"s, "2021-07-31T17:05:00Zjunk"s, "12345"s, "12345678901"s, "2021-07-31\0"s, std::string(1000, '1'),
                                 "2021/07-31"s, "2021-07-31T17:05:00."s, "9999-01-01"s})
    EXPECT_EQ(parse_instant(bad).ok() ? "ok" : parse_instant(bad).failure().code, "time.unreadable") << bad;
}

TEST(ParseDate, reads) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"1990-01-02", "1990-01-02"}, {"19900102", "1990-01-02"}, {"02/01/1990", "1990-01-02"}, {"2-1-90", "1990-01-02"}, {"2.1.1990", "1990-01-02"},
      {"02011990", "1990-01-02"}, {"2011990", "1990-01-02"}, {"20122012", "2012-12-20"}, {"20111211", "2011-12-11"}, {"03/1954", "1954-03"}, {"1954-03", "1954-03"},
      {"1954", "1954"}, {"00/00/1954", "1954"}, {"0/3/1954", "1954-03"}, {"32875", "1990-01-02"}, {"32875.5", "1990-01-02"}, {"5/5/21", "2021-05-05"},
      {"1990-01-02T00:00:00Z", "1990-01-02"}, {"1990-01-01T17:00:00.000Z", "1990-01-02"}, {"02/01/1990 00:00:00", "1990-01-02"}, {"29/02/2020", "2020-02-29"}};
  for (const auto& [in, out] : cases) {
    auto date = parse_date(in);
    ASSERT_TRUE(date) << in;
    EXPECT_EQ(to_iso(*date), out) << in;
  }
}

TEST(ParseDate, refuses) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"31/02/1990", "date.no_such_day"}, {"1990-13-01", "date.no_such_day"}, {"31021990", "date.no_such_day"}, {"29/02/2021", "date.no_such_day"},
      {"12/31/1990", "date.no_such_day"}, {"13/1954", "date.no_such_day"}, {"", "date.unreadable"}, {"x", "date.unreadable"}, {"1700", "date.unreadable"},
      {"123", "date.unreadable"}, {"123456", "date.unreadable"}, {"1/2/3", "date.unreadable"}, {"1/2-1990", "date.unreadable"}, {std::string(500, '1'), "date.unreadable"}};
  for (const auto& [in, code] : cases) {
    auto date = parse_date(in);
    ASSERT_FALSE(date) << in;
    EXPECT_EQ(date.failure().code, code) << in;
  }
}

TEST(VietnamTime, day_begins_at_17_utc) {
  using namespace std::chrono;
  const Date day = 2021y / 7 / 31;
  EXPECT_EQ(to_iso(vietnam_midnight(day)), "2021-07-31T00:00:00+07:00");
  EXPECT_EQ(vietnam_date(vietnam_midnight(day)), day);
  EXPECT_EQ(vietnam_date(vietnam_midnight(day) - milliseconds{1}), Date(2021y / 7 / 30));
  EXPECT_EQ(to_iso(vietnam_time(day, 17, 5, 9)), "2021-07-31T17:05:09+07:00");
}

RC_GTEST_PROP(TimeProperty, iso_reads_back, ()) {
  const Instant t = from_millis(*rc::gen::inRange<std::int64_t>(-3'000'000'000'000, 4'000'000'000'000));
  auto again = parse_instant(to_iso(t));
  RC_ASSERT(again.ok());
  RC_ASSERT(*again == t);
}

RC_GTEST_PROP(TimeProperty, any_text_has_an_answer, (const std::string& text)) {
  auto date = parse_date(text);
  if (date) RC_ASSERT(parse_date(to_iso(*date)).ok());
  (void)parse_instant(text);
}

}  // namespace
}  // namespace motcua
