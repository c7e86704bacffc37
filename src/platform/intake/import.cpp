// The life of an import: on record as running; the whole file checked; rows parsed here while batches are written there; the end.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <utility>

#include "platform/crypto/crypto.hpp"
#include "platform/intake/batch_writer.hpp"
#include "platform/intake/limits.hpp"
#include "platform/intake/rejected_file.hpp"
#include "platform/intake/store.hpp"
#include "platform/intake/table.hpp"

namespace motcua::intake {
namespace {

Instant machine_clock() { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

class Import {
 public:
  Import(storage::Database& database, Act act, const Kind& kind, ImportOptions options, const ByteSource& source,
         const std::string& data_dir, const std::function<void(const Progress&)>& progress)
      : database_(database), act_(std::move(act)), kind_(kind), options_(std::move(options)), source_(source), data_dir_(data_dir), progress_(progress) {
    if (!options_.now) options_.now = machine_clock;
    if (options_.source.empty()) options_.source = kind.name;
    if (options_.import_id.empty()) options_.import_id = crypto::random_id("imp");
    options_.batch_rows = std::max<std::size_t>(options_.batch_rows, 1);
    act_.request = summary_.import_id = options_.import_id;
  }

  Result<Summary> run() {
    const auto began = std::chrono::steady_clock::now();
    TRY(source_.open());  // a name that leads nowhere leaves no import behind
    TRY(database_.write(act_, [&](storage::Transaction& tx) { return store::save_start(tx, kind_, options_, act_, options_.now()); }));
    auto loaded = check_and_load();
    auto ended = database_.write(act_, [&](storage::Transaction& tx) {
      return store::save_end(tx, summary_, loaded ? nullptr : &loaded.failure(), options_.now());
    });
    if (!loaded) return std::move(loaded).failure();
    TRY(std::move(ended));
    summary_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return summary_;
  }

 private:
  Result<void> check_and_load() {
    TRY_ASSIGN(auto loader, kind_.start(options_));
    TRY(check_structure(kind_, source_));
    TRY_ASSIGN(auto table, Table::open(kind_, source_, bytes_done_));
    RejectedFile rejected(data_dir_, options_.import_id, table->header().names);
    TRY(load(*table, *loader, rejected));
    TRY(rejected.finish());
    summary_.rejected_file = rejected.path();
    return loader->finish(database_, act_);
  }

  /// What was counted stays right when it ends early: rows that were parsed and not written are not in it.
  Result<void> load(Table& table, Loader& loader, RejectedFile& rejected) {
    BatchWriter writer(database_, act_, options_.import_id, options_.now);
    auto parsed = parse(table, loader, rejected, writer);
    auto counts = writer.finish();
    if (!counts) return std::move(counts).failure();
    summary_.accepted = counts->accepted, summary_.updated = counts->updated, summary_.unchanged = counts->unchanged;
    TRY(std::move(parsed));
    if (summary_.read != summary_.accepted + summary_.updated + summary_.unchanged + summary_.rejected)
      return internal("intake.defect", "the rows of " + kind_.name + " do not add up");
    return {};
  }

  Result<void> parse(Table& table, Loader& loader, RejectedFile& rejected, BatchWriter& writer) {
    RawRow row;
    std::vector<Warning> warnings;
    std::size_t pending = 0;
    for (;;) {
      TRY_ASSIGN(bool more, table.next());
      if (more) {
        ++summary_.read;
        warnings.clear();
        auto taken = table.to_row(row);
        if (taken) taken = loader.take(row, warnings);
        if (taken) ++pending, summary_.warned += warnings.empty() ? 0 : 1;
        else TRY(reject(table, rejected, taken.failure()));
      }
      if (pending == options_.batch_rows || (!more && pending > 0)) {
        if (!writer.put({loader.flush(), summary_.read, summary_.rejected, summary_.warned})) return {};
        pending = 0;
      }
      if (progress_ && (!more || summary_.read % static_cast<std::int64_t>(options_.batch_rows) == 0))
        progress_({summary_.read, bytes_done_.load(), source_.size_bytes()});
      if (!more) return {};
    }
  }

  Result<void> reject(const Table& table, RejectedFile& rejected, const Failure& why) {
    // What is not the row's fault ends the import.
    if (why.kind == FailureKind::internal || why.kind == FailureKind::unavailable || why.kind == FailureKind::corrupt) return why;
    if (++summary_.rejected > options_.rejected_rows_max)
      return Failure{FailureKind::too_large, "intake.rejected_too_many", why.field, table.number(), {{"limit", std::to_string(options_.rejected_rows_max)}}};
    auto reason = options_.sentence ? options_.sentence(why) : why.code;
    return rejected.add(table.number(), why.field, reason, table.fields());
  }

  storage::Database& database_;
  Act act_;
  const Kind& kind_;
  ImportOptions options_;
  const ByteSource& source_;
  const std::string& data_dir_;
  const std::function<void(const Progress&)>& progress_;
  std::atomic<std::uint64_t> bytes_done_{0};
  Summary summary_;
};

}  // namespace

Result<Summary> import_source(storage::Database& database, const Act& act, const Kind& kind, const ImportOptions& options,
                              const ByteSource& source, const std::string& data_dir,
                              const std::function<void(const Progress&)>& progress) {
  return Import(database, act, kind, options, source, data_dir, progress).run();
}

Result<Summary> import_file(storage::Database& database, const Act& act, const Kind& kind, const ImportOptions& options,
                            const std::string& path, const std::string& data_dir,
                            const std::function<void(const Progress&)>& progress) {
  auto named = options;
  if (named.shown_name.empty()) named.shown_name = std::filesystem::path(path).filename().string();
  return import_source(database, act, kind, named, *file_source(path), data_dir, progress);
}

}  // namespace motcua::intake
