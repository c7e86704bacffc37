#pragma once
// Answers as typed, scanned or sent, put into the one way they are kept (forms.hpp, FieldKind); and shown again as people write them. Inner header of the room.
#include "platform/i18n/countries.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/units/units.hpp"
#include "rooms/declarations/forms.hpp"

namespace motcua::declarations {

/// What answers are read against: the maps, and the day in Vietnam.
struct Reading {
  const units::Units& units;
  Date today;
};
struct ReadAnswers {
  FormAnswers answers;                  // what cannot be read stays as it came
  std::vector<Failure> failures;        // by key
};
inline constexpr int wards_offered_max = 30;

/// Answers to fields that are asked; empty ones are left out. Failures: those of check_answers, and declarations.number_outside (args min, max), date_unreadable, date_outside (args from, to),
/// time_unreadable, country_unknown, ward_unclear (several may be meant: offer_wards), ward_unknown, code_unreadable, those of parse_phone.
ReadAnswers read_answers(const Form& form, const FormAnswers& typed, const Reading& reading);
/// Those that can be read and fit: of a draft, or of what is known.
FormAnswers readable_only(const Form& form, const FormAnswers& answers, const Reading& reading);
/// The wards that may be meant by what was typed; best first, at most wards_offered_max.
std::vector<units::Unit> offer_wards(std::string_view typed, const Reading& reading);

/// "Sốt, Ho"; "31/07/2021"; "Phường 17, Quận Gò Vấp, Thành phố Hồ Chí Minh"; what cannot be read as it is.
std::string show_answer(const Field& field, const std::vector<std::string>& values, std::string_view lang, const Reading& reading);
/// All answers of a step in one line: "Chợ Bến Thành · Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh".
std::string show_step_in_line(const Step& step, const FormAnswers& answers, std::string_view lang, const Reading& reading);

}  // namespace motcua::declarations
