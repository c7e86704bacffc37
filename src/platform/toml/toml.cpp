#include "platform/toml/toml.hpp"

#include <algorithm>

// Without exceptions, as platform/config has it: two ways in one program would be two definitions of one thing.
#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(expr) static_cast<void>(0)   // it asserts what a file says ("[[["); without, the parser reports it
#include <toml++/toml.h>

namespace motcua::toml {

struct Table::Node {
  std::shared_ptr<const ::toml::table> root;   // keeps `table` alive
  const ::toml::table* table = nullptr;
  std::string file, path;                      // path ends with a dot, or is empty
};

namespace {

Failure problem(const Table::Node& node, std::string code, std::string_view key) {
  const std::string dotted = node.path + std::string(key);
  return invalid(std::move(code), dotted, {{"file", node.file}, {"key", dotted}});
}

/// The value of a key, or why not.
template <class T>
Result<T> value_of(const Table::Node& node, std::string_view key) {
  const ::toml::node* found = node.table->get(key);
  if (found == nullptr) return problem(node, "toml.missing_key", key);
  const auto value = found->value_exact<T>();
  if (!value) return problem(node, "toml.wrong_type", key);
  return *value;
}

template <class T>
Result<T> bounded(const Table::Node& node, std::string_view key, T value, T min, T max) {
  if (value < min || value > max) return problem(node, "toml.out_of_bounds", key);
  return value;
}

}  // namespace

Failure Table::failure(std::string code, std::string_view key) const { return problem(*node_, std::move(code), key); }
bool Table::has(std::string_view key) const { return node_->table->contains(key); }
Result<std::string> Table::text(std::string_view key) const { return value_of<std::string>(*node_, key); }
Result<bool> Table::boolean(std::string_view key) const { return value_of<bool>(*node_, key); }

Result<std::int64_t> Table::integer(std::string_view key, std::int64_t min, std::int64_t max) const {
  TRY_ASSIGN(const std::int64_t value, value_of<std::int64_t>(*node_, key));
  return bounded(*node_, key, value, min, max);
}

Result<double> Table::real(std::string_view key, double min, double max) const {
  const ::toml::node* found = node_->table->get(key);
  if (found == nullptr) return problem(*node_, "toml.missing_key", key);
  if (!found->is_number()) return problem(*node_, "toml.wrong_type", key);
  return bounded(*node_, key, *found->value<double>(), min, max);
}

Result<Date> Table::date(std::string_view key) const {
  TRY_ASSIGN(const ::toml::date value, value_of<::toml::date>(*node_, key));
  return Date{std::chrono::year{value.year}, std::chrono::month{value.month}, std::chrono::day{value.day}};
}

Result<std::vector<std::int64_t>> Table::integers(std::string_view key, std::int64_t min, std::int64_t max) const {
  const ::toml::node* found = node_->table->get(key);
  if (found == nullptr) return problem(*node_, "toml.missing_key", key);
  const ::toml::array* list = found->as_array();
  if (list == nullptr) return problem(*node_, "toml.wrong_type", key);
  std::vector<std::int64_t> values;
  for (const ::toml::node& item : *list) {
    const auto value = item.value_exact<std::int64_t>();
    if (!value) return problem(*node_, "toml.wrong_type", key);
    TRY_ASSIGN(const std::int64_t checked, bounded(*node_, key, *value, min, max));
    values.push_back(checked);
  }
  return values;
}

Result<std::vector<std::string>> Table::texts(std::string_view key) const {
  const ::toml::node* found = node_->table->get(key);
  if (found == nullptr) return problem(*node_, "toml.missing_key", key);
  const ::toml::array* list = found->as_array();
  if (list == nullptr) return problem(*node_, "toml.wrong_type", key);
  std::vector<std::string> values;
  for (const ::toml::node& item : *list) {
    auto value = item.value_exact<std::string>();
    if (!value) return problem(*node_, "toml.wrong_type", key);
    values.push_back(std::move(*value));
  }
  return values;
}

Result<Table> Table::table(std::string_view key) const {
  const ::toml::node* found = node_->table->get(key);
  if (found == nullptr) return problem(*node_, "toml.missing_key", key);
  if (!found->is_table()) return problem(*node_, "toml.wrong_type", key);
  return Table(std::make_shared<const Node>(Node{node_->root, found->as_table(), node_->file, node_->path + std::string(key) + "."}));
}

Result<std::vector<Table>> Table::tables(std::string_view key) const {
  std::vector<Table> out;
  const ::toml::node* found = node_->table->get(key);
  if (found == nullptr) return out;
  const ::toml::array* list = found->as_array();
  if (list == nullptr) return problem(*node_, "toml.wrong_type", key);
  for (const ::toml::node& item : *list) {
    if (!item.is_table()) return problem(*node_, "toml.wrong_type", key);
    const std::string path = node_->path + std::string(key) + "[" + std::to_string(out.size() + 1) + "].";
    out.emplace_back(std::make_shared<const Node>(Node{node_->root, item.as_table(), node_->file, path}));
  }
  return out;
}

Result<void> Table::only(std::initializer_list<std::string_view> known) const {
  for (const auto& [key, value] : *node_->table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) return problem(*node_, "toml.unknown_key", key.str());
  return {};
}

Result<Table> parse(std::string_view text, const std::string& file) {
  auto parsed = ::toml::parse(text, file);
  if (!parsed) {
    const auto& error = parsed.error();
    Failure f = invalid("toml.unreadable", "", {{"file", file}});
    f.row = error.source().begin.line;
    f.detail = std::string(error.description());
    return f;
  }
  auto root = std::make_shared<const ::toml::table>(std::move(parsed).table());
  const ::toml::table* table = root.get();
  return Table(std::make_shared<const Table::Node>(Table::Node{std::move(root), table, file, ""}));
}

}  // namespace motcua::toml
