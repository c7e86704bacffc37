#include "platform/storage/schema_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <set>

namespace motcua::storage {

namespace {

constexpr std::string_view clustered_mark = "-- clustered\n";

struct Table {
  std::string migration, name;
  std::optional<Spread> spread;
  std::vector<std::string> items;  // between the outer brackets, split at commas
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

std::string without_comments(std::string_view sql) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') quoted = !quoted;
    if (!quoted && sql.substr(i).starts_with("--")) {
      i = std::min(sql.find('\n', i), sql.size());
      out += '\n';
      continue;
    }
    out += sql[i];
  }
  return out;
}

/// Splits at commas outside brackets.
std::vector<std::string> split_items(std::string_view text) {
  std::vector<std::string> items;
  std::string item;
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0) {
      items.push_back(trimmed(item));
      item.clear();
    } else {
      item += c;
    }
  }
  if (!trimmed(item).empty()) items.push_back(trimmed(item));
  return items;
}

/// The text between the bracket at or after `from` and its partner.
std::string in_brackets(std::string_view text, std::size_t from) {
  const auto open = text.find('(', from);
  if (open == std::string_view::npos) return {};
  int depth = 0;
  for (auto i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return std::string(text.substr(open + 1, i - open - 1));
  }
  return std::string(text.substr(open + 1));
}

std::vector<std::string> column_list(std::string_view text) {
  auto items = split_items(text);
  for (auto& item : items) item = item.substr(0, item.find(' '));
  return items;
}

bool has(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

std::optional<Spread> spread_before(std::string_view sql, std::size_t at) {
  const auto end = sql.rfind('\n', at);
  if (end == std::string_view::npos) return std::nullopt;
  const auto begin = end == 0 ? std::string_view::npos : sql.rfind('\n', end - 1);
  const auto line = trimmed(sql.substr(begin == std::string_view::npos ? 0 : begin + 1, end - (begin == std::string_view::npos ? 0 : begin + 1)));
  if (line == "-- reference") return Spread{Spread::Kind::reference};
  if (line == "-- local") return Spread{Spread::Kind::local};
  if (line.starts_with("-- distribute:")) return Spread{Spread::Kind::distributed, trimmed(std::string_view(line).substr(14))};
  return std::nullopt;
}

std::vector<Table> find_tables(const Migration& migration) {
  static const std::regex create(R"(create\s+table\s+(?:if\s+not\s+exists\s+)?([a-z_0-9]+))", std::regex::icase);
  std::vector<Table> tables;
  const auto& sql = migration.sql;
  for (std::sregex_iterator m(sql.begin(), sql.end(), create), end; m != end; ++m) {
    const auto at = static_cast<std::size_t>(m->position());
    const auto body = in_brackets(without_comments(std::string_view(sql).substr(at)), 0);
    tables.push_back({migration.name, lower((*m)[1].str()), spread_before(sql, at), split_items(lower(body))});
  }
  return tables;
}

/// Marks that stand where no table follows at once would be taken for those of a table further down.
void check_marks(const Migration& migration, std::vector<std::string>& findings) {
  static const std::regex table_follows(R"(^-- clustered\n--[^\n]*\ncreate table )", std::regex::icase);
  const auto& sql = migration.sql;
  for (auto at = sql.find(clustered_mark); at != std::string::npos; at = sql.find(clustered_mark, at + 1))
    if (!std::regex_search(sql.begin() + static_cast<std::ptrdiff_t>(at), sql.end(), table_follows, std::regex_constants::match_continuous))
      findings.push_back(migration.name + ": `-- clustered` without the line of a table's spread and its CREATE TABLE below");
}

struct Checker {
  std::map<std::string, Table> tables;
  std::vector<std::string> findings;

  void say(const Table& table, const std::string& what) { findings.push_back(fmt::format("{}, {}: {}", table.migration, table.name, what)); }

  void must_hold_column(const Table& table, const std::vector<std::string>& columns, const std::string& what) {
    if (table.spread && table.spread->kind == Spread::Kind::distributed && !has(columns, table.spread->column))
      say(table, fmt::format("{} does not hold the distribution column {}", what, table.spread->column));
  }

  void check_reference(const Table& table, const std::vector<std::string>& columns, const std::string& target,
                       const std::vector<std::string>& target_columns) {
    const auto found = tables.find(target);
    if (found == tables.end()) return say(table, "refers to a table unknown before it: " + target);
    if (!table.spread || !found->second.spread) return;
    using Kind = Spread::Kind;
    const auto from = *table.spread, to = *found->second.spread;
    if (from.kind != Kind::local && to.kind == Kind::local) say(table, "refers to the local table " + target);
    if (from.kind == Kind::reference && to.kind == Kind::distributed) say(table, "is a reference table and refers to the distributed table " + target);
    if (from.kind != Kind::distributed || to.kind != Kind::distributed) return;
    for (std::size_t i = 0; i < columns.size() && i < target_columns.size(); ++i)
      if (columns[i] == from.column && target_columns[i] == to.column) return;
    say(table, fmt::format("its foreign key to {} does not pair the distribution columns", target));
  }

  void check_item(const Table& table, const std::string& item, bool& has_key) {
    static const std::regex references(R"(references\s+([a-z_0-9]+)\s*(\(([^)]*)\))?)");
    const bool constraint = item.starts_with("primary key") || item.starts_with("unique") || item.starts_with("foreign key") ||
                            item.starts_with("constraint") || item.starts_with("check");
    const auto own = constraint ? column_list(in_brackets(item, 0)) : std::vector<std::string>{item.substr(0, item.find(' '))};
    if (item.find("primary key") != std::string::npos) {
      has_key = true;
      must_hold_column(table, own, "the primary key");
    } else if (item.find("unique") != std::string::npos) {
      must_hold_column(table, own, "a UNIQUE constraint");
    }
    if (std::smatch m; std::regex_search(item, m, references))
      check_reference(table, own, m[1].str(), m[3].matched ? column_list(m[3].str()) : own);
  }

  void check_table(const Table& table) {
    if (!table.spread) say(table, "no line `-- distribute: col`, `-- reference` or `-- local` right before CREATE TABLE");
    bool has_key = false;
    for (const auto& item : table.items) check_item(table, item, has_key);
    if (!has_key) say(table, "no primary key");
    if (table.spread && table.spread->kind == Spread::Kind::distributed) {
      const bool own = std::any_of(table.items.begin(), table.items.end(), [&](const std::string& item) {
        return item.starts_with(table.spread->column + " ") && item.find("not null") != std::string::npos;
      });
      if (!own) say(table, fmt::format("the distribution column {} is not among its columns, or not NOT NULL", table.spread->column));
    }
  }

  void check_unique_indexes(const std::string& sql) {
    static const std::regex index(R"(create\s+unique\s+index\s+(?:if\s+not\s+exists\s+)?([a-z_0-9]+)\s+on\s+([a-z_0-9]+))");
    for (std::sregex_iterator m(sql.begin(), sql.end(), index), end; m != end; ++m) {
      const auto found = tables.find((*m)[2].str());
      if (found == tables.end()) continue;
      const auto columns = column_list(in_brackets(sql, static_cast<std::size_t>(m->position() + m->length())));
      must_hold_column(found->second, columns, "the unique index " + (*m)[1].str());
    }
  }

  void check_names(const Migration& migration, const std::string& sql) {
    static const std::regex named(R"(create\s+(?:unique\s+)?(?:table|index)\s+(?:if\s+not\s+exists\s+)?([a-z_0-9]+))");
    const auto number_end = migration.name.find('_');
    if (number_end == std::string::npos) return findings.push_back(migration.name + ": not NNNN_slice...");
    const auto slice = migration.name.substr(number_end + 1, migration.name.find('_', number_end + 1) - number_end - 1);
    for (std::sregex_iterator m(sql.begin(), sql.end(), named), end; m != end; ++m)
      if (!(*m)[1].str().starts_with(slice + "_"))
        findings.push_back(fmt::format("{}: {} does not begin with {}_", migration.name, (*m)[1].str(), slice));
  }
};

/// Text that only one engine understands, or that means different things to them.
std::vector<std::string> check_portable(const Migration& migration, const std::string& sql) {
  static const std::pair<const char*, const char*> banned[] = {
      {R"(::\s*[a-z])", "a `::type` cast"},
      {R"(\bskip\s+locked\b)", "SKIP LOCKED"},
      {R"(\bjsonb?\b)", "a JSON type"},
      {R"(\browid\b)", "rowid"},
      {R"(\bautoincrement\b|\bserial\b|\bbigserial\b|generated\s+always\s+as\s+identity)", "a number the database makes"},
      {R"(\b(blob|real|float|varchar|char|timestamp|timestamptz|date|boolean|bool|uuid|numeric|int|text\[\])\s*(not\s+null|null|,|\)|default|primary))",
       "a type other than TEXT, BIGINT, INTEGER, SMALLINT, DOUBLE PRECISION, BYTEA"},
      {R"(\bwithout\s+rowid\b|\bstrict\s*;)", "a table option of SQLite"},
      {R"(\bnow\(\)|\bcurrent_timestamp\b|\bgen_random_uuid\b|\brandom\(\))", "time or randomness of the database"},
      {R"(\bcreate\s+(type|extension|sequence|schema|trigger|function|view)\b)", "something only one engine has alike"},
      {R"(\busing\s+(gin|gist|hash|brin)\b)", "an index method of PostgreSQL"},
      {R"(\bpragma\b)", "PRAGMA"},
      {R"(\binsert\s+or\b)", "INSERT OR ..."},
  };
  std::vector<std::string> findings;
  for (const auto& [pattern, what] : banned)
    if (std::regex_search(sql, std::regex(pattern))) findings.push_back(fmt::format("{}: not portable: {}", migration.name, what));
  return findings;
}

}  // namespace

std::vector<std::string> check_schema(const std::vector<Migration>& migrations) {
  Checker checker;
  for (const auto& migration : migrations) {
    const auto sql = lower(without_comments(migration.sql));
    for (const auto& table : find_tables(migration)) {
      if (checker.tables.contains(table.name)) checker.say(table, "made twice");
      checker.tables[table.name] = table;
      checker.check_table(table);
    }
    checker.check_unique_indexes(sql);
    checker.check_names(migration, sql);
    check_marks(migration, checker.findings);
    for (auto& finding : check_portable(migration, sql)) checker.findings.push_back(std::move(finding));
  }
  return std::move(checker.findings);
}

std::string with_clustered_tables(std::string_view sql) {
  std::string out;
  for (std::size_t done = 0;;) {
    const auto mark = sql.find(clustered_mark, done);
    const auto table = mark == std::string_view::npos ? mark : sql.find("CREATE TABLE", mark);
    const auto end = table == std::string_view::npos ? table : sql.find(';', sql.find('(', table) + in_brackets(sql, table).size());
    out += sql.substr(done, end == std::string_view::npos ? end : end - done);
    if (end == std::string_view::npos) return out;
    out += " WITHOUT ROWID";
    done = end;
  }
}

std::map<std::string, Spread> tables_of(const std::vector<Migration>& migrations) {
  std::map<std::string, Spread> all;
  for (const auto& migration : migrations)
    for (const auto& table : find_tables(migration))
      if (table.spread) all[table.name] = *table.spread;
  return all;
}

}  // namespace motcua::storage
