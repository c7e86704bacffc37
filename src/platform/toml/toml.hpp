#pragma once
// Reading a TOML file by name, with failures that say which file and which key is wrong. The one seam over toml++.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace motcua::toml {

/// A table of the document. Failures (kind invalid, `field` the dotted key, args `file` and `key`): toml.missing_key, toml.wrong_type,
/// toml.out_of_bounds, toml.unknown_key.
class Table {
 public:
  Result<std::string> text(std::string_view key) const;
  Result<std::int64_t> integer(std::string_view key, std::int64_t min, std::int64_t max) const;
  Result<double> real(std::string_view key, double min, double max) const;     // whole numbers too
  Result<bool> boolean(std::string_view key) const;
  Result<Date> date(std::string_view key) const;
  Result<std::vector<std::int64_t>> integers(std::string_view key, std::int64_t min, std::int64_t max) const;
  Result<std::vector<std::string>> texts(std::string_view key) const;
  Result<Table> table(std::string_view key) const;
  Result<std::vector<Table>> tables(std::string_view key) const;               // [[key]]; none: empty
  bool has(std::string_view key) const;
  /// Fails when the table holds a key that is not among these: a typing mistake must not pass in silence.
  Result<void> only(std::initializer_list<std::string_view> known) const;
  Failure failure(std::string code, std::string_view key) const;

  struct Node;                                                                 // of toml++, seen by toml.cpp only
  explicit Table(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

 private:
  std::shared_ptr<const Node> node_;
};

/// `file` is for messages. Failure toml.unreadable with the line in `row`.
Result<Table> parse(std::string_view text, const std::string& file);

}  // namespace motcua::toml
