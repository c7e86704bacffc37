#include "platform/storage/session.hpp"

#include "base/vietnamese.hpp"
#include "platform/metrics/metrics.hpp"

namespace motcua::storage {

namespace {
constexpr std::size_t statement_shown_bytes_max = 400;
}

Result<void> check_text(const Values& parameters) {
  for (const auto& value : parameters) {
    const auto* text = std::get_if<std::string>(&value.get());
    if (text != nullptr && !vietnamese::is_clean_utf8(*text)) return invalid("storage.bad_text");
  }
  return {};
}

void count_statement() {
  static auto& asked = metrics::registry().counter("motcua_storage_statements_total", "Statements of reads and transactions.");
  asked.add();
}

std::string statement_text(std::string_view sql) {
  std::string shown(sql.substr(0, statement_shown_bytes_max));
  for (auto& c : shown)
    if (c == '\n' || c == '\t') c = ' ';
  if (sql.size() > shown.size()) shown += " ...";
  return shown;
}

}  // namespace motcua::storage
