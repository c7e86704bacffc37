#include "rooms/exposure/model.hpp"

namespace motcua::exposure {

std::string_view to_text(ReportType type) {
  switch (type) {
    case ReportType::confirmed: return "confirmed";
    case ReportType::likely: return "likely";
    case ReportType::self_report: return "user-report";
    case ReportType::negative: return "negative";
    case ReportType::unknown: return "";
  }
  return "";
}

std::optional<ReportType> parse_report_type(std::string_view text) {
  for (const ReportType type : {ReportType::confirmed, ReportType::likely, ReportType::negative})
    if (text == to_text(type)) return type;
  return std::nullopt;
}

std::int64_t interval_of(Instant at) { return to_millis(at) / interval_ms; }
Instant start_of(std::int64_t interval) { return from_millis(interval * interval_ms); }

}  // namespace motcua::exposure
