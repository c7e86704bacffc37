// The contact graph as a tool of its own: anybody's contacts and visits into a folder, and who is reached from whom.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "app/commands.hpp"
#include "app/graph_rows.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "base/json_text.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/reach.hpp"
#include "engines/contacts/retention.hpp"
#include "platform/files/files.hpp"
#include "platform/intake/csv_writer.hpp"

namespace motcua::app {
namespace {

constexpr int load_threads = 2;
constexpr double minutes_max = 100'000'000;   // of --latent-minutes and --min-minutes: two centuries

Result<contacts::Time> to_time(const std::string& text, const char* argument) {
  auto at = parse_instant(text);
  if (at) return to_millis(*at);
  Failure failure = std::move(at).failure();
  failure.field = argument;
  return failure;
}

Result<contacts::Time> to_length(double minutes, const char* argument) {
  if (!(minutes >= 0 && minutes <= minutes_max)) return invalid("app.minutes_outside", argument);
  return static_cast<contacts::Time>(std::llround(minutes * 60'000));
}

/// What the command line alone says; ids are looked up later.
Result<contacts::ReachQuestion> to_question(const GraphTraceArguments& a) {
  contacts::ReachQuestion q;
  q.depth = a.depth;
  q.direction = a.direction == "backward" ? contacts::Direction::backward : contacts::Direction::forward;
  TRY_ASSIGN(const contacts::Time from, to_time(a.from, "--from"));
  TRY_ASSIGN(const contacts::Time to, to_time(a.to, "--to"));
  if (from > to) return invalid("app.from_after_to", "--from");
  TRY_ASSIGN(q.latent_ms, to_length(a.latent_minutes, "--latent-minutes"));
  TRY_ASSIGN(q.overlap_min_ms, to_length(a.min_minutes, "--min-minutes"));
  for (std::size_t i = 0; i < a.seeds.size(); ++i) q.seeds.push_back({0, {from, to}});
  return q;
}

Result<void> look_up(const contacts::Graph& graph, const GraphTraceArguments& a, contacts::ReachQuestion& q) {
  for (std::size_t i = 0; i < a.seeds.size(); ++i) {
    TRY_ASSIGN(const auto number, graph.persons().find(a.seeds[i]));
    if (!number) return not_found("contacts.unknown_person");
    q.seeds[i].person = *number;
  }
  if (a.isolated.empty()) return {};
  return read_isolated(a.isolated, [&](std::string_view person, contacts::Time at) -> Result<void> {
    TRY_ASSIGN(const auto number, graph.persons().find(person));
    if (!number) return {};                     // somebody who never met anybody
    const auto known = q.isolated_at.try_emplace(*number, at).first;
    known->second = std::min(known->second, at);
    return {};
  });
}

/// One reached person, in words.
struct Row {
  std::string person, at, minutes, via;
  int level = 0;
};

Result<Row> to_row(const contacts::Graph& graph, const contacts::ReachedPerson& r) {
  Row row;
  TRY_ASSIGN(row.person, graph.persons().text(r.person));
  TRY_ASSIGN(row.via, graph.persons().text(r.via));
  row.level = r.level;
  row.at = to_iso(from_millis(r.at));
  row.minutes = fmt::format("{}", static_cast<double>(r.overlap_total_ms) / 60'000);
  return row;
}

void append_csv(std::string& out, const Row& row) {
  intake::append_csv_plain(out, row.person);
  out += "," + std::to_string(row.level) + "," + row.at + "," + row.minutes + ",";
  intake::append_csv_plain(out, row.via);
  out += "\n";
}

void append_json(std::string& out, const Row& row, bool first) {
  out += first ? "\n" : ",\n";
  append_json_string(out += "  {\"person\":", row.person);
  out += ",\"level\":" + std::to_string(row.level) + ",\"at\":\"" + row.at + "\",\"minutes\":" + row.minutes + ",\"via\":";
  append_json_string(out, row.via);
  out += "}";
}

void append_dot(std::string& out, const Row& row) {
  append_json_string(out += "  ", row.via);
  append_json_string(out += " -> ", row.person);
  out += " [label=\"F" + std::to_string(row.level) + " " + row.at + ", " + row.minutes + " min\"];\n";
}

void flush(std::string& out) {
  std::fwrite(out.data(), 1, out.size(), stdout);
  out.clear();
}

Result<void> print_answer(const contacts::Graph& graph, const GraphTraceArguments& a, const contacts::ReachAnswer& answer) {
  constexpr std::size_t pending_bytes = 1 << 20;
  std::string out;
  if (a.format == "csv") out = "person,level,at,minutes,via\n";
  if (a.format == "json") out = fmt::format("{{\"direction\":\"{}\",\"partial\":{},\"contacts\":[", a.direction, answer.partial);
  if (a.format == "dot") out = "digraph trace {\n  rankdir=LR;\n";
  for (std::size_t i = 0; a.format == "dot" && i < a.seeds.size(); ++i) {
    append_json_string(out += "  ", a.seeds[i]);
    out += " [shape=doublecircle];\n";
  }
  bool first = true;
  for (const contacts::ReachedPerson& reached : answer.reached) {
    TRY_ASSIGN(const Row row, to_row(graph, reached));
    if (a.format == "csv") append_csv(out, row);
    else if (a.format == "json") append_json(out, row, first);
    else append_dot(out, row);
    first = false;
    if (out.size() > pending_bytes) flush(out);
  }
  if (a.format == "json") out += "\n]}\n";
  if (a.format == "dot") out += "}\n";
  flush(out);
  return {};
}

/// What the answer lacks, said on standard error.
int warn(const Globals& globals, const contacts::Graph& graph, bool partial) {
  const auto damaged = graph.damaged();
  for (const std::string& file : damaged) std::fprintf(stderr, "%s\n", texts().text(globals.lang, "contacts.damaged_left_out", {{"file", file}}).c_str());
  if (partial) std::fprintf(stderr, "%s\n", texts().text(globals.lang, "contacts.partial").c_str());
  return damaged.empty() && !partial ? exit_done : exit_partly;
}

Result<LoadedRows> load(const Globals& globals, const GraphLoadArguments& a, contacts::Totals& totals) {
  for (const std::string& file : a.files) TRY(check_header(file));      // a wrong name or header leaves no folder behind
  TRY_ASSIGN(auto folder, files::make_folder(a.out));
  contacts::LoadLimits limits;
  limits.threads = load_threads;
  TRY_ASSIGN(auto loader, contacts::Loader::open(*folder, limits));
  LoadedRows all;
  for (const std::string& file : a.files) {
    auto loaded = load_rows([&](const contacts::Told& fact) { return loader->add(fact); }, file, a.out, [&](const Failure& f) { return texts().sentence(globals.lang, f); });
    if (!loaded) {
      if (a.files.size() > 1) std::fprintf(stderr, "%s: ", file.c_str());
      return std::move(loaded).failure();
    }
    all.read += loaded->read;
    all.rejected += loaded->rejected;
    if (!loaded->rejected_file.empty()) all.rejected_file += (all.rejected_file.empty() ? "" : ";") + loaded->rejected_file;
  }
  TRY_ASSIGN(totals, loader->finish());
  return all;
}

}  // namespace

int run_graph_load(const Globals& globals, const GraphLoadArguments& a) {
  const auto began = std::chrono::steady_clock::now();
  contacts::Totals totals;
  auto rows = load(globals, a, totals);
  if (!rows) return fail(rows.failure(), texts(), globals.lang);
  const auto bytes = files::size_bytes(a.out);
  if (!bytes) return fail(bytes.failure(), texts(), globals.lang);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  Summary summary;
  summary.add("persons", static_cast<std::int64_t>(totals.persons)).add("places", static_cast<std::int64_t>(totals.places))
      .add("contacts", static_cast<std::int64_t>(totals.contacts)).add("visits", static_cast<std::int64_t>(totals.visits))
      .add("rejected", rows->rejected).add("bytes", static_cast<std::int64_t>(*bytes))
      .add("bytes_per_contact", totals.contacts > 0 ? static_cast<double>(*bytes) / static_cast<double>(totals.contacts) : 0.0)
      .add("rows_per_second", static_cast<double>(rows->read) / std::max(seconds, 1e-6))
      .add("seconds", seconds).add("rejected_file", rows->rejected_file);
  print(summary, globals.json, texts(), globals.lang);
  return rows->rejected > 0 ? exit_partly : exit_done;
}

int run_graph_trace(const Globals& globals, const GraphTraceArguments& a) {
  auto question = to_question(a);
  if (!question) return fail(question.failure(), texts(), globals.lang, true);
  auto folder = files::open_folder(a.dir);
  if (!folder) return fail(not_found("contacts.not_a_graph"), texts(), globals.lang);
  auto graph = contacts::Graph::open(**folder);
  if (!graph) return fail(graph.failure(), texts(), globals.lang);
  if (auto known = look_up(**graph, a, *question); !known) return fail(known.failure(), texts(), globals.lang);
  const contacts::ReachAnswer answer = contacts::Reach(**graph).ask(*question);
  if (auto printed = print_answer(**graph, a, answer); !printed) return fail(printed.failure(), texts(), globals.lang);
  return warn(globals, **graph, answer.partial);
}

int run_graph_append(const Globals& globals, const std::string& dir) {
  const auto failed = [&](const Failure& failure) { return fail(failure, texts(), globals.lang); };
  auto folder = files::make_folder(dir);
  if (!folder) return failed(folder.failure());
  auto log = contacts::AppendLog::open(**folder);
  if (!log) return failed(log.failure());
  const auto kept = [](std::int64_t rows) {
    std::printf("%lld\n", static_cast<long long>(rows));
    std::fflush(stdout);
  };
  const auto refused = [&](std::int64_t row, const Failure& why) {
    std::fprintf(stderr, "%lld: %s: %s\n", static_cast<long long>(row), why.field.c_str(), texts().sentence(globals.lang, why).c_str());
  };
  const auto rows = append_rows([&](const contacts::Told& fact) { return (*log)->add(fact); }, [&] { return (*log)->commit(); }, kept, refused);
  if (!rows) return failed(rows.failure());
  return rows->rejected > 0 ? exit_partly : exit_done;
}

int run_graph_forget(const Globals& globals, const std::string& dir, const std::string& before) {
  const auto day = to_time(before, "--before");
  if (!day) return fail(day.failure(), texts(), globals.lang, true);
  auto folder = files::open_folder(dir);
  if (!folder) return fail(not_found("contacts.not_a_graph"), texts(), globals.lang);
  const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto done = contacts::forget_before(**folder, contacts::day_of(*day), to_millis(now));
  if (!done) return fail(done.failure(), texts(), globals.lang);
  Summary summary;
  summary.add("files", static_cast<std::int64_t>(done->files)).add("contacts", static_cast<std::int64_t>(done->contacts))
      .add("visits", static_cast<std::int64_t>(done->visits));
  print(summary, globals.json, texts(), globals.lang);
  return exit_done;
}

int run_graph_check(const Globals& globals, const std::string& dir) {
  auto folder = files::open_folder(dir);
  if (!folder) return fail(not_found("contacts.not_a_graph"), texts(), globals.lang);
  auto graph = contacts::Graph::open(**folder);
  if (!graph) return fail(graph.failure(), texts(), globals.lang);
  (*graph)->check();
  const auto damaged = (*graph)->damaged();
  Summary summary;
  const contacts::Manifest& manifest = (*graph)->manifest();
  summary.add("persons", static_cast<std::int64_t>(manifest.persons_count())).add("places", static_cast<std::int64_t>(manifest.places_count()))
      .add("files", static_cast<std::int64_t>(manifest.persons.size() + manifest.places.size() + manifest.days.size()))
      .add("damaged", static_cast<std::int64_t>(damaged.size()));
  print(summary, globals.json, texts(), globals.lang);
  return warn(globals, **graph, false);
}

}  // namespace motcua::app
