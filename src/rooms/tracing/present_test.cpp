#include "rooms/tracing/present.hpp"

#include <gtest/gtest.h>

#include "platform/i18n/i18n.hpp"
#include "rooms/tracing/encode.hpp"

namespace motcua::tracing {
namespace {

Say say_in(const std::string& lang) {
  static const i18n::Texts texts;
  return [lang](const std::string& key, const std::map<std::string, std::string>& values) { return texts.text(lang, key, values); };
}

TraceResult one_contact() {
  Step s;
  s.from_person = "per_a";
  s.to_person = "per_b";
  s.start = parse_instant("2021-07-20T08:00:00+07:00").value();
  s.end = s.start + std::chrono::minutes(25);
  s.kind = "vehicle";
  s.place_code = "50H";
  s.place_name = "50H-123.45";
  s.from_seat = "11B";
  s.to_seat = "12";
  TraceContact c;
  c.level = 1;
  c.person_id = "per_b";
  c.via_person_id = "per_a";
  c.full_name = Personal<std::string>("=Tên, \"lạ\"");
  c.phone = Personal<std::string>("+84938000002");
  c.ward_code = "27280";
  c.first_contact_at = s.start;
  c.last_contact_at = s.end;
  c.minutes = 25;
  c.evidence = {"vehicle", "venue"};
  c.path = c.earliest_path = {s};
  c.reason = to_sentence(s, 1);
  TraceResult t;
  t.case_id = "cas_1";
  t.case_person_id = "per_a";
  t.policy.name = "vn-2021-07";
  t.policy.from = Date{std::chrono::year{2021}, std::chrono::July, std::chrono::day{30}};
  t.contacts = {c};
  return t;
}

TEST(Present, Csv) {
  EXPECT_EQ(to_csv(one_contact(), say_in("en")),
            "class,person_id,full_name,phone,ward_code,via_person_id,first_contact_at,last_contact_at,minutes,evidence,reason\r\n"
            "F1,per_b,\"'=Tên, \"\"lạ\"\"\",+84938000002,27280,per_a,2021-07-20T08:00:00+07:00,2021-07-20T08:25:00+07:00,25,vehicle;venue,"
            "\"Sat 25 minutes near the F0 on 50H-123.45 from 08:00 20/07/2021, seat 12 (the F0: seat 11B)\"\r\n");
}

TEST(Present, TheSentenceInVietnamese) {
  EXPECT_EQ(say_sentence(say_in("vi"), one_contact().contacts[0].reason), "Ngồi gần F0 25 phút trên xe 50H-123.45, từ 08:00 20/07/2021, ghế 12 (F0: ghế 11B)");
}

TEST(Present, JsonNamesThePolicyAndTheWholePath) {
  const std::string json = to_json(one_contact(), say_in("en"));
  for (const char* part : {"\"case_id\":\"cas_1\"", "\"name\":\"vn-2021-07\"", "\"latent_minutes\":0", "\"distance_m\":2E0", "\"minutes_min\":0", "\"partial\":false",
                           "\"path\":[{\"from_person_id\":\"per_a\"", "\"to\":null"})
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
}

TEST(Present, DotQuotesWhatItIsGiven) {
  const std::string dot = to_dot(one_contact(), say_in("en"));
  EXPECT_NE(dot.find("\"per_b\" [label=\"F1 =Tên, \\\"lạ\\\"\"]"), std::string::npos) << dot;
  EXPECT_NE(dot.find("\"per_a\" -> \"per_b\""), std::string::npos);
}

TEST(Present, CellsAreNoFormulas) {
  struct Row { const char* in; const char* out; };
  for (const Row& r : {Row{"", ""}, Row{"Lan", "Lan"}, Row{"=1+1", "'=1+1"}, Row{"+84", "'+84"}, Row{"-1", "'-1"}, Row{"@x", "'@x"}, Row{"\tx", "'\tx"}, Row{"\rx", "\"'\rx\""},
                       Row{"a,b", "\"a,b\""}, Row{"a\"b", "\"a\"\"b\""}, Row{"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""}})
    EXPECT_EQ(csv_field(r.in), r.out);
}

TEST(Present, LongTimesReadAsHoursAndDays) {
  for (const auto& [minutes, text] : {std::pair{"179", "179 minutes"}, {"480", "8 hours"}, {"2880", "2 days"}}) {
    const Sentence s{"tracing.reason.household", {{"minutes", minutes}, {"via", "F0"}, {"at", "2021-07-20T08:00"}}};
    EXPECT_NE(say_sentence(say_in("en"), s).find(text), std::string::npos) << say_sentence(say_in("en"), s);
  }
}

TEST(Encode, PathsAndSentencesComeBack) {
  const TraceResult t = one_contact();
  const auto steps = decode_steps(encode(t.contacts[0].path));
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].place_name, "50H-123.45");
  EXPECT_EQ(steps[0].end, t.contacts[0].path[0].end);
  EXPECT_EQ(decode_sentence(encode(t.contacts[0].reason)).values, t.contacts[0].reason.values);
  EXPECT_TRUE(decode_steps("not json").empty());
  EXPECT_EQ(decode_list(encode_list({"a", "b"})), (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace motcua::tracing
