#pragma once
// Anybody's tables for the contact graph: contacts `a,b,start,minutes[,kind,distance_m]`, visits `person,place,from,to[,kind,seat]`, isolations
// `person,at`, how near is near `kind,distance_max_m,seat_rows_max,weight,crowd_half`.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engines/contacts/contacts.hpp"
#include "engines/contacts/told.hpp"

namespace motcua::app {

using Tell = std::function<Result<void>(const contacts::Told&)>;
using TellNumbered = std::function<Result<void>(const contacts::NumberedContact&)>;

struct LoadedRows {
  std::int64_t read = 0, rejected = 0;
  std::string rejected_file;      // DIR/rejected/<load>.csv; empty when no row was rejected
};

/// Is the file a table of contacts or of visits, or a binary file of contacts? Failures: intake.*, contacts.header_unknown.
Result<void> check_header(const std::string& file);

/// Every row is told (of a binary file: numbered), or rejected with a reason: the reader's or the listener's (`invalid`). Failures concern the whole file: intake.*, and
/// the listener's other ones.
Result<LoadedRows> load_rows(const Tell& told, const TellNumbered& numbered, const std::string& file, const std::string& out_dir,
                             const std::function<std::string(const Failure&)>& sentence);

/// Rows from standard input as they come. Whenever no more is there at once, commit() is called and then kept(rows so far). A row that
/// cannot be read goes to refused(row, why). Failures: intake.*, contacts.header_unknown, those of commit.
Result<LoadedRows> append_rows(const Tell& told, const std::function<Result<void>()>& commit, const std::function<void(std::int64_t)>& kept,
                               const std::function<void(std::int64_t, const Failure&)>& refused);

/// Tells every row; a row that cannot be read fails.
Result<void> read_isolated(const std::string& file, const std::function<Result<void>(std::string_view person, contacts::Time at)>& told);

/// How near is near, by kind; an empty field is the usual value, a kind that is not named has no limits. A row that cannot be read fails.
Result<contacts::NearnessTable> read_nearness(const std::string& file);

}  // namespace motcua::app
