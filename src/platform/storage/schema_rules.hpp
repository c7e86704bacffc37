#pragma once
// What the text of a migration must say and hold so that the schema can be spread over nodes as it is, and runs on both engines.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/storage/storage.hpp"

namespace motcua::storage {

/// How a table spreads. `column` only for distributed ones.
struct Spread {
  enum class Kind { distributed, reference, local } kind = Kind::local;
  std::string column = {};
};

/// All migrations of an installation, in order. One sentence for each rule broken, with migration and table:
///   every CREATE TABLE has a line `-- distribute: col`, `-- reference` or `-- local` right before it, and a primary key;
///   the column of a distributed table is one of its own, NOT NULL, and part of its primary key, of each UNIQUE and of each unique index;
///   a foreign key between distributed tables pairs their distribution columns; a distributed table refers to no local one, and a
///   reference table only to reference tables;
///   table and index names begin with the prefix of the slice (the folder above migrations/ is not known here: the first word of
///   the migration's name after its number);
///   a line `-- clustered` stands right above the line of a table's spread;
///   no SQL that one of the engines lacks.
std::vector<std::string> check_schema(const std::vector<Migration>& migrations);

/// The migration as SQLite is given it: tables marked `-- clustered` are WITHOUT ROWID.
std::string with_clustered_tables(std::string_view sql);

/// The tables found and how they spread.
std::map<std::string, Spread> tables_of(const std::vector<Migration>& migrations);

}  // namespace motcua::storage
