// What is wrong with a row, as a table: a domain expert can read it.
#include "rooms/identity/repair_rules.hpp"

#include <gtest/gtest.h>

namespace motcua::identity {
namespace {

struct Told {
  std::string kind, name, birth, phone, id;
  bool own = false;
};

Record record(const Told& t, int n) {
  Record r;
  r.source = r.kind = t.kind;
  r.record_id = std::to_string(n);
  r.full_name = t.name, r.birth = t.birth, r.phone = t.phone, r.id_number = t.id;
  r.phone_is_own = t.own;
  return r;
}

/// "birth=1985-03-12 from residents:1": a question mark where a person has to confirm it.
std::string wrong(const Told& row, const std::vector<Told>& others, bool phone_is_anothers = false, bool id_is_anothers = false) {
  const Record question = record(row, 0);
  std::vector<Record> records;
  for (std::size_t i = 0; i < others.size(); ++i) records.push_back(record(others[i], static_cast<int>(i) + 1));
  std::vector<const Record*> sources;
  for (const auto& r : records) sources.push_back(&r);
  constexpr const char* fields[] = {"name", "birth", "phone", "id"};
  std::string out;
  for (const auto& c : find_corrections({&question, {!row.name.empty(), !row.birth.empty(), !row.phone.empty(), !row.id.empty()}, phone_is_anothers, id_is_anothers}, sources))
    out += std::string(out.empty() ? "" : "; ") + fields[static_cast<int>(c.field)] + "=" + c.should_say + " from " + c.source + (c.certain ? "" : "?");
  return out;
}

const Told row{"doses", "Nguyễn Văn An", "1985-03-12", "+84938000204", "079085000123"};
const Told registered{"residents", "Nguyễn Văn An", "1985-03-12", "+84938000204", "079085000123", true};

Told with(Told t, std::string Told::*field, std::string value) {
  t.*field = std::move(value);
  return t;
}

TEST(RepairRules, theRegistersWordCounts) {
  EXPECT_EQ(wrong(row, {registered}), "");
  EXPECT_EQ(wrong(with(row, &Told::name, "Nguyễn Văn Ân"), {registered}), "name=Nguyễn Văn An from residents:1");
  EXPECT_EQ(wrong(with(row, &Told::birth, "1985-12-03"), {registered}), "birth=1985-03-12 from residents:1");
  EXPECT_EQ(wrong(with(row, &Told::id, "079085000132"), {registered}), "id=079085000123 from residents:1");
  EXPECT_EQ(wrong(with(row, &Told::id, "021234567"), {registered}), "id=079085000123 from residents:1");   // the old card
  EXPECT_EQ(wrong(with(with(row, &Told::name, "Lê Văn An"), &Told::birth, "1986-03-12"), {registered}),
            "name=Nguyễn Văn An from residents:1; birth=1985-03-12 from residents:1");
  // Also against all the others.
  const Told declared{"ncovi", "Nguyễn Văn Ân", "1985-12-03", "", "079085000132"};
  EXPECT_EQ(wrong(declared, {declared, registered, declared}),
            "name=Nguyễn Văn An from residents:2; birth=1985-03-12 from residents:2; id=079085000123 from residents:2");
}

TEST(RepairRules, sayingLessIsNotWrong) {
  for (const char* name : {"NGUYỄN VĂN AN", "Nguyen Van An", "Ông Nguyễn Văn An", "Nguyeexn Vawn An", "An Nguyễn Văn"})
    EXPECT_EQ(wrong(with(row, &Told::name, name), {registered}), "") << name;
  EXPECT_EQ(wrong(with(row, &Told::name, "Nguyễn Vàn An"), {registered}), "name=Nguyễn Văn An from residents:1");
  EXPECT_EQ(wrong(with(row, &Told::birth, "1985"), {registered}), "");
  EXPECT_EQ(wrong(with(row, &Told::birth, "1984"), {registered}), "birth=1985-03-12 from residents:1");
  EXPECT_EQ(wrong({"doses", "Nguyễn Văn An", "", "", ""}, {registered}), "");
  EXPECT_EQ(wrong(row, {}), "");
  EXPECT_EQ(wrong(row, {with(registered, &Told::birth, "1985")}), "");
}

TEST(RepairRules, withoutRegisterTwoAgreeAndOneOnlyProposes) {
  const Told ncovi{"ncovi", "Nguyễn Văn An", "1985-03-12", "", ""}, vhd{"vhd", "NGUYEN VAN AN", "1985-03-12", "", ""};
  const Told off = with(with(row, &Told::name, "Nguyễn An"), &Told::birth, "1985-03-21");
  EXPECT_EQ(wrong(off, {ncovi, vhd}), "name=Nguyễn Văn An from ncovi:1; birth=1985-03-12 from ncovi:1");
  EXPECT_EQ(wrong(off, {with(with(ncovi, &Told::birth, "1985-01-01"), &Told::name, "Ô. NGUYỄN VĂN AN"), with(vhd, &Told::birth, "1985-01-01")}),
            "name=Nguyễn Văn An from ncovi:1");
  EXPECT_EQ(wrong(off, {ncovi}), "name=Nguyễn Văn An from ncovi:1?; birth=1985-03-12 from ncovi:1?");
  EXPECT_EQ(wrong(off, {ncovi, with(with(vhd, &Told::name, "Trần Văn An"), &Told::birth, "1986-03-12")}), "");   // they disagree themselves
  EXPECT_EQ(wrong(off, {ncovi, vhd, with(vhd, &Told::birth, "1985-03-21")}), "name=Nguyễn Văn An from ncovi:1; birth=1985-03-12 from ncovi:1?");
}

TEST(RepairRules, somebodyElsesNumberAndNameMayBeTheOthersDose) {
  const Told other = with(row, &Told::id, "079185000456");
  EXPECT_EQ(wrong(other, {registered}, false, true), "id=079085000123 from residents:1");   // a wrong card was copied
  EXPECT_EQ(wrong(with(other, &Told::birth, "1986-03-12"), {registered}, false, true), "birth=1985-03-12 from residents:1?; id=079085000123 from residents:1?");
}

TEST(RepairRules, aPhoneMayBeNewOrShared) {
  const Told other = with(row, &Told::phone, "+84977000111");
  EXPECT_EQ(wrong(other, {registered}), "phone=+84938000204 from residents:1?");          // nobody's: perhaps a new one
  EXPECT_EQ(wrong(other, {registered}, true), "phone=+84938000204 from residents:1");     // somebody else's own
  EXPECT_EQ(wrong(with(row, &Told::phone, "+84938000240"), {registered}), "phone=+84938000204 from residents:1");   // a slip
  const Told app{"bluezone-users", "", "", "+84938000204", "", true};
  EXPECT_EQ(wrong(other, {registered, app}), "phone=+84938000204 from residents:1");      // two tell hers
  const Told reached{"ncovi", "Nguyễn Văn An", "1985-03-12", "+84977000111", ""};
  EXPECT_EQ(wrong(other, {registered, app, reached}, true), "");                          // she is reached there too
  EXPECT_EQ(wrong(other, {with(registered, &Told::phone, "")}, true), "");                // hers is not known
  EXPECT_EQ(wrong(other, {with(registered, &Told::phone, ""), app}, true), "phone=+84938000204 from bluezone-users:2?");   // by rule alone
  const Told herself{"vhd", "Nguyễn Văn An", "1985", "+84938000204", "", true};
  EXPECT_EQ(wrong(with(row, &Told::phone, "+84938000240"), {herself}), "phone=+84938000204 from vhd:1?");   // either may have slipped
  EXPECT_EQ(wrong(other, {herself}, true), "phone=+84938000204 from vhd:1");
}

}  // namespace
}  // namespace motcua::identity
