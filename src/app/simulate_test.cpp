#include "app/simulate.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "app/evaluate_truth.hpp"
#include "app/simulate_letters.hpp"
#include "base/national_id.hpp"
#include "base/phone.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "tests/support/temp_dir.hpp"

namespace motcua::app {
namespace {

using Row = std::vector<std::string>;

std::vector<Row> read(const std::string& file, const std::vector<std::string>& columns) {
  std::vector<Row> rows;
  auto done = truth::read_columns(file, columns, columns.size(), [&](const auto& v) { rows.emplace_back(v.begin(), v.end()); });
  EXPECT_TRUE(done.ok()) << file << " " << done.failure().code << " " << done.failure().field;
  return rows;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class SimulatedTown : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = std::make_unique<tests::TempDir>();
    auto made = simulate_town({.people = 1'500, .days = 15, .seed = 7, .out_dir = dir_->str()});
    ASSERT_TRUE(made.ok()) << made.failure().code;
  }
  static void TearDownTestSuite() { dir_.reset(); }
  static std::string file(const std::string& name) { return dir_->file(name); }
  static inline std::unique_ptr<tests::TempDir> dir_;
};

TEST_F(SimulatedTown, theSameSeedWritesTheSameBytes) {
  tests::TempDir again, other;
  ASSERT_TRUE(simulate_town({.people = 1'500, .days = 15, .seed = 7, .out_dir = again.str()}).ok());
  ASSERT_TRUE(simulate_town({.people = 1'500, .days = 15, .seed = 8, .out_dir = other.str()}).ok());
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(again.path())) {
    if (!entry.is_regular_file()) continue;
    auto name = std::filesystem::relative(entry.path(), again.path());
    EXPECT_EQ(content(entry.path()), content(dir_->path() / name)) << name;
    ++files;
  }
  EXPECT_EQ(files, 17);
  EXPECT_NE(content(other.path() / "residents.csv"), content(dir_->path() / "residents.csv"));
}

TEST_F(SimulatedTown, everyRecordHasItsTruth) {
  std::map<std::string, std::set<std::string>> known;
  for (const auto& r : read(file("truth/persons.csv"), {"source", "record_id", "person"})) EXPECT_TRUE(known[r[0]].insert(r[1]).second) << r[1];
  const std::map<std::string, std::string> ids{{"residents", "id_number"}, {"ncovi", "declaration_id"}, {"vhd", "id"}, {"bluezone-users", "phone"}, {"tests", "sample_code"}, {"doses", "dose_id"}};
  for (const auto& [kind, column] : ids) {
    std::set<std::string> written;
    for (const auto& r : read(file(kind + ".csv"), {column})) written.insert(r[0]);
    EXPECT_EQ(written, known[kind]) << kind;
    EXPECT_GT(written.size(), 100u) << kind;
  }
}

TEST_F(SimulatedTown, cardsFollowTheRule) {
  for (const auto& r : read(file("residents.csv"), {"id_number", "sex", "birth_date", "old_id_number"})) {
    auto id = parse_national_id(r[0]);
    ASSERT_TRUE(id.ok()) << r[0];
    EXPECT_EQ(id->kind, IdKind::cccd);
    EXPECT_FALSE(contradicts(*id, *parse_sex(r[1]), parse_date(r[2])->year)) << r[0];
    if (r[3].empty()) continue;
    EXPECT_EQ(parse_national_id(r[3])->kind, IdKind::cmnd) << r[3];
  }
}

/// Who a reference means, by the rules of docs/formats.md: the person whose own number it is, an identity card, a record.
class References {
 public:
  explicit References(const std::function<std::string(const std::string&)>& file) {
    for (const auto& r : read(file("truth/persons.csv"), {"source", "record_id", "person"})) person_["record:" + r[0] + ":" + r[1]] = r[2];
    for (const auto& r : read(file("residents.csv"), {"id_number", "phone"})) {
      person_["id:" + r[0]] = at("residents", r[0]);
      claim(r[1], at("residents", r[0]));
    }
    for (const auto& r : read(file("bluezone-users.csv"), {"phone"})) claim(r[0], at("bluezone-users", r[0]));
    for (const auto& r : read(file("vhd.csv"), {"id", "phone", "otherUser", "passport"})) {
      if (r[2] == "0") claim(r[1], at("vhd", r[0]));
      claim_id(r[3], at("vhd", r[0]));
    }
    for (const auto& r : read(file("ncovi.csv"), {"declaration_id", "id_number"})) claim_id(r[1], at("ncovi", r[0]));
  }
  std::string person(const std::string& reference) const {
    auto key = reference;
    if (reference.starts_with("phone:")) key = "phone:" + parse_phone(reference.substr(6))->number;
    auto found = person_.find(key);
    return found == person_.end() ? "nobody " + key : found->second;
  }
  std::string at(const std::string& source, const std::string& record) const { return person_.at("record:" + source + ":" + record); }

 private:
  void claim(const std::string& text, const std::string& person) {
    if (auto phone = parse_phone(text); phone) person_.emplace("phone:" + phone->number, person);
  }
  void claim_id(const std::string& text, const std::string& person) {
    if (auto id = parse_national_id(text); id) person_.emplace("id:" + id->number, person);
  }
  std::map<std::string, std::string> person_;
};

struct Stay {
  std::string place, kind, person, seat;
  std::int64_t from, to;
};

std::int64_t minute(const std::string& text) { return to_millis(*parse_instant(text)) / 60'000; }
int row_of(const std::string& seat) { return seat.empty() ? 0 : std::stoi(seat); }

TEST_F(SimulatedTown, truthIsWhatTheExportsImply) {
  References references(file);
  const std::map<std::string, int> default_minutes{{"venue", 60}, {"vehicle", 45}, {"flight", 120}};
  std::vector<Stay> stays;
  for (const auto& v : read(file("visits.csv"), {"person", "place_code", "kind", "seat", "from", "to"}))
    stays.push_back({v[1], v[2], references.person(v[0]), v[3], minute(v[4]), v[5].empty() ? minute(v[4]) + default_minutes.at(v[2]) : minute(v[5])});
  for (const auto& v : read(file("vhd.csv"), {"id", "flightCode", "vehicleCode", "seat", "startTime"})) {
    if (v[4].empty()) continue;
    auto code = v[1].empty() ? v[2] : v[1];
    std::erase(code, '-');
    std::string kind = v[1].empty() ? "vehicle" : "flight";
    stays.push_back({kind + ":" + code + ":" + to_iso(*parse_instant(v[4])).substr(0, 10), kind, references.at("vhd", v[0]), v[3], minute(v[4]), minute(v[4]) + default_minutes.at(kind)});
  }
  std::multiset<std::string> implied, told;
  auto add = [](std::multiset<std::string>& set, std::string a, std::string b, std::int64_t start, std::int64_t minutes, const std::string& kind) {
    if (b < a) std::swap(a, b);
    set.insert(a + " " + b + " " + std::to_string(start) + " " + std::to_string(minutes) + " " + kind);
  };
  std::map<std::string, std::vector<Stay>> at_place;
  for (const auto& s : stays) at_place[s.place].push_back(s);
  for (const auto& [place, there] : at_place)
    for (std::size_t i = 0; i < there.size(); ++i)
      for (std::size_t j = i + 1; j < there.size(); ++j) {
        const auto &a = there[i], &b = there[j];
        auto from = std::max(a.from, b.from), to = std::min(a.to, b.to);
        bool far = row_of(a.seat) && row_of(b.seat) && std::abs(row_of(a.seat) - row_of(b.seat)) > 2;
        if (to > from && !far && a.person != b.person) add(implied, a.person, b.person, from, to - from, a.kind);
      }
  for (const auto& e : read(file("encounters.csv"), {"a", "b", "start", "minutes", "kind"})) add(implied, references.person(e[0]), references.person(e[1]), minute(e[2]), std::stol(e[3]), e[4]);
  for (const auto& c : read(file("truth/contacts.csv"), {"a", "b", "start", "minutes", "kind"}))
    if (c[4] != "proximity") add(told, c[0], c[1], minute(c[2]), std::stol(c[3]), c[4]);
  EXPECT_GT(told.size(), 5'000u);
  EXPECT_EQ(told.size(), implied.size());
  std::vector<std::string> only_told, only_implied;
  std::set_difference(told.begin(), told.end(), implied.begin(), implied.end(), std::back_inserter(only_told));
  std::set_difference(implied.begin(), implied.end(), told.begin(), told.end(), std::back_inserter(only_implied));
  EXPECT_TRUE(only_told.empty()) << only_told.size() << " " << only_told.front();
  EXPECT_TRUE(only_implied.empty()) << only_implied.size() << " " << only_implied.front();
}

TEST_F(SimulatedTown, blidsFollowTheKeyChain) {
  std::map<std::string, std::pair<std::string, std::int64_t>> keys;
  for (const auto& u : read(file("bluezone-users.csv"), {"phone", "base_key", "registered_at"})) keys[u[0]] = {u[1], to_millis(*parse_instant(u[2])) / 86'400'000};
  auto bytes_of = [](const std::string& hex) {
    crypto::Bytes out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return out;
  };
  auto to_bytes = [](const crypto::Hash256& h) { return crypto::Bytes(h.begin(), h.end()); };
  int checked = 0;
  for (const auto& t : read(file("bluezone-trace.csv"), {"reporter_phone", "own_blid", "ts", "platform"})) {
    EXPECT_EQ(t[2].size(), t[3] == "ios" ? 10u : 13u);
    if (++checked > 60) continue;
    auto second = std::stoll(t[2]) / (t[3] == "ios" ? 1 : 1000);
    auto day = bytes_of(keys.at(t[0]).first);
    ASSERT_EQ(day.size(), 32u) << "who uploaded has handed in the key";
    for (auto n = keys.at(t[0]).second; n < second / 86'400; ++n) day = to_bytes(crypto::sha256(std::span<const std::uint8_t>(day)));
    for (char c : std::string("bluzonesubkey")) day.push_back(static_cast<std::uint8_t>(c));
    auto slot = to_bytes(crypto::sha256(std::span<const std::uint8_t>(day)));
    for (auto n = second % 86'400 / 900; n > 0; --n) slot = to_bytes(crypto::sha256(std::span<const std::uint8_t>(slot)));
    std::string blid;
    for (int i : {0, 4, 8, 12, 16, 18, 20, 22, 24, 26, 28, 30}) {
      char hex[3];
      std::snprintf(hex, sizeof hex, "%02X", slot[static_cast<std::size_t>(i)]);
      blid += hex;
    }
    EXPECT_EQ(t[1], blid);
  }
  EXPECT_GT(checked, 20);
}

TEST_F(SimulatedTown, theEpidemicWalksAlongContacts) {
  std::set<std::string> met;
  for (const auto& c : read(file("truth/contacts.csv"), {"a", "b"})) met.insert(c[0] + c[1]), met.insert(c[1] + c[0]);
  int infected = 0, without = 0;
  for (const auto& c : read(file("truth/cases.csv"), {"infector", "infectee"}))
    if (!c[0].empty()) ++infected, without += met.count(c[0] + c[1]) == 0;
  EXPECT_GT(infected, 0);
  EXPECT_LE(without, infected / 5) << "only meetings of phones whose traces nobody uploaded are missing";
}

TEST(Simulate, noiseGrowsWithItsLevel) {
  std::map<Noise, std::size_t> bare;
  for (auto noise : {Noise::low, Noise::mid, Noise::high}) {
    tests::TempDir dir;
    ASSERT_TRUE(simulate_town({.people = 3'000, .days = 1, .seed = 3, .out_dir = dir.str(), .noise = noise}).ok());
    for (const auto& r : read(dir.file("ncovi.csv"), {"full_name"})) bare[noise] += std::all_of(r[0].begin(), r[0].end(), [](unsigned char c) { return c < 0x80; });
  }
  // Some names have no marks by themselves; the rest lost theirs.
  EXPECT_LT(static_cast<double>(bare[Noise::low]) * 1.2, static_cast<double>(bare[Noise::mid]));
  EXPECT_LT(static_cast<double>(bare[Noise::mid]) * 1.2, static_cast<double>(bare[Noise::high]));
}

TEST(Simulate, refusesWhatItCannotMake) {
  tests::TempDir dir;
  EXPECT_EQ(simulate_town({.people = 5, .out_dir = dir.str()}).failure().code, "simulate.people_out_of_range");
  EXPECT_EQ(simulate_town({.days = 0, .out_dir = dir.str()}).failure().code, "simulate.days_out_of_range");
  EXPECT_EQ(simulate_town({.people = 200, .days = 1, .out_dir = "/proc/nowhere"}).failure().code, "simulate.not_written");
}

TEST(Letters, asInputMethodsAndOldSoftwareLeaveThem) {
  using namespace town;
  const struct {
    const char *name, *telex, *vni, *bare, *moved, *capitals;
  } table[] = {
      {"Nguyễn Văn Đỗ", "Nguyeenx Vawn Ddoox", "Nguye6n4 Va8n D9o64", "Nguyen Van Do", "Nguyễn Văn Đỗ", "NGUYỄN VĂN ĐỖ"},
      {"Hòa", "Hoaf", "Hoa2", "Hoa", "Hoà", "HÒA"},
      {"Thúy Hương", "Thuys Huwowng", "Thuy1 Hu7o7ng", "Thuy Huong", "Thuý Hương", "THÚY HƯƠNG"},
      {"Lê Thị Ánh", "Lee Thij Anhs", "Le6 Thi5 Anh1", "Le Thi Anh", "Lê Thị Ánh", "LÊ THỊ ÁNH"},
      {"Hoàng", "Hoangf", "Hoang2", "Hoang", "Hoàng", "HOÀNG"},
  };
  for (const auto& c : table) {
    auto letters = to_letters(c.name);
    EXPECT_EQ(to_text(letters), c.name);
    EXPECT_EQ(to_telex(letters), c.telex);
    EXPECT_EQ(to_vni(letters), c.vni);
    EXPECT_EQ(to_bare(letters), c.bare);
    EXPECT_EQ(to_capitals(c.name), c.capitals);
    move_tones(letters);
    EXPECT_EQ(to_text(letters), c.moved);
  }
  EXPECT_EQ(to_decomposed(to_letters("ậ")), "a\u0323\u0302") << "canonical order: below before above";
  EXPECT_EQ(to_decomposed(to_letters("Đễ")), "Đe\u0302\u0303");
}

}  // namespace
}  // namespace motcua::app
