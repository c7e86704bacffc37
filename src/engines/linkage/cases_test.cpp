// Linkage cases as small tables of records: each row a record, the last column who it is. Scored with the starting values, as a room with
// little data would.
#include <gtest/gtest.h>

#include "engines/linkage/linkage.hpp"

namespace motcua::linkage {
namespace {

struct Row {
  const char* source;
  const char* name;
  PartialDate birth;
  char sex;                 // m, f, or blank
  const char* phone;
  const char* id;
  const char* old_id;
  const char* ward;
  const char* address;
  char person;
};
struct Case {
  const char* name;
  std::vector<Row> rows;
};

PersonRecord to_record(const Row& row, std::size_t number) {
  PersonRecord r{.key = std::string(row.source) + ":" + std::to_string(100 + number), .source = row.source};
  r.one_per_person = r.source == "residents";
  r.full_name = row.name;
  r.birth = row.birth;
  r.sex = row.sex == 'm' ? Sex::male : row.sex == 'f' ? Sex::female : Sex::unknown;
  if (*row.phone != 0) r.phones.push_back({std::string("+84") + row.phone, false});
  r.id_number = row.id;
  r.old_id_number = row.old_id;
  r.ward_code = row.ward;
  r.address = row.address;
  return r;
}

const std::vector<Case> cases = {
    {"five sources, one person",
     {{"residents", "Nguyễn Thị Hương", {1985, 4, 7}, 'f', "", "079185000111", "024111222", "26734", "12 Lê Lợi", 'A'},
      {"ncovi", "Nguyen Thi Huong", {1985, 4, 7}, 'f', "901000001", "", "", "26734", "Số 12 Lê Lợi, KP 3", 'A'},
      {"vhd", "NGUYEN THI HUONG", {1985, 0, 0}, 'f', "901000001", "024111222", "", "26734", "12 le loi", 'A'},
      {"tests", "Nguyeexn Thij Huwowng", {1985, 0, 0}, 'f', "901000001", "", "", "", "", 'A'},
      {"doses", "Nguyễn Thị Hương", {1985, 7, 4}, 'f', "901000001", "", "", "", "", 'A'}}},
    {"brother and sister on their mother's phone",
     {{"ncovi", "Trần Minh Khoa", {2012, 5, 1}, 'm', "901000002", "", "", "26737", "5 Pasteur", 'A'},
      {"ncovi", "Trần Minh Châu", {2015, 9, 9}, 'f', "901000002", "", "", "26737", "5 Pasteur", 'B'},
      {"vhd", "TRAN MINH KHOA", {2012, 0, 0}, 'm', "901000002", "", "", "26737", "5 Pasteur", 'A'}}},
    {"twins",
     {{"residents", "Lê Bảo An", {2014, 2, 3}, 'f', "", "079314000001", "", "26740", "7 Quang Trung", 'A'},
      {"residents", "Lê Bảo Anh", {2014, 2, 3}, 'f', "", "079314000002", "", "26740", "7 Quang Trung", 'B'},
      {"doses", "Le Bao Anh", {2014, 2, 3}, 'f', "901000003", "", "", "26740", "", 'B'},
      {"doses", "Le Bao An", {2014, 2, 3}, 'f', "901000003", "", "", "26740", "", 'A'}}},
    {"father and son of one name",
     {{"residents", "Phạm Văn Long", {1960, 8, 20}, 'm', "901000004", "079060000004", "", "26743", "9 Hùng Vương", 'A'},
      {"residents", "Phạm Văn Long", {1990, 3, 11}, 'm', "", "079090000005", "", "26743", "9 Hùng Vương", 'B'},
      {"vhd", "PHAM VAN LONG", {1990, 0, 0}, 'm', "901000004", "", "", "26743", "9 Hùng Vương", 'B'},
      {"vhd", "PHAM VAN LONG", {1960, 0, 0}, 'm', "901000004", "", "", "26743", "9 Hùng Vương", 'A'}}},
    {"a card of nine digits and one of twelve, joined by the register",
     {{"residents", "Võ Quốc Huy", {1978, 11, 30}, 'm', "", "048078000006", "201333444", "26746", "", 'A'},
      {"doses", "Vo Quoc Huy", {1978, 1, 1}, 'm', "901000005", "201333444", "", "", "", 'A'},
      {"tests", "Vo Quoc Huy", {1978, 0, 0}, 'm', "901000006", "048078000006", "", "", "", 'A'}}},
    {"two digits of the id changed places",
     {{"residents", "Đặng Thu Hà", {1992, 6, 15}, 'f', "", "079192123456", "", "26749", "", 'A'},
      {"doses", "Đặng Thu Hà", {1992, 6, 15}, 'f', "", "079192124356", "", "", "", 'A'}}},
    {"one number given to two people by two provinces",
     {{"tests", "Bùi Văn Sáu", {1970, 2, 2}, 'm', "901000007", "271450123", "", "26000", "", 'A'},
      {"tests", "Lý Thị Mận", {1981, 5, 5}, 'f', "901000008", "271450123", "", "27000", "", 'B'}}},
    {"middle name missing, phone the same",
     {{"ncovi", "Huỳnh Ngọc Trâm", {1999, 12, 24}, 'f', "901000009", "", "", "26752", "", 'A'},
      {"tests", "Huỳnh Trâm", {1999, 0, 0}, 'f', "901000009", "", "", "26752", "", 'A'}}},
    {"given name in front, as forms in English have it",
     {{"ncovi", "Đỗ Gia Bảo", {2001, 1, 19}, 'm', "901000010", "", "", "26755", "", 'A'},
      {"tests", "Bao Do", {2001, 1, 19}, 'm', "901000010", "", "", "", "", 'A'}}},
    {"neighbours of one name and year without anything else",
     {{"vhd", "NGUYEN VAN HUNG", {1980, 0, 0}, 'm', "901000011", "", "", "26758", "", 'A'},
      {"vhd", "NGUYEN VAN HUNG", {1980, 0, 0}, 'm', "935777888", "", "", "26761", "", 'B'}}},
    {"nobody is merged by a phone alone",
     {{"ncovi", "Ngô Kim Yến", {1988, 8, 8}, 'f', "901000013", "", "", "", "", 'A'}, {"app", "", {}, ' ', "901000013", "", "", "", "", 'B'}}},
    {"a citizen number tells the birth year of a record without one",
     {{"residents", "Tạ Đình Phong", {1995, 10, 2}, 'm', "", "001095000014", "", "26764", "", 'A'},
      {"tests", "Tạ Đình Phong", {}, ' ', "", "001095000014", "", "", "", 'A'}}},
};

TEST(LinkCases, EachTableFallsIntoItsPersons) {
  for (const Case& c : cases) {
    RecordSet set;
    for (std::size_t i = 0; i < c.rows.size(); ++i) set.add(to_record(c.rows[i], i));
    const Model model;
    const LinkResult result = link(set, model);
    for (RecordIndex a = 0; a < c.rows.size(); ++a) {
      for (RecordIndex b = a + 1; b < c.rows.size(); ++b) {
        const bool same = c.rows[a].person == c.rows[b].person, linked = result.person_of[a] == result.person_of[b];
        EXPECT_EQ(linked, same) << c.name << ": rows " << a << " and " << b << ", " << explain(set, model, a, b).bits << " bits";
      }
    }
  }
}

TEST(LinkCases, AHotlineJoinsNobody) {
  RecordSet set;
  const char* names[] = {"Mai Thị Lựu", "Kiều Văn Đạt", "Tôn Nữ Hồng", "Cao Bá Lộc", "Thạch Sa Rây", "Quách Gia Mẫn", "Đinh Công Tráng", "Chu Lệ Quyên", "La Hoàng Dũng", "Từ Mỹ Duyên"};
  for (std::size_t i = 0; i < 200; ++i)
    set.add({.key = "vhd:" + std::to_string(1000 + i), .source = "vhd", .full_name = std::string(names[i % 10]) + " " + std::string(1, static_cast<char>('b' + i / 10)) + "an",
             .birth = {1950 + static_cast<int>(i % 60), 0, 0}, .phones = {{"+841022"}}});
  const LinkResult result = link(set, Model());
  EXPECT_EQ(result.statistics.persons, 200u);
  EXPECT_LT(result.statistics.pairs_scored, 5000u);
}

TEST(LinkCases, DoubtGoesToAPersonNotToTheMachine) {
  RecordSet set;   // one name and one birth year, and nothing else known of the second
  set.add({.key = "ncovi:1", .source = "ncovi", .full_name = "Trần Đức Cường", .birth = {1986, 8, 25}, .sex = Sex::male, .phones = {{"+84901000020", true}}});
  set.add({.key = "tests:1", .source = "tests", .full_name = "tran duc cuong", .birth = {1986, 0, 0}});
  const Model model;
  const LinkResult result = link(set, model);
  EXPECT_NE(result.person_of[0], result.person_of[1]);
  ASSERT_EQ(result.review.size(), 1u);
  EXPECT_EQ(set.key(result.review[0].a), "ncovi:1");
  EXPECT_GE(result.review[0].probability, 0.5);
  EXPECT_LT(result.review[0].probability, 0.9);
  const Explanation e = explain(set, model, 0, 1);
  std::vector<std::string> levels;
  for (const Evidence& bar : e.evidence) levels.push_back(bar.level);
  EXPECT_EQ(levels, (std::vector<std::string>{"name.same_folded", "birth.year_same"}));
  EXPECT_TRUE(link(set, model, {.cannot_link = {{0, 1}}}).review.empty());
  EXPECT_EQ(link(set, model, {.must_link = {{1, 0}}}).statistics.persons, 1u);
}

TEST(LinkCases, TwoRecordsOfACleanRegisterSaySo) {
  RecordSet set;
  for (const char* key : {"residents:1", "residents:2"})
    set.add({.key = key, .source = "residents", .one_per_person = true, .full_name = "Lê Thị Hoa", .birth = {1950, 0, 0}});
  EXPECT_EQ(explain(set, Model(), 0, 1).veto, "veto.one_per_person");
  EXPECT_EQ(link(set, Model()).statistics.persons, 2u);
}

}  // namespace
}  // namespace motcua::linkage
