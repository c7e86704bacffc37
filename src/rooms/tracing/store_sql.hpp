#pragma once
// Questions about many keys at once, in SQL that both databases take: a VALUES table joined to an index. Inner header of the room's stores.
#include <algorithm>
#include <array>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/storage/storage.hpp"

namespace motcua::tracing::store {

/// Sizes of the VALUES tables, so that few statements are prepared; the rest is filled with rows that match nothing.
inline constexpr std::array<std::size_t, 4> chunk_sizes{1, 8, 32, 128};
inline std::size_t chunk_size_for(std::size_t left) {
  for (const std::size_t size : chunk_sizes)
    if (left <= size) return size;
  return chunk_sizes.back();
}

/// "VALUES (0,CAST($1 AS TEXT),CAST($2 AS BIGINT)),(1,$3,$4)": the row's number, then `types`; parameters numbered from 1.
inline std::string values_table(std::span<const std::string_view> types, std::size_t rows) {
  std::string sql = "VALUES ";
  std::size_t parameter = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    sql += (row == 0 ? "(" : ",(") + std::to_string(row);
    for (std::size_t column = 0; column < types.size(); ++column) {
      sql += ',';
      const std::string p = "$" + std::to_string(++parameter);
      sql += row == 0 ? "CAST(" + p + " AS " + std::string(types[column]) + ")" : p;
    }
    sql += ')';
  }
  return sql;
}

/// "$1,$2,$3"
inline std::string placeholders(std::size_t first, std::size_t count) {
  std::string sql;
  for (std::size_t i = 0; i < count; ++i) sql += (i == 0 ? "$" : ",$") + std::to_string(first + i);
  return sql;
}

/// Runs `sql(placeholders)` for texts in chunks; `before` are the parameters in front.
inline Result<void> query_in(storage::Reader& reader, std::span<const std::string> keys, const storage::Values& before,
                             const std::function<std::string(const std::string&)>& sql, const storage::RowVisitor& visit) {
  for (std::size_t i = 0; i < keys.size();) {
    const std::size_t size = chunk_size_for(keys.size() - i);
    const std::size_t taken = std::min(size, keys.size() - i);
    storage::Values values = before;
    for (std::size_t k = 0; k < size; ++k) values.emplace_back(keys[i + std::min(k, taken - 1)]);
    TRY(reader.query(sql(placeholders(before.size() + 1, size)), values, visit));
    i += taken;
  }
  return {};
}

}  // namespace motcua::tracing::store
