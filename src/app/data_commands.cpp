// Files in, records to persons, and out again.
#include <cstdio>
#include <memory>

#include "app/commands.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "app/simulate.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::app {
namespace {

/// One line that is written over, on a terminal only.
void show(const std::string& line) { std::fprintf(stderr, "\r\033[K%s", line.c_str()); }
void clear_line() { if (shows_progress()) std::fprintf(stderr, "\r\033[K"); }

std::function<void(const intake::Progress&)> import_progress(const std::string& file) {
  if (!shows_progress()) return {};
  return [file](const intake::Progress& p) {
    const double share = p.bytes_total ? static_cast<double>(p.bytes_done) / static_cast<double>(p.bytes_total) : 0;
    show(file + "  " + i18n::number(p.rows) + "  " + i18n::percent("en", share, 0));
  };
}

intake::Summary& operator+=(intake::Summary& all, const intake::Summary& one) {
  all.read += one.read, all.accepted += one.accepted, all.updated += one.updated, all.unchanged += one.unchanged;
  all.rejected += one.rejected, all.warned += one.warned, all.seconds += one.seconds;
  if (!one.rejected_file.empty()) all.rejected_file += (all.rejected_file.empty() ? "" : ";") + one.rejected_file;
  all.import_id += (all.import_id.empty() ? "" : ";") + one.import_id;
  return all;
}

/// Of several files each is looked at before the first comes in: a bad one among them changes nothing.
Result<void> check_all(const intake::Kind& kind, const std::vector<std::string>& files) {
  if (files.size() < 2) return {};
  for (const auto& file : files) {
    const auto rows = intake::check_structure(kind, *intake::file_source(file));
    if (rows) continue;
    return of_file(rows.failure(), file);
  }
  return {};
}

}  // namespace

int run_import(const Globals& globals, const ImportArguments& arguments) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  Installation& home = **opened;
  const auto kind = home.find_kind(arguments.kind);
  if (!kind) return fail(invalid("app.unknown_kind", "KIND", {{"kind", arguments.kind}}), texts(), globals.lang, true);

  if (const auto checked = check_all(*kind, arguments.files); !checked) return fail(checked.failure(), texts(), globals.lang);
  intake::Summary all;
  int status = exit_done;
  for (const auto& file : arguments.files) {
    intake::ImportOptions options;
    options.source = arguments.source.empty() ? kind->name : arguments.source;
    options.reporter_phone = arguments.reporter;
    options.import_id = crypto::random_id("imp");
    options.sentence = [&](const Failure& f) { return texts().sentence(globals.lang, f); };
    options.batch_rows = static_cast<std::size_t>(home.house().settings.integer("imports.batch_rows"));
    auto done = intake::import_file(home.database(), home.act("import." + kind->name, options.import_id), *kind, options, file,
                                    globals.data_dir, import_progress(file));
    clear_line();
    if (!done) {
      status = fail(of_file(done.failure(), file), texts(), globals.lang);
      if (&file == arguments.files.data()) return status;
      status = exit_partly;   // files before this one came in: their summary follows
      break;
    }
    all += *done;
  }
  Summary summary;
  summary.add("read", all.read).add("accepted", all.accepted).add("updated", all.updated).add("unchanged", all.unchanged)
      .add("rejected", all.rejected).add("warned", all.warned).add("rejected_file", all.rejected_file)
      .add("import_id", all.import_id).add("seconds", all.seconds);
  print(summary, globals.json, texts(), globals.lang);
  return all.rejected ? exit_partly : status;
}

int run_link(const Globals& globals, bool full) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  Installation& home = **opened;
  auto done = home.rooms().identity->door().link(home.act("identity.link"), {full});
  if (!done) return fail(done.failure(), texts(), globals.lang);
  if (auto followed = home.bus().drain(); !followed) return fail(followed.failure(), texts(), globals.lang);
  Summary summary;
  summary.add("records", done->records).add("persons", done->persons).add("pairs_scored", done->pairs_scored)
      .add("review_tasks", done->review_tasks).add("seconds", done->seconds)
      .add("peak_memory_bytes", static_cast<std::int64_t>(done->peak_memory_bytes));
  print(summary, globals.json, texts(), globals.lang);
  return exit_done;
}

int run_link_export(const Globals& globals, const std::string& file) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  Installation& home = **opened;
  auto rows = home.rooms().identity->door().export_links(home.act("identity.export_links"), file);
  if (!rows) return fail(rows.failure(), texts(), globals.lang);
  Summary summary;
  summary.add("records", *rows).add("file", file);
  print(summary, globals.json, texts(), globals.lang);
  return exit_done;
}

int run_simulate(const Globals& globals, const SimulateArguments& arguments) {
  SimulateOptions options;
  options.people = arguments.people;
  options.days = static_cast<int>(arguments.days);
  options.seed = arguments.seed;
  options.out_dir = arguments.out;
  options.harder = arguments.harder;
  options.noise = arguments.noise == "low" ? Noise::low : arguments.noise == "high" ? Noise::high : Noise::mid;
  std::function<void(std::int64_t, std::int64_t)> progress;
  if (shows_progress())
    progress = [](std::int64_t done, std::int64_t total) { show(i18n::number(done) + " / " + i18n::number(total)); };
  auto done = simulate_town(options, progress);
  clear_line();
  if (!done) return fail(done.failure(), texts(), globals.lang, done.failure().kind == FailureKind::invalid);
  Summary summary;
  summary.add("seed", static_cast<std::int64_t>(options.seed)).add("people", done->people).add("records", done->records)
      .add("visits", done->visits).add("encounters", done->encounters).add("sightings", done->sightings)
      .add("true_contacts", done->true_contacts).add("cases", done->cases).add("seconds", done->seconds).add("out", options.out_dir);
  print(summary, globals.json, texts(), globals.lang);
  return exit_done;
}

}  // namespace motcua::app
