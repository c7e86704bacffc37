#pragma once
// Values on their way to PostgreSQL and rows on their way back.
#include <libpq-fe.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "platform/storage/storage.hpp"

namespace motcua::storage {

/// Type of a value: int8, float8, text, bytea; 0 for a NULL of unknown type.
Oid oid_of(const Value& value);

/// Parameters in binary form, as PQexecPrepared takes them. Text and bytes point into the values given, which must outlive it.
struct PgParameters {
  explicit PgParameters(const Values& parameters);
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;

 private:
  std::vector<std::array<char, 8>> numbers_;
};

/// One row of COPY's text form, with its newline.
void append_copy_row(std::string& out, const Values& row);

class PgRow final : public Row {
 public:
  explicit PgRow(const PGresult* result) : r_(result) {}
  void at(int row) { row_ = row; }
  bool is_null(int c) const override { return PQgetisnull(r_, row_, c) != 0; }
  std::int64_t integer(int c) const override;
  double real(int c) const override;
  std::string_view text(int c) const override;
  Bytes bytes(int c) const override;

 private:
  const PGresult* r_;
  int row_ = 0;
};

}  // namespace motcua::storage
