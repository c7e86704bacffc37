// The command line: words into structs, structs into one call. CLI11 is slow to compile, so it stays in this file.
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>

#include "app/commands.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "engines/contacts/reach.hpp"

namespace motcua::app {
namespace {

/// The subcommand chosen, to be run when all of the line has been read.
using Chosen = std::function<int()>;

void add_globals(CLI::App& command, Globals& g) {
  command.add_option("--data", g.data_dir, "home of an embedded installation")->capture_default_str();
  command.add_option("--database", g.database_url, "postgresql://... instead of the embedded database");
  command.add_option("--config", g.config_file, "settings, TOML");
  command.add_option("--lang", g.lang, "language of messages")->check(CLI::IsMember({"vi", "en"}))->capture_default_str();
  command.add_option_function<std::vector<std::string>>(
      "--set",
      [&g](const std::vector<std::string>& pairs) {
        for (const auto& pair : pairs) {
          const auto equals = pair.find('=');
          if (equals == std::string::npos) throw CLI::ValidationError("--set", "needs name=value");
          g.flags[pair.substr(0, equals)] = pair.substr(equals + 1);
        }
      },
      "a setting, as name=value; docs/settings.md lists them");
}
void add_json(CLI::App& command, Globals& g) { command.add_flag("--json", g.json, "the summary as one JSON object"); }

CLI::App* subcommand(CLI::App& app, Globals& g, const char* name, const char* what, const char* example) {
  CLI::App* command = app.add_subcommand(name, what);
  command->footer(std::string("Example:\n  ") + example);
  add_globals(*command, g);
  return command;
}

void add_service(CLI::App& app, Globals& g, Chosen& chosen) {
  static DemoArguments demo;
  auto* d = subcommand(app, g, "demo", "a made-up town, from its exports to a traced case, and the server",
                       "motcua demo --people 20000");
  d->add_option("--people", demo.people)->check(CLI::Range(100, 10'000'000))->capture_default_str();
  d->add_option("--days", demo.days)->check(CLI::Range(1, 60))->capture_default_str();
  d->add_option("--seed", demo.seed)->capture_default_str();
  d->add_option("--listen", demo.listen, "HOST:PORT")->capture_default_str();
  d->add_flag("!--no-serve", demo.serve, "leave a filled --data behind and end");
  add_json(*d, g);
  d->callback([&] { chosen = [&] { return run_demo(g, demo); }; });

  static std::string listen = "127.0.0.1:8080";
  auto* s = subcommand(app, g, "serve", "the server", "motcua serve --data /var/lib/motcua --listen 127.0.0.1:8080");
  s->add_option("--listen", listen, "HOST:PORT")->capture_default_str();
  s->callback([&] { chosen = [&] { return run_serve(g, listen); }; });
}

void add_data(CLI::App& app, Globals& g, Chosen& chosen) {
  static ImportArguments import;
  auto* i = subcommand(app, g, "import", "bring files in", "motcua import ncovi ncovi-2021-07.csv.gz --source ncovi");
  i->add_option("KIND", import.kind, "units, residents, ncovi, vhd, bluezone-users, bluezone-trace, encounters, visits, tests, doses")->required();
  i->add_option("FILE", import.files, "CSV or .csv.gz")->required();
  i->add_option("--source", import.source, "name of the source; default: the kind");
  i->add_option("--reporter", import.reporter, "phone of the app whose own data_trace.txt this is");
  add_json(*i, g);
  i->callback([&] { chosen = [&] { return run_import(g, import); }; });

  static bool full = false;
  auto* l = subcommand(app, g, "link", "resolve records to persons", "motcua link --full");
  l->add_flag("--full", full, "all records anew, not only what is new");
  add_json(*l, g);
  static std::string export_file;
  auto* e = subcommand(*l, g, "export", "who is whom, as CSV", "motcua link export links.csv");
  e->add_option("FILE", export_file)->required();
  add_json(*e, g);
  l->callback([&, e] {
    chosen = e->parsed() ? Chosen([&] { return run_link_export(g, export_file); }) : Chosen([&] { return run_link(g, full); });
  });

  static SimulateArguments sim;
  auto* s = subcommand(app, g, "simulate", "write the exports of a made-up town, with the truth beside them",
                       "motcua simulate --people 20000 --days 21 --seed 1 --out town");
  s->add_option("--people", sim.people)->check(CLI::Range(100, 10'000'000))->capture_default_str();
  s->add_option("--days", sim.days)->check(CLI::Range(1, 60))->capture_default_str();
  s->add_option("--seed", sim.seed)->capture_default_str();
  s->add_option("--out", sim.out, "folder to write to")->required();
  s->add_option("--noise", sim.noise)->check(CLI::IsMember({"low", "mid", "high"}))->capture_default_str();
  s->add_flag("--harder", sim.harder, "twins, namesakes, shared phones and others who are hard to tell apart");
  add_json(*s, g);
  s->callback([&] { chosen = [&] { return run_simulate(g, sim); }; });
}

void add_repair(CLI::App& app, Globals& g, Chosen& chosen) {
  static RepairArguments repair;
  auto* r = subcommand(app, g, "repair", "a file whose wrong fields are found and corrected", "motcua repair doses doses.csv --out report.csv");
  r->require_subcommand(1);
  auto* d = subcommand(*r, g, "doses", "vaccine doses held against what is known of the persons; without --apply nothing is changed",
                       "motcua repair doses doses.csv --out report.csv");
  d->add_option("FILE", repair.file, "KIND doses, CSV or .csv.gz")->required();
  d->add_option("--out", repair.out, "the report: every row once, CSV")->required();
  d->add_option("--source", repair.source, "name of the source")->capture_default_str();
  d->add_flag("--apply", repair.apply, "bring the rows in, and keep the corrections beside them");
  d->add_option("--truth", repair.truth, "truth/dose-register.csv of a made-up town: how right is it?");
  add_json(*d, g);
  d->callback([&] { chosen = [&] { return run_repair_doses(g, repair); }; });
}

void add_questions(CLI::App& app, Globals& g, Chosen& chosen) {
  static ResolveArguments resolve;
  auto* r = subcommand(app, g, "resolve", "who is this?", "motcua resolve --phone 0938000204");
  r->add_option("--phone", resolve.phone);
  r->add_option("--id", resolve.id);
  r->add_option("--name", resolve.name);
  r->add_option("--birth", resolve.birth);
  add_json(*r, g);
  r->callback([&] { chosen = [&] { return run_resolve(g, resolve); }; });

  static ConfirmArguments confirm;
  auto* c = subcommand(app, g, "case", "cases", "motcua case confirm --record tests:S-1 --sampled-at 2021-08-02T07:40");
  c->require_subcommand(1);
  auto* cc = subcommand(*c, g, "confirm", "make an F0 and trace it",
                        "motcua case confirm --record tests:S-1 --sampled-at 2021-08-02T07:40 --onset 2021-07-31");
  auto* person = cc->add_option("--person", confirm.person, "per_...");
  cc->add_option("--record", confirm.record, "SOURCE:ID")->excludes(person);
  cc->add_option("--sampled-at", confirm.sampled_at)->required();
  cc->add_option("--onset", confirm.onset);
  cc->add_option("--isolated-at", confirm.isolated_at);
  add_json(*cc, g);
  cc->callback([&] { chosen = [&] { return run_confirm(g, confirm); }; });

  static TraceArguments trace;
  auto* t = subcommand(app, g, "trace", "the contacts of a case", "motcua trace --case cas_... --depth 2 --format csv");
  t->add_option("--case", trace.case_id)->required();
  t->add_option("--depth", trace.depth)->check(CLI::Range(1, 9))->capture_default_str();
  t->add_option("--as-of", trace.as_of, "what was known then");
  t->add_option("--policy", trace.policy);
  t->add_option("--direction", trace.direction)->check(CLI::IsMember({"forward", "backward"}))->capture_default_str();
  t->add_option("--format", trace.format)->check(CLI::IsMember({"table", "csv", "json", "dot"}))->capture_default_str();
  t->callback([&] { chosen = [&] { return run_trace(g, trace); }; });

  static std::string truth;
  auto* e = subcommand(app, g, "evaluate", "against the truth", "motcua evaluate link --truth town/truth/persons.csv");
  e->require_subcommand(1);
  auto* el = subcommand(*e, g, "link", "pairs of records", "motcua evaluate link --truth town/truth/persons.csv");
  el->add_option("--truth", truth)->required();
  add_json(*el, g);
  el->callback([&] { chosen = [&] { return run_evaluate_link(g, truth); }; });
  auto* et = subcommand(*e, g, "trace", "contacts of the cases", "motcua evaluate trace --truth town/truth/contacts.csv");
  et->add_option("--truth", truth)->required();
  add_json(*et, g);
  et->callback([&] { chosen = [&] { return run_evaluate_trace(g, truth); }; });
}

void add_match(CLI::App& app, Globals& g, Chosen& chosen) {
  static MatchArguments match;
  auto* m = subcommand(app, g, "match", "anybody's table: which rows are about one person (one file), or which rows of two files",
                       "motcua match people.csv --spec spec.toml --out clusters.csv --pairs pairs.csv");
  static std::string first, second;
  m->add_option("FILE", first, "CSV or .csv.gz")->required();
  m->add_option("FILE2", second, "the rows of FILE are linked to those of this one");
  m->add_option("--spec", match.spec, "which columns to compare, and how: docs/formats.md")->required();
  m->add_option("--out", match.out, "clusters, CSV")->required();
  m->add_option("--pairs", match.pairs, "pairs from the review probability on, CSV");
  m->add_option("--model", match.model, "learned parameters, JSON: read when the file is there, else written");
  add_json(*m, g);
  m->callback([&] {
    match.files = second.empty() ? std::vector{first} : std::vector{first, second};
    chosen = [&] { return run_match(g, match); };
  });
}

void add_exposure(CLI::App& keys, Globals& g, Chosen& chosen);

void add_keys(CLI::App& app, Globals& g, Chosen& chosen) {
  auto* k = subcommand(app, g, "keys", "secrets of the installation; what phones derive from theirs", "motcua keys rotate");
  k->require_subcommand(1);
  auto* r = subcommand(*k, g, "rotate", "a new master key; every secret is wrapped anew", "motcua keys rotate");
  add_json(*r, g);
  r->callback([&] { chosen = [&] { return run_rotate_keys(g); }; });

  auto* m = subcommand(*k, g, "gateway", "the key a message gateway shows at /api/v1/inbound-messages", "motcua keys gateway");
  m->callback([&] { chosen = [&] { return run_gateway_key(g); }; });

  static ExposureKeyArguments exposure;
  auto* i = subcommand(*k, g, "identifiers", "rolling proximity identifiers of a temporary exposure key (GAEN), CSV",
                       "motcua keys identifiers --tek 00112233445566778899aabbccddeeff --from-interval 2642976 --count 144");
  i->add_option("--tek", exposure.key, "32 hex digits")->required();
  i->add_option("--from-interval", exposure.from_interval, "ten minutes since 1970, counted")->required();
  i->add_option("--count", exposure.count, "1 to 144")->required();
  i->callback([&] { chosen = [&] { return run_exposure_identifiers(g, exposure); }; });

  static BluezoneKeyArguments bluezone;
  auto* b = subcommand(*k, g, "bluezone", "Bluezone's identifiers of a day, CSV",
                       "motcua keys bluezone --base-key $(printf '0%.0s' {1..64}) --day 2021-07-01 --since 2021-06-01T08:00:00+07:00");
  b->add_option("--base-key", bluezone.base_key, "64 hex digits")->required();
  b->add_option("--day", bluezone.day, "a UTC day, 2021-07-01")->required();
  b->add_option("--since", bluezone.since, "when the base key was made")->required();
  b->callback([&] { chosen = [&] { return run_bluezone_identifiers(g, bluezone); }; });
  add_exposure(*k, g, chosen);
}

/// The key server from the machine itself; matching opens no installation.
void add_exposure(CLI::App& keys, Globals& g, Chosen& chosen) {
  static CodeArguments code;
  auto* c = subcommand(keys, g, "code", "a one-time code with which a case's phone publishes its keys", "motcua keys code --case cas_...");
  c->add_option("--case", code.case_id)->required();
  c->add_option("--type", code.type)->check(CLI::IsMember({"confirmed", "likely", "negative"}))->capture_default_str();
  c->add_option("--onset", code.onset, "day of the first symptoms");
  add_json(*c, g);
  c->callback([&] { chosen = [&] { return run_exposure_code(g, code); }; });

  auto* a = subcommand(keys, g, "archive", "close the export period now: an archive for phones", "motcua keys archive");
  add_json(*a, g);
  a->callback([&] { chosen = [&] { return run_exposure_archive(g); }; });

  static KeyExportArguments out;
  auto* e = subcommand(keys, g, "export", "keys of phones here as an archive for another authority", "motcua keys export --since 2026-11-20 --out keys.zip");
  e->add_option("--since", out.since, "that came or changed from then on")->required();
  e->add_option("--out", out.out)->required();
  e->add_flag("--travelers", out.travelers, "only of phones that have been abroad");
  add_json(*e, g);
  e->callback([&] { chosen = [&] { return run_exposure_export(g, out); }; });

  static KeyImportArguments in;
  auto* i = subcommand(keys, g, "import", "another authority's archive, verified", "motcua keys import theirs.zip --key theirs.pem --origin TH");
  i->add_option("ARCHIVE", in.archive)->required();
  i->add_option("--key", in.key, "PEM of the key that signed it")->required();
  i->add_option("--origin", in.origin, "region; default: the one the archive names");
  add_json(*i, g);
  i->callback([&] { chosen = [&] { return run_exposure_import(g, in); }; });

  static KeyMatchArguments match;
  auto* m = subcommand(keys, g, "match", "which keys of an archive a phone heard, CSV", "motcua keys match keys.zip --observed heard.csv");
  m->add_option("ARCHIVE", match.archive)->required();
  m->add_option("--observed", match.observed, "CSV: interval,identifier[,metadata], in hex")->required();
  m->add_option("--key", match.key, "PEM; without it the signature is not looked at");
  m->callback([&] { chosen = [&] { return run_exposure_match(g, match); }; });
}

/// What every question to a graph takes.
CLI::App* graph_question(CLI::App& graph, Globals& g, GraphQuestionArguments& q, const char* name, const char* says, const char* example) {
  auto* c = subcommand(graph, g, name, says, example);
  c->add_option("DIR", q.dir)->required();
  c->add_option("--from", q.from, "a seed passes it on (backward: was infected) from then")->required();
  c->add_option("--to", q.to, "until then")->required();
  c->add_option("--depth", q.depth, "contacts in a chain at most")->required()->check(CLI::Range(1, contacts::depth_max));
  for (auto [option, minutes] : {std::pair{"--latent-minutes", &q.latent_minutes}, std::pair{"--min-minutes", &q.min_minutes}}) c->add_option(option, *minutes)->capture_default_str();
  c->add_option("--isolated", q.isolated, "CSV person,at");
  c->add_option("--as-of", q.as_of, "what was known then; all that is known");
  c->add_option("--near", q.near, "CSV kind,distance_max_m,seat_rows_max,weight,crowd_half: how near is near; everybody at a place");
  c->add_option("--contacts-max", q.contacts_max, "looked at; then the answer is partial")->capture_default_str();
  c->add_option("--milliseconds-max", q.milliseconds_max, "of the clock; then the answer is partial")->capture_default_str();
  return c;
}

void add_graph_questions(CLI::App& graph, Globals& g, Chosen& chosen) {
  static GraphQuestionArguments q;
  const auto seeds = [&](CLI::App* c) { c->add_option("--seed", q.seeds, "an id as in the files; several may be given")->required()->allow_extra_args(false); };
  const auto direction = [&](CLI::App* c) { c->add_option("--direction", q.direction)->check(CLI::IsMember({"forward", "backward"}))->capture_default_str(); };
  const auto format = [&](CLI::App* c, const std::vector<std::string>& formats) { c->add_option("--format", q.format)->check(CLI::IsMember(formats))->capture_default_str(); };
  auto* t = graph_question(graph, g, q, "trace", "who is reached from a person, or whom it may have come from",
                           "motcua graph trace graph --seed P7 --from 2021-07-20 --to 2021-07-23 --depth 3");
  seeds(t), direction(t), format(t, {"csv", "json", "dot"});
  t->add_option("--against-from", q.against_from, "what changes when the seeds' time begins then");
  t->add_option("--against-to", q.against_to, "and ends then");
  t->add_flag("--chains", q.chains, "with the earliest and the strongest chain to each person");
  t->callback([&] { chosen = [&] { return run_graph_trace(g, q); }; });
  auto* p = graph_question(graph, g, q, "places", "which places account for most exposures of an answer",
                           "motcua graph places graph --seed P7 --from 2021-07-20 --to 2021-07-23 --depth 2");
  seeds(p), direction(p), format(p, {"csv", "json"});
  p->callback([&] { chosen = [&] { return run_graph_places(g, q); }; });
  auto* b = graph_question(graph, g, q, "bridges", "who links two clusters of cases",
                           "motcua graph bridges graph --seed P7 --seed P9 --other P23 --from 2021-07-20 --to 2021-08-03 --depth 3");
  seeds(b), format(b, {"csv", "json"}), b->add_option("--other", q.others, "cases of the other cluster")->required()->allow_extra_args(false);
  b->callback([&] { chosen = [&] { return run_graph_bridges(g, q); }; });
  auto* o = graph_question(graph, g, q, "origins", "who may stand before all of these cases: the missing index case",
                           "motcua graph origins graph --seed P7 --seed P9 --from 2021-07-01 --to 2021-07-20 --depth 3");
  seeds(o), format(o, {"csv", "json"});
  o->callback([&] { chosen = [&] { return run_graph_origins(g, q); }; });
}

void add_graph(CLI::App& app, Globals& g, Chosen& chosen) {
  auto* graph = subcommand(app, g, "graph", "the contact graph of anybody's files", "motcua graph load contacts.csv --out graph");
  graph->require_subcommand(1);
  static GraphLoadArguments load;
  auto* l = subcommand(*graph, g, "load", "contacts and visits into a folder; into one that is a graph already, they are added",
                       "motcua graph load contacts.csv visits.csv.gz --out graph");
  l->add_option("FILE", load.files, "CSV or .csv.gz: a,b,start,minutes[,kind,distance_m] or person,place,from,to[,kind,seat]; or binary")->required();
  l->add_option("--out", load.out, "folder of the graph")->required();
  l->add_option("--recorded", load.recorded, "when this became known; now");
  l->add_flag("--withdraw", load.withdraw, "the rows are taken back: facts with their ids and times");
  add_json(*l, g);
  l->callback([&] { chosen = [&] { return run_graph_load(g, load); }; });
  add_graph_questions(*graph, g, chosen);

  static std::string dir;
  auto* c = subcommand(*graph, g, "check", "reads every byte of a graph and names damaged files", "motcua graph check graph");
  c->add_option("DIR", dir)->required();
  add_json(*c, g);
  c->callback([&] { chosen = [&] { return run_graph_check(g, dir); }; });
  auto* a = subcommand(*graph, g, "append", "rows from standard input, kept before they are counted on standard output",
                       "tail -n +1 -f contacts.csv | motcua graph append graph");
  static GraphAppendArguments append;
  a->add_option("DIR", append.dir)->required();
  a->add_flag("--withdraw", append.withdraw, "the rows are taken back");
  a->add_option("--fold-bytes", append.fold_bytes, "of the log; then it is folded into the files meanwhile")->check(CLI::Range(1'000, 1'000'000'000))->capture_default_str();
  a->callback([&] { chosen = [&] { return run_graph_append(g, append); }; });
  static std::string to;
  auto* b = subcommand(*graph, g, "backup", "a copy of one moment, while others load and append", "motcua graph backup graph --to copy");
  b->add_option("DIR", dir)->required();
  b->add_option("--to", to, "an empty or a new folder")->required();
  add_json(*b, g);
  b->callback([&] { chosen = [&] { return run_graph_backup(g, dir, to); }; });
  static std::string before;
  auto* f = subcommand(*graph, g, "forget", "deletes old days; a line of proof of each stays", "motcua graph forget graph --before 2021-07-01");
  f->add_option("DIR", dir)->required();
  f->add_option("--before", before, "facts that began before this day")->required();
  add_json(*f, g);
  f->callback([&] { chosen = [&] { return run_graph_forget(g, dir, before); }; });
}

void add_paper(CLI::App& app, Globals& g, Chosen& chosen) {
  auto* paper = subcommand(app, g, "paper", "forms on paper: print them, read them back", "motcua paper print health --copies 50 --out forms.pdf");
  paper->require_subcommand(1);
  static PaperPrintArguments print;
  auto* p = subcommand(*paper, g, "print", "a form to be filled by hand, PDF; --lang is its language", "motcua paper print health --lang vi --copies 50 --out forms.pdf");
  p->add_option("FORM", print.form, "health, domestic, entry, daily")->required();
  p->add_option("--person", print.person, "prs_...: what is known of this person is filled in");
  p->add_option("--copies", print.copies, "each with a number of its own")->capture_default_str();
  p->add_option("--out", print.out, "file; standard output");
  p->callback([&] { chosen = [&] { return run_paper_print(g, print); }; });

  static PaperReadArguments read;
  auto* r = subcommand(*paper, g, "read", "scanned forms to values, each with a confidence; nothing enters the installation", "motcua paper read scans.pdf photo.jpg --out read");
  r->add_option("SCAN", read.scans, "PNG, JPEG or PDF")->required();
  r->add_option("--out", read.out, "folder for fields.csv, rejected.csv and a picture of each field");
  add_json(*r, g);
  r->callback([&] { chosen = [&] { return run_paper_read(g, read); }; });
}

void add_operation(CLI::App& app, Globals& g, Chosen& chosen) {
  auto* m = subcommand(app, g, "migrate", "bring the schema up to date", "motcua migrate");
  add_json(*m, g);
  m->callback([&] { chosen = [&] { return run_migrate(g); }; });

  static std::string audit_export;
  auto* c = subcommand(app, g, "check", "integrity of everything stored, the audit chain first", "motcua check");
  c->add_option("--export-audit", audit_export, "write the audit log as JSON lines, for an independent check");
  add_json(*c, g);
  c->callback([&] { chosen = [&] { return run_check(g, audit_export); }; });

  static std::string file;
  auto* b = subcommand(app, g, "backup", "an encrypted copy, while the server runs", "motcua backup motcua-2026-11-23.backup");
  b->add_option("FILE", file)->required();
  add_json(*b, g);
  b->callback([&] { chosen = [&] { return run_backup(g, file); }; });
  auto* r = subcommand(app, g, "restore", "a backup into an empty --data", "motcua restore motcua-2026-11-23.backup --data new");
  r->add_option("FILE", file)->required();
  add_json(*r, g);
  r->callback([&] { chosen = [&] { return run_restore(g, file); }; });

  static bool dry_run = false;
  auto* p = subcommand(app, g, "purge", "delete what has been kept long enough", "motcua purge --dry-run");
  p->add_flag("--dry-run", dry_run, "only say what would be deleted");
  add_json(*p, g);
  p->callback([&] { chosen = [&] { return run_purge(g, dry_run); }; });

  static AdminArguments admin;
  auto* a = subcommand(app, g, "admin", "accounts, from the machine itself", "motcua admin create --login lan --name 'Trần Thị Lan'");
  a->require_subcommand(1);
  auto* ac = subcommand(*a, g, "create", "the first administrator", "motcua admin create --login lan --name 'Trần Thị Lan'");
  ac->add_option("--login", admin.login)->required();
  ac->add_option("--name", admin.name)->required();
  add_json(*ac, g);
  ac->callback([&] { chosen = [&] { return run_admin_create(g, admin); }; });

  add_keys(app, g, chosen);
}

/// What the environment says of the options of all subcommands, as the defaults of flags.
Globals from_environment() {
  Globals g;
  const auto take = [](const char* variable, std::string& into) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') into = value;
  };
  take("MOTCUA_DATA", g.data_dir);
  take("MOTCUA_DATABASE", g.database_url);
  take("MOTCUA_CONFIG", g.config_file);
  take("MOTCUA_LANG", g.lang);
  return g;
}

}  // namespace

int run(int argc, char** argv) {
  ::umask(0077);   // whatever is written is about people: for its owner alone
  std::signal(SIGXFSZ, SIG_IGN);   // a file at its limit is an error like a full disk, not the end of the process
  Globals globals = from_environment();
  Chosen chosen;
  CLI::App app{"Một Cửa: one door. Declare once, be found in time.", "motcua"};
  app.set_version_flag("--version", "motcua 0.1.0");
  app.require_subcommand(1);
  add_globals(app, globals);
  add_service(app, globals, chosen);
  add_data(app, globals, chosen);
  add_repair(app, globals, chosen);
  add_questions(app, globals, chosen);
  add_match(app, globals, chosen);
  add_graph(app, globals, chosen);
  add_paper(app, globals, chosen);
  add_operation(app, globals, chosen);
  try {
    app.parse(argc, argv);
    if (globals.lang != "vi" && globals.lang != "en") throw CLI::ValidationError("MOTCUA_LANG", "is neither vi nor en");
  } catch (const CLI::ParseError& error) {
    if (const auto words = app.remaining(); app.get_subcommands().empty() && !words.empty() && error.get_exit_code() != 0)
      std::fprintf(stderr, "motcua %s: ", words.front().c_str());   // before "A subcommand is required": the word that is none
    const int code = app.exit(error);   // prints help or what is wrong
    return code == 0 ? 0 : 2;
  }
  int status = 0;
  try {
    status = chosen();
  } catch (const std::exception& defect) {   // the boundary: a defect ends the command with a sentence, not with a dump
    return fail(internal("app.defect", defect.what()), texts(), globals.lang);
  }
  // Half a list that looks whole would be worse than none.
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return fail(unavailable("app.file_not_written", "standard output"), texts(), globals.lang);
  return status;
}

}  // namespace motcua::app
