#pragma once
// Pages about persons: who is this, a person's records with the reasons, doubtful pairs, who looked. Inner header of the room.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "platform/http/router.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::identity {

void add_page_routes(http::Router& router, House& house, Identity& identity);

/// What the routes share.
struct Site {
  House* house;
  Identity* identity;

  std::string text(const http::Request& request, std::string_view key, const i18n::Args& args = {}) const {
    return house->texts.text(request.lang, key, args);
  }
  std::string when(const http::Request& request, Instant at) const;
  std::string ward(const std::string& code) const;                                  // with its parents; empty for none
  /// "auto" and "rule" as words, an account as itself to its owner and as "a colleague" to others.
  std::string decider(const http::Request& request, const std::string& who) const;
  http::Response page(const http::Request& request, std::string_view name, boost::json::object context, pages::PageFrame frame,
                      const Failure* failure = nullptr) const;
};
http::Access for_reviewers();   // tracer, tracing_supervisor, reviewer
Result<Viewer> viewer_for(const http::Request& request, std::string action);
/// Wrong input or a state that moved on goes back to the page it came from; anything else to the error page.
bool belongs_on_page(const Failure& failure);

// ---- as templates read them (show.cpp)
boost::json::object show_summary(const Site& site, const http::Request& request, const PersonSummary& person);
boost::json::object show_record(const Site& site, const http::Request& request, const RecordView& record);
/// Bars of evidence as numbers a drawing can use: to the right for one person, to the left against.
boost::json::object show_waterfall(const Site& site, const http::Request& request, const Waterfall& why);
/// "NCOVI declarations" for ncovi; another source as it is called.
std::string source_name(const Site& site, const http::Request& request, const std::string& source);
/// Field by field, with what differs marked.
boost::json::array show_comparison(const Site& site, const http::Request& request, const RecordView& a, const RecordView& b);

void add_model_routes(http::Router& router, const Site& site);
void add_person_routes(http::Router& router, const Site& site);
void add_reader_routes(http::Router& router, const Site& site);
void add_repair_routes(http::Router& router, const Site& site);
void add_review_routes(http::Router& router, const Site& site);

}  // namespace motcua::identity
