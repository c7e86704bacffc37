// What the door answers, as templates read it.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "base/phone.hpp"
#include "platform/auth/access.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/identity/routes.hpp"

namespace motcua::identity {
namespace json = boost::json;
using http::Request;

namespace {

constexpr double drawing_width = 200;   // of a waterfall, in its own units

std::string phone_text(const Personal<std::string>& phone) { return phone.reveal().empty() ? std::string() : to_display_phone(phone.reveal()); }

std::string sex_text(const Site& site, const Request& request, const std::string& sex) {
  return sex.empty() ? std::string() : site.text(request, "identity.sex_" + sex);
}

std::string own_or(const Site& site, const Request& request, const std::string& key, const std::string& fallback) {
  return site.house->texts.has(key) ? site.text(request, key) : fallback;
}

/// The field as the pages call it, of a column of a file.
std::string desk_field(const std::string& column) {
  return column == "full_name" ? "name" : column == "birth_date" ? "birth" : column == "id_number" ? "id" : column;
}

std::string svg_number(double value) { return std::to_string(static_cast<int>(std::lround(value))); }

}  // namespace

std::string source_name(const Site& site, const Request& request, const std::string& source) {
  return own_or(site, request, "desk.kind_" + source, source);
}

json::object show_summary(const Site& site, const Request& request, const PersonSummary& person) {
  const std::string name = person.full_name.reveal();
  return {{"href", pages::link(request, "/people/" + person.person_id)}, {"person_id", person.person_id},
          {"name", name.empty() ? site.text(request, "identity.no_name") : name}, {"birth", i18n::birth(request.lang, person.birth)},
          {"sex", sex_text(site, request, person.sex)}, {"phone", phone_text(person.phone)},
          {"shared", person.phone_shared_by > 1 ? site.house->texts.plural(request.lang, "identity.phone_shared", person.phone_shared_by) : ""},
          {"ward", site.ward(person.ward_code)}, {"address", person.address.reveal()}, {"records", i18n::number(person.records)},
          {"records_text", site.house->texts.plural(request.lang, "identity.records", person.records)}};
}

json::object show_waterfall(const Site& site, const Request& request, const Waterfall& why) {
  double most = 1, least = 0;
  for (const auto& bar : why.bars) most = std::max(most, bar.bits), least = std::min(least, bar.bits);
  const double scale = drawing_width / (most - least), axis = -least * scale;
  json::array bars;
  for (const auto& bar : why.bars) {
    const double length = std::max(2.0, std::abs(bar.bits) * scale);
    bars.push_back(json::object{{"field", own_or(site, request, "identity.field_" + bar.field, bar.field)}, {"level", site.text(request, "identity.level." + bar.level)},
                                {"bits", i18n::signed_decimal(request.lang, bar.bits, 1)}, {"good", bar.bits >= 0}, {"width", svg_number(length)},
                                {"x", svg_number(bar.bits >= 0 ? axis : std::max(0.0, axis - length))}, {"axis", svg_number(axis)}});
  }
  return {{"bars", std::move(bars)}, {"prior", i18n::signed_decimal(request.lang, why.prior_bits, 1)}, {"total", i18n::signed_decimal(request.lang, why.bits, 1)},
          {"probability", i18n::percent(request.lang, why.probability)},
          {"veto", why.veto.empty() ? "" : own_or(site, request, "identity.level." + why.veto, why.veto)}};
}

json::object show_record(const Site& site, const Request& request, const RecordView& record) {
  json::object out{{"subject", record.subject}, {"source", source_name(site, request, record.source)}, {"record_id", record.record_id},
                   {"name", record.full_name.reveal()}, {"phone", phone_text(record.phone)}, {"own", record.phone_is_own},
                   {"birth", i18n::birth(request.lang, record.birth)}, {"sex", sex_text(site, request, record.sex)}, {"id_number", record.id_number.reveal()},
                   {"old_id_number", record.old_id_number.reveal()}, {"insurance", record.insurance_number.reveal()}, {"passport", record.passport.reveal()},
                   {"email", record.email.reveal()}, {"address", record.address.reveal()}, {"ward", site.ward(record.ward_code)},
                   {"told", record.told_at ? site.when(request, *record.told_at) : ""}, {"imported", site.when(request, record.imported_at)},
                   {"decided", site.decider(request, record.decided_by)},
                   {"probability", record.partner.empty() ? "" : i18n::percent(request.lang, record.probability)}};
  const bool may_settle = request.principal && auth::has_role(*request.principal, {"reviewer", "tracing_supervisor"});
  json::array corrections;
  for (const auto& c : record.corrections) {
    const std::string source = c.source.reveal();
    corrections.push_back(json::object{{"field", site.text(request, "identity.field_" + desk_field(c.field))}, {"says", c.says.reveal()}, {"should_say", c.should_say.reveal()},
                                       {"source", source_name(site, request, source.substr(0, source.find(':')))}, {"proposed", c.proposed}, {"column", c.field}, {"may_settle", c.proposed && may_settle}});
  }
  out["corrected"] = !corrections.empty();
  out["corrections"] = std::move(corrections);
  if (record.why) out["why"] = show_waterfall(site, request, *record.why);
  return out;
}

json::array show_comparison(const Site& site, const Request& request, const RecordView& a, const RecordView& b) {
  json::array rows;
  const auto add = [&](const char* field, const std::string& left, const std::string& right, bool compared = true) {
    if (left.empty() && right.empty()) return;
    rows.push_back(json::object{{"field", site.text(request, std::string("identity.field_") + field)}, {"a", left}, {"b", right},
                                {"different", compared && !left.empty() && !right.empty() && left != right}});
  };
  add("name", a.full_name.reveal(), b.full_name.reveal());
  add("birth", i18n::birth(request.lang, a.birth), i18n::birth(request.lang, b.birth));
  add("sex", sex_text(site, request, a.sex), sex_text(site, request, b.sex));
  add("phone", phone_text(a.phone), phone_text(b.phone));
  add("id", a.id_number.reveal(), b.id_number.reveal());
  add("old_id", a.old_id_number.reveal(), b.old_id_number.reveal());
  add("insurance", a.insurance_number.reveal(), b.insurance_number.reveal());
  add("passport", a.passport.reveal(), b.passport.reveal());
  add("email", a.email.reveal(), b.email.reveal());
  add("address", a.address.reveal(), b.address.reveal());
  add("ward", site.ward(a.ward_code), site.ward(b.ward_code));
  add("household", a.household_id.reveal(), b.household_id.reveal());
  add("told", a.told_at ? site.when(request, *a.told_at) : "", b.told_at ? site.when(request, *b.told_at) : "", false);
  return rows;
}

}  // namespace motcua::identity
