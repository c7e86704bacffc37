#pragma once
// What a declaration says, taken out of the words of two forms.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rooms/declarations/declarations.hpp"

namespace motcua::declarations {

inline constexpr std::array<std::string_view, 7> symptom_codes{"fever", "cough", "dyspnoea", "pneumonia", "sore_throat", "fatigue", "other"};

struct Answers {
  bool on_behalf = false;
  int symptoms = 0;                                       // bits in the order of symptom_codes
  std::optional<bool> contact_case, contact_symptomatic, from_affected_area;
};

/// A declaration ready to be saved.
struct Declaration {
  std::shared_ptr<const identity::PreparedRecord> record;
  std::string subject, source, record_id, kind;
  Instant declared_at{};
  Answers answers;
  std::optional<Journey> journey;
};

/// "Có", "yes", "1", "x" ... true; "Không", "no", "0", "2" (VHD's no) ... false; empty: nothing said. Fails on other words.
Result<std::optional<bool>> parse_answer(std::string_view text);
/// Free text in Vietnamese or English: "Sốt, ho khan", "không". What is none of the six known symptoms is "other".
int parse_symptoms(std::string_view text);
std::vector<std::string> to_codes(int symptoms);

/// Of a birth as people write it; 0: unknown.
int year_of_birth(std::string_view birth);

/// What the form says of a ride; empty texts where it says nothing.
struct RideText {
  std::string_view vehicle, flight_code, vehicle_code, seat, start_time;
};
struct DefaultStays {
  std::chrono::milliseconds vehicle{}, flight{}, venue{};
};
DefaultStays default_stays(const config::Settings& settings);
/// Capital letters and digits of a number plate or flight number as people write it: "50H-123.45" is 50H12345.
std::string to_ride_code(std::string_view text);
/// Nothing where no vehicle is named. A day without a time stands for the whole day. Failure of base (time.unreadable).
Result<std::optional<Journey>> parse_journey(const RideText& ride, const DefaultStays& stays);

}  // namespace motcua::declarations
