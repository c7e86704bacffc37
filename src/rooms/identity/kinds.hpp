#pragma once
// The imports that are about people and nothing else: the population register, test results, vaccine doses.
#include <vector>

#include "rooms/identity/identity.hpp"

namespace motcua::identity {

std::vector<intake::Kind> identity_kinds(Identity& identity);

/// Rows of KIND doses, read as an import reads them and kept nowhere.
class DoseReader {
 public:
  DoseReader(const Identity& identity, std::string source);
  const intake::Kind& kind() const { return kind_; }   // without `start`: not to be imported with
  Result<std::shared_ptr<const PreparedRecord>> prepare(const intake::RawRow& row) const;
  /// Its place in RawRow::values.
  std::size_t column(std::string_view name) const;

 private:
  const Identity& identity_;
  std::string source_;
  intake::Kind kind_;
};

}  // namespace motcua::identity
