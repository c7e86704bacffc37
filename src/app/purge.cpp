#include "app/purge.hpp"

#include "app/old_files.hpp"

namespace motcua::app {
namespace {

Act named(Act act, std::string action) {
  act.action = std::move(action);
  return act;
}

}  // namespace

Result<PurgeReport> purge_house(Installation& home, const Act& act, bool count_only) {
  House& house = home.house();
  const Instant now = house.now();
  PurgeReport report;
  for (Room* room : home.rooms().all()) {
    TRY_ASSIGN(auto lines, room->purge(named(act, std::string(room->name()) + ".purge"), now, count_only));
    for (auto& line : lines) report.lines.push_back(std::move(line));
  }
  TRY_ASSIGN(const std::int64_t messages, house.outbound.purge(named(act, "outbound.purge"), now - house.settings.duration("retention.messages_days"), count_only));
  report.lines.push_back({"outbound.purge_messages", messages});
  for (auto& line : remove_old_files(house, now, count_only)) report.lines.push_back(std::move(line));
  TRY_ASSIGN(const std::int64_t entries, audit::cut(house.database, house.keys, named(act, "audit.cut"), now - house.settings.duration("retention.audit_days"), now, count_only));
  report.lines.push_back({"audit.purge_entries", entries});
  std::map<std::string, std::int64_t> deleted;
  for (const auto& line : report.lines)
    if (line.rows > 0) deleted[line.what] = line.rows;
  if (count_only || deleted.empty()) return report;
  TRY_ASSIGN(report.proof, audit::prove_deletion(house.database, named(act, "app.purge"), deleted));
  return report;
}

}  // namespace motcua::app
