#include "app/simulate_noise.hpp"

#include <array>
#include <cctype>
#include <chrono>
#include <utility>

#include "app/simulate_files.hpp"
#include "app/simulate_letters.hpp"

namespace motcua::app::town {
namespace {

// Rates at mid level, for one record. Chosen so that a register of 2021 looks like itself; the only ones with a published basis are
// those of marks and years (a quarter of dose records matched no register entry in March 2022).
constexpr double rate_marks_lost = 0.12, rate_telex = 0.010, rate_vni = 0.005, rate_new_tones = 0.10, rate_i_for_y = 0.03;
constexpr double rate_middle_lost = 0.02, rate_decomposed = 0.03, rate_title = 0.012, rate_letter_wrong = 0.012, rate_capitals = 0.06;
constexpr double rate_year_only = 0.04, rate_first_of_january = 0.02, rate_day_month_swapped = 0.012, rate_day_wrong = 0.01, rate_year_wrong = 0.006;
constexpr double rate_zero_lost = 0.05, rate_quoted_number = 0.01, rate_scientific = 0.015, rate_digits_rounded = 0.004;
constexpr double rate_old_prefix = 0.08, rate_digit_wrong = 0.008, rate_dots = 0.10, rate_country_code = 0.12;
constexpr double rate_unit_short = 0.30, rate_unit_bare = 0.10;

constexpr std::array<std::pair<int, int>, 20> prefixes_2018{{{120, 70}, {121, 79}, {122, 77}, {126, 76}, {128, 78}, {123, 83}, {124, 84},
                                                             {125, 85}, {127, 81}, {129, 82}, {162, 32}, {163, 33}, {164, 34}, {165, 35},
                                                             {166, 36}, {167, 37}, {168, 38}, {169, 39}, {186, 56}, {188, 58}}};

/// One letter left out, doubled or exchanged with its neighbour.
void mistype(Prng& random, std::vector<Letter>& letters) {
  if (letters.size() < 4) return;
  auto at = 1 + random.below(letters.size() - 2);
  if (letters[at].base == 0 || letters[at + 1].base == 0) return;
  switch (random.below(3)) {
    case 0: letters.erase(letters.begin() + static_cast<std::ptrdiff_t>(at)); break;
    case 1: letters.insert(letters.begin() + static_cast<std::ptrdiff_t>(at), letters[at]); break;
    default: std::swap(letters[at], letters[at + 1]);
  }
}

/// A final y of an open syllable as i: Lý -> Lí, Quý -> Quí.
void write_i(std::vector<Letter>& letters) {
  for (std::size_t i = 1; i < letters.size(); ++i) {
    const bool ends = i + 1 == letters.size() || letters[i + 1].base == 0;
    const auto before = static_cast<char>(std::tolower(static_cast<unsigned char>(letters[i - 1].base)));
    if (ends && letters[i].base == 'y' && (before == 'l' || before == 'k' || before == 'm' || before == 'v' || before == 't')) letters[i].base = 'i';
  }
}

std::string dotted(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i == 4 || i == 7) out += '.';
    out += digits[i];
  }
  return out;
}

}  // namespace

std::string without_middle(std::string_view name) {
  auto first = name.find(' '), last = name.rfind(' ');
  return first == last ? std::string(name) : std::string(name.substr(0, first)) + std::string(name.substr(last));
}

std::string mistyped(Prng& random, std::string_view name) {
  auto letters = to_letters(name);
  mistype(random, letters);
  return to_text(letters);
}

std::string other_tone(Prng& random, std::string_view name) {
  auto letters = to_letters(name);
  std::vector<std::size_t> toned;
  for (std::size_t i = 0; i < letters.size(); ++i)
    if (letters[i].tone != 0) toned.push_back(i);
  if (toned.empty()) return std::string(name);
  int& tone = letters[random.pick(toned)].tone;
  tone = 1 + (tone + static_cast<int>(random.below(4))) % 5;
  return to_text(letters);
}

std::string one_digit_wrong(Prng& random, std::string digits, std::size_t from) {
  auto at = from + random.below(digits.size() - from);
  digits[at] = static_cast<char>('0' + (digits[at] - '0' + 1 + static_cast<int>(random.below(9))) % 10);
  return digits;
}

std::string plain_phone(std::uint32_t national) { return "0" + padded(national, 9); }

std::string Spoiler::name(Prng& random, std::string_view name, bool in_capitals) const {
  std::string text(name);
  if (happens(random, rate_middle_lost)) text = without_middle(text);
  if (in_capitals || happens(random, rate_capitals)) text = to_capitals(text);
  auto letters = to_letters(text);
  if (happens(random, rate_letter_wrong)) mistype(random, letters);
  if (happens(random, rate_i_for_y)) write_i(letters);
  if (happens(random, rate_new_tones)) move_tones(letters);
  if (happens(random, rate_marks_lost)) text = to_bare(letters);
  else if (happens(random, rate_telex)) text = to_telex(letters);
  else if (happens(random, rate_vni)) text = to_vni(letters);
  else if (happens(random, rate_decomposed)) text = to_decomposed(letters);
  else text = to_text(letters);
  static constexpr std::array<std::string_view, 6> titles{"Ông ", "Bà ", "Ô. ", "Anh ", "Chị ", "BN "};
  if (happens(random, rate_title)) text = std::string(titles[random.below(titles.size())]) + text;
  return text;
}

std::string Spoiler::birth(Prng& random, BirthDay b) const {
  if (happens(random, rate_year_only)) return std::to_string(b.year);
  if (happens(random, rate_first_of_january)) b.month = b.day = 1;
  if (b.day <= 12 && happens(random, rate_day_month_swapped)) std::swap(b.day, b.month);
  if (happens(random, rate_day_wrong)) b.day = 1 + static_cast<int>(random.below(28));
  b.year = birth_year(random, b.year);
  const std::array<double, 6> forms{50, 28, 12, 4, 4, 2};
  switch (random.weighted(forms)) {
    case 0: return padded(b.day, 2) + "/" + padded(b.month, 2) + "/" + std::to_string(b.year);
    case 1: return std::to_string(b.year) + "-" + padded(b.month, 2) + "-" + padded(b.day, 2);
    case 2: return padded(b.day, 1) + "/" + padded(b.month, 1) + "/" + std::to_string(b.year);
    case 3: return padded(b.day, 2) + padded(b.month, 2) + std::to_string(b.year);
    case 4: return padded(b.day, 2) + "-" + padded(b.month, 2) + "-" + std::to_string(b.year);
    default: {  // the day as a spreadsheet counts it, from 30 December 1899
      using namespace std::chrono;
      auto days = sys_days{year{b.year} / b.month / b.day} - sys_days{year{1899} / 12 / 30};
      return days.count() >= 10'000 ? std::to_string(days.count()) : padded(b.day, 2) + "/" + padded(b.month, 2) + "/" + std::to_string(b.year);
    }
  }
}

int Spoiler::birth_year(Prng& random, int year) const {
  return happens(random, rate_year_wrong) ? year + (random.chance(0.5) ? 1 : -1) : year;
}

std::string Spoiler::phone(Prng& random, std::uint32_t national, bool& intact) const {
  auto digits = plain_phone(national);
  intact = true;
  if (happens(random, rate_digits_rounded)) {
    intact = false;
    return digits.substr(1, 1) + "." + digits.substr(2, 2) + "E+08";
  }
  if (happens(random, rate_digit_wrong)) {
    intact = false;
    digits = one_digit_wrong(random, std::move(digits), 3);
  }
  for (auto [old_prefix, now] : prefixes_2018)
    if (std::stoi(digits.substr(1, 2)) == now && happens(random, rate_old_prefix)) return "0" + std::to_string(old_prefix) + digits.substr(3);
  if (happens(random, rate_scientific)) return digits.substr(1, 1) + "." + digits.substr(2) + "E+08";
  if (happens(random, rate_zero_lost)) return digits.substr(1);
  if (happens(random, rate_quoted_number)) return "'" + digits;
  if (happens(random, rate_dots)) return dotted(digits);
  if (happens(random, rate_country_code)) return (random.chance(0.6) ? "+84" : "84") + digits.substr(1);
  return digits;
}

std::string Spoiler::id_number(Prng& random, std::string_view number, bool& intact) const {
  std::string digits(number);
  intact = true;
  if (happens(random, rate_digit_wrong)) {
    intact = false;
    const std::size_t from = digits.size() == 12 ? 6 : 3;
    digits = one_digit_wrong(random, std::move(digits), from);
  }
  if (digits[0] == '0' && happens(random, rate_zero_lost)) return digits.substr(1);
  if (happens(random, rate_quoted_number)) return "'" + digits;
  return digits;
}

std::string Spoiler::unit(Prng& random, std::string_view name) const {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> shorts{
      {{"Phường ", "P. "}, {"Xã ", "X. "}, {"Thành phố ", "TP. "}, {"Thị xã ", "TX. "}, {"Huyện ", "H. "}}};
  std::string text(name);
  if (happens(random, rate_unit_short))
    for (auto [kind, brief] : shorts)
      if (text.starts_with(kind)) {
        auto rest = text.substr(kind.size());
        // A numbered ward keeps its letter, a named unit is often written without any.
        if (std::isdigit(static_cast<unsigned char>(rest[0])) != 0) text = (random.chance(0.5) ? "P." : "P") + rest;
        else text = random.chance(0.5) ? std::string(brief) + rest : rest;
        break;
      }
  return happens(random, rate_unit_bare) ? to_bare(to_letters(text)) : text;
}

}  // namespace motcua::app::town
