#pragma once
// Who lives in the town: households of two generations or three, tenants, what cards and phones they have, where they work or learn.
#include <cstdint>
#include <string>
#include <vector>

#include "app/simulate_noise.hpp"
#include "base/prng.hpp"

namespace motcua::app::town {

using Index = std::uint32_t;
inline constexpr Index nobody = UINT32_MAX;

/// What a fact can call a person by: set as records about them are written.
enum Reference : std::uint8_t { by_phone = 1, by_id = 2, by_ncovi = 4, by_vhd = 8 };

/// What makes a person hard to tell from others: bits of Person::difficulties, and words in truth/difficulties.csv.
enum Difficulty : std::uint8_t {
  twin = 1,                    // same birth date and household, a name of the same sound
  namesake = 2,                // father and son of one name
  one_phone = 4,               // the household has one phone for all
  declared_by_relative = 8,    // somebody else declares for everybody, though all have phones
  renamed_ward = 16,           // half of the forms give the ward's old name
  shared_old_card = 32,        // another person was given the same CMND
  sex_against_card = 64        // registered with the other sex than the CCCD says
};

struct Person {
  std::string name;
  std::uint64_t cccd = 0;          // 12 digits
  std::uint32_t cmnd = 0;          // 9 digits, 0 none
  std::uint32_t phone = 0;         // own: nine digits without the zero, 0 none
  Index contact = nobody;          // whose phone answers for them: themselves, a relative, or nobody
  Index household = 0;
  Index group = nobody;            // work unit or class
  Index record = 0;                // number of the ncovi or vhd record that a reference may name
  std::int16_t birth_year = 0;
  std::uint8_t birth_month = 0, birth_day = 0;
  std::uint8_t references = 0;     // Reference bits
  std::uint8_t difficulties = 0;   // Difficulty bits
  bool female = false, registered = true, app = false, ios = false, pupil = false, keeper = false;
  BirthDay birth() const { return {birth_year, birth_month, birth_day}; }
};

struct Household {
  Index first = 0, size = 0;       // persons are contiguous
  Index ward = 0;
  Index declarer = nobody;         // who declares for everybody; nobody: each for oneself
  bool tenants = false;            // rent a room; not in the population register
  std::string address;
};

struct Ward {
  std::string code, name, old_name;  // old_name: until a merger, still said
  Index district = 0;
};
struct District { std::string code, name; };

/// A work unit, half a class, or the keeper's side of a shop: people who are near each other when they are there.
struct Group {
  std::string place_code, place_name;
  Index ward = 0;
  bool school = false;
  std::uint8_t half = 0;           // of a class that comes on alternate days
  std::uint16_t opens_minute = 450;
  std::vector<Index> members;
};

struct Town {
  int year = 2021;                 // ages are counted in it
  std::vector<District> districts;
  std::vector<Ward> wards;
  std::vector<Household> households;
  std::vector<Person> people;
  std::vector<Group> groups;
  int age(const Person& p) const { return year - p.birth_year; }
  const Ward& ward_of(const Person& p) const { return wards[households[p.household].ward]; }
};

/// `harder`: many of the people above (rates in simulate_people.cpp); the others are the same ones as without.
Town make_town(const Prng& random, std::int64_t people, bool harder);

inline constexpr const char* province_code = "90";   // none has it on either map

}  // namespace motcua::app::town
