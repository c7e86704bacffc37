#include "rooms/declarations/answers.hpp"

#include <algorithm>
#include <charconv>

#include "base/phone.hpp"
#include "base/vietnamese.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::declarations {
namespace {

using Read = Result<std::string>;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string() : std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}
std::string iso_day(Date day) { return motcua::to_iso(vietnam_midnight(day)).substr(0, 10); }

Read read_number(const Field& field, std::string_view typed) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  if (error != std::errc() || end != typed.data() + typed.size() || number < field.min || number > field.max)
    return invalid("declarations.number_outside", {}, {{"min", std::to_string(field.min)}, {"max", std::to_string(field.max)}});
  return std::to_string(number);
}

Result<Date> read_day(const Field& field, std::string_view typed, Date today) {
  const auto date = parse_date(typed);
  if (!date || !date->full()) return invalid("declarations.date_unreadable");
  const Date day(std::chrono::year(date->year), std::chrono::month(static_cast<unsigned>(date->month)), std::chrono::day(static_cast<unsigned>(date->day)));
  const auto first = std::chrono::sys_days(today) - std::chrono::days(field.days_back), last = std::chrono::sys_days(today) + std::chrono::days(field.days_ahead);
  if (std::chrono::sys_days(day) < first || std::chrono::sys_days(day) > last)
    return invalid("declarations.date_outside", {}, {{"from", i18n::date_short("vi", Date(first))}, {"to", i18n::date_short("vi", Date(last))}});
  return day;
}

/// "2021-07-31T08:30", "31/7/2021 8:30", or a day alone.
Read read_moment(const Field& field, std::string_view typed, Date today) {
  const auto split = typed.find_first_of("T ");
  TRY_ASSIGN(const Date day, read_day(field, typed.substr(0, split), today));
  const std::string time = split == std::string_view::npos ? "" : trimmed(typed.substr(split + 1));
  if (time.empty()) return iso_day(day);
  int hour = -1, minute = -1;
  const char* end = time.data() + time.size();
  const auto hours = std::from_chars(time.data(), end, hour);
  const bool parted = hours.ec == std::errc() && hours.ptr != end && (*hours.ptr == ':' || *hours.ptr == 'h' || *hours.ptr == '.');
  if (parted) std::from_chars(hours.ptr + 1, end, minute);
  if (!parted || hour < 0 || hour > 23 || minute < 0 || minute > 59) return invalid("declarations.time_unreadable");
  return motcua::to_iso(vietnam_time(day, hour, minute)).substr(0, 16);
}

Read read_ward(std::string_view typed, const Reading& reading) {
  if (typed.size() == 5 && std::all_of(typed.begin(), typed.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    const auto unit = reading.units.find(typed, reading.today);
    return unit && unit->level == units::Level::ward ? Read(std::string(typed)) : Read(invalid("declarations.ward_unknown"));
  }
  const auto found = reading.units.resolve_address(typed, reading.today);
  if (!found.ward_code.empty()) return found.ward_code;
  return invalid(offer_wards(typed, reading).empty() ? "declarations.ward_unknown" : "declarations.ward_unclear");
}

Read read_value(const Field& field, std::string_view typed, const Reading& reading) {
  switch (field.kind) {
    case FieldKind::number: return read_number(field, typed);
    case FieldKind::date: {
      TRY_ASSIGN(const Date day, read_day(field, typed, reading.today));
      return iso_day(day);
    }
    case FieldKind::moment: return read_moment(field, typed, reading.today);
    case FieldKind::country: {
      const auto code = i18n::find_country(typed);
      return code ? Read(*code) : Read(invalid("declarations.country_unknown"));
    }
    case FieldKind::ward: return read_ward(typed, reading);
    case FieldKind::phone: {
      TRY_ASSIGN(const auto phone, parse_phone(typed));
      return phone.number;
    }
    case FieldKind::code: {
      const std::string code = to_ride_code(typed);
      return code.empty() ? Read(invalid("declarations.code_unreadable")) : Read(code);
    }
    default: return std::string(typed);
  }
}

}  // namespace

ReadAnswers read_answers(const Form& form, const FormAnswers& typed, const Reading& reading) {
  ReadAnswers out;
  for (const auto& [key, values] : typed) {
    std::vector<std::string> filled;
    for (const auto& value : values)
      if (auto text = trimmed(value); !text.empty()) filled.push_back(std::move(text));
    if (!filled.empty()) out.answers[key] = std::move(filled);
  }
  out.answers = asked_only(form, out.answers);
  out.failures = check_answers(form, out.answers);
  for (const Step& step : steps_of(form, out.answers))
    for (const auto& field : step.page->fields) {
      const auto found = out.answers.find(key_of(field, step.time));
      const bool wrong_already = std::any_of(out.failures.begin(), out.failures.end(), [&](const Failure& f) { return found != out.answers.end() && f.field == found->first; });
      if (found == out.answers.end() || wrong_already || !field.choices.empty()) continue;
      auto read = found->second[0].size() > typed_bytes_max ? Read(invalid("declarations.text_unreadable")) : read_value(field, found->second[0], reading);
      if (read) found->second = {std::move(*read)};
      else out.failures.push_back(invalid(read.failure().code, found->first, read.failure().args));
    }
  return out;
}

FormAnswers readable_only(const Form& form, const FormAnswers& answers, const Reading& reading) {
  auto [read, failures] = read_answers(form, fitting_only(form, answers), reading);
  for (const auto& failure : failures) read.erase(failure.field);
  return fitting_only(form, read);
}

std::vector<units::Unit> offer_wards(std::string_view typed, const Reading& reading) { return reading.units.search(typed, reading.today, wards_offered_max); }

std::string show_answer(const Field& field, const std::vector<std::string>& values, std::string_view lang, const Reading& reading) {
  std::string out;
  for (const auto& value : values) {
    const auto choice = std::find_if(field.choices.begin(), field.choices.end(), [&](const Choice& c) { return c.value == value; });
    out += (out.empty() ? "" : ", ") + (choice == field.choices.end() ? value : choice->label.in(lang));
  }
  if (field.kind == FieldKind::country) return i18n::country_name(lang, out);
  if (field.kind == FieldKind::ward) return reading.units.full_name(out, reading.today);
  if (field.kind == FieldKind::phone) return to_display_phone(out);
  if (field.kind != FieldKind::date && field.kind != FieldKind::moment) return out;
  const auto at = parse_instant(out);
  if (!at) return out;
  return out.size() == 10 ? i18n::date_short(lang, vietnam_date(*at)) : i18n::date_time(lang, *at);
}

std::string show_step_in_line(const Step& step, const FormAnswers& answers, std::string_view lang, const Reading& reading) {
  std::string line;
  for (const auto& field : step.page->fields)
    if (const auto found = answers.find(key_of(field, step.time)); found != answers.end()) line += (line.empty() ? "" : " · ") + show_answer(field, found->second, lang, reading);
  return line;
}

}  // namespace motcua::declarations
