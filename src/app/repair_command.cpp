// A dose file whose wrong names, dates and numbers are found, and corrected where that is certain.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "app/commands.hpp"
#include "app/evaluate_repair.hpp"
#include "app/installation.hpp"
#include "app/match_output.hpp"
#include "app/output.hpp"
#include "platform/crypto/crypto.hpp"
#include "rooms/identity/identity.hpp"

namespace motcua::app {
namespace {

/// Who is who needs an export of the links; it goes when it has been read.
Result<RepairTruth> truth_of(Installation& home, const Globals& globals, const std::string& truth_file) {
  const std::string links = globals.data_dir + "/repair-links.csv";
  TRY(home.rooms().identity->door().export_links(home.act("identity.export_links"), links));
  auto truth = RepairTruth::load(truth_file, links);
  std::error_code ignored;
  std::filesystem::remove(links, ignored);
  return truth;
}

void add_truth(Summary& summary, const RepairEvaluation& e) {
  summary.add("wrong_rows", e.wrong_rows).add("wrong_repaired", e.wrong_repaired).add("wrong_review", e.wrong_review).add("wrong_left", e.wrong_left)
      .add("wrong_overlooked", e.wrong_overlooked).add("repaired_share", e.repaired_share()).add("wrongly_repaired", e.wrongly_repaired)
      .add("wrongly_repaired_share", e.wrongly_repaired_share()).add("assigned", e.assigned).add("assigned_wrongly", e.assigned_wrongly);
  constexpr std::array<const char*, identity::repair_fields> fields{"name", "birth", "phone", "id"};
  for (std::size_t f = 0; f < fields.size(); ++f)
    summary.add(std::string("wrong_") + fields[f], e.wrong_fields[f]).add(std::string("corrected_") + fields[f], e.corrected_fields[f]);
}

}  // namespace

int run_repair_doses(const Globals& globals, const RepairArguments& arguments) {
  const auto begun = std::chrono::steady_clock::now();
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  Installation& home = **opened;
  std::optional<RepairTruth> truth;
  if (!arguments.truth.empty()) {
    auto loaded = truth_of(home, globals, arguments.truth);
    if (!loaded) return fail(loaded.failure(), texts(), globals.lang);
    truth = std::move(*loaded);
  }
  if (auto writable = check_writable(arguments.out); !writable) return fail(writable.failure(), texts(), globals.lang);
  identity::RepairReport report(arguments.out, texts(), globals.lang);
  std::int64_t unreadable = 0;
  const identity::RepairOptions options{.source = arguments.source, .apply = arguments.apply, .repair_id = crypto::random_id("rep")};
  auto done = home.rooms().identity->door().repair_doses(home.act("identity.repair_doses", options.repair_id), *intake::file_source(arguments.file), options,
                                                         [&](const identity::RepairRow& row) {
    report.add(row);
    unreadable += row.reason == "unreadable" ? 1 : 0;
    if (truth) truth->take(row);
  });
  if (!done) return fail(of_file(done.failure(), arguments.file), texts(), globals.lang);
  if (auto kept = report.finish(); !kept) return fail(kept.failure(), texts(), globals.lang);
  if (arguments.apply)
    if (auto followed = home.bus().drain(); !followed) return fail(followed.failure(), texts(), globals.lang);
  Summary summary;
  summary.add("read", done->read).add("right", done->right).add("repaired", done->repaired).add("review", done->review).add("left", done->left)
      .add("corrections", done->corrections).add("applied", arguments.apply).add("recorded", done->recorded).add("report_file", arguments.out);
  if (truth) add_truth(summary, truth->evaluation());
  summary.add("seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  print(summary, globals.json, texts(), globals.lang);
  return unreadable > 0 ? exit_partly : exit_done;
}

}  // namespace motcua::app
