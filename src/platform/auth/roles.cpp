#include "platform/auth/roles.hpp"

#include <algorithm>

namespace motcua::auth {
namespace {

const std::vector<Role> roles = {
    {"gate_staff", {"gate-check", "declaring", "venue-check-in"}, {"declarations", "residents", "venues"}, "addresses, history, the reasons of a class"},
    {"clerk", {"declaring"}, {"declarations", "residents"}, "what somebody declared before"},
    {"venue", {"venue-check-in"}, {"venues"}, "names"},
    {"gateway", {"inbound-messages"}, {"venues"}, "anything but telling what telephones sent"},
    {"sampler", {"sampling"}, {"lab"}, "results"},
    {"laboratory", {"laboratory"}, {"lab"}, "contacts"},
    {"tracer", {"contact-tracing", "contact-follow-up", "identity-review", "import"}, {"tracing", "exposure", "identity", "declarations"}, "bulk export without a second person"},
    {"tracing_supervisor", {"contact-tracing", "contact-follow-up", "identity-review", "import", "operations"}, {"tracing", "exposure", "identity", "declarations", "events"},
     "bulk export without a second person"},
    {"ward_health_worker", {"contact-follow-up", "contact-tracing", "quarantine-care", "declaring"}, {"tracing", "quarantine", "residents"}, "other wards"},
    {"doctor", {"care"}, {"telehealth"}, "patients of others"},
    {"quarantine_officer", {"quarantine-care"}, {"quarantine"}, "face pictures after the decision"},
    {"case_officer", {"casework"}, {"casework"}, "health data"},
    {"communication_officer", {"announcing"}, {"announcements"}, "lists of names"},
    {"communication_approver", {"announcing"}, {"announcements"}, "lists of names"},
    {"reviewer", {"identity-review"}, {"identity"}, "unmasked browsing"},
    {"committee", {"steering"}, {"statistics"}, "persons"},
    {"integrator", {"exchange"}, {"exchange"}, "more than its agreement names"},
    {"auditor", {"audit"}, {"audit"}, "changing anything"},
    {"administrator", {"administration", "operations"}, {"auth", "events", "settings"}, "health data"},
    {"police", {"dispatch"}, {"quarantine"}, "tracing data"},
};

const std::vector<ApprovalKind> kinds = {
    {"bulk_export", {"tracer", "tracing_supervisor"}, {"tracing_supervisor"}},
    {"large_announcement", {"communication_officer"}, {"communication_approver"}},
    {"key_ceremony", {"administrator"}, {"administrator"}},
    {"deletion_hold", {"administrator"}, {"administrator", "auditor"}},
    {"break_glass", {"tracer", "doctor", "ward_health_worker"}, {"tracing_supervisor"}},
};

bool holds(const std::vector<std::string_view>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

std::span<const Role> all_roles() { return roles; }

const Role* find_role(std::string_view name) {
  const auto i = std::find_if(roles.begin(), roles.end(), [&](const Role& r) { return r.name == name; });
  return i == roles.end() ? nullptr : &*i;
}

bool has_purpose(std::string_view role, std::string_view purpose) {
  const Role* r = find_role(role);
  return r != nullptr && holds(r->purposes, purpose);
}

bool enters_room(std::string_view role, std::string_view room) {
  const Role* r = find_role(role);
  return r != nullptr && holds(r->rooms, room);
}

std::span<const ApprovalKind> approval_kinds() { return kinds; }

const ApprovalKind* find_approval_kind(std::string_view name) {
  const auto i = std::find_if(kinds.begin(), kinds.end(), [&](const ApprovalKind& k) { return k.name == name; });
  return i == kinds.end() ? nullptr : &*i;
}

}  // namespace motcua::auth
