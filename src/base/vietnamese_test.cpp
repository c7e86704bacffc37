#include "base/vietnamese.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>

namespace motcua::vietnamese {
namespace {

struct Pair {
  std::string in, out;
};

TEST(Fold, table) {
  const std::vector<Pair> cases{
      {"Nguyễn Văn An", "nguyen van an"}, {"NGUYỄN VĂN AN", "nguyen van an"}, {"Nguye\xCC\x82\xCC\x83n", "nguyen"},  // NFD
      {"Đặng Đình Đức", "dang dinh duc"}, {"\xC3\x90oàn", "doan"},                                                  // Icelandic eth typed for Đ
      {"  Trần   Thị\tBé ", "tran thi be"}, {"Lý", "li"}, {"Lí", "li"}, {"Quý", "qui"}, {"Quí", "qui"}, {"Thúy", "thuy"},
      {"Thuý", "thuy"}, {"Nguyễn-Văn.A", "nguyen van a"}, {"H'Hen Niê", "hhen nie"}, {"K’Brêm", "kbrem"},
      {"\xEF\xBC\xA1\xEF\xBC\xA2", "ab"}, {"a\xE2\x80\x8B" "b", "ab"}, {"P. 12, Q.9", "p 12 q 9"}, {"", ""}, {"...", ""},
      {"Zoë Ångström", "zoe angstrom"}, {"ភាសាខ្មែរ", "ភាសាខ្មែរ"}, {"a\xFF\xFE" "b", "ab"}, {"Yến", "yen"}, {"Mỹ", "mi"}, {"Huy", "huy"}};
  for (const auto& c : cases) EXPECT_EQ(fold(c.in), c.out) << c.in;
}

TEST(FoldKeepingMarks, table) {
  const std::vector<Pair> cases{
      {"Hoà Bình", "hòa bình"}, {"Hòa Bình", "hòa bình"}, {"HOÀ", "hòa"}, {"Thuý", "thúy"}, {"Thúy", "thúy"}, {"Uỷ", "ủy"}, {"khoẻ", "khỏe"},
      {"Hoàng", "hoàng"}, {"Hòang", "hoàng"}, {"Tòan", "toàn"}, {"Quý", "quí"}, {"Quỳnh", "quỳnh"}, {"Lý", "lí"}, {"Lí", "lí"},
      {"Đỗ", "đỗ"}, {"Nguye\xCC\x82\xCC\x83n", "nguyễn"}, {"Già", "già"}, {"Giàu", "giàu"}, {"Quà", "quà"}, {"Loè", "lòe"},
      {"Sa Pả", "sa pả"}, {"Sa Pa", "sa pa"}, {"Khuỷu", "khuỷu"}, {"Ñandú", "ñandú"}};
  for (const auto& c : cases) EXPECT_EQ(fold_keeping_marks(c.in), c.out) << c.in;
}

TEST(NormaliseName, table) {
  const std::vector<Pair> cases{{"  Nguye\xCC\x82\xCC\x83n \xC2\xA0 An ", "Nguyễn An"}, {"A\xE2\x80\x8B\xEF\xBB\xBFn", "An"}, {"A\x01" "B", "AB"}, {"", ""}};
  for (const auto& c : cases) {
    auto name = normalise_name(c.in);
    ASSERT_TRUE(name);
    EXPECT_EQ(*name, c.out);
  }
}

TEST(NormaliseName, refuses) {
  using namespace std::string_literals;
  EXPECT_EQ(normalise_name("a\0b"s).failure().code, "text.nul_byte");
  for (std::string_view bad : {"\xFF", "\xC3", "\xE1\xBB", "\xED\xA0\x80", "\xC0\xAF", "\xF5\x80\x80\x80", "Nguy\xEAn"})
    EXPECT_EQ(normalise_name(bad).failure().code, "text.not_utf8");
  EXPECT_TRUE(normalise_name(std::string(name_bytes_max, 'a')));
  EXPECT_EQ(normalise_name(std::string(name_bytes_max + 1, 'a')).failure().code, "text.too_long");
}

TEST(RepairTyping, table) {
  const std::vector<Pair> cases{
      {"Nguyeexn Vawn An", "Nguyễn Văn An"}, {"Nguyeenx Vawn An", "Nguyễn Văn An"}, {"NGUYEEXN VAWN AN", "NGUYỄN VĂN AN"},
      {"Nguye6n4 Va8n An", "Nguyễn Văn An"}, {"Nguyen64 Van8 An", "Nguyễn Văn An"}, {"Traanf Thij Beos", "Trần Thị Béo"},
      {"Ddawngj Ddinhf Dduwcs", "Đặng Đình Đức"}, {"D9ang85 Thi5 Hoa2", "Đặng Thị Hòa"}, {"Phuwowng Thuys", "Phương Thúy"},
      {"Phuowng Thuys", "Phương Thúy"}, {"Hoangf Quys", "Hoàng Quý"}, {"Phu7o7ng Anh", "Phương Anh"}, {"Nguyễn Vawn An", "Nguyễn Văn An"},
      {"Lee Thij Hoaf", "Lê Thị Hòa"},
      // not residue: stays as it came
      {"Nguyễn Văn An", "Nguyễn Văn An"}, {"Nguyen Van An", "Nguyen Van An"}, {"James Anders", "James Anders"}, {"Max", "Max"},
      {"Robert Lewandowski", "Robert Lewandowski"}, {"Alex Ferguson", "Alex Ferguson"}, {"Nguyễn Văn 1", "Nguyễn Văn 1"},
      {"0 1", "0 1"}, {"1an 2ba", "1an 2ba"}, {"", ""}};
  for (const auto& c : cases) EXPECT_EQ(repair_typing(c.in), c.out) << c.in;
}

TEST(StripTitles, table) {
  const std::vector<Pair> cases{
      {"BN Nguyễn Văn An", "Nguyễn Văn An"}, {"BN91 Nguyễn Văn An", "Nguyễn Văn An"}, {"BN 91 Nguyễn Văn An", "Nguyễn Văn An"},
      {"Ô. Nguyễn Văn An", "Nguyễn Văn An"}, {"Ô.Nguyễn Văn An", "Nguyễn Văn An"}, {"Bà Trần Thị Bé", "Trần Thị Bé"},
      {"ANH NGUYEN VAN B", "NGUYEN VAN B"}, {"Chị Lê Hoa", "Lê Hoa"}, {"Bệnh nhân Lê Hoa", "Lê Hoa"}, {"Mr. John Smith", "John Smith"},
      {"Lê Hoa (mẹ)", "Lê Hoa"}, {"Lê Hoa,", "Lê Hoa"},
      // names that look like titles
      {"Chu Văn An", "Chu Văn An"}, {"Ong Thế Linh", "Ong Thế Linh"}, {"Nguyễn Thị Anh", "Nguyễn Thị Anh"}, {"Anh Thư", "Anh Thư"}, {"Cao Bá Quát", "Cao Bá Quát"}};
  for (const auto& c : cases) EXPECT_EQ(strip_titles(c.in), c.out) << c.in;
}

TEST(CleanName, joins_the_steps) {
  EXPECT_EQ(*clean_name("  BN. Nguyeexn   Vawn An "), "Nguyễn Văn An");
  EXPECT_EQ(clean_name(" - ").failure().code, "text.empty");
}

TEST(SplitName, table) {
  const auto parts = split_name("Nguyễn Thị Minh Khai");
  EXPECT_EQ(parts.family, "Nguyễn");
  EXPECT_EQ(parts.middle, "Thị Minh");
  EXPECT_EQ(parts.given, "Khai");
  EXPECT_EQ(split_name("An").given, "An");
  EXPECT_EQ(split_name("Lê An").middle, "");
  EXPECT_EQ(split_name("").given, "");
}

TEST(TitleCase, table) {
  EXPECT_EQ(title_case("NGUYỄN ĐÌNH Ơ"), "Nguyễn Đình Ơ");
  EXPECT_EQ(title_case("h'hen niê-kđăm"), "H'hen Niê-Kđăm");
}

TEST(FamilyNames, list_is_sorted_and_known) {
  for (std::string_view name : {"nguyen", "tran", "le", "pham", "hoang", "huynh", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong", "li", "an", "vuong"})
    EXPECT_TRUE(is_family_name(name)) << name;
  EXPECT_FALSE(is_family_name("thi"));
}

/// Text of the letters that matter, and some that do not.
rc::Gen<std::string> vietnamese_text() {
  static const std::vector<std::string> pieces{"a", "á", "à", "ạ", "ă", "ấ", "o", "ò", "ơ", "ờ", "u", "ư", "ụ", "y", "ý", "i", "í", "e", "ê", "ế", "q", "g", "n",
      "h", "d", "đ", "Đ", "T", "Ý", " ", " ", "-", "'", "\xCC\x81", "\xCC\x82", "\xE2\x80\x8B", "İ", "ß", "\xE2\x84\xAB", "8", "\xFF", "ñ", "ភ", "\xEF\xBC\xB9"};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)), [](const std::vector<std::string>& v) {
    std::string out;
    for (const auto& p : v) out += p;
    return out;
  });
}

RC_GTEST_PROP(FoldProperty, idempotent, ()) {
  const auto text = *vietnamese_text();
  RC_ASSERT(fold(fold(text)) == fold(text));
}

RC_GTEST_PROP(FoldProperty, keeping_marks_idempotent, ()) {
  const auto text = *vietnamese_text();
  const auto once = fold_keeping_marks(text);
  RC_ASSERT(fold_keeping_marks(once) == once);
}

RC_GTEST_PROP(FoldProperty, marked_key_folds_to_the_unmarked_key, ()) {
  const auto text = *vietnamese_text();
  RC_ASSERT(fold(fold_keeping_marks(text)) == fold(text));
}

RC_GTEST_PROP(FoldProperty, any_bytes, (const std::string& bytes)) {
  RC_ASSERT(fold(fold(bytes)) == fold(bytes));
  RC_ASSERT(is_clean_utf8(fold_keeping_marks(bytes)) || bytes.find('\0') != std::string::npos);
  (void)repair_typing(bytes);
  (void)strip_titles(bytes);
  (void)title_case(bytes);
}

RC_GTEST_PROP(CleanNameProperty, idempotent, ()) {
  auto once = clean_name(*vietnamese_text());
  RC_PRE(once.ok());
  auto twice = normalise_name(*once);
  RC_ASSERT(twice.ok());
  RC_ASSERT(*twice == *once);
}

TEST(FoldSpeed, reported) {
  const std::vector<std::string> names{"Nguyễn Văn An", "Trần Thị Minh Khai", "Đặng Thuỳ Trâm", "Le Hoang Nam"};
  constexpr int rounds = 200'000;
  std::size_t bytes = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) bytes += fold(names[static_cast<std::size_t>(i) % names.size()]).size();
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count() / rounds;
  RecordProperty("fold_ns", static_cast<int>(ns));
  EXPECT_GT(bytes, 0u);
  EXPECT_LT(ns, 5000);  // a name in microseconds at most, even under a sanitizer on a busy machine
}

}  // namespace
}  // namespace motcua::vietnamese
