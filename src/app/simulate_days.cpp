// One day of the town: where everybody recorded was, who was near whom, what of it reached which register.
#include <algorithm>
#include <array>
#include <tuple>

#include "app/simulate_names.hpp"
#include "app/simulate_world.hpp"

namespace motcua::app::town {
namespace {

// Recorded occasions a person and day; what nobody checked in to is not known to any register and not in the truth.
constexpr double visits_to_shops = 0.22, visits_to_clinics = 0.004, rides = 0.02, coach_trips = 0.005, flights = 0.0013;
constexpr double encounters = 0.02, meetings_of_apps = 0.10;
constexpr double attendance_work = 0.93, attendance_school = 0.96, attendance_keeper = 0.95;
constexpr Index people_a_shop = 60, people_a_clinic_room = 1'500;
constexpr Index riders_a_bus = 9, riders_a_coach = 14, riders_a_flight = 11;
constexpr double declared_journey_share = 0.5;     // of coach and flight passengers: by a VHD form instead of the carrier's list
constexpr int seat_rows_near = 2;
constexpr Minute vehicle_minutes = 45, flight_minutes = 120, venue_minutes = 60;   // default stays of docs/formats.md section 2

enum class Kind : std::uint8_t { work, school, venue, health, vehicle, flight };
struct KindRow {
  const char* name;
  double chance_an_hour;                           // of passing it on
};
constexpr std::array<KindRow, 6> kinds{{{"work", 0.012}, {"school", 0.010}, {"venue", 0.03}, {"health", 0.04}, {"vehicle", 0.03}, {"flight", 0.02}}};

struct Stay {
  Index place = 0, person = 0;
  Minute from = 0, to = 0;
  std::uint8_t row = 0;                            // seat, 0 unknown
  char letter = 0;
  bool open_end = false;                           // `to` left out: the default stay
  bool declared = false;                           // known through a declaration
};

struct Place {
  Kind kind;
  std::string code, name, ward;
};

std::string seat_text(const Stay& s) { return s.row == 0 ? "" : std::to_string(s.row) + (s.letter ? std::string(1, s.letter) : ""); }

class Day {
 public:
  Day(World& world, Outbreak& outbreak, int day)
      : w_(world), outbreak_(outbreak), day_(day), midnight_(world.midnight(day)), weekday_(static_cast<int>((midnight_ / day_minutes + 1 + 4) % 7)),
        random_(world.random.split("day", static_cast<std::uint64_t>(day))) {}

  void live(std::vector<Meeting>& meetings) {
    go_to_groups();
    go_shopping();
    go_to_clinics();
    ride(Kind::vehicle, rides, riders_a_bus, false);
    ride(Kind::vehicle, coach_trips, riders_a_coach, true);
    ride(Kind::flight, flights, riders_a_flight, true);
    meet_at_places();
    meet_friends();
    meet_apps(meetings);
    outbreak_.meet_households(random_, midnight_);
  }

 private:
  Index people() const { return static_cast<Index>(w_.town.people.size()); }
  Index anybody() { return static_cast<Index>(random_.below(people())); }

  /// In the town's records and not in isolation.
  void stay(Index place, Index person, Minute from, Minute to, std::uint8_t row = 0, char letter = 0, bool open_end = false, bool declared = false) {
    if (w_.town.people[person].references == 0 || outbreak_.is_isolated(person, from)) return;
    if (outbreak_.isolated_at(person) < to) to = outbreak_.isolated_at(person), open_end = false;
    if (declared && w_.town.people[person].contact == nobody) declared = false;
    stays_.push_back({place, person, from, to, row, letter, open_end && !declared, declared});
  }

  Index place(Kind kind, std::string code, std::string name, std::string ward) {
    places_.push_back({kind, std::move(code), std::move(name), std::move(ward)});
    return static_cast<Index>(places_.size() - 1);
  }

  void go_to_groups() {
    for (const auto& g : w_.town.groups) {
      bool open = g.school ? weekday_ >= 1 && weekday_ <= 6 && weekday_ % 2 == (g.half == 0 ? 1 : 0) : weekday_ >= 1 && weekday_ <= 6;
      if (!open) continue;
      auto here = place(g.school ? Kind::school : Kind::work, g.place_code, g.place_name, w_.town.wards[g.ward].code);
      for (auto i : g.members) {
        if (!random_.chance(g.school ? attendance_school : attendance_work)) continue;
        auto from = midnight_ + g.opens_minute + random_.between(-10, 10);
        stay(here, i, from, from + (g.school ? 240 : 480) + random_.between(-20, 20));
      }
    }
  }

  void go_shopping() {
    auto shops = std::max<Index>(4, people() / people_a_shop);
    auto first = static_cast<Index>(places_.size());
    static constexpr std::array<std::string_view, 8> trades{"Sạp rau", "Quán phở", "Tạp hóa", "Cà phê", "Quầy thịt", "Tiệm thuốc", "Tiệm tóc", "Quán cơm"};
    for (Index s = 0; s < shops; ++s)
      place(Kind::venue, "QR-" + padded(s + 1, 6), std::string(trades[s % trades.size()]) + " " + std::to_string(s + 1), w_.town.wards[s % w_.town.wards.size()].code);
    for (Index s = 0; s < shops; ++s) {
      auto keeper = static_cast<Index>((std::uint64_t{s} * people_a_shop + 7) % people());
      if (w_.town.age(w_.town.people[keeper]) >= 18 && w_.town.people[keeper].group == nobody && random_.chance(attendance_keeper))
        stay(first + s, keeper, midnight_ + 390 + random_.between(0, 60), midnight_ + 1080 + random_.between(-60, 60));
    }
    for (Index i = 0; i < people(); ++i) {
      if (!random_.chance(visits_to_shops) || w_.town.age(w_.town.people[i]) < 12) continue;
      auto ward = w_.town.households[w_.town.people[i].household].ward;
      auto wards = static_cast<Index>(w_.town.wards.size());
      auto near = ward + wards * static_cast<Index>(random_.below(std::max<Index>(1, shops / wards)));
      auto shop = random_.chance(0.75) && near < shops ? near : static_cast<Index>(random_.below(shops));
      auto from = midnight_ + (random_.chance(0.5) ? 420 + random_.between(0, 180) : 600 + random_.between(0, 600));
      bool open_end = random_.chance(0.10);
      stay(first + shop, i, from, from + (open_end ? venue_minutes : random_.between(6, 45)), 0, 0, open_end);
    }
  }

  void go_to_clinics() {
    auto rooms = std::max<Index>(2, people() / people_a_clinic_room);
    auto first = static_cast<Index>(places_.size());
    for (Index r = 0; r < rooms; ++r) {
      place(Kind::health, "BV-01-PK" + padded(r + 1, 3), "Bệnh viện Lạc Giang, phòng khám " + std::to_string(r + 1), w_.town.wards[0].code);
      auto nurse = static_cast<Index>((std::uint64_t{r} * people_a_clinic_room + 31) % people());
      if (weekday_ != 0 && w_.town.age(w_.town.people[nurse]) >= 20) stay(first + r, nurse, midnight_ + 450, midnight_ + 990);
    }
    auto patients = random_.poisson(std::min(400.0, visits_to_clinics * people()));
    if (people() > 100'000) patients = static_cast<int>(visits_to_clinics * people());
    for (int n = 0; n < patients; ++n) {
      auto from = midnight_ + 450 + random_.between(0, 480);
      stay(first + static_cast<Index>(random_.below(rooms)), anybody(), from, from + random_.between(20, 80));
    }
  }

  /// Buses (nobody knows the seats), coaches and flights (everybody's seat is on the list or on the form).
  void ride(Kind kind, double share, Index riders, bool seated) {
    auto trips = static_cast<int>(share * people() / riders + random_.real());
    for (int t = 0; t < trips; ++t) {
      auto length = kind == Kind::flight ? flight_minutes : vehicle_minutes;
      auto from = midnight_ + 330 + random_.between(0, 900);
      auto number = std::to_string(1100 + random_.below(800));
      auto plate = "90B" + padded(static_cast<std::int64_t>(random_.below(100'000)), 5);
      auto code = kind == Kind::flight ? "VN" + number : plate;
      auto day = iso_minute(from).substr(0, 10);
      auto here = place(kind, std::string(kind == Kind::flight ? "flight:" : "vehicle:") + code + ":" + day,
                        kind == Kind::flight ? "Chuyến bay " + code : (seated ? "Xe khách " : "Xe buýt ") + code, "");
      for (Index n = 0; n < riders; ++n) {
        auto row = seated ? static_cast<std::uint8_t>(1 + random_.below(kind == Kind::flight ? 28 : 11)) : std::uint8_t{0};
        auto letter = seated ? static_cast<char>('A' + random_.below(kind == Kind::flight ? 6 : 4)) : char{0};
        bool declared = seated && random_.chance(declared_journey_share);
        auto boards = seated ? from : from + random_.between(0, 20);
        stay(here, anybody(), boards, boards + length, row, letter, !seated && random_.chance(0.5), declared);
      }
    }
  }

  void meet_at_places() {
    std::sort(stays_.begin(), stays_.end(), [](const Stay& a, const Stay& b) { return std::tie(a.place, a.from, a.person) < std::tie(b.place, b.from, b.person); });
    for (std::size_t i = 0; i < stays_.size(); ++i) {
      const auto& a = stays_[i];
      for (std::size_t j = i + 1; j < stays_.size() && stays_[j].place == a.place && stays_[j].from < a.to; ++j) {
        const auto& b = stays_[j];
        if (a.person == b.person || (a.row != 0 && b.row != 0 && std::abs(a.row - b.row) > seat_rows_near)) continue;
        auto minutes = std::min(a.to, b.to) - b.from;
        if (minutes <= 0) continue;
        const auto& kind = kinds[static_cast<std::size_t>(places_[a.place].kind)];
        write_contact(w_, a.person, b.person, b.from, minutes, kind.name);
        outbreak_.meet(random_, a.person, b.person, b.from, minutes, kind.chance_an_hour);
      }
    }
    for (const auto& s : stays_) write_stay(s);
  }

  void write_stay(const Stay& s) {
    const auto& p = places_[s.place];
    if (s.declared) {
      VhdJourney journey{.flight = p.kind == Kind::flight, .code = p.code.substr(p.code.find(':') + 1), .seat = seat_text(s), .start = s.from};
      journey.code.resize(journey.code.find(':'));
      if (!journey.flight) journey.code.insert(3, "-");
      write_vhd(w_, random_, s.person, s.from - 60, &journey);
      return;
    }
    w_.files.visits.row({"V" + padded(++w_.visit_count, 9), reference_to(w_, random_, s.person), p.code, p.name, p.ward,
                         kinds[static_cast<std::size_t>(p.kind)].name, seat_text(s), iso_minute(s.from), s.open_end ? "" : iso_minute(s.to)});
  }

  void meet_friends() {
    auto wanted = static_cast<Index>(encounters * people());
    for (Index n = 0; n < wanted; ++n) {
      auto a = anybody();
      auto b = static_cast<Index>((a + 5 + random_.below(400)) % people());
      auto start = midnight_ + 480 + random_.between(0, 780);
      auto minutes = random_.between(10, 120);
      if (a == b || w_.town.people[a].references == 0 || w_.town.people[b].references == 0) continue;
      if (outbreak_.is_isolated(a, start + minutes) || outbreak_.is_isolated(b, start + minutes)) continue;
      bool far = random_.chance(0.08);
      auto centimetres = far ? random_.between(300, 600) : random_.between(40, 190);
      auto distance = random_.chance(0.15) && !far ? std::string() : std::to_string(centimetres / 100) + "." + padded(centimetres % 100, 2);
      const char* kind = random_.chance(0.6) ? "encounter" : "declared";
      w_.files.encounters.row({reference_to(w_, random_, a), reference_to(w_, random_, b), iso_minute(start), std::to_string(minutes), distance, kind});
      write_contact(w_, a, b, start, minutes, kind, distance);
      if (!far) outbreak_.meet(random_, a, b, start, minutes, 0.06);
    }
  }

  void meet_apps(std::vector<Meeting>& meetings) {
    for (Index a = 0; a < people(); ++a) {
      if (!w_.town.people[a].app || !random_.chance(meetings_of_apps)) continue;
      auto b = static_cast<Index>((a + 3 + random_.below(500)) % people());
      for (int tries = 0; tries < 30 && !w_.town.people[b].app; ++tries) b = (b + 1) % people();
      auto start = midnight_ + 960 + random_.between(0, 300);
      auto minutes = random_.between(15, 70);
      if (a == b || !w_.town.people[b].app || outbreak_.is_isolated(a, start + minutes) || outbreak_.is_isolated(b, start + minutes)) continue;
      bool far = random_.chance(0.10);
      meetings.push_back({a, b, start, static_cast<std::int16_t>(minutes), far});
      if (!far) outbreak_.meet(random_, a, b, start, minutes, 0.06);
    }
  }

  World& w_;
  Outbreak& outbreak_;
  int day_;
  Minute midnight_;
  int weekday_;                                    // 0 Sunday
  Prng random_;
  std::vector<Place> places_;
  std::vector<Stay> stays_;
};

}  // namespace

void live_day(World& world, Outbreak& outbreak, int day, std::vector<Meeting>& meetings) { Day(world, outbreak, day).live(meetings); }

void write_contact(World& w, Index a, Index b, Minute start, Minute minutes, std::string_view kind, std::string_view distance_m) {
  w.files.contacts.row({person_id(std::min(a, b)), person_id(std::max(a, b)), iso_minute(start), std::to_string(minutes), kind, distance_m});
  ++w.true_contacts;
}

void write_household_stays(World& w, const Outbreak& outbreak, int first, int last) {
  auto random = w.random.split("homes", static_cast<std::uint64_t>(first));
  const auto from = w.midnight(first), to = w.midnight(last) + day_minutes;
  for (std::size_t h = 0; h < w.town.households.size(); ++h) {
    const auto& home = w.town.households[h];
    const auto& ward = w.town.wards[home.ward].code;
    if (home.size < 2) continue;
    for (Index i = home.first; i < home.first + home.size; ++i) {
      auto ends = std::min(to, outbreak.isolated_at(i));
      if (w.town.people[i].references == 0 || ends <= from) continue;
      w.files.visits.row({"V" + padded(++w.visit_count, 9), reference_to(w, random, i), "HO-" + padded(static_cast<std::int64_t>(h), 7), "Nơi ở", ward,
                          "household", "", iso_minute(from), iso_minute(ends)});
      for (Index j = i + 1; j < home.first + home.size; ++j) {
        auto both = std::min(ends, outbreak.isolated_at(j));
        if (w.town.people[j].references != 0 && both > from) write_contact(w, i, j, from, both - from, "household");
      }
    }
  }
}

}  // namespace motcua::app::town
