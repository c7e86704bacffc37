// The contact graph as a tool of its own: anybody's contacts and visits into a folder, kept and forgotten there.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "app/commands.hpp"
#include "app/graph_question.hpp"
#include "app/graph_rows.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "base/time.hpp"
#include "engines/contacts/copy.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/retention.hpp"
#include "platform/files/files.hpp"

namespace motcua::app {
namespace {

constexpr int load_threads = 2;
contacts::Time now_ms() { return to_millis(std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now())); }

/// Facts as rows tell them, with the moment and the sign that all of the command have.
Tell telling(std::function<contacts::Time()> recorded, bool withdraws, Tell tell) {
  return [recorded = std::move(recorded), withdraws, tell = std::move(tell)](const contacts::Told& row) {
    contacts::Told fact = row;
    fact.recorded = recorded();
    fact.withdraws = withdraws;
    return tell(fact);
  };
}

Result<LoadedRows> load(const Globals& globals, const GraphLoadArguments& a, contacts::Time recorded, contacts::Totals& totals) {
  for (const std::string& file : a.files)
    if (auto header = check_header(file); !header) return of_file(std::move(header).failure(), file);   // a wrong name or header leaves no folder behind
  TRY_ASSIGN(auto folder, files::make_folder(a.out));
  contacts::LoadLimits limits;
  limits.threads = load_threads;
  TRY_ASSIGN(auto loader, contacts::Loader::open(*folder, limits));
  LoadedRows all;
  const Tell tell = telling([=] { return recorded; }, a.withdraw, [&](const contacts::Told& fact) { return loader->add(fact); });
  const auto tell_numbered = [&](const contacts::NumberedContact& row) {
    contacts::NumberedContact fact = row;
    fact.recorded = recorded;
    fact.withdraws = a.withdraw;
    return loader->add(fact);
  };
  for (const std::string& file : a.files) {
    auto loaded = load_rows(tell, tell_numbered, file, a.out, [&](const Failure& f) { return texts().sentence(globals.lang, f); });
    if (!loaded) return of_file(std::move(loaded).failure(), file);
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
  contacts::Time recorded = now_ms();
  if (!a.recorded.empty()) {
    const auto given = to_time(a.recorded, "--recorded");
    if (!given) return fail(given.failure(), texts(), globals.lang, true);
    recorded = *given;
  }
  auto rows = load(globals, a, recorded, totals);
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
      .add("withdrawn", static_cast<std::int64_t>(totals.withdrawn)).add("seconds", seconds).add("rejected_file", rows->rejected_file).label("contacts", "contact_facts");
  print(summary, globals.json, texts(), globals.lang);
  return rows->rejected > 0 ? exit_partly : exit_done;
}

namespace {

/// Rows kept in a log that is folded into the files in the background whenever it has grown: questions fold only what is left of it.
class Appending {
 public:
  static Result<std::unique_ptr<Appending>> open(const std::string& dir, std::uint64_t fold_bytes) {
    auto appending = std::make_unique<Appending>();
    appending->fold_bytes_ = fold_bytes;
    TRY_ASSIGN(appending->folder_, files::make_folder(dir));
    TRY_ASSIGN(appending->log_, contacts::AppendLog::open(*appending->folder_));
    return appending;
  }
  Appending() = default;
  Appending(const Appending&) = delete;
  Appending& operator=(const Appending&) = delete;
  ~Appending() { (void)wait(); }

  Result<void> add(const contacts::Told& fact) { return log_->add(fact); }
  Result<void> commit() {
    TRY(log_->commit());
    if (log_->bytes() < fold_bytes_ || folding_) return {};
    TRY(wait());
    TRY_ASSIGN(const std::uint64_t turned, log_->turn());
    folding_ = true;
    thread_ = std::thread([this, turned] {
      if (auto done = contacts::Loader::fold(*folder_, {}, turned); !done) failure_ = std::move(done).failure();
      folding_ = false;
    });
    return {};
  }
  /// Until what is being folded is.
  Result<void> wait() {
    if (thread_.joinable()) thread_.join();
    if (failure_) return *failure_;
    return {};
  }

 private:
  std::uint64_t fold_bytes_ = 0;
  std::unique_ptr<Folder> folder_;
  std::unique_ptr<contacts::AppendLog> log_;
  std::thread thread_;
  std::atomic<bool> folding_{false};
  std::optional<Failure> failure_;              // read when the thread has ended
};

}  // namespace

int run_graph_append(const Globals& globals, const GraphAppendArguments& a) {
  const auto failed = [&](const Failure& failure) { return fail(failure, texts(), globals.lang); };
  auto appending = Appending::open(a.dir, a.fold_bytes);
  if (!appending) return failed(appending.failure());
  const auto kept = [](std::int64_t rows) {
    std::printf("%lld\n", static_cast<long long>(rows));
    std::fflush(stdout);
  };
  const auto refused = [&](std::int64_t row, const Failure& why) {
    std::fprintf(stderr, "%lld: %s: %s\n", static_cast<long long>(row), why.field.c_str(), texts().sentence(globals.lang, why).c_str());
  };
  // Told within one second counts as told at its end: facts that come one by one would else all say something of their own.
  const auto second = [] { return (now_ms() / 1000 + 1) * 1000; };
  const auto rows = append_rows(telling(second, a.withdraw, [&](const contacts::Told& fact) { return (*appending)->add(fact); }), [&] { return (*appending)->commit(); }, kept, refused);
  if (!rows) return failed(rows.failure());
  if (auto done = (*appending)->wait(); !done) return failed(done.failure());
  return rows->rejected > 0 ? exit_partly : exit_done;
}

int run_graph_forget(const Globals& globals, const std::string& dir, const std::string& before) {
  const auto day = to_time(before, "--before");
  if (!day) return fail(day.failure(), texts(), globals.lang, true);
  auto folder = files::open_folder(dir);
  if (!folder) return fail(not_found("contacts.not_a_graph"), texts(), globals.lang);
  const auto done = contacts::forget_before(**folder, contacts::day_of(*day), now_ms());
  if (!done) return fail(done.failure(), texts(), globals.lang);
  Summary summary;
  summary.add("files", static_cast<std::int64_t>(done->files)).add("contacts", static_cast<std::int64_t>(done->contacts))
      .add("visits", static_cast<std::int64_t>(done->visits)).add("persons", static_cast<std::int64_t>(done->persons))
      .add("places", static_cast<std::int64_t>(done->places)).label("contacts", "contact_facts");
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
  summary.add("persons", static_cast<std::int64_t>(contacts::Manifest::count_of(manifest.persons))).add("places", static_cast<std::int64_t>(contacts::Manifest::count_of(manifest.places)))
      .add("files", static_cast<std::int64_t>(manifest.persons.size() + manifest.places.size() + manifest.days.size()))
      .add("damaged", static_cast<std::int64_t>(damaged.size()));
  print(summary, globals.json, texts(), globals.lang);
  return warn_of_lacks(globals, **graph, false);
}

int run_graph_backup(const Globals& globals, const std::string& dir, const std::string& to) {
  const auto failed = [&](const Failure& failure) { return fail(failure, texts(), globals.lang); };
  auto from = files::open_folder(dir);
  if (!from) return failed(not_found("contacts.not_a_graph"));
  if (auto graph = contacts::read_manifest(**from, false); !graph) return failed(graph.failure());
  auto into = files::make_folder(to);
  if (!into) return failed(into.failure());
  const auto copied = contacts::copy_graph(**from, **into);
  if (!copied) return failed(copied.failure());
  for (const std::string& file : copied->damaged) std::fprintf(stderr, "%s\n", texts().text(globals.lang, "contacts.damaged_left_out", {{"file", file}}).c_str());
  Summary summary;
  summary.add("files", static_cast<std::int64_t>(copied->files)).add("bytes", static_cast<std::int64_t>(copied->bytes)).add("damaged", static_cast<std::int64_t>(copied->damaged.size()));
  print(summary, globals.json, texts(), globals.lang);
  return copied->damaged.empty() ? exit_done : exit_partly;
}

}  // namespace motcua::app
