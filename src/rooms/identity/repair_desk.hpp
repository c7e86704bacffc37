#pragma once
// Repairing from the desk: a file is given, looked through by a job, reported, and applied when a person says so.
#include "rooms/identity/repair.hpp"

namespace motcua::identity {

enum class RepairState { waiting, looked_through, applied, refused };
struct RepairRun {
  std::string repair_id, actor;            // rep_...
  RepairState state = RepairState::waiting;
  Instant given_at{};
  std::optional<Instant> ended_at;         // absent while the job works
  RepairSummary summary;
  std::string failure_code;                // of a file that was refused
};

/// Takes the uploaded file at `path` (as the http slice spools it) and lets a job look through it. Its id.
Result<std::string> give_repair(House& house, const Act& act, const std::string& path, const std::vector<std::string>& areas, const std::string& lang);
/// Lets the job apply what it found. Failures identity.no_such_repair, identity.repair_not_ready (conflict), identity.repair_file_gone (conflict).
Result<void> apply_repair(House& house, const Act& act, const std::string& repair_id, const std::vector<std::string>& areas, const std::string& lang);
/// Failure identity.no_such_repair.
Result<RepairRun> get_repair(storage::Reader& reader, const std::string& repair_id);
Result<std::vector<RepairRun>> list_repairs(storage::Reader& reader, int limit);
/// DIR/repairs/<id>.csv
std::string report_path(const House& house, const std::string& repair_id);

/// A person's word on a proposed correction of a record of hers: the source is right, or the record is. It stays through later repairs.
/// `field` as the file calls it. Failures: those of view_person, identity.already_decided (conflict).
Result<void> decide_correction(House& house, Identity& identity, const Viewer& viewer, const std::string& person_id, const std::string& subject,
                               const std::string& field, bool source_is_right);

/// The job behind both.
void add_repair_job(events::Bus& bus, House& house, Identity& identity);

namespace store {
Result<void> insert_repair(Transaction& tx, const RepairRun& run);
Result<void> update_repair(Transaction& tx, const RepairRun& run);
/// False when nothing is proposed there.
Result<bool> settle_correction(Transaction& tx, std::string_view subject, RepairField field, CorrectionState state, std::string_view by, Instant now);
Result<std::optional<RepairRun>> find_repair(Reader& reader, std::string_view repair_id);
Result<std::vector<RepairRun>> newest_repairs(Reader& reader, int limit);
}  // namespace store

}  // namespace motcua::identity
