#include "rooms/identity/model.hpp"

#include <gtest/gtest.h>

#include "rooms/identity/test_house.hpp"

namespace motcua::identity {
namespace {

TEST(ToRecord, normalises) {
  std::vector<intake::Warning> warnings;
  SourceRecord in = told("ncovi", "D-1", "  nguye\xCC\x82\xCC\x83n  văn an ", "2/1/90", "NAM", "'0168.000.1234", "79090000123");
  in.passport = "c1234567";
  in.insurance_number = "dn 4-79 0123456789";
  in.email = "An@Example.VN";
  in.phone_is_own = true;
  auto record = to_record(in, warnings);
  ASSERT_TRUE(record) << record.failure().code;
  EXPECT_EQ(record->full_name, "nguyễn văn an");
  EXPECT_EQ(record->birth, "1990-01-02");
  EXPECT_EQ(record->sex, Sex::male);
  EXPECT_EQ(record->phone, "+84380001234");
  EXPECT_EQ(record->id_number, "079090000123");
  EXPECT_EQ(record->passport, "C1234567");
  EXPECT_EQ(record->insurance_number, "DN4790123456789");
  EXPECT_EQ(record->email, "an@example.vn");
  EXPECT_TRUE(warnings.empty());
  std::vector<std::string> references;
  for (const auto& c : claims_of(*record)) references.push_back(c.reference + (c.is_own ? "!" : ""));
  EXPECT_EQ(references, (std::vector<std::string>{"phone:+84380001234!", "id:079090000123!", "id:C1234567!"}));
}

TEST(ToRecord, unreadable_optional_fields_are_kept_and_warned_of) {
  std::vector<intake::Warning> warnings;
  auto record = to_record(told("ncovi", "D-1", "Nguyễn Văn An", "31/02/1990", "xx", "12", "12"), warnings);
  ASSERT_TRUE(record);
  std::string seen;
  for (const auto& w : warnings) seen += w.field + "=" + w.code + " ";
  EXPECT_EQ(seen, "birth=date.no_such_day sex=sex.unreadable phone=phone.too_short id_number=national_id.wrong_length ");
  EXPECT_EQ(record->payload, R"({"birth_as_told":"31/02/1990","sex_as_told":"xx","phone_as_told":"12","id_number_as_told":"12"})");
  EXPECT_TRUE(record->phone.empty() && record->birth.empty());
}

TEST(ToRecord, refuses_with_the_field) {
  struct Case {
    SourceRecord in;
    std::string code, field;
  };
  using namespace std::string_literals;
  SourceRecord resident = told("residents", "1", "Lê Hoa", "1990", "Nữ", "", "079190000123");
  const auto with = [&](auto member, std::string value) {
    SourceRecord r = resident;
    r.*member = std::move(value);
    return r;
  };
  const std::vector<Case> cases{
      {with(&SourceRecord::record_id, ""), "identity.record_without_key", "record_id"},
      {with(&SourceRecord::source, "a:b"), "identity.record_without_key", "source"},
      {with(&SourceRecord::id_number, "12"), "national_id.wrong_length", "id_number"},
      {with(&SourceRecord::birth, ""), "identity.field_required", "birth"},
      {with(&SourceRecord::sex, "x"), "sex.unreadable", "sex"},
      {with(&SourceRecord::full_name, "..."), "text.empty", "full_name"},
      {with(&SourceRecord::full_name, "L\xEA"), "text.not_utf8", "full_name"},
      {with(&SourceRecord::address, "a\0b"s), "text.nul_byte", "address"},
      {with(&SourceRecord::address, std::string(70'000, 'a')), "identity.record_too_large", ""},
      {told("vhd", "1", "Lê Hoa", "1990", "Nu", "123"), "phone.too_short", "phone"},
      {told("bluezone-users", "1", ""), "identity.field_required", "phone"},
      {told("ncovi", "1", ""), "identity.field_required", "full_name"}};
  for (const auto& c : cases) {
    std::vector<intake::Warning> warnings;
    auto record = to_record(c.in, warnings);
    ASSERT_FALSE(record) << c.code;
    EXPECT_EQ(record.failure().code, c.code);
    EXPECT_EQ(record.failure().field, c.field) << c.code;
  }
}

TEST(HashOf, sees_every_field) {
  std::vector<intake::Warning> warnings;
  const Record base = *to_record(told("ncovi", "1", "Lê Hoa", "1990", "Nữ", "0938000204"), warnings);
  const auto changed = [&](auto change) {
    Record r = base;
    change(r);
    return hash_of(r) != hash_of(base);
  };
  EXPECT_FALSE(changed([](Record&) {}));
  EXPECT_TRUE(changed([](Record& r) { r.phone_is_own = true; }));
  EXPECT_TRUE(changed([](Record& r) { r.sex = Sex::male; }));
  EXPECT_TRUE(changed([](Record& r) { r.payload = "{\"a\":\"b\"}"; }));
  EXPECT_TRUE(changed([](Record& r) { r.told_at = from_millis(0); }));
  EXPECT_TRUE(changed([](Record& r) { std::swap(r.birth, r.email); }));
}

TEST(ToReference, table) {
  const std::vector<std::pair<std::string, std::string>> good{{"phone:0938 000 204", "phone:+84938000204"}, {"id:79187000123", "id:079187000123"},
      {"record:vhd:12:3", "record:vhd:12:3"}, {"id:b1234567", "id:B1234567"}};
  for (const auto& [in, out] : good) EXPECT_EQ(*to_reference(in), out);
  for (std::string_view bad : {"", "0938000204", "phone:12", "id:", "record:vhd", "record::1", "record:vhd:", "person:1", "record:vhd:\xFF"})
    EXPECT_EQ(to_reference(bad).failure().code, "identity.reference_unreadable") << bad;
}

TEST(Masked, tells_tasks_apart_and_no_more) {
  EXPECT_EQ(masked("Nguyễn Văn Ấn", "1990-02-01"), "N***** V** Ấ*, 19**");
  EXPECT_EQ(masked("", ""), "");
}

}  // namespace
}  // namespace motcua::identity
