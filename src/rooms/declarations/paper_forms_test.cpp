#include "rooms/declarations/paper_forms.hpp"

#include <gtest/gtest.h>

#include "base/ids.hpp"

namespace motcua::declarations {
namespace {

class PaperFormsTest : public ::testing::Test {
 protected:
  const i18n::Texts texts;
  const std::vector<Form> forms = read_forms().value();
  const PaperForms papers{forms, texts};
};

const residents::Details details{.full_name = "Trần Thị Hạnh", .birth = "1954-03-02", .sex = "female", .id_number = "079154000123", .phone = "+84938000204", .address = "12 Lê Lợi, phường Bến Nghé"};

TEST_F(PaperFormsTest, EveryFormInEveryLanguageCanBePrintedAndIsFoundByWhatItsCodeSays) {
  for (const auto& form : forms)
    for (const auto lang : i18n::languages) {
      const auto* known = papers.find(form, lang);
      ASSERT_NE(known, nullptr) << to_text(form.kind) << lang;
      EXPECT_EQ(known->form.version, form.version);
      const auto printed = documents::print_paper(known->paper, {.token = make_paper_token("")});
      ASSERT_TRUE(printed) << to_text(form.kind) << ": " << printed.failure().code << " " << printed.failure().field;
      EXPECT_EQ(papers.find(known->paper.id, known->paper.version), known);
    }
  EXPECT_EQ(papers.find("health", "999.VI"), nullptr);
}

TEST_F(PaperFormsTest, WhatIsPrintedComesBackAsItWasKnown) {
  const Form& form = *form_on(forms, FormKind::health, Date{std::chrono::year{2021}, std::chrono::July, std::chrono::day{1}});
  const FormAnswers answers{{"symptoms", {"fever", "cough"}}, {"travelled", {"yes"}}, {"places", {"Đà Nẵng"}}, {"contact_with_case", {"no"}}};
  const auto values = to_paper_values(details, answers);
  EXPECT_EQ(values.at("person.phone").text, "0938000204");
  const auto told = told_of(form, values);
  EXPECT_EQ(told.details.full_name, details.full_name);
  EXPECT_EQ(told.details.birth, details.birth);
  EXPECT_EQ(told.details.sex, "female");
  EXPECT_EQ(told.details.id_number, details.id_number);
  EXPECT_EQ(told.details.address, details.address);
  EXPECT_EQ(told.answers, answers);
  auto more = values;
  more["made_up"].text = "x";
  EXPECT_EQ(told_of(form, more).answers, answers);
}

TEST_F(PaperFormsTest, StopsStandOnPaperOneByOneAndComeBackInTheirOrder) {
  const Form& form = *form_on(forms, FormKind::domestic, Date{std::chrono::year{2021}, std::chrono::July, std::chrono::day{1}});
  const FormAnswers answers{{"stop_name.1", {"Chợ Bến Thành"}}, {"stop_ward.1", {"Bến Nghé, Quận 1"}}, {"stop_name.2", {"Chợ Tân Bình"}}, {"stop_ward.2", {"Phường 8, Tân Bình"}}};
  const auto* known = papers.find(form, "vi");
  std::vector<std::string> printed;
  for (const auto& section : known->paper.sections)
    for (const auto& field : section.fields)
      if (field.key.starts_with("stop_name")) printed.push_back(field.key + " " + field.label.substr(0, 3));
  EXPECT_EQ(printed, (std::vector<std::string>{"stop_name.1 1. ", "stop_name.2 2. ", "stop_name.3 3. ", "stop_name.4 4. "}));
  EXPECT_EQ(told_of(form, to_paper_values(details, answers)).answers, answers);
}

TEST(PaperToken, NamesThePaperAndWhoseItIs) {
  const std::string handle = to_id("prs", {1, 2, 3});
  EXPECT_EQ(person_of_paper(make_paper_token(handle)), handle);
  EXPECT_EQ(make_paper_token("").size(), 26u);
  EXPECT_NE(make_paper_token(""), make_paper_token(""));
  for (const char* token : {"", "T1", "00000000000000000000000000", "00000000000000000000000000.", "00000000000000000000000000.!0000000000000000000000000"}) EXPECT_EQ(person_of_paper(token), "") << token;
}

TEST(PaperDoubt, IsWhatAValueSaysAgainstItself) {
  const struct { std::string_view key; documents::PaperValue value; bool doubtful; } cases[] = {
      {paper_name, {"NGUYỄN VĂN AN"}, false}, {paper_name, {""}, true}, {paper_name, {"NG?YỄN"}, true},
      {paper_birth, {"1954-03-02"}, false}, {paper_birth, {"1954"}, false}, {paper_birth, {"1954-02-31"}, true}, {paper_birth, {"0203195"}, true},
      {paper_sex, {"", {"male"}}, false}, {paper_sex, {"", {"male", "female"}}, true}, {paper_sex, {}, true},
      {paper_id_number, {"079154000123"}, false}, {paper_id_number, {"07915400012"}, true}, {paper_id_number, {"012345678"}, false}, {paper_id_number, {""}, false},
      {paper_phone, {"0938000204"}, false}, {paper_phone, {"093800020"}, true}, {paper_phone, {""}, false},
      {paper_told_on, {"2021-07-01"}, false}, {paper_told_on, {"01072"}, true}};
  for (const auto& c : cases) EXPECT_EQ(is_doubtful(c.key, c.value), c.doubtful) << c.key << " " << c.value.text;
}

}  // namespace
}  // namespace motcua::declarations
