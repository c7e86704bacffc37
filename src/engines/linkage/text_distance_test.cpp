#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "engines/linkage/distance.hpp"
#include "engines/linkage/text.hpp"

namespace motcua::linkage {
namespace {

/// The definition, row by row.
std::size_t plain_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

std::string word_of(const std::vector<int>& letters) {
  std::string text;
  for (const int l : letters) text.push_back(static_cast<char>('a' + (l % 3 + 3) % 3));
  return text;
}

RC_GTEST_PROP(Distance, BitParallelIsTheDefinition, (const std::vector<int>& x, const std::vector<int>& y)) {
  const std::string a = word_of(x), b = word_of(y);
  RC_ASSERT(edit_distance(a, b, 1000) == plain_distance(a, b));
  RC_ASSERT(edit_distance(a, b, 1000) == edit_distance(b, a, 1000));
}

RC_GTEST_PROP(Distance, JaroWinklerIsSymmetricAndBounded, (const std::string& a, const std::string& b)) {
  RC_ASSERT(jaro_winkler(a, b) == jaro_winkler(b, a));
  RC_ASSERT(jaro_winkler(a, b) >= 0 && jaro_winkler(a, b) <= 1);
  RC_ASSERT(jaro_winkler(a, a) == 1);
}

TEST(Distance, LongTexts) {
  const std::string a(100, 'a'), b = std::string(50, 'a') + "b" + std::string(50, 'a');
  EXPECT_EQ(edit_distance(a, b, 5), 1u);
  EXPECT_EQ(edit_distance(std::string(300, 'x'), std::string(300, 'y'), 5), 6u);
  EXPECT_NEAR(jaro_winkler("martha", "marhta"), 0.961, 0.001);
  EXPECT_NEAR(jaro_winkler("dixon", "dicksonx"), 0.813, 0.001);
}

TEST(Distance, OneSlip) {
  struct Case { const char *a, *b; bool slip; };
  for (const Case& c : {Case{"079192123456", "079192124356", true}, Case{"079192123456", "079192123457", true}, Case{"079192123456", "079192123456", false},
                        Case{"079192123456", "07919212345", false}, Case{"079192123456", "079192654321", false}, Case{"ab", "ba", true}, Case{"", "", false}})
    EXPECT_EQ(is_one_slip(c.a, c.b), c.slip) << c.a << ' ' << c.b;
}

TEST(Distance, BigramDice) {
  struct Case { const char *a, *b; double dice; };
  for (const Case& c : {Case{"", "", 1}, Case{"ab", "ab", 1}, Case{"", "ab", 0}, Case{"ab", "cd", 0}, Case{"night", "nacht", 6.0 / 12}, Case{"aaaa", "aa", 6.0 / 8}})
    EXPECT_NEAR(bigram_dice(c.a, c.b), c.dice, 1e-9) << c.a << ' ' << c.b;
}

RC_GTEST_PROP(Distance, BigramDiceIsSymmetricAndBounded, (const std::string& a, const std::string& b)) {
  RC_ASSERT(bigram_dice(a, b) == bigram_dice(b, a));
  RC_ASSERT(bigram_dice(a, b) >= 0 && bigram_dice(a, b) <= 1);
  RC_ASSERT(bigram_dice(a, a) == 1);
}

std::string joined(const std::vector<Word>& words) {
  std::string text;
  for (const Word& w : words) text += (text.empty() ? "" : " ") + w.folded;
  return text;
}

TEST(Words, NamesAndAddresses) {
  struct Case { const char *written, *words; };
  for (const Case& c : {Case{"Nguyễn Văn  An", "nguyen van an"}, Case{"NGUYEN VAN AN", "nguyen van an"}, Case{"Nguyeexn Vawn An", "nguyen van an"},
                        Case{"Nguye6n4 Van An", "nguyen van an"}, Case{"Lý Quý", "li qui"}, Case{"Lí Quí", "li qui"}, Case{"Hoà", "hoa"}, Case{"", ""}}) {
    EXPECT_EQ(joined(to_name_words(c.written)), c.words) << c.written;
    EXPECT_EQ(to_name_text(c.written), c.words) << c.written;
  }
  for (const Case& c : {Case{"Số 358/25/5A Lê Lợi, P. Bến Nghé", "358/25/5a le loi ben nghe"}, Case{"Thôn Đông", "dong"}, Case{"12 Lê Lợi, KP 3", "12 le loi 3"}, Case{"", ""}}) {
    EXPECT_EQ(joined(to_address_words(c.written)), c.words) << c.written;
    EXPECT_EQ(to_address_text(c.written), c.words) << c.written;
  }
}

TEST(Words, TonePlacementIsNotADifference) {
  EXPECT_EQ(to_name_words("Hoà")[0].marked, to_name_words("Hòa")[0].marked);
  EXPECT_NE(to_name_words("Hoà")[0].marked, to_name_words("Hoa")[0].marked);
  EXPECT_TRUE(to_name_words("Hoà")[0].has_marks);
  EXPECT_FALSE(to_name_words("Hoa")[0].has_marks);
}

RC_GTEST_PROP(Words, AnyBytesEnd, (const std::string& text)) {
  for (const Word& w : to_name_words(text)) RC_ASSERT(!w.folded.empty());
  for (const Word& w : to_address_words(text)) RC_ASSERT(!w.folded.empty());
}

}  // namespace
}  // namespace motcua::linkage
