#include "rooms/identity/repair_desk.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdio>
#include <filesystem>

#include "base/ids.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/intake/sources.hpp"
#include "platform/units/units.hpp"
#include "rooms/identity/repair_report.hpp"

namespace motcua::identity {
namespace {
namespace json = boost::json;

constexpr const char* job = "identity.repair";

std::string waiting_path(const House& house, const std::string& repair_id) { return house.data_dir + "/uploads/" + repair_id + ".sealed"; }

Result<void> schedule(House& house, storage::Transaction& tx, const std::string& repair_id, const std::vector<std::string>& areas, const std::string& lang, bool apply) {
  const json::object payload{{"repair", repair_id}, {"apply", apply}, {"lang", lang}, {"actor", tx.act().actor}, {"role", tx.act().role},
                             {"areas", json::array(areas.begin(), areas.end())}};
  tx.note({.action = apply ? "identity.apply_repair" : "identity.give_repair", .object = repair_id});
  return house.bus.schedule(tx, job, payload, house.now());
}

/// Which wards the one who asked may see; others' rows are about nobody.
std::function<bool(std::string_view)> seen_from(const House& house, const json::array& areas) {
  std::vector<std::string> codes;
  for (const auto& area : areas) codes.emplace_back(area.as_string());
  return [&house, codes](std::string_view ward) {
    return std::any_of(codes.begin(), codes.end(), [&](const std::string& area) {
      return area.empty() || area == "vn" || (!ward.empty() && (area == ward || house.units.contains(area, ward)));
    });
  };
}

/// Again is harmless: a repair changes nothing the second time, and the report is written in one stroke.
Result<void> run_job(House& house, Identity& identity, const events::Event& event) {
  const std::string id(event.payload.at("repair").as_string()), path = waiting_path(house, id), lang(event.payload.at("lang").as_string());
  const bool apply = event.payload.at("apply").as_bool();
  TRY_ASSIGN(auto run, house.database.read_value([&](storage::Reader& reader) { return get_repair(reader, id); }));
  if (!std::filesystem::exists(path)) return {};
  const Act act{std::string(event.payload.at("actor").as_string()), std::string(event.payload.at("role").as_string()), "identity-review", "identity.repair_doses", id};
  std::error_code ignored;
  std::filesystem::create_directories(house.data_dir + "/repairs", ignored);
  RepairReport report(report_path(house, id), house.texts, lang);
  const RepairOptions options{.apply = apply, .repair_id = id, .may_see = seen_from(house, event.payload.at("areas").as_array())};
  auto done = identity.repair_doses(act, *intake::sealed_source(house.keys, "upload", path), options, [&](const RepairRow& row) { report.add(row); });
  if (!done && done.failure().kind != FailureKind::invalid && done.failure().kind != FailureKind::too_large) return std::move(done).failure();   // tried again
  run.ended_at = house.now();
  if (done) {
    TRY(report.finish());
    run.summary = *done;
    run.state = apply ? RepairState::applied : RepairState::looked_through;
  } else {
    run.state = RepairState::refused;
    run.failure_code = done.failure().code;
  }
  TRY(house.database.write(act, [&](storage::Transaction& tx) { return store::update_repair(tx, run); }));
  if (run.state != RepairState::looked_through) ::unlink(path.c_str());
  return {};
}

}  // namespace

std::string report_path(const House& house, const std::string& repair_id) { return house.data_dir + "/repairs/" + repair_id + ".csv"; }

Result<std::string> give_repair(House& house, const Act& act, const std::string& path, const std::vector<std::string>& areas, const std::string& lang) {
  RepairRun run;
  run.repair_id = crypto::random_id("rep");
  run.actor = act.actor;
  run.given_at = house.now();
  const std::string kept = waiting_path(house, run.repair_id);
  std::error_code ignored;
  std::filesystem::create_directories(house.data_dir + "/uploads", ignored);
  if (std::rename(path.c_str(), kept.c_str()) != 0) return unavailable("identity.file_not_written", "rename");
  auto given = house.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY(store::insert_repair(tx, run));
    return schedule(house, tx, run.repair_id, areas, lang, false);
  });
  if (given) return run.repair_id;
  ::unlink(kept.c_str());
  return std::move(given).failure();
}

Result<void> apply_repair(House& house, const Act& act, const std::string& repair_id, const std::vector<std::string>& areas, const std::string& lang) {
  return house.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(auto run, get_repair(tx, repair_id));
    if (run.state != RepairState::looked_through || !run.ended_at) return conflict("identity.repair_not_ready");
    if (!std::filesystem::exists(waiting_path(house, repair_id))) return conflict("identity.repair_file_gone");
    run.ended_at.reset();
    TRY(store::update_repair(tx, run));
    return schedule(house, tx, repair_id, areas, lang, true);
  });
}

Result<RepairRun> get_repair(storage::Reader& reader, const std::string& repair_id) {
  if (!is_id("rep", repair_id)) return not_found("identity.no_such_repair");
  TRY_ASSIGN(auto run, store::find_repair(reader, repair_id));
  if (!run) return not_found("identity.no_such_repair");
  return *std::move(run);
}

Result<std::vector<RepairRun>> list_repairs(storage::Reader& reader, int limit) { return store::newest_repairs(reader, limit); }

Result<void> decide_correction(House& house, Identity& identity, const Viewer& viewer, const std::string& person_id, const std::string& subject,
                               const std::string& field, bool source_is_right) {
  TRY_ASSIGN(const auto person, identity.view_person(viewer, person_id));
  const bool hers = std::any_of(person.records.begin(), person.records.end(), [&](const RecordView& r) { return r.subject == subject; });
  if (!hers) return not_found("identity.no_such_person");
  const CorrectionState state = source_is_right ? CorrectionState::confirmed : CorrectionState::refused;
  return house.database.write(viewer.act, [&](storage::Transaction& tx) -> Result<void> {
    bool settled = false;
    for (std::size_t f = 0; f < repair_fields; ++f)
      if (to_text(RepairField(f)) == field) {
        TRY_ASSIGN(settled, store::settle_correction(tx, subject, RepairField(f), state, viewer.act.actor, house.now()));
      }
    if (!settled) return conflict("identity.already_decided");
    tx.note({{}, subject, person_id});
    return {};
  });
}

void add_repair_job(events::Bus& bus, House& house, Identity& identity) {
  bus.on_job(job, [&house, &identity](const events::Event& event) { return run_job(house, identity, event); });
}

}  // namespace motcua::identity
