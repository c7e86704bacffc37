#pragma once
// A WHERE clause that grows with its parameters. Inner header of the room's stores.
#include "rooms/tracing/store.hpp"
#include "rooms/tracing/store_sql.hpp"

namespace motcua::tracing::store {

class Where {
 public:
  /// `condition` holds one $ that becomes the next parameter.
  void add(std::string_view condition, storage::Value value) {
    const auto at = condition.find('$');
    values_.push_back(std::move(value));
    join(std::string(condition.substr(0, at)) + "$" + std::to_string(values_.size()) + std::string(condition.substr(at + 1)));
  }
  /// Rows whose column is a ward the asker sees.
  void within(const Wards& wards, const std::string& column) {
    if (!wards.all) join(in(column, wards.codes));
  }
  std::string in(const std::string& column, const std::vector<std::string>& codes) {
    if (codes.empty()) return "1 = 0";
    const std::size_t first = values_.size() + 1;
    for (const std::string& code : codes) values_.emplace_back(code);
    return column + " IN (" + placeholders(first, codes.size()) + ")";
  }
  void join(const std::string& condition) { text_ += (text_.empty() ? " WHERE " : " AND ") + condition; }

  std::string sql() const { return text_; }
  const storage::Values& values() const { return values_; }
  /// " LIMIT $n OFFSET $m" and its parameters; pages count from 1.
  std::string page(int page, int page_size) {
    const std::int64_t size = std::clamp(page_size, 1, chain_nodes_max);
    values_.emplace_back(size);
    values_.emplace_back((std::max(1, page) - 1) * size);
    return " LIMIT $" + std::to_string(values_.size() - 1) + " OFFSET $" + std::to_string(values_.size());
  }

 private:
  std::string text_;
  storage::Values values_;
};

/// "%text%" with LIKE's own signs taken literally (ESCAPE '!').
inline std::string like_pattern(std::string_view text) {
  std::string out = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c;
  }
  return out + "%";
}

inline Result<std::int64_t> count_rows(storage::Reader& reader, const std::string& from, const Where& where) {
  TRY_ASSIGN(const auto n, reader.find("SELECT COUNT(*) FROM " + from + where.sql(), where.values(), [](const storage::Row& r) { return r.integer(0); }));
  return n.value_or(0);
}

}  // namespace motcua::tracing::store
