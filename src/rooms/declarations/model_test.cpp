#include "rooms/declarations/model.hpp"

#include <gtest/gtest.h>

namespace motcua::declarations {
namespace {

TEST(Answers, inTheWordsOfTwoForms) {
  const struct {
    const char* text;
    std::optional<bool> answer;
  } table[] = {{"", std::nullopt}, {"Có", true}, {"co", true}, {"CÓ", true}, {"1", true}, {"yes", true}, {"x", true}, {"true", true},
               {"Không", false}, {"khong", false}, {"2", false}, {"0", false}, {"No", false}, {"false", false}};
  for (const auto& c : table) {
    auto got = parse_answer(c.text);
    ASSERT_TRUE(got.ok()) << c.text;
    EXPECT_EQ(*got, c.answer) << c.text;
  }
  EXPECT_EQ(parse_answer("có lẽ").failure().code, "declarations.answer_unreadable");
  EXPECT_FALSE(parse_answer("3").ok());
}

TEST(Symptoms, inFreeText) {
  const struct {
    const char* text;
    std::vector<std::string> codes;
  } table[] = {{"", {}},
               {"Không", {}},
               {"không sốt, không ho", {}},
               {"bình thường", {}},
               {"Sốt, ho khan", {"fever", "cough"}},
               {"sot;ho;dau hong", {"fever", "cough", "sore_throat"}},
               {"Khó thở / mệt mỏi", {"dyspnoea", "fatigue"}},
               {"fever and cough", {"fever", "cough"}},
               {"viêm phổi", {"pneumonia"}},
               {"hoa mắt", {"other"}},
               {"đau bụng, sốt", {"fever", "other"}},
               {"no", {}}};
  for (const auto& c : table) EXPECT_EQ(to_codes(parse_symptoms(c.text)), c.codes) << c.text;
}

TEST(Journeys, namedSoThatCoPassengersMeet) {
  using namespace std::chrono_literals;
  const DefaultStays stays{.vehicle = 45min, .flight = 120min};
  const struct {
    RideText ride;
    const char *place, *from, *to;   // place empty: no journey
  } table[] = {
      {{"airplane", "VN 1188", "", "12A", "20/07/2021 07:30"}, "flight:VN1188:2021-07-20", "2021-07-20T07:30:00+07:00", "2021-07-20T09:30:00+07:00"},
      {{"other", "", "50h-123.45", "", "2021-07-20T22:30:00+07:00"}, "vehicle:50H12345:2021-07-20", "2021-07-20T22:30:00+07:00", "2021-07-20T23:15:00+07:00"},
      {{"airplane", "", "vj-122", "", "20/07/2021 07:30"}, "flight:VJ122:2021-07-20", "2021-07-20T07:30:00+07:00", "2021-07-20T09:30:00+07:00"},
      {{"personal", "", "51A12345", "", "20/07/2021"}, "vehicle:51A12345:2021-07-20", "2021-07-20T00:00:00+07:00", "2021-07-21T00:00:00+07:00"},
      {{"personal", "", "", "", "20/07/2021"}, "", "", ""},
      {{"other", "", "50H-123.45", "", ""}, "", "", ""},
  };
  for (const auto& c : table) {
    auto got = parse_journey(c.ride, stays);
    ASSERT_TRUE(got.ok()) << c.place;
    ASSERT_EQ(got->has_value(), c.place[0] != '\0') << c.place;
    if (!*got) continue;
    EXPECT_EQ((*got)->place_code, c.place);
    EXPECT_EQ(to_iso((*got)->from), c.from) << c.place;
    EXPECT_EQ(to_iso((*got)->to), c.to) << c.place;
  }
  EXPECT_FALSE(parse_journey({"airplane", "VN1188", "", "", "sáng mai"}, stays).ok());
}

}  // namespace
}  // namespace motcua::declarations
