// The operator's work: schema, integrity, backup, retention, keys, the first administrator.
#include <cstdio>
#include <fstream>

#include "app/backup.hpp"
#include "app/commands.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "app/purge.hpp"
#include "platform/audit/audit.hpp"
#include "platform/auth/auth.hpp"
#include "platform/storage/migrations.hpp"

namespace motcua::app {
namespace {

/// Opens the installation, runs `work` on it, turns a failure into words and an exit status.
template <class Work>
int with_installation(const Globals& globals, Work&& work) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  Result<int> status = work(**opened);
  return status ? *status : fail(status.failure(), texts(), globals.lang);
}

}  // namespace

int run_migrate(const Globals& globals) {
  return with_installation(globals, [&](Installation& home) -> Result<int> {   // opening has migrated
    Summary summary;
    summary.add("migrations", static_cast<std::int64_t>(storage::migrations_from("").size()))
        .add("database", std::string(home.database().is_postgres() ? "PostgreSQL" : "SQLite"));
    print(summary, globals.json, texts(), globals.lang);
    return exit_done;
  });
}

namespace {

void tell(const std::vector<std::string>& findings) {
  for (const auto& finding : findings) std::fprintf(stderr, "%s\n", finding.c_str());
}

Result<int> check_whole(const Globals& globals, const std::string& export_audit) {
  TRY_ASSIGN(const auto opened, Installation::open(globals));
  Installation& home = *opened;
  TRY_ASSIGN(const auto findings, home.database().check_integrity());
  TRY_ASSIGN(const auto chain, audit::verify(home.database(), home.house().keys));
  tell(findings);
  Summary summary;
  summary.add("database_findings", static_cast<std::int64_t>(findings.size()))
      .add("audit_entries", chain.entries).add("audit_checkpoints", chain.checkpoints).add("audit_holds", !chain.first_break);
  if (chain.first_break)
    summary.add("audit_breaks_at", chain.first_break->seq).add("audit_break", std::string(audit::to_text(chain.first_break->kind)));
  if (!export_audit.empty()) {
    std::ofstream out(export_audit, std::ios::binary | std::ios::trunc);
    TRY_ASSIGN(const auto entries, audit::export_json_lines(home.database(), home.house().keys, out));
    if (!out.flush()) return unavailable("app.file_not_written", "audit export");
    summary.add("audit_exported", entries);
  }
  print(summary, globals.json, texts(), globals.lang);
  return findings.empty() && !chain.first_break ? exit_done : exit_partly;
}

/// Too damaged to be opened or read through: the database alone is looked at, so that the check says where all the same.
int check_damaged(const Globals& globals, const Failure& why) {
  storage::DatabaseOptions options;
  options.data_dir = globals.data_dir;
  options.url = globals.database_url;
  auto database = storage::open_database(options);
  auto findings = database ? (*database)->check_integrity() : Result<std::vector<std::string>>(database.failure());
  const int status = fail(findings ? why : findings.failure(), texts(), globals.lang);
  if (findings && findings->empty()) return status;   // the database is sound: something else is not (a key)
  if (findings) tell(*findings);
  const auto count = findings ? static_cast<std::int64_t>(findings->size()) : 1;
  print(Summary().add("database_findings", count).add("audit_holds", false), globals.json, texts(), globals.lang);
  return exit_partly;
}

}  // namespace

int run_check(const Globals& globals, const std::string& export_audit) {
  auto status = check_whole(globals, export_audit);
  if (status) return *status;
  if (status.failure().kind == FailureKind::corrupt) return check_damaged(globals, status.failure());
  return fail(status.failure(), texts(), globals.lang, status.failure().kind == FailureKind::invalid);
}

int run_backup(const Globals& globals, const std::string& file) {
  return with_installation(globals, [&](Installation& home) -> Result<int> {
    TRY(audit::checkpoint(home.database()));
    TRY_ASSIGN(const auto bytes, write_backup(home.database(), home.house().keys, globals.data_dir, file));
    TRY(audit::record_read(home.database(), home.act("app.backup"), {}));
    Summary summary;
    summary.add("file", file).add("bytes", static_cast<std::int64_t>(bytes));
    print(summary, globals.json, texts(), globals.lang);
    return exit_done;
  });
}

int run_restore(const Globals& globals, const std::string& file) {
  if (auto restored = read_backup(file, globals.data_dir, globals.database_url); !restored)
    return fail(restored.failure(), texts(), globals.lang);
  return run_check(globals, {});
}

int run_purge(const Globals& globals, bool dry_run) {
  return with_installation(globals, [&](Installation& home) -> Result<int> {
    Summary summary;
    TRY_ASSIGN(const auto report, purge_house(home, home.act("app.purge"), dry_run));
    for (const auto& line : report.lines) summary.add(line.what, line.rows);
    if (report.proof)
      summary.add("proof_entry", report.proof->seq).add("proof_hash", report.proof->hash_hex).add("proof_signature", report.proof->signature_hex);
    summary.add("dry_run", dry_run);
    print(summary, globals.json, texts(), globals.lang);
    return exit_done;
  });
}

int run_rotate_keys(const Globals& globals) {
  return with_installation(globals, [&](Installation& home) -> Result<int> {
    TRY(home.house().keys.rotate_master());
    TRY(audit::record_read(home.database(), home.act("crypto.rotate_master"), {}));
    print(Summary().add("rotated", true), globals.json, texts(), globals.lang);
    return exit_done;
  });
}

int run_admin_create(const Globals& globals, const AdminArguments& arguments) {
  return with_installation(globals, [&](Installation& home) -> Result<int> {
    House& house = home.house();
    const auth::Accounts accounts(house.database, house.keys, house.units, house.now);
    const auto issued = accounts.create_first_administrator(home.act("auth.create_first_administrator"), arguments.login, arguments.name);
    if (!issued) return fail(issued.failure(), texts(), globals.lang, issued.failure().kind == FailureKind::invalid);
    print(Summary().add("account", issued->account).add("password", issued->password.reveal())
              .add("totp_secret", issued->totp_secret.reveal()).add("totp_uri", issued->totp_uri.reveal()),
          globals.json, texts(), globals.lang);
    return exit_done;
  });
}

}  // namespace motcua::app
