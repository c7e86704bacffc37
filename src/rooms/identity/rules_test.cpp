#include "rooms/identity/rules.hpp"

#include <gtest/gtest.h>

namespace motcua::identity {
namespace {

constexpr Instant at(int day) { return from_millis(std::int64_t{day} * 86'400'000); }

/// "phone of A from day 3 to day 7" as text, to compare a whole answer at a glance.
std::string drawn(const std::vector<ReferenceSpan>& spans) {
  std::string out;
  for (const auto& s : spans) {
    const auto day = [](const std::optional<Instant>& t) { return t ? std::to_string(to_millis(*t) / 86'400'000) : std::string("*"); };
    out += (out.empty() ? "" : " ") + s.person_id + "[" + day(s.from) + "," + day(s.until) + ")";
  }
  return out;
}

PersonClaim claim(std::string person, std::optional<int> day, std::string key, bool named = true) {
  return {"phone:+84938000204", day ? std::optional(at(*day)) : std::nullopt, std::move(person), std::move(key), named};
}

TEST(DecideSpans, table) {
  struct Case {
    const char* what;
    std::vector<PersonClaim> claims;
    std::string spans;
  };
  const std::vector<Case> cases{
      {"nobody", {}, ""},
      {"one person, whatever the day", {claim("A", 5, "a")}, "A[*,*)"},
      {"one person twice", {claim("A", 5, "a"), claim("A", 9, "b")}, "A[*,*)"},
      {"the register, then another", {claim("A", {}, "a"), claim("B", 5, "b")}, "A[*,5) B[5,*)"},
      {"back and forth", {claim("A", 1, "a"), claim("B", 5, "b"), claim("A", 9, "c")}, "A[1,5) B[5,9) A[9,*)"},
      {"before the first of several it waits", {claim("B", 5, "b"), claim("A", 3, "a")}, "A[3,5) B[5,*)"},
      {"repeated claims of one make one span", {claim("A", 1, "a"), claim("A", 2, "b"), claim("B", 3, "c")}, "A[1,3) B[3,*)"},
      {"a tie goes to whom most claims name", {claim("A", {}, "a"), claim("B", {}, "b"), claim("B", 4, "c")}, "B[*,*)"},
      {"then to the smallest key", {claim("B", {}, "b"), claim("A", {}, "z")}, "B[*,*)"},
      {"a phone without a name says nothing beside a name", {claim("X", 9, "x", false), claim("A", {}, "a")}, "A[*,*)"},
      {"but alone it does", {claim("X", 9, "x", false)}, "X[*,*)"}};
  for (const auto& c : cases) EXPECT_EQ(drawn(decide_spans(c.claims)), c.spans) << c.what;
}

Record record(std::string kind, std::string name, std::string birth, std::string phone, bool own, std::optional<int> day, std::string ward = {}) {
  Record r;
  r.kind = std::move(kind);
  r.full_name = std::move(name);
  r.birth = std::move(birth);
  r.phone = std::move(phone);
  r.phone_is_own = own;
  if (day) r.told_at = at(*day);
  r.ward_code = std::move(ward);
  return r;
}

TEST(Summarise, register_first_then_majority_then_latest) {
  const std::vector<Record> records{record("ncovi", "NGUYEN VAN AN", "1990", "+84938000111", true, 5, "00001"),
      record("ncovi", "NGUYEN VAN AN", "1990-02-01", "+84938000222", true, 9, "00002"),
      record("residents", "NGUYỄN VĂN ẤN", "1990-02-01", "+84938000333", true, {}, "00003"),
      record("vhd", "Nguyen Van An", "1990", "+84938000444", false, 20, "00001")};
  const Summary s = summarise(records);
  EXPECT_EQ(s.full_name, "Nguyễn Văn Ấn");
  EXPECT_EQ(s.name_key, "nguyen van an");
  EXPECT_EQ(s.birth, "1990-02-01");
  EXPECT_EQ(s.phone, "+84938000222");  // the latest own; not the later one told on behalf
  EXPECT_EQ(s.ward_code, "00003");
  EXPECT_EQ(s.records, 4);
}

TEST(Summarise, without_a_register) {
  const std::vector<Record> records{record("vhd", "Lê Hoa", "1990", "", false, 1), record("vhd", "LE HOA", "1990", "", false, 2),
                                    record("tests", "Lê Hòa", "1990-01-01", "+84938000111", false, 3)};
  const Summary s = summarise(records);
  EXPECT_EQ(s.full_name, "Lê Hòa");  // marks weigh more than none; the later of two equals
  EXPECT_EQ(s.birth, "1990");        // a 1 January is what forms make of a year
  EXPECT_EQ(s.phone, "+84938000111");
  EXPECT_EQ(summarise(std::vector<Record>{}).full_name, "");
}

TEST(Summarise, order_does_not_matter) {
  std::vector<Record> records{record("vhd", "Lê Hoa", "1990", "+841", true, 1), record("vhd", "Lê Hoà", "1991", "+842", true, 1), record("ncovi", "Lê An", "1990", "", false, 2)};
  const Summary first = summarise(records);
  std::reverse(records.begin(), records.end());
  const Summary second = summarise(records);
  EXPECT_EQ(first.full_name, second.full_name);
  EXPECT_EQ(first.birth, second.birth);
  EXPECT_EQ(first.phone, second.phone);
}

}  // namespace
}  // namespace motcua::identity
