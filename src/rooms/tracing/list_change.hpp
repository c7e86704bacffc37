#pragma once
// What a trace changes in a stored list: contacts, tasks, sums, the event. Inner header of the room.
#include "rooms/tracing/desk.hpp"

namespace motcua::tracing {

struct ListChange {
  std::vector<store::ContactRecord> contacts;          // new, or told otherwise than before
  std::vector<std::string> gone;                       // persons whose row falls or is written anew
  std::vector<store::TaskRow> new_tasks, moved_tasks;
  std::int64_t changed = 0;                            // rows of the same class that say something else
  RetraceSummary summary;
  bool empty() const;                                  // the list stands as the trace found it
};

/// Against what is stored; on a snapshot it says whether a list differs, inside a transaction it may be written.
Result<ListChange> plan_list_change(const Desk& desk, storage::Reader& reader, const store::CaseRow& row, const TraceResult& found);
/// Writes a plan made in this transaction, marks the case as traced, tells of it when anybody's row changed.
Result<void> write_list_change(const Desk& desk, storage::Transaction& tx, store::CaseRow& row, const ListChange& change);

}  // namespace motcua::tracing
