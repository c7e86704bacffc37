// A table read for its rows alone.
#include "platform/intake/table.hpp"

namespace motcua::intake {

Result<void> read_table(const Kind& kind, const ByteSource& source, const RowVisitor& visit) {
  TRY(check_structure(kind, source));
  std::atomic<std::uint64_t> bytes_done{0};
  TRY_ASSIGN(auto table, Table::open(kind, source, bytes_done));
  RawRow row;
  for (;;) {
    TRY_ASSIGN(const bool more, table->next());
    if (!more) return {};
    const auto readable = table->to_row(row);
    TRY(visit(row, readable));
  }
}

}  // namespace motcua::intake
