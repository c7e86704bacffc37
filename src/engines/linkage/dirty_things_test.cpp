// Seeded tables of things that are no people: papers, goods, firms. Each file tells them its own way.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/prng.hpp"
#include "engines/linkage/dirty_tables.hpp"

namespace motcua::linkage::dirty {
namespace {

constexpr std::array<const char*, 20> onsets = {"b", "c", "cr", "d", "f", "fl", "g", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v"};
constexpr std::array<const char*, 7> vowels = {"a", "e", "i", "o", "u", "ea", "io"};
constexpr std::array<const char*, 6> codas = {"", "n", "r", "s", "l", "t"};

std::vector<std::string> make_words(Prng prng, std::size_t count, int syllables) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) {
    std::string word;
    for (int s = 0; s < syllables + static_cast<int>(prng.below(2)); ++s) word += std::string(onsets[prng.below(onsets.size())]) + vowels[prng.below(vowels.size())] + codas[prng.below(codas.size())];
    words.push_back(word);
  }
  return words;
}

/// The first words much more often than the last.
const std::string& draw(const std::vector<std::string>& words, Prng& prng) {
  const double at = std::pow(static_cast<double>(words.size()), prng.real());
  return words[std::min(words.size() - 1, static_cast<std::size_t>(at) - 1)];
}

std::string join(const std::vector<std::string>& words, const char* between = " ") {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : between) + w;
  return text;
}

std::string with_slip(std::string text, Prng& prng) {
  if (text.size() < 3) return text;
  const std::size_t at = prng.below(text.size() - 1);
  if (prng.chance(0.5)) text.erase(at, 1);
  else std::swap(text[at], text[at + 1]);
  return text;
}

using Row = std::vector<std::string>;
struct Thing {
  std::vector<std::string> words, people;
  std::string brand, model, city, street;
  int year = 0, price = 0;
};

struct World {
  std::vector<std::string> words, given, surnames, brands, cities, streets;
  explicit World(std::uint64_t seed)
      : words(make_words(Prng(seed).split("words"), 1500, 2)), given(make_words(Prng(seed).split("given"), 200, 1)), surnames(make_words(Prng(seed).split("surnames"), 600, 2)),
        brands(make_words(Prng(seed).split("brands"), 40, 2)), cities(make_words(Prng(seed).split("cities"), 60, 2)), streets(make_words(Prng(seed).split("streets"), 300, 2)) {}
};

/// ---- papers: title, authors, venue, year ----
Thing make_paper(const World& w, Prng& prng) {
  Thing p;
  for (std::uint64_t i = 0, n = 4 + prng.below(7); i < n; ++i) p.words.push_back(draw(w.words, prng));
  for (std::uint64_t i = 0, n = 1 + prng.below(4); i < n; ++i) p.people.push_back(draw(w.given, prng) + " " + draw(w.surnames, prng));
  p.brand = std::to_string(prng.below(8));
  p.year = static_cast<int>(1985 + prng.below(20));
  return p;
}
/// The same authors go on: another paper of nearly the same title.
Thing next_paper(Thing p, const World& w, Prng& prng) {
  p.words[prng.below(p.words.size())] = draw(w.words, prng);
  if (prng.chance(0.5)) p.words.push_back(draw(w.words, prng));
  p.year += static_cast<int>(prng.below(3));
  p.brand = std::to_string(prng.below(8));
  return p;
}
Row tell_paper(const Thing& paper, int file, Prng& prng) {
  constexpr std::array<const char*, 8> shorts = {"icde", "sigmod record", "vldb", "tods", "kdd", "pods", "edbt", "cikm"};
  constexpr std::array<const char*, 8> longs = {"international conference on data engineering", "acm sigmod record", "very large data bases", "acm transactions on database systems",
      "knowledge discovery and data mining", "principles of database systems", "extending database technology", "information and knowledge management"};
  Thing p = paper;
  for (std::string& word : p.words)
    if (prng.chance(0.02)) word = with_slip(word, prng);
  if (file == 2 && prng.chance(0.1) && p.words.size() > 3) p.words.pop_back();
  if (file == 2)
    for (std::string& who : p.people)
      if (prng.chance(0.5)) who = who.substr(0, 1) + ". " + who.substr(who.find(' ') + 1);
  if (file == 2 && prng.chance(0.2)) std::rotate(p.people.begin(), p.people.begin() + 1, p.people.end());
  if (prng.chance(0.05) && p.people.size() > 1) p.people.pop_back();
  const std::size_t venue = static_cast<std::size_t>(std::stoul(p.brand));
  return {join(p.words), prng.chance(0.03) ? "" : join(p.people, ", "), file == 1 ? shorts[venue] : longs[venue], prng.chance(0.05) ? "" : std::to_string(p.year + (prng.chance(0.05) ? 1 : 0))};
}

/// ---- goods: title, description, maker, price ----
Thing make_product(const World& w, Prng& prng) {
  Thing p;
  p.brand = draw(w.brands, prng);
  for (std::uint64_t i = 0, n = 3 + prng.below(4); i < n; ++i) p.words.push_back(draw(w.words, prng));
  p.model = std::string(1, static_cast<char>('a' + prng.below(26))) + static_cast<char>('a' + prng.below(26)) + std::to_string(prng.between(10, 9999));
  p.price = static_cast<int>(5 * std::exp(prng.real() * 5));
  return p;
}
/// The next of the series: one digit of the number differs, and some of the words.
Thing next_product(Thing p, const World& w, Prng& prng) {
  p.model.back() = static_cast<char>('0' + prng.below(10));
  if (prng.chance(0.5)) p.model += static_cast<char>('0' + prng.below(10));
  if (prng.chance(0.5)) p.words[prng.below(p.words.size())] = draw(w.words, prng);
  p.price = p.price * 12 / 10;
  return p;
}
Row tell_product(const Thing& p, int file, Prng& prng) {
  std::vector<std::string> title{p.brand};
  for (const std::string& word : p.words)
    if (!prng.chance(file == 1 ? 0.05 : 0.25)) title.push_back(word);
  if (!prng.chance(0.15)) title.insert(title.begin() + 1 + static_cast<std::ptrdiff_t>(prng.below(title.size())), p.model);
  if (file == 2 && prng.chance(0.3)) title.push_back("new");
  std::vector<std::string> text = p.words;
  text.push_back(p.brand);
  if (prng.chance(0.5)) text.push_back(p.model);
  prng.shuffle(text);
  const double off = 1 + 0.15 * (prng.real() - 0.5);
  char price[32];
  std::snprintf(price, sizeof price, "%.2f", prng.chance(0.4) ? p.price * 1.0 : p.price * off);
  return {join(title), prng.chance(0.4) ? "" : join(text), prng.chance(file == 1 ? 0.1 : 0.6) ? "" : p.brand, prng.chance(0.2) ? "" : price};
}

/// ---- firms: name, address, city, phone ----
Thing make_firm(const World& w, Prng& prng) {
  Thing p;
  for (std::uint64_t i = 0, n = 1 + prng.below(3); i < n; ++i) p.words.push_back(prng.chance(0.5) ? draw(w.surnames, prng) : draw(w.words, prng));
  p.street = std::to_string(prng.between(1, 400)) + " " + draw(w.streets, prng);
  p.city = draw(w.cities, prng);
  for (int i = 0; i < 9; ++i) p.model += static_cast<char>('0' + prng.below(10));
  return p;
}
/// A branch, or another tenant of the house.
Thing next_firm(const Thing& of, const World& w, Prng& prng) {
  Thing p = make_firm(w, prng);
  if (prng.chance(0.5)) p.words = of.words;
  else p.street = of.street, p.city = of.city;
  return p;
}
Row tell_firm(const Thing& firm, int, Prng& prng) {
  constexpr std::array<const char*, 6> forms = {"", " ltd", " limited", " inc", " company", " co."};
  Thing p = firm;
  for (std::string& word : p.words)
    if (prng.chance(0.04)) word = with_slip(word, prng);
  std::string street = p.street + (prng.chance(0.4) ? " street" : prng.chance(0.6) ? " st." : "");
  if (prng.chance(0.1)) street = with_slip(street, prng);
  return {join(p.words) + forms[prng.below(forms.size())], prng.chance(0.05) ? "" : street, p.city, prng.chance(0.3) ? "" : prng.chance(0.03) ? with_slip(p.model, prng) : p.model};
}

struct Trade {
  const char* name;
  std::vector<MatchField> fields;
  Thing (*make)(const World&, Prng&);
  Thing (*next)(Thing, const World&, Prng&);
  Row (*tell)(const Thing&, int, Prng&);
};

Table make_things(const Trade& trade, std::string name, std::uint64_t seed, std::uint32_t count, bool two_files, double in_both, double f1_min) {
  Table table{.name = std::move(name), .fields = trade.fields, .f1_min = f1_min};
  const World world(seed);
  Prng prng(seed);
  Thing thing;
  struct Told { Row row; std::uint32_t truth; int file; };
  std::vector<Told> told;
  for (std::uint32_t i = 0; i < count; ++i) {
    thing = i > 0 && prng.chance(0.25) ? trade.next(thing, world, prng) : trade.make(world, prng);
    const bool both = prng.chance(in_both);
    const int first = two_files && prng.chance(0.5) ? 2 : 1;
    told.push_back({trade.tell(thing, first, prng), i, first});
    if (both) told.push_back({trade.tell(thing, two_files ? 3 - first : 2, prng), i, two_files ? 3 - first : 2});
  }
  prng.shuffle(told);
  for (Told& t : told) {
    table.rows.push_back(std::move(t.row));
    table.truth.push_back(t.truth);
    if (two_files) table.files.push_back(t.file);
  }
  return table;
}

}  // namespace

std::vector<Table> all_things() {
  const auto next_of_firm = [](Thing p, const World& w, Prng& prng) { return next_firm(p, w, prng); };
  const Trade papers{"papers", {{"title", FieldKind::text}, {"authors", FieldKind::text}, {"venue", FieldKind::category}, {"year", FieldKind::year}}, make_paper, next_paper, tell_paper};
  const Trade papers_as_names{"papers", {{"title", FieldKind::text}, {"authors", FieldKind::name}, {"venue", FieldKind::text}, {"year", FieldKind::number}}, make_paper, next_paper, tell_paper};
  const Trade goods{"goods", {{"title", FieldKind::text}, {"description", FieldKind::text}, {"maker", FieldKind::category}, {"price", FieldKind::number}}, make_product, next_product, tell_product};
  const Trade firms{"firms", {{"name", FieldKind::name}, {"address", FieldKind::address}, {"city", FieldKind::category}, {"phone", FieldKind::phone}}, make_firm, next_of_firm, tell_firm};
  const Trade firms_as_text{"firms", {{"name", FieldKind::text}, {"address", FieldKind::address}, {"city", FieldKind::text}}, make_firm, next_of_firm, tell_firm};
  return {make_things(papers, "papers linked", 21, 3000, true, 0.5, 0.81),       make_things(papers_as_names, "papers as names", 22, 3000, true, 0.3, 0.7),
          make_things(papers, "papers", 23, 3000, false, 0.3, 0.82),             make_things(goods, "goods linked", 24, 2000, true, 0.6, 0.6),
          make_things(goods, "goods", 25, 2500, false, 0.2, 0.54),               make_things(firms, "firms", 26, 2500, false, 0.3, 0.95),
          make_things(firms_as_text, "firms linked", 27, 4000, true, 0.3, 0.895), make_things(papers, "few papers", 28, 5000, false, 0.01, 0.4)};
}

}  // namespace motcua::linkage::dirty
