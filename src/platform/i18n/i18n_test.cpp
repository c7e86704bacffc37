#include <gtest/gtest.h>

#include "platform/i18n/format.hpp"
#include "platform/i18n/i18n.hpp"

namespace motcua::i18n {
namespace {

Instant at(int y, unsigned m, unsigned d, int hour = 0, int minute = 0) {
  return vietnam_time(Date{std::chrono::year(y), std::chrono::month(m), std::chrono::day(d)}, hour, minute);
}

TEST(Po, ReadsKeysFormsCommentsAndContinuedStrings) {
  const auto messages = parse_po(
      "msgid \"\"\nmsgstr \"Content-Type: text/plain\\n\"\n\n# note\nmsgid \"a.b\"\nmsgstr \"\"\n\"one \\\"two\\\" \"\n\"three\\n\"\r\n\n"
      "msgid \"n\"\nmsgid_plural \"n\"\nmsgstr[0] \"x\"\nmsgstr[1] \"xs\"\n\nmsgid \"later\"\nmsgstr \"\"\n");
  ASSERT_TRUE(messages);
  ASSERT_EQ(messages->size(), 2u);
  EXPECT_EQ((*messages)[0].key, "a.b");
  EXPECT_EQ((*messages)[0].forms, std::vector<std::string>{"one \"two\" three\n"});
  EXPECT_EQ((*messages)[1].forms, (std::vector<std::string>{"x", "xs"}));
}

TEST(Po, SaysTheLineItCannotRead) {
  struct Case { const char* text; std::string code; std::int64_t row; };
  for (const auto& c : std::vector<Case>{
           {"msgid \"a\"\nmsgstr \"no end\n", "i18n.po_unreadable", 2},
           {"msgstr \"before its key\"\n", "i18n.po_unreadable", 1},
           {"msgid \"a\"\nmsgid \"b\"\nmsgstr \"x\"\n", "i18n.po_unreadable", 2},
           {"msgid \"a\"\nmsgstr \"x\"\nmsgstr \"y\"\n", "i18n.po_unreadable", 3},
           {"msgid \"a\"\nmsgstr \"x\"\nmsgid \"a\"\nmsgstr \"y\"\n", "i18n.po_repeated", 4},
           {"nonsense\n", "i18n.po_unreadable", 1}}) {
    const auto messages = parse_po(c.text);
    ASSERT_FALSE(messages) << c.text;
    EXPECT_EQ(messages.failure().code, c.code) << c.text;
    EXPECT_EQ(messages.failure().row, c.row) << c.text;
  }
}

TEST(Texts, FillsValuesAndCounts) {
  const Texts texts({{"en", {{"a", {"Hello {{name}}, {{missing}}!"}}, {"n", {"{{count}} row", "{{count}} rows"}}}},
                     {"vi", {{"a", {"Chào {{name}}"}}, {"n", {"{{count}} dòng"}}}}});
  EXPECT_EQ(texts.text("en", "a", {{"name", "An {{x}}"}}), "Hello An {{x}}, !");
  EXPECT_EQ(texts.text("fr", "a", {{"name", "An"}}), "Chào An");
  EXPECT_EQ(texts.text("en", "nobody.wrote_it"), "nobody.wrote_it");
  EXPECT_EQ(texts.plural("en", "n", 1), "1 row");
  EXPECT_EQ(texts.plural("en", "n", 12000), "12\u202f000 rows");
  EXPECT_EQ(texts.plural("vi", "n", 0), "0 dòng");
}

TEST(Texts, FindsWhatIsWrong) {
  const Texts texts({{"en", {{"a", {"x {{name}}"}}, {"only", {"x"}}}}, {"vi", {{"a", {"x {{nam}}"}}}}});
  EXPECT_EQ(texts.check(), (std::vector<std::string>{"a: values differ between en and vi", "vi: only: missing"}));
}

TEST(Texts, SentenceOfAFailureNamesRowAndField) {
  const Texts texts;
  Failure failure = invalid("i18n.po_repeated", "phone");
  EXPECT_EQ(texts.sentence("en", failure), "This text key was given before.");
  failure.row = 1200;
  EXPECT_EQ(texts.sentence("en", failure), "Row 1200, column phone: This text key was given before.");
  EXPECT_EQ(texts.sentence("en", invalid("i18n.po_repeated", "header")), "In the header row: This text key was given before.");
  EXPECT_NE(texts.sentence("vi", internal("nobody.wrote_it", "private")).find("Xin thử lại"), std::string::npos);
}

TEST(Format, Numbers) {
  EXPECT_EQ(number(999), "999");
  EXPECT_EQ(number(4320), "4\u202f320");
  EXPECT_EQ(number(-1234567), "\u22121\u202f234\u202f567");
  EXPECT_EQ(decimal("vi", 0.35, 1), "0,4");
  EXPECT_EQ(decimal("en", 12.05, 2), "12.05");
  EXPECT_EQ(decimal("en", -0.04, 1), "0.0");
  EXPECT_EQ(percent("vi", 0.997), "99,7\u202f%");
  EXPECT_EQ(percent("en", 1, 0), "100%");
  EXPECT_EQ(percent("vi", 0.99999, 2), "99,99\u202f%") << "less than all";
  EXPECT_EQ(percent("en", 0.9, 0), "90%");
  EXPECT_EQ(signed_decimal("vi", 6.1, 1), "+6,1");
  EXPECT_EQ(signed_decimal("vi", -0.9, 1), "\u22120,9");
  EXPECT_EQ(bytes("en", 1234567), "1.2\u00a0MB");
}

TEST(Format, DatesAndTimes) {
  const Texts texts;
  const Date day{std::chrono::year(2026), std::chrono::November, std::chrono::day(23)};
  EXPECT_EQ(date_long(texts, "vi", day), "thứ Hai, 23/11/2026");
  EXPECT_EQ(date_long(texts, "en", day), "Monday, 23 November 2026");
  EXPECT_EQ(date_short("en", day), "23 Nov 2026");
  EXPECT_EQ(date_time("vi", at(2021, 7, 31, 17, 5)), "17:05 31/07/2021");
  EXPECT_EQ(interval("vi", at(2021, 7, 31, 17, 5), at(2021, 7, 31, 17, 30)), "17:05–17:30 31/07/2021");
  EXPECT_EQ(interval("vi", at(2021, 7, 29), at(2021, 8, 2)), "29/07–02/08/2021");
  EXPECT_EQ(interval("en", at(2021, 7, 31, 22), at(2021, 8, 1, 2)), "22:00 31 Jul – 02:00 1 Aug 2021");
  EXPECT_EQ(birth("vi", "1954"), "1954");
  EXPECT_EQ(birth("vi", "1954-03-02"), "02/03/1954");
  EXPECT_EQ(birth("vi", "1954-03"), "03/1954");
}

TEST(Format, Spans) {
  const Texts texts;
  const Instant now = at(2021, 8, 2, 12);
  EXPECT_EQ(relative(texts, "vi", at(2021, 8, 2, 9), now), "3 giờ trước");
  EXPECT_EQ(relative(texts, "en", at(2021, 8, 3, 13), now), "in 1 day");
  EXPECT_EQ(relative(texts, "vi", now, now), "vừa xong");
  EXPECT_EQ(relative(texts, "en", at(2021, 5, 1), now), "1 May 2021");
  EXPECT_EQ(minutes(texts, "vi", 25), "25 phút");
  EXPECT_EQ(minutes(texts, "en", 95), "1 hour 35 minutes");
  EXPECT_EQ(minutes(texts, "vi", 4320), "3 ngày");
  EXPECT_EQ(minutes(texts, "en", 0.4), "0 minutes");
}

}  // namespace
}  // namespace motcua::i18n
