// What is refused before anything is written, and what is forgiven.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <string>

#include "platform/intake/header.hpp"
#include "platform/intake/sources.hpp"
#include "platform/intake/table.hpp"

namespace motcua::intake {
namespace {

using namespace std::string_literals;

Kind people() {
  return {.name = "people", .columns = {{"full_name", true}, {"phone", false}, {"birth_date", false}}, .start = {}};
}

Kind traces() {
  Kind kind{.name = "bluezone-trace", .columns = {{"reporter_phone", true}, {"own_blid"}, {"contact_blid", true}, {"rssi"}, {"ts", true}}, .start = {}};
  kind.headerless_tsv = true;
  kind.headerless_columns = {"own_blid", "contact_blid", "rssi", "ts"};
  return kind;
}

std::string gzip(const std::string& text) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string outcome(const Kind& kind, const std::string& text) {
  auto rows = check_structure(kind, *text_source(text));
  return rows ? std::to_string(*rows) : rows.failure().code + (rows.failure().field.empty() ? "" : " " + rows.failure().field) +
                                            (rows.failure().row ? " " + std::to_string(*rows.failure().row) : "");
}

TEST(Structure, table) {
  const std::string body = "full_name,phone\nNguyễn Văn A,0938000204\nTrần B,\n";
  const std::string packed = gzip(body);
  std::string damaged = packed;
  damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 0x55);  // inside the checksum
  const struct {
    const char* what;
    std::string text, outcome;
  } table[] = {
      {"plain", body, "2"},
      {"no rows", "full_name\n", "0"},
      {"byte order mark", "\xEF\xBB\xBF" + body, "2"},
      {"semicolons", "phone;full_name\n1;a\n", "1"},
      {"tabs", "phone\tfull_name\n1\ta\n", "1"},
      {"a spreadsheet's hint", "sep=;\nphone;full_name\n1;a,b\n", "1"},
      {"names as people write them", "Full Name,PHONE , Birth_Date\na,1,2\n", "1"},
      {"names with marks", "fúll nàme\na\n", "1"},
      {"gzip", packed, "2"},
      {"gzip of two members", packed + gzip("Lê C,1\n"), "3"},
      {"gzip with padding", packed + std::string(512, '\0'), "2"},
      {"gzip cut", packed.substr(0, packed.size() / 2), "intake.gzip_truncated"},
      {"gzip without its end", packed.substr(0, packed.size() - 3), "intake.gzip_truncated"},
      {"gzip damaged", damaged, "intake.gzip_damaged"},
      {"empty", "", "intake.empty"},
      {"xlsx", "PK\x03\x04\x14", "intake.spreadsheet"},
      {"xls", "\xD0\xCF\x11\xE0\xA1\xB1", "intake.spreadsheet"},
      {"utf-16", "\xFF\xFE" "f\0u\0"s, "intake.utf16"},
      {"utf-16 without mark", "f\0u\0l\0l\0_\0"s, "intake.utf16"},
      {"pdf", "%PDF-1.7", "intake.document"},
      {"TCVN3", "full_name,phone\nTr\xC7n V\xA8n A,1\n", "intake.not_utf8 full_name 1"},
      {"NUL", "full_name,phone\na,1\nb,1\0002\n"s, "intake.nul_byte phone 2"},
      {"mark in the middle", body + "\xEF\xBB\xBF" + body, "intake.bom_inside full_name 3"},
      {"open quote", "full_name,phone\na,1\n\"b,2\nc,3\n", "intake.quote_unclosed full_name 2"},
      {"stray quote", "full_name,phone\na,\"1\"2\n", "intake.quote_stray phone 1"},
      {"missing column", "phone,birth_date\n1,2\n", "intake.column_missing full_name"},
      {"column twice", "full_name,Full Name\na,b\n", "intake.column_twice full_name"},
      {"wide header", std::string(2'000'000, ','), "intake.columns_too_many header"},
  };
  for (const auto& c : table) EXPECT_EQ(outcome(people(), c.text), c.outcome) << c.what;
}

TEST(Structure, headerlessTrace) {
  EXPECT_EQ(outcome(traces(), "AA\tBB\t-70\t1627732800000\nAA\tCC\t-71\t1627732801000\n"), "2");
  EXPECT_EQ(outcome(traces(), "reporter_phone,contact_blid,ts\n0938000204,BB,1627732800000\n"), "1");
  EXPECT_EQ(outcome(traces(), "AA\tBB\t-70\n"), "intake.column_missing reporter_phone");
}

TEST(Structure, aHeaderlessFileDoesNotLeakIntoTheMessage) {
  auto rows = check_structure(people(), *text_source("Nguyễn Văn A,0938000204,1990\n"));
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.failure().args.at("columns"), "");
}

TEST(Table, rowsOfAFile) {
  std::atomic<std::uint64_t> done{0};
  auto kind = people();
  auto source = text_source("note,Phone,full_name\n x ,\xC2\xA0 1 ,a\n,2\ny,3,b,\nz,4,c,d\n,5,\n");
  auto table = Table::open(kind, *source, done);
  ASSERT_TRUE(table.ok());
  std::vector<std::string> seen;
  RawRow row;
  while (*(*table)->next()) {
    auto taken = (*table)->to_row(row);
    std::string text = std::to_string((*table)->number());
    if (!taken) text += " " + taken.failure().code + " " + taken.failure().field;
    else {
      for (auto value : row.values) text += " [" + std::string(value) + "]";
      for (auto [name, value] : row.unknown) text += " " + std::string(name) + "=" + std::string(value);
    }
    seen.push_back(text);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"1 [a] [1] [] note=x", "2 intake.row_short full_name", "3 [b] [3] [] note=y",
                                            "4 intake.row_long 4", "5 intake.required_empty full_name"}));
}

TEST(ReadTable, givesEveryRowOnceAndSaysWhichAreNone) {
  std::string told;
  const auto done = read_table(people(), *text_source("phone,full_name\n1,A\n2,\n3\n4,D\n"), [&](const RawRow& row, const Result<void>& readable) {
    told += std::to_string(row.number) + (readable ? ":" + std::string(row.values[0]) : " " + readable.failure().code) + "; ";
    return Result<void>();
  });
  ASSERT_TRUE(done) << done.failure().code;
  EXPECT_EQ(told, "1:A; 2 intake.required_empty; 3 intake.row_short; 4:D; ");
  int visited = 0;
  const auto refused = read_table(people(), *text_source("phone,full_name\n1,A\n2,\"B\n"), [&](const RawRow&, const Result<void>&) {
    ++visited;
    return Result<void>();
  });
  EXPECT_EQ(refused ? "" : refused.failure().code, "intake.quote_unclosed");
  EXPECT_EQ(visited, 0);   // checked whole before the first row
}

}  // namespace
}  // namespace motcua::intake
