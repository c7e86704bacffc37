#pragma once
// The roles of the house, as data (docs/guides/roles.md is the same table for people). A role has purposes and rooms; an access
// whose purpose is not the role's, or whose room it never enters, is refused before anything is looked at.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::auth {

struct Role {
  std::string_view name;                     // "tracer": in grants, in Access rules, in the audit log; text key "auth.role_<name>"
  std::vector<std::string_view> purposes;    // "contact-tracing" ...: docs/guides/purposes.md
  std::vector<std::string_view> rooms;       // folders of src/rooms, and of platform slices with pages (auth, audit, events)
  std::string_view never;                    // what it must never meet, in English, for the guide
};

std::span<const Role> all_roles();
const Role* find_role(std::string_view name);
bool has_purpose(std::string_view role, std::string_view purpose);
bool enters_room(std::string_view role, std::string_view room);

/// What needs a second person (trust.md, promise 9): who may ask, and who may answer.
struct ApprovalKind {
  std::string_view name;                     // "bulk_export"; text key "auth.approval_<name>"
  std::vector<std::string_view> askers;
  std::vector<std::string_view> deciders;
};
std::span<const ApprovalKind> approval_kinds();
const ApprovalKind* find_approval_kind(std::string_view name);

}  // namespace motcua::auth
