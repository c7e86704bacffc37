#pragma once
// What the pages of declaring share: whom an address names, and how a field stands on a page. Inner header of the room.
#include <boost/json.hpp>

#include "platform/pages/pages.hpp"
#include "rooms/declarations/routes.hpp"

namespace motcua::declarations {

struct DeclaringSite {
  House* house;
  identity::Identity* identity;
  residents::Residents* residents;
  const Declaring* declaring;

  std::string text(const http::Request& request, std::string_view key, const i18n::Args& args = {}) const { return house->texts.text(request.lang, key, args); }
  http::Response page(const http::Request& request, std::string_view name, boost::json::object context, std::string title, int status = 200) const {
    return http::Response::html(house->pages.render(request, name, std::move(context), {.title = std::move(title), .layout = pages::Layout::citizen}), status);
  }
};

Act teller_of(const http::Request& request);

/// Whom and what an address names. Whose it is comes first: what is not the asker's own is not there, whatever else the address says.
struct Asked {
  residents::Person person;
  const Form* form = nullptr;
  std::string base;                     // "/me/declare/{person}/{form}"
};
Result<Asked> asked_of(const DeclaringSite& site, const http::Request& request);

/// What template declarations/field reads, one for each field of the step that is asked; `failures` by key.
boost::json::array show_step(const House& house, std::string_view lang, const Step& step, const FormAnswers& answers, const std::vector<Failure>& failures, const Reading& reading);
/// What such a page sends, as typed.
FormAnswers typed_answers(const http::Request& request, const Step& step, const Reading& reading);

void add_question_routes(http::Router& router, const DeclaringSite& site);
void add_sending_routes(http::Router& router, const DeclaringSite& site);
void add_receipt_routes(http::Router& router, const DeclaringSite& site);
void add_wrong_routes(http::Router& router, const DeclaringSite& site);

}  // namespace motcua::declarations
