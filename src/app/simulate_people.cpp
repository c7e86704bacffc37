#include "app/simulate_people.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "app/simulate_files.hpp"
#include "app/simulate_names.hpp"

namespace motcua::app::town {
namespace {

constexpr Index people_a_ward = 6'000, wards_a_district = 12;
constexpr Index districts_max = 20;                // codes 980 to 999 belong to nobody
constexpr double tenant_share = 0.12;            // of households; 12 % of the people of a growing town rent
constexpr std::uint32_t phones_a_prefix = 10'000'000;
// Of a harder town. Real shares are some times smaller: twins are 1 to 2 % of births, the others were never counted.
constexpr double rate_twins = 0.10, rate_namesakes = 0.06;                             // of families with a child, with a son
constexpr double rate_one_phone = 0.08, rate_one_declares = 0.15;                      // of households
constexpr double rate_old_card_shared = 0.02, rate_sex_against_card = 0.01;            // of card holders, of people

struct Weighted {
  int value;
  double weight;
};
/// Mobile prefixes by the market of 2021: Viettel about half, VinaPhone, MobiFone, the small ones.
constexpr std::array<Weighted, 29> phone_prefixes{{{96, 6}, {97, 8}, {98, 8}, {86, 3}, {32, 3}, {33, 4}, {34, 4}, {35, 4}, {36, 4}, {37, 4},
                                                   {38, 4}, {39, 4}, {91, 6}, {94, 5}, {88, 2}, {81, 2}, {82, 2}, {83, 2}, {84, 2}, {85, 2},
                                                   {90, 6}, {93, 5}, {89, 2}, {70, 2}, {76, 1}, {77, 2}, {78, 2}, {92, 1}, {56, 1}}};
/// Where people of the town were registered at birth (codes of real provinces) and the old card's prefix of that province.
struct Origin {
  int province, cmnd;
  double weight;
};
constexpr std::array<Origin, 16> origins{{{79, 2, 14}, {80, 30, 12}, {82, 31, 11}, {83, 32, 8}, {86, 33, 7}, {87, 34, 7}, {89, 35, 6}, {92, 36, 6},
                                          {91, 37, 5}, {96, 38, 4}, {74, 28, 4}, {38, 17, 4}, {40, 18, 4}, {36, 16, 3}, {34, 15, 3}, {1, 1, 2}}};

class Builder {
 public:
  Builder(const Prng& random, std::int64_t people, bool harder)
      : random_(random.split("people")), wanted_(static_cast<Index>(people)), harder_(harder), hardships_(random.split("harder")) {}

  Town build() {
    make_wards();
    town_.people.reserve(wanted_);
    while (town_.people.size() < wanted_) make_household();
    give_phones();
    make_groups();
    if (harder_) make_harder();
    return std::move(town_);
  }

 private:
  void make_wards() {
    auto wards = std::max<Index>(3, (wanted_ + people_a_ward - 1) / people_a_ward);
    auto a_district = std::max(wards_a_district, (wards + districts_max - 1) / districts_max);
    for (Index i = 0; i < wards; ++i) {
      auto district = i / a_district;
      if (district == town_.districts.size()) town_.districts.push_back({padded(980 + district, 3), district_name(district)});
      Ward ward{.code = padded(90001 + 3 * static_cast<std::int64_t>(i), 5), .name = ward_name(i % a_district, district), .district = district};
      if (i % 5 == 3) ward.old_name = "Xã " + std::string(draw_street(random_));
      town_.wards.push_back(std::move(ward));
    }
  }

  // ---- households

  void make_household() {
    auto left = wanted_ - static_cast<Index>(town_.people.size());
    Household home{.first = static_cast<Index>(town_.people.size())};
    home.ward = static_cast<Index>(random_.below(town_.wards.size()));
    home.tenants = random_.chance(tenant_share);
    home.address = address(home.tenants);
    town_.households.push_back(home);
    home.tenants ? fill_with_tenants() : fill_with_family();
    auto& made = town_.households.back();
    if (town_.people.size() > home.first + left) town_.people.resize(home.first + left);
    made.size = static_cast<Index>(town_.people.size()) - made.first;
  }

  std::string address(bool tenants) {
    std::string text = std::to_string(1 + random_.below(400));
    while (random_.chance(0.35)) (text += '/') += std::to_string(1 + random_.below(60));
    (text += random_.chance(0.5) ? " đường " : " ") += draw_street(random_);
    if (random_.chance(0.5)) text += ", khu phố " + std::to_string(1 + random_.below(8));
    return tenants ? "Phòng " + std::to_string(1 + random_.below(20)) + ", " + text : text;
  }

  void fill_with_tenants() {
    auto n = 1 + random_.below(4);
    bool female = random_.chance(0.5);
    for (std::uint64_t i = 0; i < n; ++i) add_person(std::string(draw_family_name(random_)), random_.chance(0.8) ? female : !female, 18 + static_cast<int>(random_.below(22)), false);
  }

  /// A couple with children, often a grandparent; some widows, some alone.
  void fill_with_family() {
    std::string family(draw_family_name(random_));
    auto age = 27 + static_cast<int>(random_.below(32));
    bool couple = random_.chance(0.82);
    add_person(family, !couple && random_.chance(0.7), age, true);
    if (couple) add_person(std::string(draw_family_name(random_)), true, age - 3 + static_cast<int>(random_.below(6)), true);
    auto children = random_.poisson(couple ? 1.9 : 0.8);
    for (int i = 0; i < std::min(children, 4); ++i) {
      auto child_age = std::max(0, age - 23 - i * 3 - static_cast<int>(random_.below(4)));
      if (child_age < 28) add_person(family, random_.chance(0.48), child_age, true);
    }
    if (random_.chance(0.30)) add_person(std::string(draw_family_name(random_)), true, age + 21 + static_cast<int>(random_.below(10)), true);
    if (random_.chance(0.15)) add_person(family, false, age + 24 + static_cast<int>(random_.below(10)), true);
  }

  void add_person(std::string family, bool female, int age, bool registered) {
    age = std::clamp(age, 0, 99);
    Person p;
    p.household = static_cast<Index>(town_.households.size() - 1);
    p.female = female;
    p.registered = registered;
    p.birth_year = static_cast<std::int16_t>(town_.year - age);
    p.birth_month = static_cast<std::uint8_t>(1 + random_.below(12));
    p.birth_day = static_cast<std::uint8_t>(1 + random_.below(28));
    p.name = std::move(family) + " " + draw_given_names(random_, female, p.birth_year);
    give_cards(p, age);
    town_.people.push_back(std::move(p));
  }

  /// Citizen numbers by their rule: province of birth registration, century and sex, year, six digits that nobody shares.
  void give_cards(Person& p, int age) {
    static const auto weights = [] {
      std::array<double, origins.size()> w{};
      for (std::size_t i = 0; i < w.size(); ++i) w[i] = origins[i].weight;
      return w;
    }();
    const auto& origin = origins[random_.weighted(weights)];
    give_card(p, static_cast<std::uint64_t>(origin.province));
    if (age >= 22 && random_.chance(0.75)) {
      auto prefix = static_cast<std::uint32_t>(origin.cmnd);
      p.cmnd = prefix * 10'000'000 + scattered(prefix, old_cards_[prefix]++, 10'000'000);
    }
  }

  void give_card(Person& p, std::uint64_t province) {
    const auto century_and_sex = (p.birth_year >= 2000 ? 2 : 0) + (p.female ? 1 : 0);
    const auto head = province * 1000 + static_cast<std::uint64_t>(century_and_sex * 100 + p.birth_year % 100);
    p.cccd = head * 1'000'000 + scattered(head, cards_[head]++, 1'000'000);
  }

  /// The n-th of `bound` numbers of a series in an order that looks like none: a step coprime to powers of ten, a shift by series and seed.
  std::uint32_t scattered(std::uint64_t series, std::uint32_t n, std::uint32_t bound) {
    return static_cast<std::uint32_t>((std::uint64_t{n} * 7'368'787 + shifts_.split("series", series).below(bound)) % bound);
  }

  // ---- phones

  static double phone_chance(int age) { return age < 10 ? 0 : age < 15 ? 0.25 : age < 60 ? 0.94 : age < 75 ? 0.6 : 0.25; }

  void give_phones() {
    std::array<double, phone_prefixes.size()> weights{};
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = phone_prefixes[i].weight;
    std::array<std::uint32_t, phone_prefixes.size()> given{};
    for (auto& p : town_.people) {
      if (!random_.chance(phone_chance(town_.age(p)))) continue;
      auto i = random_.weighted(weights);
      if (given[i] >= phones_a_prefix) continue;
      p.phone = static_cast<std::uint32_t>(phone_prefixes[i].value) * phones_a_prefix + scattered(1'000 + i, given[i]++, phones_a_prefix);
      p.app = town_.age(p) >= 12 && random_.chance(0.40);
      p.ios = random_.chance(0.28);
    }
    for (const auto& home : town_.households) share_phones(home);
  }

  /// Who has none is reached through the household's adult who does the declaring, usually the same one.
  void share_phones(const Household& home) {
    std::vector<Index> owners;
    for (Index i = home.first; i < home.first + home.size; ++i)
      if (town_.people[i].phone != 0 && town_.age(town_.people[i]) >= 18) owners.push_back(i);
    for (Index i = home.first; i < home.first + home.size; ++i) {
      auto& p = town_.people[i];
      if (p.phone != 0) p.contact = i;
      else if (!owners.empty()) p.contact = random_.chance(0.8) ? owners.front() : random_.pick(owners);
    }
  }

  // ---- work and school

  void make_groups() {
    std::vector<Index> workers, pupils;
    for (Index i = 0; i < town_.people.size(); ++i) {
      auto age = town_.age(town_.people[i]);
      if (age >= 6 && age <= 17) pupils.push_back(i);
      else if (age >= 18 && age < 60 && random_.chance(0.42)) workers.push_back(i);
    }
    random_.shuffle(workers);
    std::sort(pupils.begin(), pupils.end(), [&](Index a, Index b) { return std::pair(town_.age(town_.people[a]), a) < std::pair(town_.age(town_.people[b]), b); });
    make_work_units(workers);
    make_classes(pupils);
  }

  void make_work_units(const std::vector<Index>& workers) {
    static constexpr std::array<std::string_view, 6> kinds{"Công ty may Sen Hồng", "Xưởng gỗ Trường Phát", "Nhà máy Cát Tường", "Văn phòng An Khang", "Kho vận Bến Thượng", "Cơ sở Minh Tâm"};
    for (std::size_t at = 0; at < workers.size();) {
      auto size = std::min<std::size_t>(4 + random_.below(8), workers.size() - at);
      auto n = town_.groups.size();
      Group unit{.place_code = "LV-" + padded(static_cast<std::int64_t>(n) + 1, 6),
                 .place_name = std::string(kinds[random_.below(kinds.size())]) + ", tổ " + std::to_string(n + 1),
                 .ward = static_cast<Index>(random_.below(town_.wards.size())),
                 .opens_minute = static_cast<std::uint16_t>(random_.chance(0.2) ? 840 : 420 + 15 * random_.below(6))};
      add_group(std::move(unit), {workers.begin() + static_cast<std::ptrdiff_t>(at), workers.begin() + static_cast<std::ptrdiff_t>(at + size)});
      at += size;
    }
  }

  /// Autumn 2021: classes were halved and came on alternate days. Pupils of one class are of one age.
  void make_classes(const std::vector<Index>& pupils) {
    for (std::size_t at = 0; at < pupils.size();) {
      auto size = std::min<std::size_t>(11 + random_.below(5), pupils.size() - at);
      auto n = town_.groups.size();
      auto grade = std::max(1, town_.age(town_.people[pupils[at]]) - 5);
      Group half{.place_code = "TH-" + padded(static_cast<std::int64_t>(n) + 1, 6),
                 .place_name = "Lớp " + std::to_string(grade) + "A" + std::to_string(n % 9 + 1) + ", nhóm " + (n % 2 ? "2" : "1"),
                 .ward = static_cast<Index>(random_.below(town_.wards.size())),
                 .school = true,
                 .half = static_cast<std::uint8_t>(n % 2),
                 .opens_minute = 420};
      add_group(std::move(half), {pupils.begin() + static_cast<std::ptrdiff_t>(at), pupils.begin() + static_cast<std::ptrdiff_t>(at + size)});
      at += size;
    }
  }

  void add_group(Group group, std::vector<Index> members) {
    for (auto i : members) town_.people[i].group = static_cast<Index>(town_.groups.size()), town_.people[i].pupil = group.school;
    group.members = std::move(members);
    town_.groups.push_back(std::move(group));
  }

  // ---- a harder town

  bool befalls(double rate) { return hardships_.chance(rate); }

  void make_harder() {
    for (Index w = 0; w < town_.wards.size(); w += 2)
      if (town_.wards[w].old_name.empty()) town_.wards[w].old_name = "Xã " + std::string(draw_street(hardships_));
    for (auto& home : town_.households) {
      if (befalls(rate_twins)) make_twins(home);
      if (befalls(rate_namesakes)) make_namesakes(home);
      if (befalls(rate_one_phone)) leave_one_phone(home);
      else if (befalls(rate_one_declares)) let_one_declare(home);
    }
    for (auto& p : town_.people) {
      if (befalls(rate_sex_against_card)) turn_card(p);
      if (!town_.ward_of(p).old_name.empty()) p.difficulties |= renamed_ward;
    }
    share_old_cards();
  }

  /// Of two children the younger becomes the twin of the elder: same day, same middle name, another given name.
  void make_twins(const Household& home) {
    Person *elder = nullptr, *younger = nullptr;
    for (Index i = home.first; i < home.first + home.size; ++i) {
      auto& p = town_.people[i];
      if (town_.age(p) > 27 || !p.registered) continue;
      (elder == nullptr ? elder : younger) = &p;
      if (younger != nullptr) break;
    }
    if (younger == nullptr) return;
    younger->birth_year = elder->birth_year, younger->birth_month = elder->birth_month, younger->birth_day = elder->birth_day;
    younger->female = elder->female;
    const std::string stem = elder->name.substr(0, elder->name.rfind(' ') + 1);
    do {
      const std::string drawn = draw_given_names(hardships_, younger->female, younger->birth_year);
      younger->name = stem + drawn.substr(drawn.rfind(' ') + 1);
    } while (younger->name == elder->name);
    give_card(*younger, younger->cccd / 1'000'000'000);
    elder->difficulties |= twin, younger->difficulties |= twin;
  }

  void make_namesakes(const Household& home) {
    if (home.tenants || home.size < 3) return;
    auto& father = town_.people[home.first];
    for (Index i = home.first + 1; i < home.first + home.size && !father.female; ++i) {
      auto& son = town_.people[i];
      if (son.female || (son.difficulties & twin) != 0 || son.birth_year < father.birth_year + 18) continue;
      son.name = father.name;
      father.difficulties |= namesake, son.difficulties |= namesake;
      return;
    }
  }

  void leave_one_phone(const Household& home) {
    Index owner = nobody;
    for (Index i = home.first; i < home.first + home.size && owner == nobody; ++i)
      if (town_.people[i].phone != 0 && town_.age(town_.people[i]) >= 18) owner = i;
    if (owner == nobody || home.size < 2) return;
    for (Index i = home.first; i < home.first + home.size; ++i) {
      auto& p = town_.people[i];
      if (i != owner) p.phone = 0, p.app = false;
      p.contact = owner;
      p.difficulties |= one_phone;
    }
  }

  void let_one_declare(Household& home) {
    const Index owner = town_.people[home.first].contact;
    if (owner == nobody || home.size < 2) return;
    home.declarer = owner;
    for (Index i = home.first; i < home.first + home.size; ++i)
      if (i != owner) town_.people[i].difficulties |= declared_by_relative;
  }

  /// The sex digit of the card says the other sex.
  void turn_card(Person& p) {
    constexpr std::uint64_t sex_digit = 100'000'000;   // twelve digits: three of the province, then century and sex
    p.cccd = (p.cccd / sex_digit) % 2 == 0 ? p.cccd + sex_digit : p.cccd - sex_digit;
    p.difficulties |= sex_against_card;
  }

  /// Provinces gave numbers out twice when they were joined and parted.
  void share_old_cards() {
    std::map<std::uint32_t, Index> waiting;   // by prefix
    for (Index i = 0; i < town_.people.size(); ++i) {
      auto& p = town_.people[i];
      if (p.cmnd == 0 || !befalls(rate_old_card_shared)) continue;
      const auto prefix = p.cmnd / 10'000'000;
      const auto other = waiting.find(prefix);
      if (other == waiting.end()) {
        waiting.emplace(prefix, i);
        continue;
      }
      p.cmnd = town_.people[other->second].cmnd;
      p.difficulties |= shared_old_card, town_.people[other->second].difficulties |= shared_old_card;
      waiting.erase(other);
    }
  }

  Prng random_;
  Index wanted_;
  bool harder_;
  Prng hardships_;
  Prng shifts_ = random_.split("numbers");
  std::map<std::uint64_t, std::uint32_t> cards_;
  std::map<std::uint32_t, std::uint32_t> old_cards_;
  Town town_;
};

}  // namespace

Town make_town(const Prng& random, std::int64_t people, bool harder) { return Builder(random, people, harder).build(); }

}  // namespace motcua::app::town
