#include "rooms/tracing/desk.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "base/vietnamese.hpp"
#include "platform/audit/audit.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/units/units.hpp"

namespace motcua::tracing {
namespace {

/// Asked for in the place of what is not there, so that it takes the same as what is not the asker's.
const std::string nobodys_case = "cas_" + std::string(26, '0');

bool is_everywhere(const std::string& area) { return area.empty() || area == "vn"; }
constexpr std::string_view roles[] = {"tracer", "tracing_supervisor", "ward_health_worker"};   // those that give work away first
constexpr std::size_t giving_roles = 2;

bool holds_digits(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

Asker asker_with(std::span<const std::string_view> held, const http::Request& request, std::string action, std::string purpose) {
  Asker asker;
  asker.lang = request.lang;
  asker.act = {"", "", std::move(purpose), std::move(action), request.id};
  if (!request.principal) return asker;
  asker.act.actor = request.principal->account;
  for (const http::RoleGrant& grant : request.principal->grants) {
    if (std::find(held.begin(), held.end(), grant.role) == held.end()) continue;
    if (asker.act.role.empty()) asker.act.role = grant.role;
    asker.areas.push_back(grant.area);
  }
  return asker;
}

}  // namespace

Asker asker_of(const http::Request& request, std::string action, std::string purpose) {
  return asker_with(roles, request, std::move(action), std::move(purpose));
}

Asker tracer_of(const http::Request& request, std::string action, std::string purpose) {
  return asker_with(std::span(roles).first(giving_roles), request, std::move(action), std::move(purpose));
}

Asker everywhere(Act act, std::string lang) { return {std::move(act), {""}, std::move(lang)}; }

bool sees(const store::Wards& wards, const std::string& ward_code) {
  return wards.all || std::find(wards.codes.begin(), wards.codes.end(), ward_code) != wards.codes.end();
}

Result<store::Wards> wards_seen(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id) {
  store::Wards wards;
  wards.all = std::any_of(asker.areas.begin(), asker.areas.end(), is_everywhere);
  if (wards.all) return wards;
  TRY_ASSIGN(const auto in_use, store::wards_in_use(reader, case_id));
  for (const std::string& ward : in_use)
    if (!ward.empty() && std::any_of(asker.areas.begin(), asker.areas.end(), [&](const std::string& area) { return desk.house.units.contains(area, ward); }))
      wards.codes.push_back(ward);
  return wards;
}

Result<store::CaseRow> get_visible_case(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& case_id, store::Wards& wards) {
  if (!is_id("cas", case_id)) return not_found("tracing.not_found");
  TRY_ASSIGN(auto row, store::find_case(reader, case_id));
  TRY_ASSIGN(wards, wards_seen(desk, reader, asker, case_id));
  if (!row || (!wards.all && wards.codes.empty())) return not_found("tracing.not_found");
  if (!wards.all && sees(wards, row->ward_code)) wards.codes.emplace_back();      // people whose ward nobody knows
  return std::move(*row);
}

Result<store::ContactRecord> get_visible_contact(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& contact_id, store::Wards& wards) {
  if (!is_id("con", contact_id)) return not_found("tracing.not_found");
  TRY_ASSIGN(auto contact, store::find_contact(reader, contact_id));
  TRY(get_visible_case(desk, reader, asker, contact ? contact->case_id : nobodys_case, wards));
  if (!contact || !sees(wards, contact->ward_code)) return not_found("tracing.not_found");
  return std::move(*contact);
}

Result<store::TaskRow> get_visible_task(const Desk& desk, storage::Reader& reader, const Asker& asker, const std::string& task_id) {
  if (!is_id("tsk", task_id)) return not_found("tracing.not_found");
  TRY_ASSIGN(auto task, store::find_task(reader, task_id));
  store::Wards wards;
  TRY(get_visible_case(desk, reader, asker, task ? task->case_id : nobodys_case, wards));
  if (!task || !sees(wards, task->ward_code)) return not_found("tracing.not_found");
  return std::move(*task);
}

AuditNote read_note(const std::string& object, const std::string& person_id, const std::string& area) {
  AuditNote note;
  note.object = object;
  note.subject = person_id;
  note.area = area;
  note.read = true;
  return note;
}

Result<void> record(const Desk& desk, const Act& act, std::vector<AuditNote> notes) {
  return audit::record_read(desk.house.database, act, std::move(notes));
}

std::string contact_id_of(const Desk& desk, const std::string& case_id, const std::string& person_id) {
  return crypto::keyed_id("con", desk.id_key, case_id + ":" + person_id);
}

std::string search_text_of(const identity::PersonSummary& person) {
  const std::string& phone = person.phone.reveal();
  std::string text = vietnamese::fold(person.full_name.reveal());
  if (phone.starts_with("+84")) text += " 0" + phone.substr(3) + " " + phone;      // found as written here and as written abroad
  else if (!phone.empty()) text += " " + phone;
  return text;
}

std::string search_text_of(std::string_view typed) {
  if (!holds_digits(typed)) return vietnamese::fold(typed);
  std::string digits;
  for (const char c : typed)
    if (std::isdigit(static_cast<unsigned char>(c)) != 0 || (c == '+' && digits.empty())) digits += c;
  return digits;
}

std::map<std::string, identity::PersonSummary> by_id(std::vector<identity::PersonSummary> summaries) {
  std::map<std::string, identity::PersonSummary> out;
  for (auto& s : summaries) {
    std::string id = s.person_id;
    out.emplace(std::move(id), std::move(s));
  }
  return out;
}

CaseFacts facts_of(const store::CaseRow& row) {
  return {row.case_id, row.person_id, row.sampled_at, row.onset, row.isolated_at, row.source_contact_at};
}

Result<Policy> policy_of(const Desk& desk, const store::CaseRow& row, const std::string& named) {
  return policy_named(desk.policies, named.empty() ? row.policy : named);
}

Say say_in(const Desk& desk, std::string lang) {
  return [&texts = desk.house.texts, lang = std::move(lang)](const std::string& key, const std::map<std::string, std::string>& values) {
    return texts.text(lang, key, values);
  };
}

}  // namespace motcua::tracing
