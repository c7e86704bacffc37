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
  EXPECT_EQ(first_open_page(form, kept_answers(form, answers))->id, "symptoms");
  EXPECT_EQ(first_open_page(form, healthy()), nullptr);
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
                                                        {"chars_max = 300", "chars_max = 30000", "chars_max"}, {"keep = true", "kept = true", "kept"}};
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
