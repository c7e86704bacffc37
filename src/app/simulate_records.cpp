// What the people of the town told to whom: register, declarations, laboratory, vaccination.
#include <array>

#include "app/simulate_names.hpp"
#include "app/simulate_world.hpp"

namespace motcua::app::town {
namespace {

// Shares of people, and of records, at any noise.
constexpr double share_ncovi = 0.50, share_vhd = 0.40, share_tested = 0.18, share_vaccinated = 0.72;
constexpr double more_ncovi = 0.5, more_vhd = 0.4;
constexpr double register_has_phone = 0.55, register_year_only_old = 0.12, register_has_old_card = 0.9;
constexpr double ncovi_has_id = 0.70, vhd_has_id = 0.55, test_has_id = 0.45, dose_has_id = 0.75;
constexpr double old_card_used = 0.15;             // of those who hold one
constexpr double has_insurance_number = 0.30;
constexpr double rate_relatives_phone = 0.05, rate_phone_left_out = 0.03, rate_old_ward_name = 0.5, rate_flag_forgotten = 0.001;
constexpr int old_age = 70;

std::string cccd_of(const Person& p) { return padded(static_cast<std::int64_t>(p.cccd), 12); }
std::string cmnd_of(const Person& p) { return p.cmnd == 0 ? "" : padded(p.cmnd, 9); }

std::string iso_birth(const Person& p) {
  return std::to_string(p.birth_year) + "-" + padded(p.birth_month, 2) + "-" + padded(p.birth_day, 2);
}

std::string sex_text(Prng& random, const Person& p) {
  static constexpr std::array<std::array<const char*, 2>, 5> forms{{{"Nam", "Nữ"}, {"NAM", "NỮ"}, {"Nam", "Nu"}, {"1", "2"}, {"male", "female"}}};
  static constexpr std::array<double, 5> weights{60, 10, 12, 12, 6};
  return forms[random.weighted(weights)][p.female ? 1 : 0];
}

/// The card shown at the counter; empty when none was.
std::string shown_id(World& w, Prng& random, const Person& p, double share, bool& cccd_intact) {
  cccd_intact = false;
  if (w.town.age(p) < 14 || !random.chance(share)) return {};
  if (p.cmnd != 0 && w.spoiler.happens(random, old_card_used)) {
    bool intact;
    return w.spoiler.id_number(random, cmnd_of(p), intact);
  }
  return w.spoiler.id_number(random, cccd_of(p), cccd_intact);
}

/// Whose phone a declaration is made with.
Index declarer(const World& w, const Person& p) {
  const auto& home = w.town.households[p.household];
  return home.declarer != nobody ? home.declarer : p.contact;
}

/// The number written on the form: one's own, the one of who declares, sometimes another relative's.
Index phone_owner(World& w, Prng& random, const Person& p) {
  const auto& home = w.town.households[p.household];
  if (home.size > 1 && w.spoiler.happens(random, rate_relatives_phone)) {
    auto other = home.first + static_cast<Index>(random.below(home.size));
    if (w.town.people[other].phone != 0) return other;
  }
  return declarer(w, p);
}

std::string shown_phone(World& w, Prng& random, Index owner, bool& intact) {
  intact = false;
  return owner == nobody ? std::string() : w.spoiler.phone(random, w.town.people[owner].phone, intact);
}

struct Place {
  std::string ward, district, province;
};
Place shown_place(World& w, Prng& random, const Person& p) {
  const auto& ward = w.town.ward_of(p);
  auto old_name = !ward.old_name.empty() && w.spoiler.happens(random, rate_old_ward_name);
  return {w.spoiler.unit(random, old_name ? ward.old_name : ward.name), w.spoiler.unit(random, w.town.districts[ward.district].name),
          w.spoiler.unit(random, province_name)};
}

void write_resident(World& w, Prng& random, Index i) {
  auto& p = w.town.people[i];
  bool old = w.town.age(p) > old_age;
  auto birth = old && w.spoiler.happens(random, register_year_only_old) ? std::to_string(p.birth_year) : iso_birth(p);
  bool phone_shown = p.phone != 0 && random.chance(register_has_phone);
  w.files.residents.row({cccd_of(p), random.chance(register_has_old_card) ? cmnd_of(p) : "", p.name, birth, p.female ? "Nữ" : "Nam",
                         phone_shown ? plain_phone(p.phone) : "", w.town.households[p.household].address, w.town.ward_of(p).code,
                         "HO" + padded(p.household, 7)});
  w.files.persons.row({"residents", cccd_of(p), person_id(i)});
  p.references |= by_id;
  if (phone_shown) p.references |= by_phone;
}

void write_ncovi(World& w, Prng& random, Index i) {
  auto& p = w.town.people[i];
  bool id_intact, phone_intact;
  auto id = shown_id(w, random, p, ncovi_has_id, id_intact);
  auto phone = w.spoiler.happens(random, rate_phone_left_out) ? std::string() : shown_phone(w, random, phone_owner(w, random, p), phone_intact);
  auto place = shown_place(w, random, p);
  auto record = ncovi_id(w.ncovi_count);
  auto declared = w.midnight(-10 + static_cast<int>(random.below(static_cast<std::uint64_t>(w.days) + 9))) + random.between(360, 1380);
  bool ill = random.chance(0.04);
  w.files.ncovi.row({record, random.chance(0.8) ? iso_minute(declared) : local_minute(declared), w.spoiler.name(random, p.name, false),
                     w.spoiler.birth(random, p.birth()), sex_text(random, p), id, random.chance(has_insurance_number) ? insurance_number(i) : "",
                     "Việt Nam", phone, "", w.town.households[p.household].address, place.ward, place.district, place.province,
                     ill ? (random.chance(0.5) ? "sốt, ho" : "đau họng") : "", random.chance(0.01) ? "Có" : "Không", "Không", "Không",
                     w.town.age(p) > 60 && random.chance(0.3) ? "tăng huyết áp" : ""});
  w.files.persons.row({"ncovi", record, person_id(i)});
  p.references = static_cast<std::uint8_t>((p.references & ~by_vhd) | by_ncovi | (id_intact ? by_id : 0));
  p.record = static_cast<Index>(w.ncovi_count++);
}

void write_dose(World& w, Prng& random, Index i, Minute injected, int number, const char* vaccine) {
  auto& p = w.town.people[i];
  bool intact;
  auto record = "MT" + padded(++w.dose_count, 8);
  w.files.doses.row({record, w.spoiler.name(random, p.name, random.chance(0.3)), w.spoiler.birth(random, p.birth()), sex_text(random, p),
                     shown_phone(w, random, phone_owner(w, random, p), intact), shown_id(w, random, p, dose_has_id, intact),
                     random.chance(has_insurance_number) ? insurance_number(i) : "", vaccine, "LG" + padded(static_cast<std::int64_t>(random.below(900)) + 100, 3),
                     std::to_string(number), iso_minute(injected), "Trạm y tế " + w.town.ward_of(p).name});
  w.files.persons.row({"doses", record, person_id(i)});
}

void vaccinate(World& w, Prng& random, Index i) {
  if (w.town.age(w.town.people[i]) < 18 || !random.chance(share_vaccinated)) return;
  static constexpr std::array<const char*, 4> vaccines{"AstraZeneca", "Vero Cell", "Pfizer", "Moderna"};
  auto vaccine = vaccines[random.below(vaccines.size())];
  auto first = w.end() - random.between(60, 110) * day_minutes + random.between(8 * 60, 16 * 60);
  write_dose(w, random, i, first, 1, vaccine);
  if (random.chance(0.7)) write_dose(w, random, i, first + 35 * day_minutes, 2, vaccine);
}

}  // namespace

std::string person_id(Index person) { return "p" + padded(person, 7); }
std::string ncovi_id(std::int64_t n) { return "NC" + padded(n + 1, 8); }
std::string insurance_number(Index person) { return std::to_string(7'900'000'000 + (std::uint64_t{person} * 73'687 + 11) % 99'999'989); }

std::string vhd_id(std::int64_t n) {
  auto hex = [](std::uint64_t v, int digits) {
    std::string text(static_cast<std::size_t>(digits), '0');
    for (auto at = text.size(); at-- > 0; v >>= 4) text[at] = "0123456789abcdef"[v & 15];
    return text;
  };
  return hex(0x6180a000ULL + static_cast<std::uint64_t>(n / 97), 8) + hex(static_cast<std::uint64_t>(n) * 0x9e3779b97f4a7c15ULL, 8) + hex(static_cast<std::uint64_t>(n), 8);
}

std::string reference_to(World& w, Prng& random, Index i) {
  const auto& p = w.town.people[i];
  const std::array<double, 3> weights{p.references & by_phone ? 60.0 : 0, p.references & by_id ? 25.0 : 0,
                                      p.references & (by_ncovi | by_vhd) ? 15.0 : 0};
  switch (random.weighted(weights)) {
    case 0: {
      bool intact;
      auto phone = w.spoiler.phone(random, p.phone, intact);
      return "phone:" + (intact ? phone : plain_phone(p.phone));
    }
    case 1: return "id:" + cccd_of(p);
    default: return p.references & by_vhd ? "record:vhd:" + vhd_id(p.record) : "record:ncovi:" + ncovi_id(p.record);
  }
}

void write_vhd(World& w, Prng& random, Index i, Minute declared, const VhdJourney* journey) {
  auto& p = w.town.people[i];
  auto owner = declarer(w, p);
  if (owner == nobody) return;
  bool own = owner == i || random.chance(rate_flag_forgotten);
  bool id_intact, phone_intact;
  auto place = shown_place(w, random, p);
  auto phone = shown_phone(w, random, owner, phone_intact);
  // A required phone that cannot be read gets the row rejected; a ride's truth must not hang on that.
  bool unreadable = !phone_intact && phone.find('E') != std::string::npos;
  if (unreadable && journey != nullptr) phone = plain_phone(w.town.people[owner].phone), unreadable = false;
  auto passport = shown_id(w, random, p, vhd_has_id, id_intact);
  auto record = vhd_id(w.vhd_count);
  bool flight = journey != nullptr && journey->flight;
  w.files.vhd.row({record, iso_minute(declared), journey ? "HDLocal" : "HDHealth", own ? "0" : "1", w.spoiler.name(random, p.name, true), passport,
                   std::to_string(w.spoiler.birth_year(random, p.birth_year)), p.female ? "Nu" : "Nam", "Việt Nam", place.province, place.district,
                   place.ward, w.town.households[p.household].address, phone, "", "", random.chance(0.03) ? "ho" : "", random.chance(0.01) ? "1" : "2",
                   "2", "2", journey ? (flight ? "airplane" : "other") : "", flight ? journey->code : "", journey && !flight ? journey->code : "",
                   journey ? journey->seat : "", journey ? local_minute(journey->start) : "", journey ? "Tỉnh Lạc Giang" : "",
                   journey ? (flight ? "Thành phố Hà Nội" : "Thành phố Hồ Chí Minh") : ""});
  w.files.persons.row({"vhd", record, person_id(i)});
  auto number = static_cast<Index>(w.vhd_count++);
  if (unreadable) return;
  p.references = static_cast<std::uint8_t>((p.references & ~by_ncovi) | by_vhd);
  if (own && owner == i && phone_intact) p.references |= by_phone;
  if (id_intact) p.references |= by_id;
  p.record = number;
}

void write_test(World& w, Prng& random, Index i, Minute collected, bool positive) {
  const auto& p = w.town.people[i];
  bool intact;
  auto record = "XN" + padded(++w.test_count, 8);
  bool by_year = random.chance(0.35);
  bool pcr = positive || random.chance(0.5);
  w.files.tests.row({record, w.spoiler.name(random, p.name, random.chance(0.3)), by_year ? "" : w.spoiler.birth(random, p.birth()),
                     by_year ? std::to_string(w.spoiler.birth_year(random, p.birth_year)) : "", sex_text(random, p),
                     shown_phone(w, random, phone_owner(w, random, p), intact), shown_id(w, random, p, test_has_id, intact), iso_minute(collected),
                     pcr ? "PCR" : "AG", positive ? "POS" : "NEG", positive ? std::to_string(18 + random.below(14)) : "", "Trung tâm kiểm soát bệnh tật"});
  w.files.persons.row({"tests", record, person_id(i)});
}

void write_difficulties(World& w) {
  static constexpr std::array<std::pair<Difficulty, const char*>, 7> words{{{twin, "twin"}, {namesake, "namesake"}, {one_phone, "one_phone"},
      {declared_by_relative, "declared_by_relative"}, {renamed_ward, "renamed_ward"}, {shared_old_card, "shared_old_card"}, {sex_against_card, "sex_against_card"}}};
  for (Index i = 0; i < w.town.people.size(); ++i)
    for (const auto& [bit, word] : words)
      if ((w.town.people[i].difficulties & bit) != 0) w.files.difficulties.row({person_id(i), word});
}

void write_units(World& w) {
  auto& units = w.files.units;
  units.row({province_code, province_name, "province", "", "2004-01-01", ""});
  for (const auto& d : w.town.districts) units.row({d.code, d.name, "district", province_code, "2004-01-01", ""});
  for (const auto& ward : w.town.wards) {
    const auto& district = w.town.districts[ward.district].code;
    if (!ward.old_name.empty()) units.row({ward.code, ward.old_name, "ward", district, "2004-01-01", "2019-12-31"});
    units.row({ward.code, ward.name, "ward", district, ward.old_name.empty() ? "2004-01-01" : "2020-01-01", ""});
  }
}

void write_registers(World& w) {
  auto random = w.random.split("records");
  for (Index i = 0; i < w.town.people.size(); ++i) {
    const auto& p = w.town.people[i];
    if (p.registered) write_resident(w, random, i);
    if (random.chance(share_ncovi))
      for (int n = 1 + random.poisson(more_ncovi); n > 0; --n) write_ncovi(w, random, i);
    if (random.chance(share_vhd))
      for (int n = 1 + random.poisson(more_vhd); n > 0; --n)
        write_vhd(w, random, i, w.midnight(-10 + static_cast<int>(random.below(static_cast<std::uint64_t>(w.days) + 9))) + random.between(360, 1380), nullptr);
    if (random.chance(share_tested)) write_test(w, random, i, w.midnight(static_cast<int>(random.below(static_cast<std::uint64_t>(w.days)))) + random.between(450, 1020), false);
    vaccinate(w, random, i);
    if (p.app) w.town.people[i].references |= by_phone;
  }
}

}  // namespace motcua::app::town
