#pragma once
// Who does what, in which role and why. No write opens without one, and it is on record with the write.
#include <string>
#include <vector>

namespace motcua {

/// Writes of the house about its own work (leases, deliveries, sessions seen) have this purpose: they touch nothing of a person, and are
/// not on record unless they note something.
inline constexpr const char* bookkeeping = "bookkeeping";

/// An act of one actor. Personal data never stands in it: people are named by their ids.
struct Act {
  std::string actor;    // acc_... for a signed-in account, "cli:<login>" for the command line, "job:<name>" for the house itself
  std::string role;     // the role used ("tracer"), "operator" for the command line, "system" for jobs
  std::string purpose;  // the purpose named ("contact-tracing"), see docs/guides/purposes.md
  std::string action;   // <slice>.<verb>: "tracing.confirm_case", "identity.merge", "tracing.view_case"
  std::string request;  // request id or import id; ties the record to the log
};

/// One line of the audit log: the act on one object.
struct AuditNote {
  std::string action;        // as Act::action, finer where one act touches several kinds of things; empty: the act's
  std::string object;        // id of what was touched (per_..., cas_..., imp_...), never a name or number of a person
  std::string subject = {};  // the person it concerns (per_/sub_...), when there is one: how a citizen finds who looked
  std::string area = {};     // unit code the object lies in, when known
  std::string detail = {};   // small JSON of what changed: codes and counts, no personal data
  bool read = false;         // true: somebody looked; false: something changed
};

}  // namespace motcua
