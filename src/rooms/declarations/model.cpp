#include "rooms/declarations/model.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/vietnamese.hpp"
#include "platform/config/config.hpp"

namespace motcua::declarations {
namespace {

using Words = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view text, Words words) { return std::find(words.begin(), words.end(), text) != words.end(); }

/// `word` as whole words of `text`.
bool says(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    bool begins = at == 0 || text[at - 1] == ' ', ends = at + word.size() == text.size() || text[at + word.size()] == ' ';
    if (begins && ends) return true;
  }
  return false;
}

struct Symptom {
  int bit;
  std::string_view folded;
};
// Bits as in symptom_codes; words as folded by base. Both languages of the forms.
constexpr Symptom symptom_words[] = {{0, "sot"}, {0, "fever"}, {1, "ho"}, {1, "cough"}, {2, "kho tho"}, {2, "breath"}, {2, "breathing"},
                                     {2, "dyspnoea"}, {3, "viem phoi"}, {3, "pneumonia"}, {4, "dau hong"}, {4, "sore throat"}, {5, "met moi"},
                                     {5, "met"}, {5, "fatigue"}, {5, "tired"}};
constexpr int bit_other = 6;

int symptoms_of_item(std::string_view item) {
  auto folded = vietnamese::fold(item);
  if (folded.empty() || is_one_of(folded, {"none", "no", "binh thuong", "0", "2"}) || folded.starts_with("khong") || folded.starts_with("no ")) return 0;
  int bits = 0;
  for (const auto& s : symptom_words)
    if (says(folded, s.folded)) bits |= 1 << s.bit;
  return bits != 0 ? bits : 1 << bit_other;
}

}  // namespace

std::string to_ride_code(std::string_view text) {
  std::string code;
  for (char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) code += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return code;
}

Result<std::optional<bool>> parse_answer(std::string_view text) {
  if (text.empty()) return std::optional<bool>{};
  if (text == "1") return std::optional(true);
  if (text == "0" || text == "2") return std::optional(false);
  auto folded = vietnamese::fold(text);
  if (is_one_of(folded, {"co", "yes", "true", "x", "i", "y", "dung"})) return std::optional(true);
  if (is_one_of(folded, {"khong", "no", "false", "n", "k", "sai"})) return std::optional(false);
  return invalid("declarations.answer_unreadable");
}

int parse_symptoms(std::string_view text) {
  int bits = 0;
  while (!text.empty()) {
    auto end = text.find_first_of(",;/+|\n");
    bits |= symptoms_of_item(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return bits;
}

std::vector<std::string> to_codes(int symptoms) {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < symptom_codes.size(); ++i)
    if ((symptoms >> i & 1) != 0) codes.emplace_back(symptom_codes[i]);
  return codes;
}

DefaultStays default_stays(const config::Settings& settings) {
  return {.vehicle = settings.duration("visits.vehicle_stay_min"), .flight = settings.duration("visits.flight_stay_min"), .venue = settings.duration("visits.venue_stay_min")};
}

Result<std::optional<Journey>> parse_journey(const RideText& ride, const DefaultStays& stays) {
  bool flight = !ride.flight_code.empty() || vietnamese::fold(ride.vehicle) == "airplane";
  auto code = to_ride_code(ride.flight_code.empty() ? ride.vehicle_code : ride.flight_code);
  if (code.empty() || ride.start_time.empty()) return std::optional<Journey>{};
  TRY_ASSIGN(auto start, parse_instant(ride.start_time));
  bool day_only = ride.start_time.size() <= 10 && ride.start_time.find_first_of("/-.") != std::string_view::npos;
  Journey journey{.kind = flight ? "flight" : "vehicle", .seat = std::string(ride.seat), .from = start};
  journey.place_code = journey.kind + ":" + code + ":" + to_iso(start).substr(0, 10);
  journey.to = start + (day_only ? std::chrono::hours{24} : flight ? stays.flight : stays.vehicle);
  return std::optional(std::move(journey));
}

int year_of_birth(std::string_view birth) {
  const auto date = parse_date(birth);
  return date ? date->year : 0;
}

}  // namespace motcua::declarations
