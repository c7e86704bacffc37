#include "engines/linkage/dirty_tables.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/prng.hpp"

namespace motcua::linkage::dirty {
namespace {

struct Person {
  std::string given, middle, surname, mother, sex, city, postcode, address, phone, email, id, status, height, notes;
  int year = 1970, month = 1, day = 1;
};

constexpr std::array<const char*, 24> onsets = {"b", "br", "c", "ch", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "w", "y", "z"};
constexpr std::array<const char*, 8> vowels = {"a", "e", "i", "o", "u", "ai", "ee", "ou"};
constexpr std::array<const char*, 10> codas = {"", "", "", "n", "r", "s", "l", "m", "t", "ck"};

std::string make_word(Prng& prng, int syllables) {
  std::string word;
  for (int i = 0; i < syllables; ++i) word += std::string(onsets[prng.below(onsets.size())]) + vowels[prng.below(vowels.size())] + codas[prng.below(codas.size())];
  return word;
}

/// Words of which the first are much more frequent: the k-th has weight 1 / k^skew.
class Words {
 public:
  Words(Prng prng, std::size_t count, double skew, int syllables) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      words_.push_back(make_word(prng, syllables + static_cast<int>(prng.below(2))));
      ends_.push_back(sum += 1 / std::pow(static_cast<double>(i + 1), skew));
    }
  }
  const std::string& draw(Prng& prng) const {
    const double at = prng.real() * ends_.back();
    return words_[static_cast<std::size_t>(std::lower_bound(ends_.begin(), ends_.end(), at) - ends_.begin())];
  }

 private:
  std::vector<std::string> words_;
  std::vector<double> ends_;
};

struct World {
  Words given, surnames, streets, cities, prose;
  explicit World(const Design& d)
      : given(Prng(d.seed).split("given"), d.names, d.skew, 1), surnames(Prng(d.seed).split("surnames"), d.names * 2, d.skew, 2),
        streets(Prng(d.seed).split("streets"), 300, 0.6, 2), cities(Prng(d.seed).split("cities"), 40, 1.1, 2), prose(Prng(d.seed).split("prose"), 500, 1, 2) {}
};

std::string digits(Prng& prng, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text.push_back(static_cast<char>('0' + prng.below(10)));
  return text;
}

void move_house(Person& p, const World& world, Prng& prng) {
  p.address = std::to_string(prng.between(1, 250)) + " " + world.streets.draw(prng) + (prng.chance(0.7) ? " street" : " road");
  p.city = world.cities.draw(prng);
  p.postcode = std::to_string(1000 + std::hash<std::string>{}(p.city) % 60 * 100 + prng.below(12));
}

Person make_person(const World& world, Prng& prng) {
  Person p;
  p.sex = prng.chance(0.5) ? "F" : "M";
  p.given = world.given.draw(prng);
  p.middle = world.given.draw(prng);
  p.surname = world.surnames.draw(prng);
  p.mother = world.given.draw(prng) + " " + world.surnames.draw(prng);
  p.year = static_cast<int>(prng.between(1930, 2015));
  p.month = static_cast<int>(prng.between(1, 12));
  p.day = static_cast<int>(prng.between(1, 28));
  move_house(p, world, prng);
  p.phone = "07" + digits(prng, 8);
  p.email = p.given + "." + p.surname + (prng.chance(0.5) ? digits(prng, 2) : "") + "@" + (prng.chance(0.6) ? "mail.org" : world.streets.draw(prng) + ".net");
  p.id = std::string(1, static_cast<char>('A' + prng.below(26))) + digits(prng, 8);
  p.status = std::array{"single", "married", "widowed"}[prng.below(3)];
  p.height = std::to_string(prng.between(145, 195));
  for (int i = 0; i < 6; ++i) p.notes += (i ? " " : "") + world.prose.draw(prng);
  return p;
}

/// Somebody of the same house: surname, address and phone are shared; some are twins, some have the same given name.
Person make_relative(const Person& of, const World& world, const Design& d, Prng& prng) {
  Person p = make_person(world, prng);
  p.surname = of.surname;
  p.address = of.address, p.city = of.city, p.postcode = of.postcode;
  if (prng.chance(0.7)) p.phone = of.phone;
  if (prng.chance(d.twins)) p.year = of.year, p.month = of.month, p.day = of.day;
  else if (prng.chance(d.namesakes)) p.given = of.given;
  return p;
}

std::string with_typo(std::string text, Prng& prng) {
  if (text.empty()) return text;
  const std::size_t at = prng.below(text.size());
  const char other = text[at] >= '0' && text[at] <= '9' ? static_cast<char>('0' + prng.below(10)) : static_cast<char>('a' + prng.below(26));
  switch (prng.below(4)) {
    case 0: text[at] = other; break;
    case 1: text.insert(at, 1, other); break;
    case 2: if (text.size() > 2) text.erase(at, 1); break;
    default: if (at + 1 < text.size()) std::swap(text[at], text[at + 1]);
  }
  return text;
}

std::string to_date(const Person& p) {
  char text[24];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", p.year, p.month, p.day);
  return text;
}

struct Column { char letter; const char* name; FieldKind kind; };
constexpr Column columns[] = {{'g', "given", FieldKind::name}, {'s', "surname", FieldKind::name}, {'f', "full_name", FieldKind::name}, {'d', "born", FieldKind::date},
    {'y', "year", FieldKind::year}, {'x', "sex", FieldKind::category}, {'c', "city", FieldKind::category}, {'z', "postcode", FieldKind::id}, {'a', "address", FieldKind::address},
    {'p', "phone", FieldKind::phone}, {'e', "email", FieldKind::email}, {'i', "number", FieldKind::id}, {'k', "country", FieldKind::category}, {'l', "status", FieldKind::category},
    {'n', "height", FieldKind::number}, {'t', "notes", FieldKind::text}, {'m', "mother", FieldKind::name}, {'w', "middle", FieldKind::name}, {'o', "registered", FieldKind::category},
    {'q', "income", FieldKind::number}};

std::string value_of(const Person& p, char letter, Prng& prng) {
  switch (letter) {
    case 'g': return p.given;
    case 's': return p.surname;
    case 'f': return p.given + " " + p.middle + " " + p.surname;
    case 'd': return to_date(p);
    case 'y': return std::to_string(p.year);
    case 'x': return p.sex;
    case 'c': return p.city;
    case 'z': return p.postcode;
    case 'a': return p.address;
    case 'p': return p.phone;
    case 'e': return p.email;
    case 'i': return p.id;
    case 'k': return prng.chance(0.97) ? "here" : "elsewhere";
    case 'l': return p.status;
    case 'n': return p.height;
    case 't': return p.notes;
    case 'm': return p.mother;
    case 'w': return p.middle;
    case 'o': return std::to_string(prng.between(2018, 2021));    // says nothing of the person
    case 'q': return std::to_string(prng.between(1000, 9000));    // nor does this
    default: return {};
  }
}

Person changed(Person p, const Design& d, const World& world, Prng& prng) {
  if (prng.chance(d.moved)) move_house(p, world, prng);
  if (prng.chance(d.nicknames)) p.given = p.given.substr(0, std::max<std::size_t>(3, p.given.size() / 2));
  if (prng.chance(d.swapped)) std::swap(p.given, p.surname);
  const Person other = make_person(world, prng);
  if (prng.chance(d.other_value)) p.surname = other.surname;
  if (prng.chance(d.other_value * 3)) p.phone = other.phone;
  if (prng.chance(d.other_value * 3)) p.email = other.email;
  if (prng.chance(d.other_value)) std::swap(p.month, p.day), p.month = std::min(p.month, 12);
  return p;
}

std::vector<std::string> to_row(const Person& p, const Design& d, Prng& prng) {
  std::vector<std::string> row;
  for (const char letter : d.columns) {
    std::string value = value_of(p, letter, prng);
    if (prng.chance(d.missing)) value.clear();
    else if (letter != 'x' && letter != 'k' && letter != 'l' && prng.chance(d.typos)) value = with_typo(value, prng);
    row.push_back(value);
  }
  return row;
}

}  // namespace

Table make_table(const Design& d) {
  Table table{.name = d.name, .f1_min = d.f1_min};
  for (const char letter : d.columns)
    for (const Column& c : columns)
      if (c.letter == letter) table.fields.push_back({c.name, c.kind});
  const World world(d);
  Prng prng(d.seed);
  Person person;
  for (std::uint32_t i = 0; i < d.people; ++i) {
    person = i > 0 && prng.chance(d.families) ? make_relative(person, world, d, prng) : make_person(world, prng);
    const auto more = static_cast<std::uint32_t>(std::min<int>(static_cast<int>(d.copies_max), d.copies >= 1 ? prng.poisson(d.copies) : static_cast<int>(prng.chance(d.copies))));
    for (std::uint32_t copy = 0; copy <= more; ++copy) {
      table.rows.push_back(to_row(copy == 0 ? person : changed(person, d, world, prng), d, prng));
      table.truth.push_back(i);
    }
  }
  std::vector<std::size_t> order(table.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  prng.shuffle(order);
  Table shuffled{.name = table.name, .fields = table.fields, .f1_min = table.f1_min};
  for (const std::size_t i : order) {
    shuffled.rows.push_back(std::move(table.rows[i]));
    shuffled.truth.push_back(table.truth[i]);
  }
  return shuffled;
}

std::vector<Table> all_tables() {
  std::vector<Table> tables;
  for (const Design& d : std::vector<Design>{
           {.name = "clinic", .columns = "gsdxpa", .seed = 1, .people = 1500, .f1_min = 0.97},
           {.name = "three columns", .columns = "gsd", .seed = 2, .people = 1500, .f1_min = 0.91},
           {.name = "whole names", .columns = "fdc", .seed = 3, .people = 1500, .f1_min = 0.93},
           {.name = "weak", .columns = "fycx", .seed = 4, .people = 1000, .f1_min = 0.9},
           {.name = "twenty columns", .columns = "gswfdyxczapeiklntmoq", .seed = 5, .people = 700, .f1_min = 0.995},
           {.name = "no duplicates", .columns = "gsdxza", .seed = 6, .people = 2000, .copies = 0, .f1_min = 0.99},
           {.name = "all twice", .columns = "gsdza", .seed = 7, .people = 1200, .copies = 1, .copies_max = 1, .f1_min = 0.945},
           {.name = "ten each", .columns = "gsdzp", .seed = 8, .people = 200, .copies = 9, .copies_max = 14, .f1_min = 0.95},
           {.name = "heavy skew", .columns = "gsdxc", .seed = 9, .people = 2000, .names = 60, .skew = 1.4, .f1_min = 0.87},
           {.name = "constant column", .columns = "gsdkl", .seed = 10, .people = 1500, .f1_min = 0.93},
           {.name = "many faults", .columns = "gsdxzap", .seed = 11, .people = 1200, .copies = 1.5, .typos = 0.25, .missing = 0.2, .swapped = 0.05, .moved = 0.3, .nicknames = 0.15, .other_value = 0.06, .f1_min = 0.86},
           {.name = "number and name", .columns = "ig", .seed = 12, .people = 1500, .f1_min = 0.94},
           {.name = "mail", .columns = "gse", .seed = 13, .people = 1500, .f1_min = 0.83},
           {.name = "families", .columns = "gsdpa", .seed = 14, .people = 1500, .families = 0.75, .f1_min = 0.935},
           {.name = "few duplicates", .columns = "gsdza", .seed = 15, .people = 4000, .copies = 0.01, .f1_min = 0.72},
           {.name = "many rows", .columns = "gsdxcp", .seed = 16, .people = 15000, .copies = 0.4, .names = 1500, .f1_min = 0.96},
           {.name = "tiny", .columns = "gsdz", .seed = 17, .people = 60, .f1_min = 0.92}})
    tables.push_back(make_table(d));
  return tables;
}

std::vector<Table> rare_tables() {
  std::vector<Table> tables;
  std::uint64_t seed = 50;
  for (const char* columns : {"gsdza", "gsdxpa", "fdc", "gsdzai"})
    for (const double copies : {0.0, 0.001, 0.01, 0.05})
      tables.push_back(make_table({.name = std::string(columns) + " " + std::to_string(copies).substr(0, 5), .columns = columns, .seed = seed += 2, .people = 5000, .copies = copies, .names = 1000,
                                   .twins = 0.03, .namesakes = 0.015, .families = 0.4}));
  return tables;
}

}  // namespace motcua::linkage::dirty
