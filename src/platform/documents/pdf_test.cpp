#include "platform/documents/pdf.hpp"

#include <gtest/gtest.h>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-page.h>

#include "platform/documents/scan.hpp"

namespace motcua::documents {
namespace {

const std::string hard = "Nguyễn Thị Ỷ Ổ Ẫ Ặ Ị Ự, Đặng Hữu Phước, khai báo y tế 0123456789";

std::string sample() {
  Pdf pdf(PageSize::a4, {.title = "Tờ khai y tế", .lang = "vi"});
  pdf.text(20, 20, 170, "Tờ khai y tế", {.size = 20, .bold = true, .heading = 1});
  pdf.text(20, 35, 170, hard);
  pdf.letter_boxes(20, 60, 12, 6, 8);
  pdf.letter(23, 66, "Ễ", {.size = 14});
  pdf.checkbox(20, 80, 5, true);
  pdf.qr(150, 200, 30, *encode_qr("MC:TEST"));
  pdf.picture({20, 100, 40, 40}, Raster(10, 10, 128));
  pdf.new_page();
  pdf.text(20, 20, 170, "trang hai");
  return pdf.finish().value();
}

std::string text_of(const std::string& file, int page) {
  const std::unique_ptr<poppler::document> read(poppler::document::load_from_raw_data(file.data(), static_cast<int>(file.size())));
  const std::unique_ptr<poppler::page> p(read->create_page(page));
  const auto bytes = p->text().to_utf8();
  return {bytes.begin(), bytes.end()};
}

int dark_pixels(const Raster& raster, const Box& box, double pixels_a_mm) {
  int count = 0;
  for (int y = static_cast<int>(box.y * pixels_a_mm); y < (box.y + box.height) * pixels_a_mm; ++y)
    for (int x = static_cast<int>(box.x * pixels_a_mm); x < (box.x + box.width) * pixels_a_mm; ++x)
      if (raster.holds(x, y) && raster.at(x, y) < 128) ++count;
  return count;
}

TEST(Pdf, TheSameCallsGiveTheSameBytes) { EXPECT_EQ(sample(), sample()); }

TEST(Pdf, ItsTextsTitleAndLanguageCanBeRead) {
  const std::string file = sample();
  const std::unique_ptr<poppler::document> read(poppler::document::load_from_raw_data(file.data(), static_cast<int>(file.size())));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->pages(), 2);
  const auto title = read->get_title().to_utf8();
  EXPECT_EQ(std::string(title.begin(), title.end()), "Tờ khai y tế");
  EXPECT_NE(file.find("/Lang (vi)"), std::string::npos);
  EXPECT_NE(text_of(file, 0).find(hard), std::string::npos) << text_of(file, 0);
  EXPECT_NE(text_of(file, 1).find("trang hai"), std::string::npos);
}

TEST(Pdf, EveryLetterIsOfTheHousesFace) {
  const std::string file = sample();
  const std::unique_ptr<poppler::document> read(poppler::document::load_from_raw_data(file.data(), static_cast<int>(file.size())));
  const auto fonts = read->fonts();
  ASSERT_FALSE(fonts.empty());
  for (const auto& font : fonts) {
    EXPECT_NE(font.name().find("BeVietnamPro"), std::string::npos) << font.name();
    EXPECT_TRUE(font.is_embedded());
  }
}

TEST(Pdf, MarksStayWithinTheHeightThatTextReturns) {
  for (const char* text : {"Ễ", "Ặ\nỂ", "ỵ g ợ", "ẪẪẪ ẬẬẬ ỰỰỰ"})
    for (const double size : {7.0, 10.0, 24.0}) {
      Pdf pdf(PageSize::a5, {.title = "t"});
      const double height = pdf.text(30, 40, 80, text, {.size = size});
      EXPECT_DOUBLE_EQ(height, pdf.text_height(80, text, {.size = size}));
      const auto raster = Scan::open(pdf.finish().value())->page(0);
      ASSERT_TRUE(raster);
      const double scale = raster->width / 148.0;
      const int all = dark_pixels(*raster, {0, 0, 148, 210}, scale);
      EXPECT_GT(all, 5);
      EXPECT_EQ(dark_pixels(*raster, {29, 40 - 1 / scale, 82, height + 2 / scale}, scale), all) << text << " at " << size;
    }
}

TEST(Pdf, TextInABoxIsMadeSmallerUntilItFits) {
  Pdf pdf(PageSize::card, {.title = "t"}, true);
  EXPECT_DOUBLE_EQ(pdf.page().width, 85.60);
  EXPECT_TRUE(pdf.text_in({5, 5, 60, 8}, "Nguyễn Thị Minh Khai", {.size = 20}));
  EXPECT_FALSE(pdf.text_in({5, 20, 20, 4}, std::string(500, 'x'), {.size = 20}));
  const auto raster = Scan::open(pdf.finish().value())->page(0);
  const double scale = raster->width / 85.60;
  EXPECT_EQ(dark_pixels(*raster, {0, 0, 85.6, 54}, scale),
            dark_pixels(*raster, {4.5, 5, 61, 8.2}, scale) + dark_pixels(*raster, {4.5, 19.8, 21, 4.4}, scale));
}

TEST(Pdf, BytesThatAreNoTextDoNotBreakThePage) {
  Pdf pdf(PageSize::a4, {.title = "t"});
  EXPECT_GT(pdf.text(20, 20, 100, std::string_view("a\0\xff\xc3(b", 6)), 0);
  EXPECT_TRUE(pdf.finish());
}

TEST(Pdf, PagesHaveALimit) {
  Pdf pdf(PageSize::card, {.title = "t"});
  for (int i = 0; i < Pdf::pages_max; ++i) pdf.new_page();
  EXPECT_EQ(pdf.finish().failure().code, "documents.too_many_pages");
}

TEST(Pdf, ItsCodeIsReadFromThePage) {
  const auto raster = Scan::open(sample())->page(0);
  const auto seen = read_qr(*raster);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].bytes, "MC:TEST");
  EXPECT_NEAR(seen[0].corners[0].x / raster->width * 210, 150, 0.5);
  EXPECT_NEAR(seen[0].corners[2].y / raster->height * 297, 230, 0.5);
}

}  // namespace
}  // namespace motcua::documents
