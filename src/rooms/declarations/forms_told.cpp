// What the answers tell the house: symptoms and contacts for the pass and the desk, rides and stops for tracing.
#include <algorithm>

#include "base/vietnamese.hpp"
#include "rooms/declarations/forms.hpp"

namespace motcua::declarations {
namespace {

constexpr auto ride_max = std::chrono::days(7);
constexpr std::string_view flight = "flight";        // value of a ride_kind

/// What was answered to the field that means this, `time` of a repeated page; empty: nothing.
struct Told {
  const Form& form;
  const FormAnswers& answers;
  std::string_view operator()(std::string_view means, int time = 0) const {
    for (const auto& page : form.pages)
      for (const auto& field : page.fields)
        if (field.means == means && (page.repeat > 0) == (time > 0) && is_asked(Step{&page, time}, field, answers)) return value_of(answers, key_of(field, time));
    return {};
  }
};

bool is_day(std::string_view moment) { return moment.size() == 10; }
Instant end_of_day(Instant t) { return vietnam_midnight(vietnam_date(t)) + std::chrono::days(1); }

/// The end that was told, where it can be one.
std::optional<Instant> end_of(std::string_view moment, Instant from) {
  if (moment.empty()) return std::nullopt;
  const auto told = parse_instant(moment);
  if (!told) return std::nullopt;
  const Instant end = is_day(moment) ? end_of_day(*told) : *told;
  return end > from && end - from <= ride_max ? std::optional(end) : std::nullopt;
}

std::optional<Journey> ride_of(const Told& told, const DefaultStays& stays) {
  const bool flies = told("ride_kind") == flight;
  const std::string_view code = told("ride_code"), from = told("ride_from");
  auto ride = parse_journey({flies ? "airplane" : "", flies ? code : "", flies ? "" : code, told("ride_seat"), from}, stays);
  if (!ride || !*ride) return std::nullopt;
  (*ride)->to = end_of(told("ride_to"), (*ride)->from).value_or((*ride)->to);
  return std::move(**ride);
}

/// A stop without a time of its own is anywhere in the rest of the day on which the ride began.
std::optional<Journey> stop_of(const Told& told, int time, const DefaultStays& stays) {
  const std::string name = to_ride_code(vietnamese::fold(told("stop_name", time)));
  const std::string_view ward = told("stop_ward", time), at = told("stop_from", time), began = told("ride_from");
  const auto from = parse_instant(at.empty() ? began : at);
  if (name.empty() || ward.empty() || !from) return std::nullopt;
  const Instant otherwise = at.empty() || is_day(at) ? end_of_day(*from) : *from + stays.venue;
  return Journey{.subject = {}, .place_code = "stop:" + std::string(ward) + ":" + name, .kind = "venue", .seat = {}, .from = *from, .to = end_of(told("stop_to", time), *from).value_or(otherwise)};
}

int symptoms_of(const std::vector<std::string>& values) {
  int bits = 0;
  for (const auto& value : values) {
    if (value == "none") continue;
    const auto code = std::find(symptom_codes.begin(), symptom_codes.end(), value);
    bits |= 1 << std::min<std::ptrdiff_t>(code - symptom_codes.begin(), static_cast<std::ptrdiff_t>(symptom_codes.size()) - 1);
  }
  return bits;
}

}  // namespace

Answers to_told(const Form& form, const FormAnswers& answers) {
  Answers told;
  for (const Step& step : steps_of(form, answers))
    for (const auto& field : step.page->fields) {
      const auto found = answers.find(key_of(field, step.time));
      if (field.means.empty() || found == answers.end() || found->second.empty() || !is_asked(step, field, answers)) continue;
      const bool yes = found->second[0] == "yes";
      if (field.means == "symptoms") told.symptoms |= symptoms_of(found->second);
      if (field.means == "contact_with_case") told.contact_case = yes;
      if (field.means == "contact_with_symptomatic") told.contact_symptomatic = yes;
      if (field.means == "from_affected_area") told.from_affected_area = yes;
    }
  return told;
}

PassFacts to_facts(const Answers& told) {
  return {.symptoms = told.symptoms != 0, .contact_with_case = told.contact_case.value_or(false), .contact_with_symptomatic = told.contact_symptomatic.value_or(false),
          .from_affected_area = told.from_affected_area.value_or(false)};
}

std::vector<Journey> to_journeys(const Form& form, const FormAnswers& answers, const DefaultStays& stays) {
  std::vector<Journey> journeys;
  const Told told{form, answers};
  if (auto ride = ride_of(told, stays)) journeys.push_back(std::move(*ride));
  for (const Step& step : steps_of(form, answers)) {
    const bool is_stop = step.time > 0 && std::any_of(step.page->fields.begin(), step.page->fields.end(), [](const Field& f) { return f.means == "stop_name"; });
    if (!is_stop) continue;
    if (auto stop = stop_of(told, step.time, stays)) journeys.push_back(std::move(*stop));
  }
  return journeys;
}

}  // namespace motcua::declarations
