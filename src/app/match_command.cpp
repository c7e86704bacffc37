// `motcua match`: the linkage engine on anybody's tables.
#include <sys/resource.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/commands.hpp"
#include "app/installation.hpp"
#include "app/match_output.hpp"
#include "app/match_rows.hpp"
#include "app/match_spec.hpp"
#include "app/output.hpp"
#include "base/parallel.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::app {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

constexpr std::size_t model_bytes_max = std::size_t{256} << 20;

/// Seconds by phase, in the order they came.
class Phases {
 public:
  void done(std::string_view phase) {
    const auto now = std::chrono::steady_clock::now();
    all_.emplace_back(phase, std::chrono::duration<double>(now - last_).count());
    last_ = now;
  }
  const std::vector<std::pair<std::string, double>>& all() const { return all_; }
  double sum() const {
    double seconds = 0;
    for (const auto& [phase, s] : all_) seconds += s;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, double>> all_;
};

std::int64_t peak_memory_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

/// Nothing that is read may be overwritten, and no two outputs be one file.
Result<void> check_names(const MatchArguments& a) {
  std::vector<fs::path> used;
  std::vector<std::string> names = a.files;
  names.push_back(a.spec);
  names.push_back(a.out);
  for (const std::string& more : {a.pairs, a.model})
    if (!more.empty()) names.push_back(more);
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::error_code ignored;
    const fs::path path = fs::weakly_canonical(names[i], ignored);
    const bool twice = std::find(used.begin(), used.end(), path) != used.end();
    if (twice && i >= a.files.size()) return invalid("app.match_same_file", names[i]);
    used.push_back(path);
  }
  return {};
}

/// The model of an earlier run; empty: none yet, to be learned and written.
Result<std::string> read_model(const std::string& file) {
  std::error_code error;
  if (file.empty() || !fs::exists(file, error)) return std::string();
  const auto size = fs::file_size(file, error);
  if (error || size == 0 || size > model_bytes_max) return invalid("linkage.model_unreadable", "--model");
  std::ifstream in(file, std::ios::binary);
  std::string text(size, '\0');
  if (!in.read(text.data(), static_cast<std::streamsize>(size))) return invalid("linkage.model_unreadable", "--model");
  return text;
}

struct MatchRun {
  std::int64_t rows = 0;
  linkage::MatchResult result;
  Phases phases;
  bool model_learned = true;
};

std::int64_t review_pairs(const linkage::MatchResult& result) {
  return std::count_if(result.pairs.begin(), result.pairs.end(), [](const auto& p) { return !p.linked; });
}

Summary to_summary(const MatchRun& run, const MatchArguments& a) {
  const linkage::LinkStatistics& s = run.result.statistics;
  Summary summary;
  summary.add("rows", run.rows).add("candidate_pairs", static_cast<std::int64_t>(s.candidate_pairs))
      .add("pairs_scored", static_cast<std::int64_t>(s.pairs_scored)).add("clusters", static_cast<std::int64_t>(s.persons))
      .add("review_pairs", review_pairs(run.result)).add("expected_precision", s.expected_precision).add("expected_recall", s.expected_recall)
      .add("block_recall", run.result.block_recall)
      .add("seconds", run.phases.sum()).add("peak_memory_bytes", peak_memory_bytes()).add("model_learned", run.model_learned).add("out", a.out);
  return summary;
}

void print_json(const MatchRun& run, const MatchArguments& a) {
  json::object root = json::parse(to_summary(run, a).to_json()).as_object();
  json::object phases;
  for (const auto& [phase, seconds] : run.phases.all()) phases[phase] = seconds;
  root["phase_seconds"] = std::move(phases);
  json::array blocks, fields;
  for (const std::string& block : run.result.blocks) blocks.emplace_back(block);
  for (const linkage::FieldParameters& field : run.result.parameters) {
    json::array levels;
    for (const linkage::LevelParameters& l : field.levels)
      levels.push_back({{"level", l.code}, {"m", l.m}, {"u", l.u}, {"bits", std::log2(l.m / l.u)}});
    fields.push_back({{"field", field.field}, {"levels", std::move(levels)}});
  }
  root["blocks"] = std::move(blocks);
  root["prior"] = run.result.prior;
  root["parameters"] = std::move(fields);
  std::printf("%s\n", json::serialize(root).c_str());
}

void print_screen(const MatchRun& run, const MatchArguments& a, const std::string& lang) {
  print(to_summary(run, a), false, texts(), lang);
  const auto say = [&](const char* key) { return texts().text(lang, key); };
  std::printf("\n%s\n", say("app.match_phases").c_str());
  for (const auto& [phase, seconds] : run.phases.all()) std::printf("  %-8s %9.3f\n", phase.c_str(), seconds);
  std::printf("\n%s\n", say("app.match_blocks").c_str());
  for (const std::string& block : run.result.blocks) std::printf("  %s\n", block.c_str());
  std::printf("\n%s\n", say("app.match_parameters").c_str());
  for (const linkage::FieldParameters& field : run.result.parameters)
    for (const linkage::LevelParameters& l : field.levels)
      std::printf("  %-32s %10.3g %10.3g %8.2f\n", l.code.c_str(), l.m, l.u, std::log2(l.m / l.u));
  std::fflush(stdout);
}

Result<void> write_outputs(const MatchArguments& a, const MatchRows& rows, const MatchRun& run) {
  if (!a.model.empty() && run.model_learned) TRY(write_whole(a.model, run.result.model_json));
  if (!a.pairs.empty()) TRY(write_pairs(a.pairs, rows, run.result));
  return write_clusters(a.out, rows, run.result);
}

void show_rows(std::int64_t rows) { std::fprintf(stderr, "\r\033[K%s", i18n::number(rows).c_str()); }
void show_phase(std::string_view phase) { std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(phase.size()), phase.data()); }

}  // namespace

int run_match(const Globals& globals, const MatchArguments& arguments) {
  const auto failed = [&](const Failure& failure, bool usage) { return fail(failure, texts(), globals.lang, usage); };
  if (auto names = check_names(arguments); !names) return failed(names.failure(), true);
  auto plan = read_match_spec(arguments.spec, arguments.files.size());
  if (!plan) return failed(plan.failure().code == "app.match_spec_unreadable" ? of_file(plan.failure(), arguments.spec) : plan.failure(), true);
  auto model = read_model(arguments.model);
  if (!model) return failed(model.failure(), true);
  for (const std::string& written : {arguments.out, arguments.pairs, model->empty() ? arguments.model : std::string()})   // before the work, not after it
    if (auto writable = check_writable(written); !writable) return failed(writable.failure(), false);

  MatchRun run;
  run.model_learned = model->empty();
  const bool shown = shows_progress();
  plan->spec.options.parallel_for = run_parallel;
  plan->spec.model_wanted = !arguments.model.empty() && run.model_learned;
  auto rows = read_match_rows(*plan, arguments.files, shown ? show_rows : std::function<void(std::int64_t)>());
  if (!rows) return failed(rows.failure(), rows.failure().code == "app.match_column_missing");
  run.rows = static_cast<std::int64_t>(rows->table.size());
  run.phases.done("read");
  plan->spec.phase_done = [&](std::string_view phase) {
    run.phases.done(phase);
    if (shown) show_phase(phase);
  };
  auto result = linkage::match_table(plan->spec, rows->table, *model);
  if (!result) return failed(result.failure(), true);
  run.result = std::move(*result);
  if (auto written = write_outputs(arguments, *rows, run); !written) return failed(written.failure(), false);
  run.phases.done("write");
  if (shown) std::fprintf(stderr, "\r\033[K");
  if (globals.json) print_json(run, arguments);
  else print_screen(run, arguments, globals.lang);
  return exit_done;
}

}  // namespace motcua::app
