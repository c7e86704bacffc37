#include "rooms/declarations/forms.hpp"

#include <gtest/gtest.h>

#include "platform/assets/assets.hpp"

namespace motcua::declarations {
namespace {

using namespace std::chrono;

const Date day = 2021y / July / 31;

std::vector<Form> forms() {
  auto read = read_forms();
  EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.failure().code + " " + read.failure().field);
  return read.ok() ? *read : std::vector<Form>();
}
FormAnswers healthy() {
  return {{"symptoms", {"none"}}, {"travelled", {"no"}}, {"contact_with_case", {"no"}}, {"from_affected_area", {"no"}}, {"contact_with_symptomatic", {"no"}}};
}

TEST(Forms, EveryFormIsWholeInBothLanguages) {
  ASSERT_FALSE(forms().empty());
  for (const auto& form : forms()) {
    EXPECT_FALSE(form.citation.empty());
    for (const auto& page : form.pages)
      for (const auto& field : page.fields) {
        for (const auto* words : {&field.label, &field.hint, &field.why}) EXPECT_EQ(words->vi.empty(), words->en.empty()) << field.id;
        EXPECT_FALSE(field.label.vi.empty()) << field.id;
        for (const auto& choice : field.choices) EXPECT_FALSE(choice.label.vi.empty() || choice.label.en.empty()) << field.id << " " << choice.value;
      }
  }
}

TEST(Forms, TheOneInForceThatDay) {
  const auto all = forms();
  EXPECT_EQ(form_on(all, FormKind::health, 2021y / May / 28), nullptr) << "before decision 2666/QĐ-BYT";
  ASSERT_NE(form_on(all, FormKind::health, 2021y / May / 29), nullptr);
  std::vector<Form> two{all[0], all[0]};
  two[0].to = day, two[1].from = 2021y / August / 1, two[1].version = 2;
  EXPECT_EQ(form_on(two, two[0].kind, day)->version, 1);
  EXPECT_EQ(form_on(two, two[0].kind, 2021y / August / 1)->version, 2);
}

TEST(Forms, AnswersAreHeldAgainstTheForm) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::health, day);
  EXPECT_TRUE(check_answers(form, healthy()).empty());
  const struct { const char* what; std::string field; std::vector<std::string> values; std::string code, at; } cases[] = {
      {"nothing chosen", "symptoms", {}, "declarations.answer_missing", "symptoms"},
      {"none and fever", "symptoms", {"none", "fever"}, "declarations.answer_alone", "symptoms"},
      {"no such symptom", "symptoms", {"<script>"}, "declarations.answer_unknown", "symptoms"},
      {"two answers", "contact_with_case", {"yes", "no"}, "declarations.answer_unknown", "contact_with_case"},
      {"travelled, not said where", "travelled", {"yes"}, "declarations.answer_missing", "places"},
      {"a field of nobody's", "drop table", {"1"}, "declarations.field_unknown", "answers"}};
  for (const auto& c : cases) {
    auto answers = healthy();
    answers[c.field] = c.values;
    const auto failures = check_answers(form, answers);
    ASSERT_EQ(failures.size(), 1U) << c.what;
    EXPECT_EQ(failures[0].code, c.code) << c.what;
    EXPECT_EQ(failures[0].field, c.at) << c.what;
  }
}

TEST(Forms, TextsHaveALimitInCharacters) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::health, day);
  auto answers = healthy();
  answers["travelled"] = {"yes"};
  const auto code = [&](const std::string& text) {
    answers["places"] = {text};
    const auto failures = check_answers(form, answers);
    return failures.empty() ? std::string() : failures[0].code;
  };
  std::string long_text;
  for (int i = 0; i < 300; ++i) long_text += "ộ";
  EXPECT_EQ(code(long_text), "");
  EXPECT_EQ(code(long_text + "x"), "declarations.answer_too_long");
  EXPECT_EQ(code(std::string("A\0B", 3)), "declarations.text_unreadable");
  EXPECT_EQ(code("  "), "declarations.answer_missing");
}

TEST(Forms, WhatIsNotAskedIsNotKept) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::health, day);
  auto answers = healthy();
  answers["places"] = {"Đà Nẵng"};
  EXPECT_FALSE(asked_only(form, answers).contains("places"));
  EXPECT_EQ(kept_answers(form, answers), healthy());
  answers["symptoms"] = {"a symptom of an older form"};
  EXPECT_FALSE(kept_answers(form, answers).contains("symptoms"));
  EXPECT_EQ(to_text(*first_open_step(form, kept_answers(form, answers))), "symptoms");
  EXPECT_FALSE(first_open_step(form, healthy()));
}

TEST(Forms, WhatMayHaveChangedIsAskedAgain) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::health, day);
  auto answers = healthy();
  answers["symptoms"] = {"fever"}, answers["contact_with_case"] = {"yes"}, answers["travelled"] = {"yes"}, answers["places"] = {"Đà Nẵng"};
  EXPECT_EQ(kept_answers(form, answers), (FormAnswers{{"from_affected_area", {"no"}}, {"contact_with_symptomatic", {"no"}}}));
}

/// A ride with this many stops, complete but for nothing.
FormAnswers ride(int stops) {
  FormAnswers a{{"vehicle", {"motorbike"}}, {"vehicle_code", {"59X1-234.56"}}, {"start_at", {"2021-07-31T07:00"}}, {"start_ward", {"26881"}}, {"symptoms", {"none"}},
                {"contact_with_case", {"no"}}, {"contact_with_symptomatic", {"no"}}};
  for (int n = 1; n <= stops; ++n) a["stop_name." + std::to_string(n)] = {"Chợ " + std::to_string(n)}, a["stop_ward." + std::to_string(n)] = {"26881"};
  return a;
}

TEST(Forms, APageMayRepeat) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::domestic, day);
  const auto steps = [&](const FormAnswers& answers) {
    std::string out;
    for (const Step& s : steps_of(form, answers)) out += to_text(s) + " ";
    return out;
  };
  EXPECT_EQ(steps({}), "ride start stop.1 symptoms contacts ");
  EXPECT_EQ(steps(ride(3)), "ride start stop.1 stop.2 stop.3 symptoms contacts ");
  EXPECT_TRUE(check_answers(form, ride(20)).empty());
  EXPECT_EQ(check_answers(form, ride(21))[0].code, "declarations.field_unknown") << "at most 20";
  auto gap = ride(1);
  gap["stop_name.3"] = {"Chợ"};
  EXPECT_EQ(check_answers(form, gap)[0].code, "declarations.field_unknown") << "no third without a second";
  EXPECT_EQ(fitting_only(form, gap), ride(1));
  auto half = ride(2);
  half.erase("stop_ward.2");
  EXPECT_EQ(check_answers(form, half)[0].field, "stop_ward.2");
  EXPECT_EQ(to_text(*first_open_step(form, half)), "stop.2");
  EXPECT_TRUE(find_step(form, "stop.3", ride(2)));
  for (const char* nowhere : {"stop", "stop.0", "stop.4", "stop.03", "ride.1", ""}) EXPECT_FALSE(find_step(form, nowhere, ride(2))) << nowhere;
  EXPECT_EQ(value_of(without_step({find_step(form, "stop.1", ride(3))->page, 1}, ride(3)), "stop_name.2"), "Chợ 3");
  EXPECT_EQ(steps(without_step({find_step(form, "stop.1", ride(3))->page, 1}, ride(3))), steps(ride(2)));
  EXPECT_EQ(steps(kept_answers(form, ride(2))), steps(ride(2))) << "where one went stays, when is asked again";
  EXPECT_FALSE(kept_answers(form, ride(2)).contains("start_at"));
}

TEST(Forms, APageMayDependOnAnAnswer) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::entry, day);
  FormAnswers answers{{"passed_others", {"no"}}, {"passed.1", {"KR"}}};
  EXPECT_FALSE(asked_only(form, answers).contains("passed.1"));
  answers["passed_others"] = {"yes"};
  EXPECT_TRUE(asked_only(form, answers).contains("passed.1"));
}

TEST(Forms, ARideAndItsStopsAreJourneys) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::domestic, day);
  const DefaultStays stays{.vehicle = hours(2), .flight = hours(3), .venue = minutes(45)};
  auto answers = ride(2);
  answers["vehicle"] = {"coach"}, answers["vehicle_code"] = {"50H-123.45"}, answers["seat"] = {"12"};
  answers["stop_from.1"] = {"2021-07-31T09:00"}, answers["stop_from.2"] = {"2021-07-31T11:00"}, answers["stop_to.2"] = {"2021-07-31T11:20"};
  const auto told = [&] {
    std::vector<std::string> out;
    for (const auto& j : to_journeys(form, answers, stays)) out.push_back(j.kind + " " + j.place_code + " [" + j.seat + "] " + to_iso(j.from).substr(5, 11) + " to " + to_iso(j.to).substr(5, 11));
    return out;
  };
  EXPECT_EQ(told(), (std::vector<std::string>{"vehicle vehicle:50H12345:2021-07-31 [12] 07-31T07:00 to 07-31T09:00", "venue stop:26881:CHO1 [] 07-31T09:00 to 07-31T09:45",
                                              "venue stop:26881:CHO2 [] 07-31T11:00 to 07-31T11:20"}));
  answers.erase("stop_from.1"), answers.erase("stop_from.2"), answers.erase("stop_to.2");
  answers["vehicle"] = {"flight"}, answers["start_at"] = {"2021-07-31"};
  EXPECT_EQ(told()[0], "flight flight:50H12345:2021-07-31 [12] 07-31T00:00 to 08-01T00:00");
  EXPECT_EQ(told()[1], "venue stop:26881:CHO1 [] 07-31T00:00 to 08-01T00:00") << "some time that day";
  answers.erase("start_at");
  EXPECT_TRUE(told().empty());
}

TEST(Forms, WhatTheAnswersTell) {
  const auto all = forms();
  const Form& form = *form_on(all, FormKind::health, day);
  auto answers = healthy();
  EXPECT_FALSE(to_facts(to_told(form, answers)).symptoms);
  answers["symptoms"] = {"cough", "fatigue"}, answers["contact_with_case"] = {"yes"};
  const auto told = to_told(form, answers);
  EXPECT_EQ(to_codes(told.symptoms), (std::vector<std::string>{"cough", "fatigue"}));
  EXPECT_EQ(told.contact_case, true);
  EXPECT_EQ(told.contact_symptomatic, false);
  EXPECT_TRUE(to_facts(told).symptoms && to_facts(told).contact_with_case && !to_facts(told).from_affected_area);
}

TEST(Forms, AnswersComeBackFromJson) {
  auto answers = healthy();
  answers["symptoms"] = {"fever", "cough"};
  EXPECT_EQ(*answers_of(to_json(answers)), answers);
  EXPECT_FALSE(answers_of({{"symptoms", 3}}).ok());
  EXPECT_FALSE(answers_of({{"symptoms", boost::json::array{1}}}).ok());
}

TEST(Forms, AFaultNamesFileAndKey) {
  const std::string good(*assets::find("policies/forms/health.toml"));
  const struct { std::string from, to, key; } cases[] = {{"id = \"health\"", "id = \"nothing\"", "id"}, {"kind = \"yes_no\"", "kind = \"maybe\"", "kind"},
                                                        {"means = \"symptoms\"", "means = \"weather\"", "means"}, {"field = \"travelled\"", "field = \"later\"", "when"},
                                                        {"chars_max = 300", "chars_max = 30000", "chars_max"}, {"keep_only = ", "kept_only = ", "kept_only"},
                                                        {"id = \"symptoms\"\n[[page.field]]", "id = \"a.b\"\n[[page.field]]", "id"}, {"keep_only = [\"none\"]", "known = \"salary\"", "known"}};
  for (const auto& c : cases) {
    std::string text = good;
    text.replace(text.find(c.from), c.from.size(), c.to);
    const auto read = read_form(text, "health.toml");
    ASSERT_FALSE(read.ok()) << c.to;
    EXPECT_NE(read.failure().args.at("key").find(c.key), std::string::npos) << read.failure().args.at("key");
    EXPECT_EQ(read.failure().args.at("file"), "health.toml");
  }
}

}  // namespace
}  // namespace motcua::declarations
