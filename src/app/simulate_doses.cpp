// A national dose register as it came to be: kept by many hands in a hurry, a good quarter of its rows with a wrong name, birth date, phone or
// identity number. With the truth beside it, for `motcua repair doses`.
#include <array>
#include <functional>

#include "app/simulate_letters.hpp"
#include "app/simulate_world.hpp"

namespace motcua::app::town {
namespace {

// In March 2022, 41.4 of 154 million dose records did not match the population register. How the wrong ones spread over fields and
// mistakes is not published: the weights below are ours.
constexpr double wrong_rows = 0.269, share_vaccinated = 0.72, second_dose = 0.7;
constexpr double second_field_wrong = 0.15;                     // of wrong rows, at mid noise
constexpr double has_id = 0.80, has_insurance_number = 0.30;
constexpr double capitals = 0.3, marks_left_out = 0.12, year_only = 0.04, iso_date = 0.2, dotted_phone = 0.1;   // not wrong
constexpr int adult_age = 18;

enum Field : std::size_t { name, birth, phone, id_number, fields };
constexpr std::array<const char*, fields> field_names{"full_name", "birth_date", "phone", "id_number"};
constexpr std::array<double, fields> field_weights{27, 30, 18, 25};

/// What a row says of its person; birth as ISO, phone with its zero.
using Words = std::array<std::string, fields>;

std::string iso(BirthDay b) { return std::to_string(b.year) + "-" + padded(b.month, 2) + "-" + padded(b.day, 2); }
std::string cccd(const Person& p) { return padded(static_cast<std::int64_t>(p.cccd), 12); }

class DoseClerk {
 public:
  DoseClerk(World& world, Index person) : w_(world), random_(world.random.split("dose register", person)), person_(person), p_(world.town.people[person]) {}

  void write(std::int64_t& count) {
    if (w_.town.age(p_) < adult_age || !random_.chance(share_vaccinated)) return;
    static constexpr std::array<const char*, 4> vaccines{"AstraZeneca", "Vero Cell", "Pfizer", "Moderna"};
    const auto* vaccine = vaccines[random_.below(vaccines.size())];
    const Minute first = w_.end() - random_.between(60, 110) * day_minutes + random_.between(8 * 60, 16 * 60);
    row(++count, 1, vaccine, first);
    if (random_.chance(second_dose)) row(++count, 2, vaccine, first + 35 * day_minutes);
  }

 private:
  void row(std::int64_t number, int dose, const char* vaccine, Minute injected) {
    const Words right{p_.name, iso(p_.birth()), p_.contact == nobody ? "" : plain_phone(w_.town.people[p_.contact].phone), random_.chance(has_id) ? cccd(p_) : ""};
    Words told = right;
    std::array<bool, fields> wrong{};
    if (random_.chance(wrong_rows)) {
      spoil(told, wrong);
      if (w_.spoiler.happens(random_, second_field_wrong)) spoil(told, wrong);
    }
    const auto id = "TC" + padded(number, 8);
    std::string which;
    for (std::size_t f = 0; f < fields; ++f)
      if (wrong[f]) (which += which.empty() ? "" : ";") += field_names[f];
    w_.files.register_doses.row({id, as_written(told[name]), date_as_written(told[birth], wrong[birth]), p_.female ? "Nữ" : "Nam", phone_as_written(told[phone]),
                                 told[id_number], random_.chance(has_insurance_number) ? insurance_number(person_) : "", vaccine, "", std::to_string(dose),
                                 iso_minute(injected), "Trạm y tế " + w_.town.ward_of(p_).name});
    w_.files.dose_truth.row({id, person_id(person_), which, right[name], right[birth], right[phone], right[id_number]});
  }

  // ---- mistakes

  /// One more field goes wrong, if the row tells one that can.
  void spoil(Words& told, std::array<bool, fields>& wrong) {
    auto weights = field_weights;
    if (p_.phone == 0) weights[phone] = 0;          // a relative's is all there is
    if (told[id_number].empty()) weights[id_number] = 0;
    for (std::size_t f = 0; f < fields; ++f)
      if (wrong[f]) weights[f] = 0;
    const auto f = random_.weighted(weights);
    const std::string before = told[f];
    for (int tries = 0; tries < 20 && told[f] == before; ++tries) told[f] = mistaken(static_cast<Field>(f), before);
    wrong[f] = told[f] != before;
  }

  std::string mistaken(Field field, const std::string& right) {
    switch (field) {
      case name: return wrong_name(right);
      case birth: return iso(wrong_birth(p_.birth()));
      case phone: return wrong_phone(right);
      default: return wrong_id(right);
    }
  }

  /// Another person of the household who fits; nullptr when there is none.
  const Person* relative(const std::function<bool(const Person&)>& fits) {
    const auto& home = w_.town.households[p_.household];
    std::vector<const Person*> found;
    for (Index i = home.first; i < home.first + home.size; ++i)
      if (i != person_ && fits(w_.town.people[i])) found.push_back(&w_.town.people[i]);
    return found.empty() ? nullptr : random_.pick(found);
  }

  std::string wrong_name(const std::string& right) {
    static constexpr std::array<double, 4> kinds{45, 25, 15, 15};
    switch (random_.weighted(kinds)) {
      case 0: return mistyped(random_, right);
      case 1: return without_middle(right);
      case 2: return other_tone(random_, right);
      default: {
        const Person* other = relative([&](const Person& q) { return q.name != right; });
        return other ? other->name : right;
      }
    }
  }

  BirthDay wrong_birth(BirthDay b) {
    static constexpr std::array<double, 5> kinds{20, 20, 20, 25, 15};
    switch (random_.weighted(kinds)) {
      case 0: if (b.day <= 12) std::swap(b.day, b.month); break;
      case 1: b.day = b.month = 1; break;
      case 2: b.year += random_.chance(0.5) ? 1 : -1; break;
      case 3: b.day = 1 + static_cast<int>(random_.below(28)); break;
      default: b.year += random_.chance(0.5) ? 10 : -10;
    }
    return b;
  }

  std::string wrong_phone(const std::string& right) {
    static constexpr std::array<double, 3> kinds{45, 30, 25};
    switch (random_.weighted(kinds)) {
      case 0: {
        const Person* other = relative([&](const Person& q) { return q.phone != 0; });
        return other ? plain_phone(other->phone) : right;
      }
      case 1: return one_digit_wrong(random_, right, 3);
      default: return "099" + padded(static_cast<std::int64_t>(random_.below(10'000'000)), 7);   // a number given up long ago
    }
  }

  std::string wrong_id(const std::string& right) {
    static constexpr std::array<double, 4> kinds{40, 20, 25, 15};
    switch (random_.weighted(kinds)) {
      case 0: return one_digit_wrong(random_, right, 6);
      case 1: {
        std::string digits = right;
        const auto at = 6 + random_.below(5);
        std::swap(digits[at], digits[at + 1]);
        return digits;
      }
      case 2: return p_.cmnd != 0 ? padded(p_.cmnd, 9) : right;
      default: {
        const Person* other = relative([](const Person&) { return true; });
        return other ? cccd(*other) : right;
      }
    }
  }

  // ---- what is no mistake

  std::string as_written(const std::string& text) {
    if (w_.spoiler.happens(random_, marks_left_out)) return to_bare(to_letters(text));
    return random_.chance(capitals) ? to_capitals(text) : text;
  }
  std::string date_as_written(const std::string& date, bool wrong) {
    if (!wrong && w_.spoiler.happens(random_, year_only)) return date.substr(0, 4);
    return random_.chance(iso_date) ? date : date.substr(8, 2) + "/" + date.substr(5, 2) + "/" + date.substr(0, 4);
  }
  std::string phone_as_written(const std::string& number) {
    return number.empty() || !random_.chance(dotted_phone) ? number : number.substr(0, 4) + "." + number.substr(4, 3) + "." + number.substr(7);
  }

  World& w_;
  Prng random_;
  Index person_;
  const Person& p_;
};

}  // namespace

void write_dose_register(World& w) {
  std::int64_t count = 0;
  for (Index i = 0; i < w.town.people.size(); ++i) DoseClerk(w, i).write(count);
}

}  // namespace motcua::app::town
