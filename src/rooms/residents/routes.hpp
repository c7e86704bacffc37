#pragma once
// Pages and API of the door: parse, one call, present. Inner header of the room.
#include <boost/json/object.hpp>

#include "platform/http/router.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/openid/openid.hpp"
#include "platform/pages/pages.hpp"
#include "rooms/residents/cards.hpp"

namespace motcua::residents {

struct Site {
  House* house;
  Residents* residents;
  const Cards* cards;
  const Accounts* accounts;
  const People* people;
  std::shared_ptr<openid::Provider> openid;   // none: no issuer is set
  std::string text(const http::Request& request, std::string_view key, const i18n::Args& args = {}) const { return house->texts.text(request.lang, key, args); }
  /// A citizen's page; with failures the same page again under the status of the first.
  http::Response page(const http::Request& request, std::string_view name, boost::json::object context, std::string_view title_key, const std::vector<Failure>& failures = {},
                      std::vector<std::string> scripts = {}) const;
};

/// A failure that belongs beside a field goes back to the form.
bool belongs_on_form(const Failure& failure);
std::string_view assurance_text(Assurance assurance);

/// Nine fields of a form, and the same filled in again with birth as people write it.
/// `otherwise` with what the form sends: a form need not ask everything.
Details details_of(const http::Request& request, Details otherwise = {});
boost::json::object details_context(const Site& site, const http::Request& request, const Details& details);
std::string birth_text(const std::string& told);
/// What a citizen card's or health insurance card's QR code says of its holder. Nothing in it proves anything (base/document_qr.hpp).
Result<Details> details_of_scan(std::string_view scanned);
/// By a phone, or by the QR code of a citizen card where no phone is given. Failures of the one or the other; residents.not_a_citizen_card (field card).
Result<Arrived> arrive(const Site& site, const Origin& origin, const std::string& phone, const std::string& card);
/// Where whoever has come in goes: first to who they are, if that is not known yet, and from there to `next`.
std::string entered_path(const http::Request& request, const std::string& lang, const Entered& entered, const std::string& next);
/// A path of this site, or /me.
std::string safe_next(const http::Request& request, const std::string& next);
/// None or one, for Site::page.
inline std::vector<Failure> listed(const Failure* failure) { return failure ? std::vector<Failure>{*failure} : std::vector<Failure>(); }
/// The cookie of who has come in.
void put_session(const http::Request& request, http::Response& response, const Entered& entered);

void add_routes(http::Router& router, const Site& site);
void add_sign_in_routes(http::Router& router, const Site& site);
void add_people_routes(http::Router& router, const Site& site);
void add_card_routes(http::Router& router, const Site& site);
void add_counter_routes(http::Router& router, const Site& site);
void add_openid_routes(http::Router& router, const Site& site);
void add_api_routes(http::Router& router, const Site& site);

}  // namespace motcua::residents
