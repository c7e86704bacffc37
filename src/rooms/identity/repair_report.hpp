#pragma once
// The report of a repair: a CSV with every row of the file once (docs/formats.md), safe to open in a spreadsheet.
#include <cstdio>
#include <string>

#include "platform/i18n/i18n.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::identity {

class RepairReport {
 public:
  /// Written beside `path` and put in its place by finish(): half a report is none.
  RepairReport(std::string path, const i18n::Texts& texts, std::string lang);
  ~RepairReport();
  RepairReport(const RepairReport&) = delete;
  RepairReport& operator=(const RepairReport&) = delete;

  void add(const RepairRow& row);
  /// Failure identity.file_not_written.
  Result<void> finish();

 private:
  void write_out();
  std::string reason_of(const RepairRow& row) const;

  std::string path_, lang_, pending_;
  const i18n::Texts& texts_;
  std::FILE* file_;
  bool failed_;
};

/// "right", "repaired", "review", "left": as the report and the API write it.
std::string_view to_text(RepairOutcome outcome);
/// The column of the file: "full_name", "birth_date", "phone", "id_number".
std::string_view to_text(RepairField field);

}  // namespace motcua::identity
