#include "engines/linkage/synthetic_town.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/prng.hpp"
#include "engines/linkage/text.hpp"

namespace motcua::linkage::test {
namespace {

struct Weighted { const char* text; double weight; };

const std::vector<Weighted> families = {{"Nguyễn", 38.4}, {"Trần", 11}, {"Lê", 9.5}, {"Phạm", 7.1}, {"Hoàng", 3.1}, {"Huỳnh", 2}, {"Phan", 4.5},
    {"Vũ", 2}, {"Võ", 1.9}, {"Đặng", 2.1}, {"Bùi", 2}, {"Đỗ", 1.4}, {"Hồ", 1.3}, {"Ngô", 1.3}, {"Dương", 1}, {"Lý", 0.5}, {"Đinh", 1}, {"Trương", 1.6},
    {"Đoàn", 0.9}, {"Lâm", 0.8}, {"Mai", 0.8}, {"Trịnh", 0.7}, {"Cao", 0.6}, {"Hà", 0.8}, {"Lương", 0.7}, {"Tạ", 0.4}, {"Thái", 0.4}, {"Châu", 0.4}};
const std::vector<Weighted> male_middles = {{"Văn", 35}, {"Hữu", 6}, {"Đức", 6}, {"Minh", 7}, {"Quốc", 5}, {"Thanh", 5}, {"Công", 4}, {"Đình", 5}, {"Xuân", 4},
    {"Ngọc", 4}, {"Hoàng", 4}, {"Quang", 4}, {"Anh", 3}, {"Trọng", 3}, {"Gia", 3}, {"", 4}};
const std::vector<Weighted> female_middles = {{"Thị", 40}, {"Thị Thu", 4}, {"Thị Ngọc", 4}, {"Thị Kim", 4}, {"Thị Thanh", 4}, {"Ngọc", 8}, {"Thu", 5}, {"Kim", 5},
    {"Thanh", 5}, {"Minh", 4}, {"Phương", 4}, {"Hoàng", 3}, {"Mỹ", 3}, {"Bảo", 3}, {"", 2}};
const std::vector<Weighted> male_givens = {{"Hùng", 4}, {"Dũng", 4}, {"Tuấn", 5}, {"Minh", 4}, {"Nam", 3}, {"Long", 3}, {"Hải", 3}, {"Sơn", 3}, {"Thắng", 3},
    {"Hưng", 2}, {"Cường", 3}, {"Đức", 3}, {"Anh", 3}, {"Bình", 2}, {"Tùng", 2}, {"Kiên", 2}, {"Quân", 2}, {"Quang", 2}, {"Phúc", 2}, {"Phong", 2},
    {"Khoa", 2}, {"Khánh", 2}, {"Huy", 3}, {"Hiếu", 2}, {"Hoàng", 2}, {"Đạt", 2}, {"Thành", 3}, {"Trung", 2}, {"Tâm", 1}, {"An", 1}, {"Bảo", 2}, {"Lâm", 1},
    {"Nhân", 1}, {"Tài", 2}, {"Thịnh", 1}, {"Toàn", 2}, {"Việt", 2}, {"Vinh", 1}, {"Vũ", 1}, {"Tiến", 2}, {"Hòa", 1}, {"Lợi", 1}, {"Lộc", 1}, {"Mạnh", 1}};
const std::vector<Weighted> female_givens = {{"Hương", 4}, {"Lan", 4}, {"Hoa", 4}, {"Hằng", 3}, {"Thảo", 3}, {"Linh", 4}, {"Trang", 4}, {"Nga", 3}, {"Thủy", 3},
    {"Mai", 3}, {"Hạnh", 2}, {"Phương", 3}, {"Anh", 4}, {"Ngọc", 3}, {"Yến", 2}, {"Nhung", 2}, {"Hà", 3}, {"Huyền", 2}, {"Vân", 2}, {"Thu", 2}, {"Dung", 2},
    {"Loan", 2}, {"Liên", 1}, {"Hiền", 3}, {"Oanh", 1}, {"Quyên", 1}, {"Tuyết", 1}, {"Trinh", 1}, {"Thúy", 2}, {"Thơm", 1}, {"Xuân", 1}, {"My", 1}, {"Nhi", 2},
    {"Ngân", 1}, {"Trâm", 1}, {"Vy", 2}, {"Châu", 1}, {"Diệp", 1}, {"Giang", 1}, {"Hòa", 1}, {"Tâm", 1}, {"Uyên", 1}};
const std::vector<std::string> streets = {"Lê Lợi", "Trần Hưng Đạo", "Nguyễn Huệ", "Hai Bà Trưng", "Lý Thường Kiệt", "Nguyễn Trãi", "Quang Trung", "Phan Chu Trinh",
    "Điện Biên Phủ", "Cách Mạng Tháng Tám", "Hùng Vương", "Ngô Quyền", "Lê Hồng Phong", "Bạch Đằng", "Võ Thị Sáu", "Nguyễn Đình Chiểu", "Pasteur", "Tôn Đức Thắng"};

struct Human {
  std::string family, middle, given;
  bool female = false;
  int year = 0, month = 0, day = 0;
  std::string citizen, old_card, insurance, email;
  std::vector<std::string> phones;   // own, newest first
  std::string contact;               // the phone a relative gives for them
  std::string ward, address, household;
  std::string name() const { return family + (middle.empty() ? "" : " " + middle) + " " + given; }
};

std::string fold_marks(const std::string& text) { return to_folded(text); }

class Maker {
 public:
  explicit Maker(const TownOptions& options) : options_(options), rng_(options.seed) {}

  Town make() {
    while (people_.size() < options_.people) make_household();
    people_.resize(options_.people);
    for (std::uint32_t p = 0; p < people_.size(); ++p) write_records(p);
    std::vector<std::size_t> order(town_.records.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    rng_.shuffle(order);
    Town shuffled;
    for (const std::size_t i : order) {
      shuffled.records.push_back(town_.records[i]);
      shuffled.truth.push_back(town_.truth[i]);
    }
    return shuffled;
  }

 private:
  std::string pick(const std::vector<Weighted>& from) {
    double sum = 0;
    for (const Weighted& w : from) sum += w.weight;
    double at = rng_.real() * sum;
    for (const Weighted& w : from)
      if ((at -= w.weight) <= 0) return w.text;
    return from[0].text;
  }
  std::string digits(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text.push_back(static_cast<char>('0' + rng_.below(10)));
    return text;
  }
  std::string new_phone() {
    static const std::vector<std::string> prefixes = {"90", "93", "98", "97", "91", "94", "32", "35", "38", "70", "79", "83"};
    return "+84" + rng_.pick(prefixes) + digits(7);
  }
  bool slips(double probability) { return rng_.chance(std::min(0.9, probability * options_.noise)); }

  Human make_human(const std::string& family, bool female, int year) {
    Human h;
    h.family = family;
    h.female = female;
    h.middle = pick(female ? female_middles : male_middles);
    h.given = pick(female ? female_givens : male_givens);
    h.year = year;
    h.month = static_cast<int>(rng_.between(1, 12));
    h.day = static_cast<int>(rng_.between(1, 28));
    if (year < 1965 && rng_.chance(0.3)) h.month = h.day = 1;
    number(h);
    return h;
  }

  void number(Human& h) {
    const int century = (h.year - 1900) / 100 * 2 + (h.female ? 1 : 0);
    char years[3] = {static_cast<char>('0' + h.year % 100 / 10), static_cast<char>('0' + h.year % 10), 0};
    h.citizen = std::string("0") + (rng_.chance(0.7) ? "79" : digits(2)) + std::to_string(century) + years + digits(6);
    if (h.year < 2000 && rng_.chance(0.8)) h.old_card = "02" + digits(7);
    h.insurance = "79" + digits(8);
    if (h.year < 2007 && h.year > 1945) h.phones.push_back(new_phone());
    if (!h.phones.empty() && rng_.chance(0.15)) h.phones.push_back(new_phone());
    if (rng_.chance(0.3)) h.email = fold_marks(h.given) + digits(4) + "@example.vn";
  }

  void make_household() {
    const std::string household = "H" + std::to_string(households_++), ward = std::to_string(26734 + 3 * rng_.below(16));
    const std::string house = std::to_string(1 + rng_.below(300)) + (rng_.chance(0.3) ? "/" + std::to_string(1 + rng_.below(40)) : "");
    const std::string address = house + " " + rng_.pick(streets);
    std::vector<Human> home;
    const int father_year = static_cast<int>(rng_.between(1945, 1995));
    const std::string family = pick(families);
    home.push_back(make_human(family, false, father_year));
    if (rng_.chance(0.85)) home.push_back(make_human(pick(families), true, father_year + static_cast<int>(rng_.between(-2, 8))));
    const auto children = rng_.below(4);
    for (std::uint64_t i = 0; i < children; ++i) {
      home.push_back(make_human(family, rng_.chance(0.5), std::min(2020, father_year + static_cast<int>(rng_.between(22, 36)))));
      if (rng_.chance(0.02)) home.push_back(twin_of(home.back()));
    }
    if (rng_.chance(0.03) && home.size() > 2 && !home[2].female) { home[2].middle = home[0].middle; home[2].given = home[0].given; }   // father and son of one name
    if (rng_.chance(0.25)) home.push_back(make_human(family, rng_.chance(0.6), father_year - static_cast<int>(rng_.between(22, 32))));
    const std::string shared = home[0].phones.empty() ? new_phone() : home[0].phones[0];
    for (Human& h : home) {
      h.contact = h.phones.empty() ? shared : h.phones[0];
      h.ward = ward;
      h.address = address;
      h.household = household;
      people_.push_back(h);
    }
  }

  Human twin_of(const Human& h) {
    Human t = make_human(h.family, h.female, h.year);
    t.month = h.month;
    t.day = h.day;
    t.middle = h.middle;
    return t;
  }

  std::string spoil_name(const Human& h, double upper) {
    std::string name = h.name();
    if (slips(0.04) && !h.middle.empty()) name = h.family + " " + h.given;
    else if (slips(0.02)) name = h.given + " " + h.family + (h.middle.empty() ? "" : " " + h.middle);
    if (slips(0.35)) return fold_marks(name);
    if (slips(0.015)) return telex(name);
    if (slips(0.02)) {
      std::string folded = fold_marks(name);
      const auto at = rng_.below(folded.size() - 1);
      if (rng_.chance(0.5)) std::swap(folded[at], folded[at + 1]);
      else folded[at] = static_cast<char>('a' + rng_.below(26));
      return folded;
    }
    if (rng_.chance(upper)) {
      std::string folded = fold_marks(name);
      for (char& c : folded) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      return folded;
    }
    return name;
  }
  static std::string telex(const std::string& name) {
    static const std::map<std::string, std::string> typed = {{"Nguyễn", "Nguyeexn"}, {"Trần", "Traanf"}, {"Lê", "Lee"}, {"Phạm", "Phajm"}, {"Văn", "Vawn"},
        {"Thị", "Thij"}, {"Hương", "Huwowng"}, {"Hùng", "Hufng"}, {"Tuấn", "Tuaasn"}};
    std::string out;
    std::size_t from = 0;
    while (from <= name.size()) {
      const std::size_t to = std::min(name.find(' ', from), name.size());
      const std::string word = name.substr(from, to - from);
      out += (out.empty() ? "" : " ") + (typed.contains(word) ? typed.at(word) : word);
      from = to + 1;
    }
    return out;
  }

  PartialDate spoil_date(const Human& h, double year_only) {
    PartialDate d{h.year, h.month, h.day};
    if (rng_.chance(year_only)) return {h.year + (slips(0.01) ? 1 : 0), 0, 0};
    if (slips(0.03) && h.day <= 12) std::swap(d.month, d.day);
    else if (slips(0.03)) d.month = d.day = 1;
    else if (slips(0.015)) d.day = 1 + static_cast<int>(rng_.below(28));
    else if (slips(0.01)) d.year += rng_.chance(0.5) ? 1 : -1;
    return d;
  }
  std::string spoil_id(const std::string& id) {
    std::string out = id;
    if (!out.empty() && slips(0.025)) {
      const auto at = 3 + rng_.below(out.size() - 4);
      if (out[at] != out[at + 1] && rng_.chance(0.6)) std::swap(out[at], out[at + 1]);
      else out[at] = static_cast<char>('0' + (out[at] - '0' + 1 + rng_.below(9)) % 10);
    }
    return out;
  }

  PersonRecord start(const Human& h, const char* source) {
    PersonRecord r;
    r.source = source;
    r.key = std::string(source) + ":" + std::to_string(1000000 + town_.records.size());
    r.ward_code = h.ward;
    return r;
  }
  void give_phone(const Human& h, PersonRecord& r, double own_share) {
    const bool own = !h.phones.empty() && rng_.chance(own_share);
    std::string phone = own ? h.phones[rng_.below(h.phones.size())] : h.contact;
    if (slips(0.03)) phone = new_phone();
    if (slips(0.004)) phone = "+842839309912";   // the ward office's
    r.phones.push_back({phone, own});
  }
  void give_id(const Human& h, PersonRecord& r, double share) {
    if (h.year > 2007 || !rng_.chance(share)) return;
    r.id_number = spoil_id(!h.old_card.empty() && rng_.chance(0.35) ? h.old_card : h.citizen);
  }
  std::string spoil_address(const Human& h) {
    if (slips(0.08)) return streets[rng_.below(streets.size())];
    return slips(0.3) ? fold_marks(h.address) : rng_.chance(0.3) ? "Số " + h.address + ", KP " + std::to_string(1 + rng_.below(6)) : h.address;
  }
  void keep(PersonRecord r, std::uint32_t person) {
    town_.records.push_back(std::move(r));
    town_.truth.push_back(person);
  }

  void write_records(std::uint32_t person) {
    const Human& h = people_[person];
    if (rng_.chance(0.98)) write_resident(h, person);
    const double times = (options_.records_per_person - 1) / 4;
    for (int i = rng_.poisson(0.9 * times); i > 0; --i) write_ncovi(h, person);
    for (int i = rng_.poisson(1.3 * times); i > 0; --i) write_vhd(h, person);
    for (int i = rng_.poisson(0.8 * times); i > 0; --i) write_test(h, person);
    for (int i = rng_.poisson(1.0 * times); i > 0; --i) write_dose(h, person);
  }
  void write_resident(const Human& h, std::uint32_t person) {
    PersonRecord r = start(h, "residents");
    r.one_per_person = true;
    r.full_name = h.name();
    r.birth = {h.year, h.month, h.day};
    r.sex = h.female ? Sex::female : Sex::male;
    r.id_number = h.citizen;
    if (rng_.chance(0.8)) r.old_id_number = h.old_card;
    if (!h.phones.empty() && rng_.chance(0.6)) r.phones.push_back({h.phones.back(), true});
    r.address = h.address;
    r.household_id = h.household;
    keep(r, person);
  }
  void write_ncovi(const Human& h, std::uint32_t person) {
    PersonRecord r = start(h, "ncovi");
    r.full_name = spoil_name(h, 0.1);
    r.birth = spoil_date(h, 0.05);
    if (rng_.chance(0.9)) r.sex = h.female != slips(0.01) ? Sex::female : Sex::male;
    give_id(h, r, 0.4);
    if (rng_.chance(0.2)) r.insurance_number = spoil_id(h.insurance);
    give_phone(h, r, 0.7);
    if (rng_.chance(0.2)) r.email = h.email;
    if (rng_.chance(0.7)) r.address = spoil_address(h);
    if (slips(0.05)) r.ward_code.clear();
    keep(r, person);
  }
  void write_vhd(const Human& h, std::uint32_t person) {
    PersonRecord r = start(h, "vhd");
    r.full_name = spoil_name(h, 0.5);
    r.birth = spoil_date(h, 1);
    r.sex = h.female != slips(0.01) ? Sex::female : Sex::male;
    give_id(h, r, 0.3);
    give_phone(h, r, 0.7);
    if (rng_.chance(0.8)) r.address = spoil_address(h);
    keep(r, person);
  }
  void write_test(const Human& h, std::uint32_t person) {
    PersonRecord r = start(h, "tests");
    r.full_name = spoil_name(h, 0.4);
    if (rng_.chance(0.95)) r.birth = spoil_date(h, 0.5);
    if (rng_.chance(0.9)) r.sex = h.female != slips(0.02) ? Sex::female : Sex::male;
    if (rng_.chance(0.85)) give_phone(h, r, 0.8);
    give_id(h, r, 0.3);
    r.ward_code.clear();
    keep(r, person);
  }
  void write_dose(const Human& h, std::uint32_t person) {
    Human wrong = h;
    if (slips(0.27)) {
      switch (rng_.below(4)) {
        case 0: wrong.given = pick(h.female ? female_givens : male_givens); break;
        case 1: wrong.year += static_cast<int>(rng_.between(-9, 9)); break;
        case 2: wrong.phones = {new_phone()}; break;
        default: wrong.citizen = "079" + digits(9); wrong.old_card = "02" + digits(7); break;
      }
    }
    PersonRecord r = start(h, "doses");
    r.full_name = spoil_name(wrong, 0.2);
    r.birth = spoil_date(wrong, 0.1);
    r.sex = h.female != slips(0.01) ? Sex::female : Sex::male;
    give_phone(wrong, r, 0.8);
    give_id(wrong, r, 0.7);
    if (rng_.chance(0.4)) r.insurance_number = spoil_id(h.insurance);
    r.ward_code.clear();
    keep(r, person);
  }

  TownOptions options_;
  Prng rng_;
  std::vector<Human> people_;
  Town town_;
  std::size_t households_ = 0;
};

std::uint64_t pairs_of(std::uint64_t n) { return n * (n - 1) / 2; }

}  // namespace

Town make_town(const TownOptions& options) { return Maker(options).make(); }

Accuracy accuracy_of(const std::vector<std::uint32_t>& clusters, const std::vector<std::uint32_t>& truth) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> both;
  std::map<std::uint32_t, std::uint64_t> found, real;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ++both[{clusters[i], truth[i]}];
    ++found[clusters[i]];
    ++real[truth[i]];
  }
  Accuracy a;
  for (const auto& [k, n] : both) a.right_pairs += pairs_of(n);
  for (const auto& [k, n] : found) a.linked_pairs += pairs_of(n);
  for (const auto& [k, n] : real) a.true_pairs += pairs_of(n);
  a.precision = a.linked_pairs == 0 ? 1 : static_cast<double>(a.right_pairs) / static_cast<double>(a.linked_pairs);
  a.recall = a.true_pairs == 0 ? 1 : static_cast<double>(a.right_pairs) / static_cast<double>(a.true_pairs);
  a.f1 = a.precision + a.recall == 0 ? 0 : 2 * a.precision * a.recall / (a.precision + a.recall);
  return a;
}

RecordSet to_set(const std::vector<PersonRecord>& records) {
  RecordSet set;
  for (const PersonRecord& r : records) set.add(r);
  return set;
}

}  // namespace motcua::linkage::test
