#pragma once
// Pages: Mustache files of the slices ("tracing/case" is src/rooms/tracing/pages/case.html, "layout/desk" web/layout/desk.html),
// escaped by default, parsed once per language at start. In a file
//   {{name}} {{#list}} {{^list}} {{{trusted}}}   as in Mustache, looked up in the context, an empty text counts as absent;
//   {{_ tracing.case_title}}                     is the sentence of that key; its own {{values}} are filled from the context, escaped;
//   {{> layout/pagination}}                      takes another file in, where it stands.
// No script and no style stands in a page: the Content-Security-Policy forbids it.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "platform/http/hooks.hpp"
#include "platform/http/message.hpp"
#include "platform/i18n/i18n.hpp"

namespace motcua::pages {

enum class Layout { citizen, desk };   // one column of 38 em; a left rail with the rooms one may enter

/// One entry of the desk's rail. Rooms add theirs when they are made.
struct NavigationItem {
  std::string key;                     // text key of its label, and its name: "tracing.nav_cases"
  std::string path;                    // without language: "/cases"
  std::vector<std::string> roles;      // who sees it; empty: everybody signed in
  int order = 0;                       // 10, 20 ...: work; from 500 on under "data"
  /// How much waits there for this reader, asked for every page: an indexed count that may stop at badge_max + 1; a failure shows none. The text
  /// key with "_count" behind it says of what.
  std::function<Result<std::int64_t>(const http::Request&)> count = {};
};
/// `roles` of what residents see: they hold none.
inline const std::vector<std::string> for_residents{"resident"};
inline constexpr std::int64_t badge_max = 99;   // a larger count reads "99+"

/// What surrounds a page.
struct PageFrame {
  std::string title;                   // already in the language of the request
  Layout layout = Layout::desk;
  std::string active = {};             // key of the navigation item this page belongs to
  std::vector<std::pair<std::string, std::string>> crumbs = {};   // label, path without language (empty: not a link)
  std::vector<std::string> scripts = {};   // modules of web/dist the page is better with: "chain.js"
  bool wide = false;                   // desk: the page uses the whole width
};

class Pages {
 public:
  /// `asset_path` gives the address of an embedded file of web/dist (http::asset_path). A template that cannot be parsed, or asks for a
  /// key or a file that is not there, is a defect: std::logic_error, at start.
  Pages(const i18n::Texts& texts, std::function<std::string(std::string_view)> asset_path);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  void add_navigation(NavigationItem item);
  /// A link that one room puts on another room's page without that one knowing it: `place` is "person" (a person's page of the desk) or
  /// "resident" (a person on a resident's own page); the path holds "{id}".
  void add_related(std::string place, NavigationItem item);
  /// The rail as a list, for a start page: [{label, href, about}]; `about` is the text key + "_about" where there is one.
  boost::json::array rooms(const http::Request& request) const;
  /// Those of a place that the reader may follow: [{label, href}].
  boost::json::array related(const http::Request& request, std::string_view place, std::string_view id) const;

  /// The whole page. What every template may use besides `context`: lang, root ("/vi"), path, csrf, signed_in, display_name, resident.
  /// Forms carry `<input type="hidden" name="csrf" value="{{csrf}}">`. An unknown template is a defect.
  std::string render(const http::Request& request, std::string_view name, boost::json::object context, const PageFrame& frame) const;
  /// A template without its surroundings, for parts that a script puts beside a list.
  std::string render_part(const http::Request& request, std::string_view name, boost::json::object context) const;

  /// The page of a failure (http::Hooks::error_page): what happened, what to do, the number of the request.
  http::Response error_page(const http::Request& request, int status, const Failure& failure) const;

  /// The page of somebody in line before the door (http::Hooks::waiting_page): the place, the time, and that both are kept.
  http::Response waiting_page(const http::Request& request, const http::LinePlace& place) const;

  const i18n::Texts& texts() const;
  /// All templates, and all text keys they name: for the tests that walk the house.
  std::vector<std::string> names() const;
  std::vector<std::string> keys() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "/vi" + path, with the language of the request.
std::string link(const http::Request& request, std::string_view path);
/// The same page with one query value changed or (empty) taken away, and back at page 1: filter chips, sorting, paging.
std::string link_with(const http::Request& request, std::string_view name, std::string_view value);

/// What layout/pagination reads, to be put into the context as "pagination". Empty object when one page is enough.
boost::json::object pagination(const i18n::Texts& texts, const http::Request& request, std::int64_t total, int page, int page_size);
/// What layout/errors reads: the list `errors` of {text, field}; and `error_<field>` for the message beside the field, whose id is the field's name.
void put_errors(const i18n::Texts& texts, std::string_view lang, const std::vector<Failure>& failures, boost::json::object& context);

}  // namespace motcua::pages
