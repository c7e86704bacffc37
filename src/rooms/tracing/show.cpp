// What the door answers, as templates read it: names revealed for the one reader, numbers and dates in her language.
#include <boost/json.hpp>

#include "base/phone.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/tracing/routes.hpp"

namespace motcua::tracing {
namespace json = boost::json;
using http::Request;

namespace {

constexpr int chips_max = 12;   // of one kind; more are found by the search

std::string phone_text(const Personal<std::string>& phone) { return phone.reveal().empty() ? std::string() : to_display_phone(phone.reveal()); }

std::string list_of(const Site& site, const Request& request, const std::vector<std::string>& evidence) {
  std::string out;
  for (const auto& kind : evidence) out += (out.empty() ? "" : ", ") + site.text(request, "tracing.kind_" + kind);
  return out;
}

json::array path_of(const Site& site, const Request& request, const ContactView& contact, const std::vector<Step>& path) {
  json::array steps;
  const auto name = [&](const std::string& person) {
    const auto known = contact.names.find(person);
    return known == contact.names.end() ? site.text(request, "tracing.somebody") : known->second.reveal();
  };
  int level = 0;
  for (const Step& step : path)
    steps.push_back(json::object{{"from", name(step.from_person)}, {"to", name(step.to_person)}, {"when", i18n::interval(request.lang, step.start, step.end)},
                                 {"sentence", site.say(request, to_sentence(step, ++level))}});
  return steps;
}

json::object order_of(const Site& site, const Request& request, const QuarantineRule& rule) {
  std::string tests;
  for (const int day : rule.test_days) tests += (tests.empty() ? "" : ", ") + std::to_string(day);
  return {{"place", site.text(request, "tracing.place_" + rule.place)}, {"days", site.house->texts.plural(request.lang, "i18n.days", rule.days)},
          {"monitor", rule.monitor_days > 0 ? site.house->texts.plural(request.lang, "i18n.days", rule.monitor_days) : ""}, {"tests", tests}};
}

}  // namespace

std::string state_tone(std::string_view state) {
  if (state == "done") return "ok";
  if (state == "appointment" || state == "trying") return "warn";
  return state == "lost" ? "bad" : "";
}

json::object show_case(const Site& site, const Request& request, const CaseSummary& one) {
  return {{"href", pages::link(request, "/cases/" + one.case_id)}, {"case_id", one.case_id}, {"person_id", one.person_id},
          {"name", one.full_name.reveal()}, {"ward", site.ward(request, one.ward_code)}, {"full_ward", site.full_ward(one.ward_code)},
          {"policy", one.policy}, {"state", site.text(request, "tracing.case_state_" + one.state)}, {"open", one.state == "open"},
          {"tone", one.state == "open" ? "info" : "ok"}, {"sampled", site.when(request, one.sampled_at)},
          {"confirmed", site.when(request, one.confirmed_at)},
          {"ago", i18n::relative(site.house->texts, request.lang, one.confirmed_at, site.house->now())},
          {"onset", one.onset ? i18n::date_short(request.lang, *one.onset) : ""}, {"isolated", one.isolated_at ? site.when(request, *one.isolated_at) : ""},
          {"contacts", i18n::number(one.contacts)}, {"f1", i18n::number(one.f1)}, {"waiting", i18n::number(one.waiting)}, {"version", one.version}};
}

json::object show_due(const Site& site, const Request& request, const std::optional<Instant>& due) {
  if (!due) return {};
  const Instant now = site.house->now();
  return {{"when", site.when(request, *due)}, {"relative", i18n::relative(site.house->texts, request.lang, *due, now)}, {"overdue", *due < now}};
}

json::object show_row(const Site& site, const Request& request, const ContactRow& row) {
  json::object out{{"href", pages::link(request, "/contacts/" + row.contact_id)}, {"part", pages::link(request, "/contacts/" + row.contact_id + "?part=1")},
                   {"contact_id", row.contact_id}, {"class", row.class_name}, {"name", row.full_name.reveal()}, {"phone", phone_text(row.phone)},
                   {"birth", i18n::birth(request.lang, row.birth)}, {"sex", row.sex.empty() ? "" : site.text(request, "tracing.sex_" + row.sex)},
                   {"reason", site.say(request, row.reason)}, {"evidence", list_of(site, request, row.evidence)},
                   {"when", i18n::interval(request.lang, row.first_contact_at, row.last_contact_at)},
                   {"minutes", i18n::number(static_cast<std::int64_t>(row.minutes + 0.5))}, {"long", i18n::minutes(site.house->texts, request.lang, row.minutes)},
                   {"ward", site.ward(request, row.ward_code)}, {"state", site.text(request, "tracing.state_" + row.state)},
                   {"tone", state_tone(row.state)}, {"task_id", row.task_id}};
  out["risk"] = row.risk.empty() ? "" : site.text(request, "tracing.risk_" + row.risk);
  out["risk_tone"] = row.risk == "high" ? "bad" : row.risk == "medium" ? "warn" : "";
  out["taken_by"] = row.assignee_name.reveal();
  out["may_be_given"] = !row.task_id.empty() && row.state != "done" && row.state != "cancelled";
  if (row.due_at) out["due"] = show_due(site, request, row.due_at);
  if (out["name"].as_string().empty()) out["name"] = site.text(request, "tracing.no_name");
  return out;
}

json::object show_contact(const Site& site, const Request& request, const ContactView& contact) {
  json::object out = show_row(site, request, contact);
  out["case_href"] = pages::link(request, "/cases/" + contact.case_id);
  out["chain_href"] = pages::link(request, "/cases/" + contact.case_id + "/chain?around=" + contact.person_id);
  out["person_href"] = person_link(request, contact.person_id);
  if (!contact.task_id.empty()) out["task_href"] = pages::link(request, "/tasks/" + contact.task_id);
  if (!contact.via_contact_id.empty()) out["via_href"] = pages::link(request, "/contacts/" + contact.via_contact_id);
  out["address"] = contact.address.reveal();
  out["full_ward"] = site.full_ward(contact.ward_code);
  out["exposed"] = site.when(request, contact.exposed_at);
  out["isolated"] = contact.isolated_at ? site.when(request, *contact.isolated_at) : "";
  out["steps"] = path_of(site, request, contact, contact.path);
  out["has_steps"] = !contact.path.empty();
  const bool earlier = contact.earliest_path != contact.path;
  out["earliest"] = earlier ? path_of(site, request, contact, contact.earliest_path) : json::array{};
  out["has_earliest"] = earlier && !contact.earliest_path.empty();
  if (contact.order) out["order"] = order_of(site, request, *contact.order);
  return out;
}

json::object show_task(const Site& site, const Request& request, const TaskView& task) {
  json::array history;
  for (const auto& call : task.history)
    history.push_back(json::object{{"when", site.when(request, call.at)}, {"outcome", site.text(request, "tracing.outcome_" + call.outcome)}, {"note", call.note},
                                   {"appointment", call.appointment_at ? site.when(request, *call.appointment_at) : ""}});
  json::object out{{"href", pages::link(request, "/tasks/" + task.task_id)}, {"task_id", task.task_id}, {"contact_href", pages::link(request, "/contacts/" + task.contact_id)},
                   {"contact_part", pages::link(request, "/contacts/" + task.contact_id + "?part=1")},
                   {"case_href", pages::link(request, "/cases/" + task.case_id)}, {"class", task.class_name}, {"name", task.full_name.reveal()},
                   {"phone", phone_text(task.phone)}, {"tel", task.phone.reveal()}, {"ward", site.ward(request, task.ward_code)},
                   {"state", site.text(request, "tracing.state_" + task.state)}, {"tone", state_tone(task.state)}, {"version", task.version},
                   {"calls", i18n::number(task.calls)}, {"last_outcome", task.last_outcome.empty() ? "" : site.text(request, "tracing.outcome_" + task.last_outcome)},
                   {"assigned", !task.assignee.empty()}, {"taken_by", task.assignee_name.reveal()}, {"mine", request.principal && task.assignee == request.principal->account},
                   {"may_be_given", task.state != "done" && task.state != "cancelled"}, {"any_history", !history.empty()}, {"history", std::move(history)}};
  if (task.due_at) out["due"] = show_due(site, request, task.due_at);
  if (out["name"].as_string().empty()) out["name"] = site.text(request, "tracing.no_name");
  return out;
}

json::array chips(const Site& site, const Request& request, std::string_view name, const std::vector<Count>& counts, std::string_view key_prefix) {
  json::array out;
  const std::string chosen = request.query_value(std::string(name));
  for (const auto& count : counts) {
    if (out.size() >= chips_max && count.key != chosen) continue;
    std::string label = count.key;
    if (key_prefix == "ward") label = site.ward(request, count.key);
    else if (!key_prefix.empty()) label = site.text(request, std::string(key_prefix) + count.key);
    const bool current = !chosen.empty() && chosen == count.key;
    if (count.key.empty()) continue;
    out.push_back(json::object{{"label", label}, {"count", i18n::number(count.contacts)}, {"current", current}, {"key", count.key},
                               {"href", pages::link_with(request, name, current ? "" : count.key)}});
  }
  return out;
}

}  // namespace motcua::tracing
