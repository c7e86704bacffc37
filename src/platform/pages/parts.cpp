// What the shared parts of pages read: links, paging, error summaries.
#include <algorithm>
#include <boost/json.hpp>

#include "platform/http/target.hpp"
#include "platform/i18n/format.hpp"
#include "platform/pages/pages.hpp"

namespace motcua::pages {
namespace json = boost::json;

std::string link(const http::Request& request, std::string_view path) { return "/" + request.lang + std::string(path); }

std::string link_with(const http::Request& request, std::string_view name, std::string_view value) {
  std::string query;
  const auto add = [&query](std::string_view key, std::string_view text) {
    if (text.empty()) return;
    query += (query.empty() ? "?" : "&") + http::percent_encode(key) + "=" + http::percent_encode(text);
  };
  for (const auto& [key, text] : request.query)
    if (key != name && key != "page") add(key, text);
  add(name, value);
  return link(request, request.path) + query;
}

json::object pagination(const i18n::Texts& texts, const http::Request& request, std::int64_t total, int page, int page_size) {
  const std::int64_t last = (total + page_size - 1) / page_size;
  json::object out;
  if (last <= 1) return out;
  const auto href = [&](std::int64_t number) { return link_with(request, "page", std::to_string(number)); };
  json::array pages;
  std::int64_t before = 0;
  for (std::int64_t number = 1; number <= last; ++number) {
    const bool shown = number == 1 || number == last || std::abs(number - page) <= 1;
    if (!shown) continue;
    if (number > before + 1) pages.push_back(json::object{{"gap", true}});
    pages.push_back(json::object{{"number", i18n::number(number)}, {"href", href(number)}, {"current", number == page}});
    before = number;
    if (number == 1 && page > 3) number = page - 2;                       // jump, so that a million pages cost nothing
    else if (number > page && number < last - 1) number = last - 1;
  }
  out["numbers"] = std::move(pages);
  out["numbers_shown"] = true;
  if (page > 1) out["previous"] = href(page - 1);
  if (page < last) out["next"] = href(page + 1);
  out["summary"] = texts.text(request.lang, "pages.rows_shown",
                              {{"from", i18n::number(std::int64_t{page - 1} * page_size + 1)},
                               {"to", i18n::number(std::min<std::int64_t>(std::int64_t{page} * page_size, total))},
                               {"total", i18n::number(total)}});
  return out;
}

void put_errors(const i18n::Texts& texts, std::string_view lang, const std::vector<Failure>& failures, json::object& context) {
  if (failures.empty()) return;
  json::array errors;
  for (const auto& failure : failures) {
    const std::string sentence = texts.sentence(lang, failure);
    errors.push_back(json::object{{"text", sentence}, {"field", failure.field}});
    if (!failure.field.empty()) context["error_" + failure.field] = sentence;
  }
  context["errors"] = std::move(errors);
  context["error_list"] = true;
}

}  // namespace motcua::pages
