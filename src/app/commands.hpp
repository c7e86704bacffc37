#pragma once
// The subcommands, one function each; src/app/cli.cpp reads the command line into these structs.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace motcua::app {

/// Options of every subcommand.
struct Globals {
  std::string data_dir = "./data";
  std::string database_url;
  std::string config_file;
  std::string lang = "vi";
  bool json = false;
  std::map<std::string, std::string> flags;   // settings given as --set name=value
};

struct ImportArguments {
  std::string kind;
  std::vector<std::string> files;
  std::string source, reporter;
};
struct ResolveArguments { std::string phone, id, name, birth; };
struct ConfirmArguments { std::string person, record, sampled_at, onset, isolated_at; };
struct TraceArguments {
  std::string case_id, as_of, policy, format = "table", direction = "forward";
  int depth = 2;
};
struct SimulateArguments {
  std::int64_t people = 20000, days = 21;
  std::uint64_t seed = 1;
  std::string out, noise = "mid";
  bool harder = false;
};
struct RepairArguments {
  std::string file, out, source = "doses", truth;
  bool apply = false;
};
struct DemoArguments {
  std::int64_t people = 20000, days = 21;
  std::uint64_t seed = 2021;
  std::string listen = "127.0.0.1:8080";
  bool serve = true;
};
struct MatchArguments {
  std::vector<std::string> files;   // one, or two to be linked
  std::string spec, out, pairs, model;
};
struct ExposureKeyArguments {
  std::string key;
  std::uint64_t from_interval = 0, count = 0;
};
struct BluezoneKeyArguments { std::string base_key, day, since; };
struct CodeArguments { std::string case_id, type = "confirmed", onset; };
struct KeyExportArguments {
  std::string since, out;
  bool travelers = false;
};
struct KeyImportArguments { std::string archive, key, origin; };
struct KeyMatchArguments { std::string archive, observed, key; };
struct GraphLoadArguments {
  std::vector<std::string> files;
  std::string out, recorded;
  bool withdraw = false;
};
struct GraphAppendArguments {
  std::string dir;
  bool withdraw = false;
  std::uint64_t fold_bytes = 32'000'000;       // some 500,000 rows
};
struct GraphQuestionArguments {
  std::string dir, from, to, isolated, direction = "forward", format = "csv", as_of, near, against_from, against_to;
  std::vector<std::string> seeds, others;      // the second cluster
  int depth = 1;
  double latent_minutes = 0, min_minutes = 0;
  std::uint64_t contacts_max = 20'000'000'000, milliseconds_max = 600'000;
  bool chains = false;
};
struct PaperPrintArguments {
  std::string form, person, out;
  int copies = 1;
};
struct PaperReadArguments {
  std::vector<std::string> scans;
  std::string out;
};
struct AdminArguments { std::string login, name; };

int run_demo(const Globals&, const DemoArguments&);
int run_serve(const Globals&, const std::string& listen);
int run_import(const Globals&, const ImportArguments&);
int run_link(const Globals&, bool full);
int run_link_export(const Globals&, const std::string& file);
int run_repair_doses(const Globals&, const RepairArguments&);
int run_resolve(const Globals&, const ResolveArguments&);
int run_confirm(const Globals&, const ConfirmArguments&);
int run_trace(const Globals&, const TraceArguments&);
int run_simulate(const Globals&, const SimulateArguments&);
int run_evaluate_link(const Globals&, const std::string& truth);
int run_evaluate_trace(const Globals&, const std::string& truth);
int run_match(const Globals&, const MatchArguments&);
int run_graph_load(const Globals&, const GraphLoadArguments&);
int run_graph_trace(const Globals&, const GraphQuestionArguments&);
int run_graph_places(const Globals&, const GraphQuestionArguments&);
int run_graph_bridges(const Globals&, const GraphQuestionArguments&);
int run_graph_origins(const Globals&, const GraphQuestionArguments&);
int run_graph_append(const Globals&, const GraphAppendArguments&);
int run_graph_forget(const Globals&, const std::string& dir, const std::string& before);
int run_graph_check(const Globals&, const std::string& dir);
int run_graph_backup(const Globals&, const std::string& dir, const std::string& to);
int run_paper_print(const Globals&, const PaperPrintArguments&);
int run_paper_read(const Globals&, const PaperReadArguments&);
int run_admin_create(const Globals&, const AdminArguments&);
int run_migrate(const Globals&);
int run_check(const Globals&, const std::string& export_audit);
int run_backup(const Globals&, const std::string& file);
int run_restore(const Globals&, const std::string& file);
int run_purge(const Globals&, bool dry_run);
int run_rotate_keys(const Globals&);
int run_gateway_key(const Globals&);
int run_exposure_identifiers(const Globals&, const ExposureKeyArguments&);
int run_bluezone_identifiers(const Globals&, const BluezoneKeyArguments&);
int run_exposure_code(const Globals&, const CodeArguments&);
int run_exposure_archive(const Globals&);
int run_exposure_export(const Globals&, const KeyExportArguments&);
int run_exposure_import(const Globals&, const KeyImportArguments&);
int run_exposure_match(const Globals&, const KeyMatchArguments&);

/// The whole command line; what main() returns.
int run(int argc, char** argv);

}  // namespace motcua::app
