#include "platform/intake/csv_reader.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "platform/intake/csv_scan.hpp"
#include "platform/intake/csv_writer.hpp"

namespace motcua::intake {
namespace {

using Rows = std::vector<std::vector<std::string>>;
using namespace std::string_literals;

struct Read {
  Rows rows;
  std::string failure, row, column;
};

Read read_all(const std::string& text, char delimiter = ',', std::size_t block_bytes = read_block_bytes) {
  auto stream = text_source(text)->open();
  CsvReader reader(std::move(*stream), delimiter, block_bytes);
  Read out;
  std::vector<std::string_view> fields;
  for (;;) {
    auto more = reader.next(fields);
    if (!more) {
      auto args = more.failure().args;
      out.failure = more.failure().code, out.row = args["row"], out.column = args["column"];
      return out;
    }
    if (!*more) return out;
    out.rows.emplace_back(fields.begin(), fields.end());
  }
}

TEST(CsvReader, readsRecords) {
  const struct {
    std::string text;
    Rows rows;
  } table[] = {
      {"", {}},
      {"a", {{"a"}}},
      {"a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
      {"a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"a,\n,b\n,\n", {{"a", ""}, {"", "b"}, {"", ""}}},
      {"\n\r\na\n\n", {{"a"}}},
      {"\"a,b\",\"c\nd\"\n", {{"a,b", "c\nd"}}},
      {"\"say \"\"x\"\"\",\"\"\n", {{"say \"x\"", ""}}},
      {"\"a\"\r\n\"b\"", {{"a"}, {"b"}}},
      {"\"a\r\nb\"\r\n", {{"a\r\nb"}}},
      {"5\" pipe,b\n", {{"5\" pipe", "b"}}},
      {"\xEF\xBB\xBF" "a,b\n", {{"a", "b"}}},
      {"Đỗ,Nguyễn Thị Ánh\n", {{"Đỗ", "Nguyễn Thị Ánh"}}},
  };
  for (const auto& c : table)
    for (std::size_t block : {1u, 2u, 3u, 7u, 64u, 1u << 20}) {
      auto got = read_all(c.text, ',', block);
      EXPECT_EQ(got.rows, c.rows) << c.text << " in blocks of " << block;
      EXPECT_EQ(got.failure, "") << c.text;
    }
}

TEST(CsvReader, refusesWhatIsNotATable) {
  const struct {
    std::string text, failure, row, column;
  } table[] = {
      {"a,b\nc,\"d\ne,f\n", "intake.quote_unclosed", "2", "2"},
      {"a,b\n\"c\"d,e\n", "intake.quote_stray", "2", "1"},
      {"a,b\n1,\"\x80\"b\n", "intake.not_utf8", "2", "2"},
      {"a,b\n1,\"x\"b\x80\n", "intake.quote_stray", "2", "2"},
      {"a,b\nc,d\0e\n"s, "intake.nul_byte", "2", "2"},
      {"a,b\nc,d\nNguy\x94n,f\n", "intake.not_utf8", "3", "1"},
      {"a,b\nc,Nguy\xe1\xbb", "intake.not_utf8", "2", "2"},
      {"a,b\n\xEF\xBB\xBF" "c,d\n", "intake.bom_inside", "2", "1"},
      {"a,b\nc,d\xEF\xBB\xBF\n", "intake.bom_inside", "2", "2"},
      {std::string(columns_max, ',') + "\n", "intake.columns_too_many", "1", std::to_string(columns_max + 1)},
      {"a\n" + std::string(field_bytes_max + 1, 'x') + "\n", "intake.field_too_long", "2", "1"},
      {"a\n" + std::string(row_bytes_max + 2, 'x'), "intake.row_too_long", "2", "1"},
      {"a\n\"" + std::string(row_bytes_max + read_block_bytes, 'x'), "intake.quote_too_long", "2", "1"},
  };
  for (const auto& c : table)
    for (std::size_t block : {c.text.size() < 4096 ? std::size_t{3} : std::size_t{4096}, read_block_bytes}) {
      auto got = read_all(c.text, ',', block);
      EXPECT_EQ(got.failure, c.failure) << c.text.substr(0, 40) << " in blocks of " << block;
      EXPECT_EQ(got.row, c.row) << c.text.substr(0, 40);
      EXPECT_EQ(got.column, c.column) << c.text.substr(0, 40);
    }
}

TEST(CsvReader, tenMillionColumnsEndSoon) {
  std::string text(10'000'000, ',');
  EXPECT_EQ(read_all(text).failure, "intake.columns_too_many");
}

TEST(CsvReader, utf8PrefixKnowsTheRfc) {
  const struct {
    std::string text;
    std::size_t prefix;
    bool cut;
  } table[] = {
      {"abcdefghij", 10, false}, {"12345678\xC3\xA1", 10, false}, {"\xC0\x80", 0, false}, {"a\xED\xA0\x80", 1, false},
      {"\xF4\x90\x80\x80", 0, false}, {"\xF0\x9F\x98\x80", 4, false}, {"a\xE1\xBB", 1, true}, {"\x80", 0, false}, {"a\xE1x", 1, false},
  };
  for (const auto& c : table) {
    bool cut = true;
    EXPECT_EQ(utf8_prefix(c.text, cut), c.prefix) << c.text;
    EXPECT_EQ(cut, c.cut) << c.text;
  }
}

/// Letters that matter to a tokenizer, and some that do not.
std::string field_of(const std::vector<unsigned>& picks) {
  static const std::vector<std::string> letters{"a", "b", " ", ",", ";", "\"", "\n", "\r", "\t", "ễ", "Đ", "0"};
  std::string field;
  for (auto pick : picks) field += letters[pick % letters.size()];
  return field;
}

RC_GTEST_PROP(CsvReader, whatIsWrittenIsReadAgain, (const std::vector<std::vector<std::vector<unsigned>>>& drawn)) {
  Rows rows;
  std::string text;
  for (const auto& row : drawn) {
    std::vector<std::string> fields{"x"};
    for (const auto& field : row) fields.push_back(field_of(field));
    for (std::size_t i = 0; i < fields.size(); ++i) append_csv_plain(i ? text += ',' : text, fields[i]);
    text += '\n';
    rows.push_back(std::move(fields));
  }
  auto block = *rc::gen::inRange<std::size_t>(1, 40);
  auto got = read_all(text, ',', block);
  RC_ASSERT(got.failure == "");
  RC_ASSERT(got.rows == rows);
}

TEST(CsvWriter, noFieldBeginsAFormula) {
  const struct {
    const char *field, *written;
  } table[] = {
      {"=1+2", "'=1+2"}, {"@SUM(A1)", "'@SUM(A1)"}, {"-2+3", "'-2+3"}, {"+84938000204", "+84938000204"}, {"-86", "-86"},
      {"Nguyễn Văn A", "Nguyễn Văn A"}, {"\tx", "\"'\tx\""}, {"=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""}, {"", ""}, {"-", "'-"},
  };
  for (const auto& c : table) {
    std::string line;
    append_csv_field(line, c.field);
    EXPECT_EQ(line, c.written);
  }
}

}  // namespace
}  // namespace motcua::intake
