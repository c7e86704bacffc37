#include "platform/documents/paper.hpp"

#include <gtest/gtest.h>

#include "platform/documents/paper_draw.hpp"
#include "platform/documents/paper_fixture.hpp"

namespace motcua::documents {
namespace {

class Paper : public ::testing::Test {
 protected:
  Result<PaperPage> read(const Raster& scan) {
    return read_paper(scan, [this](std::string_view id, std::string_view version) { return id == form.id && version == form.version ? &form : nullptr; }, *reader);
  }
  std::string refused(const Raster& scan) {
    const auto page = read(scan);
    return page ? "read" : page.failure().code;
  }
  const PaperForm form = sample_form();
  Result<TextReader> reader = TextReader::open();
};

bool is_choice(const std::string& key) { return key == "sex" || key == "symptoms" || key == "travel"; }

/// What a page must give at least, of 9 fields, of which 3 are checkboxes and 4 digits.
struct Floor {
  std::size_t damage;   // of damages()
  const char* hand;
  int checkboxes, all;
};

TEST_F(Paper, ReadsBackWhatWasWrittenAlsoFromBadScans) {
  ASSERT_TRUE(reader);
  for (const Floor& floor : {Floor{0, "", 3, 7}, {1, "DejaVu Sans", 3, 8}, {2, "DejaVu Sans", 3, 8}, {3, "DejaVu Sans", 3, 7}, {4, "DejaVu Sans", 3, 7},
                             {5, "DejaVu Sans", 3, 6}, {6, "DejaVu Sans", 3, 7}, {7, "DejaVu Sans", 3, 4}}) {
    const Damage& damage = damages()[floor.damage];
    const PaperFill fill = sample_fill(1, floor.hand);
    const auto page = read(spoilt(printed(form, fill), damage, 1));
    ASSERT_TRUE(page) << damage.name << ": " << page.failure().code;
    EXPECT_EQ(page->token, fill.token);
    EXPECT_EQ(page->form_id, form.id);
    ASSERT_EQ(page->fields.size(), 9u);
    int right = 0, checkboxes = 0;
    for (const auto& field : page->fields) {
      right += same_value(fill, field);
      checkboxes += same_value(fill, field) && is_choice(field.key);
      EXPECT_FALSE(field.picture.empty());
      EXPECT_GE(field.confidence, 0);
      EXPECT_LE(field.confidence, 1);
    }
    EXPECT_GE(right, floor.all) << damage.name;
    EXPECT_GE(checkboxes, floor.checkboxes) << damage.name;
  }
}

TEST_F(Paper, AnEmptyFormIsReadAsEmpty) {
  const auto page = read(printed(form, {}));
  ASSERT_TRUE(page) << page.failure().code;
  EXPECT_EQ(page->token, "");
  for (const auto& field : page->fields) EXPECT_TRUE(field.value.text.empty() && field.value.chosen.empty()) << field.key;
}

TEST_F(Paper, AMissingMarkWithinThePageIsBorneAndACutPageIsNot) {
  const Raster clean = printed(form, sample_fill(2));
  const double scale = clean.width / 210.0;
  const auto without = [&](double x, double y, double width, double height) {
    Raster page = clean;
    for (int j = static_cast<int>(y * scale); j < (y + height) * scale; ++j)
      for (int i = static_cast<int>(x * scale); i < (x + width) * scale; ++i)
        if (page.holds(i, j)) page.at(i, j) = 255;
    return page;
  };
  EXPECT_EQ(refused(without(5, 278, 14, 14)), "read");            // stapled, bottom left
  EXPECT_EQ(refused(without(5, 278, 205, 14)), "documents.paper_cut");   // both at the bottom
  Raster cut(clean.width, clean.height / 2);
  std::copy_n(clean.grey.begin(), cut.grey.size(), cut.grey.begin());
  EXPECT_EQ(refused(cut), "documents.paper_cut");
}

TEST_F(Paper, WhatIsNoPageOfOursIsRefusedWithItsReason) {
  EXPECT_EQ(refused(Raster(1654, 2339, 250)), "documents.paper_blank");
  EXPECT_EQ(refused(spoilt(Raster(1654, 2339, 250), {.noise = 6, .paper = 190}, 1)), "documents.paper_blank");
  const Raster one = printed(form, sample_fill(1));
  Raster two(one.width * 2, one.height);
  for (int y = 0; y < one.height; ++y)
    for (int x = 0; x < two.width; ++x) two.at(x, y) = one.at(x % one.width, y);
  EXPECT_EQ(refused(two), "documents.paper_two_forms");
  const auto page_with = [](const char* code) {
    Pdf pdf(PageSize::a4, {.title = "t"});
    pdf.text(20, 50, 150, std::string(900, 'x'));
    if (*code != 0) pdf.qr(150, 20, 30, *encode_qr(code));
    return Scan::open(pdf.finish().value())->page(0).value();
  };
  EXPECT_EQ(refused(page_with("")), "documents.paper_no_code");
  EXPECT_EQ(refused(page_with("https://example.org/")), "documents.paper_other_code");
  EXPECT_EQ(refused(page_with("MC1/HEALTH$DAILY/2099/1/")), "documents.paper_unknown_form");
  EXPECT_EQ(refused(page_with("MC1/HEALTH$DAILY/2021-1/1/")), "documents.paper_cut");
}

TEST_F(Paper, AFormOfSeveralPagesNamesEach) {
  PaperForm longer = form;
  longer.sections.push_back({"Thêm", "", {}});
  for (int i = 0; i < 20; ++i) longer.sections.back().fields.push_back({"more" + std::to_string(i), "Câu hỏi", "", PaperKind::line});
  const auto scan = Scan::open(print_paper(longer).value());
  ASSERT_GE(scan->pages(), 2);
  const auto page = read_paper(scan->page(1).value(), [&](auto, auto) { return &longer; }, *reader);
  ASSERT_TRUE(page) << page.failure().code;
  EXPECT_EQ(page->page, 2);
  EXPECT_EQ(page->pages, scan->pages());
  EXPECT_GT(page->fields.size(), 5u);
}

TEST_F(Paper, DefinitionsOutsideTheLimitsAreRefused) {
  const auto wrong = [this](auto change) {
    PaperForm f = form;
    change(f);
    const auto made = print_paper(f);
    return made ? "printed" : made.failure().field;
  };
  EXPECT_EQ(wrong([](PaperForm& f) { f.id = "A/B"; }), "id");
  EXPECT_EQ(wrong([](PaperForm& f) { f.version = ""; }), "version");
  EXPECT_EQ(wrong([](PaperForm& f) { f.sections[0].fields[0].boxes = 0; }), "name");
  EXPECT_EQ(wrong([](PaperForm& f) { f.sections[0].fields[2].options.clear(); }), "sex");
  EXPECT_EQ(wrong([](PaperForm& f) { f.sections[0].fields[1].key = "name"; }), "name");
  EXPECT_EQ(print_paper(form, {.token = "a b"}).failure().field, "token");
}

TEST(PaperCode, SaysWhatWasPut) {
  const PaperCode code{"health_daily.2", "2021-1", "AB-12", 3};
  PaperCode read;
  ASSERT_TRUE(parse_paper_code(to_paper_code(code), read));
  EXPECT_EQ(read, code);
  for (const char* text : {"", "MC1/", "MC1/A/1", "MC1/A/1/x/", "MC1/A/1/0/", "MC1/A/1/1", "MC1/A/1/99999999999/", "MC1/A/1/1/T/more", "https://example.org"})
    EXPECT_FALSE(parse_paper_code(text, read)) << text;
}

TEST(Scan, BadFilesAreRefusedWithAReason) {
  const auto refused = [](std::string bytes) {
    auto scan = Scan::open(std::move(bytes));
    if (!scan) return scan.failure().code;
    const auto page = scan->page(0);
    return page ? std::string("read") : page.failure().code;
  };
  const std::string png = to_png(Raster(300, 300, 200)).value(), pdf = print_paper(sample_form()).value();
  EXPECT_EQ(refused(png), "read");
  EXPECT_EQ(refused(""), "documents.scan_empty");
  EXPECT_EQ(refused("hello"), "documents.scan_kind");
  EXPECT_EQ(refused(std::string(100'000'000, 'x')), "documents.scan_too_large");
  EXPECT_EQ(refused(png.substr(0, 20)), "documents.scan_damaged");
  EXPECT_EQ(refused("\xff\xd8\xff\xe0 no picture"), "documents.scan_damaged");
  EXPECT_EQ(refused("%PDF-1.5\nnothing"), "documents.scan_damaged");
  EXPECT_EQ(refused(to_png(Raster(9000, 9000)).value()), "documents.scan_too_large");
  EXPECT_EQ(Scan::open(pdf, {.pages_max = 0}).failure().code, "documents.scan_too_large");
}

}  // namespace
}  // namespace motcua::documents
