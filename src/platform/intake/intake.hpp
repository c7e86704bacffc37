#pragma once
// Tables of other people (CSV, .csv.gz) brought in whole: every row read is accepted, updated, unchanged or rejected with a
// reason, and the same file twice changes nothing the second time. Rooms say what a KIND is; this folder does the rest.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/storage/storage.hpp"

namespace motcua::intake {

struct Column {
  std::string name;                       // as in docs/formats.md; matched without regard to case, spaces, diacritics, underscores
  bool required = false;
};

/// One data record as read. Values are trimmed; an absent column is an empty view.
struct RawRow {
  std::int64_t number = 0;                        // data records from 1, header not counted
  std::vector<std::string_view> values;           // in the order of Kind::columns
  std::vector<std::pair<std::string_view, std::string_view>> unknown;   // header name, value: kept with the record
};

struct Warning {
  std::string field;
  std::string code;                               // text key
};

struct BatchCounts {
  std::int64_t accepted = 0, updated = 0, unchanged = 0;
};

/// One import's worker, made by Kind::start. take() runs on the parsing thread; the closure of flush() in a write transaction, perhaps
/// twice, perhaps while take() already fills the next batch: it owns its rows.
class Loader {
 public:
  virtual ~Loader() = default;
  /// Reads one row into the pending batch, or says why not (Failure with `field` and `code`; the row is then rejected).
  virtual Result<void> take(const RawRow& row, std::vector<Warning>& warnings) = 0;
  virtual std::function<Result<BatchCounts>(storage::Transaction&)> flush() = 0;
  /// After the last batch is durable: what concerns the whole file (say, waiting facts that now resolve).
  virtual Result<void> finish(storage::Database& database, const Act& act) { (void)database, (void)act; return {}; }
};

struct ImportOptions {
  std::string source;                     // default: the KIND
  std::string reporter_phone = {};        // bluezone-trace in the app's own headerless form
  std::string import_id = {};             // imp_...; made when empty
  std::string shown_name = {};            // what the imports page calls the file; never opened, never trusted as a path
  /// The sentence a person reads for a rejected row, in the language chosen. Absent: the code stands in its place.
  std::function<std::string(const Failure&)> sentence = {};
  std::function<Instant()> now = {};      // absent: the machine's clock
  std::size_t batch_rows = 2'000;         // rows that share a transaction (limits.hpp says why so many)
  std::int64_t rejected_rows_max = 1'000'000;   // more than that and the import is given up: intake.rejected_too_many
};

struct Kind {
  std::string name;                       // "ncovi"
  std::vector<Column> columns;
  std::function<Result<std::unique_ptr<Loader>>(const ImportOptions&)> start;
  bool headerless_tsv = false;            // the kind also has a headerless form (bluezone data_trace.txt) of these columns, in order:
  std::vector<std::string> headerless_columns = {};
};

struct Summary {
  std::int64_t read = 0, accepted = 0, updated = 0, unchanged = 0, rejected = 0, warned = 0;
  std::string rejected_file = {};         // empty when none was rejected
  std::string import_id = {};
  double seconds = 0;
};

struct Progress {
  std::int64_t rows = 0;
  std::uint64_t bytes_done = 0, bytes_total = 0;
};

/// Bytes in order. read() gives at most `capacity` bytes, 0 at the end.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual Result<std::size_t> read(char* into, std::size_t capacity) = 0;
};

/// What is imported: a file on disk, an upload that lies encrypted, a text in a test. It is read twice, so it opens anew each time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual Result<std::unique_ptr<ByteStream>> open() const = 0;
  virtual std::uint64_t size_bytes() const = 0;   // as stored (packed), for progress; 0: unknown
};
std::unique_ptr<ByteSource> file_source(const std::string& path);
std::unique_ptr<ByteSource> text_source(std::string content);

/// The first pass alone: is the whole file a table of this kind? Gives the number of data records; changes nothing.
Result<std::int64_t> check_structure(const Kind& kind, const ByteSource& source);

/// Every row of a table of this kind, in order, and whether it can be one: a row that cannot has its number and the values in front of the
/// fault. Nothing is written anywhere; the file is checked whole first. A failure of `visit` ends it.
using RowVisitor = std::function<Result<void>(const RawRow& row, const Result<void>& readable)>;
Result<void> read_table(const Kind& kind, const ByteSource& source, const RowVisitor& visit);

/// As import_file, from anything that can be read.
Result<Summary> import_source(storage::Database& database, const Act& act, const Kind& kind, const ImportOptions& options,
                              const ByteSource& source, const std::string& data_dir,
                              const std::function<void(const Progress&)>& progress = {});

/// Brings a file in. A file that is not what it says (encoding, quotes that never close, truncated gzip, a spreadsheet, a header
/// without a required column, a limit exceeded) fails before anything is written: the whole file is checked first.
/// Failures name the row and the field; codes intake.*.
Result<Summary> import_file(storage::Database& database, const Act& act, const Kind& kind, const ImportOptions& options,
                            const std::string& path, const std::string& data_dir,
                            const std::function<void(const Progress&)>& progress = {});

/// One line of the imports page. An import is running until it has an end; one that was not heard of for
/// `import_silence_ms_max` was interrupted (state from timestamps: nobody has to write it).
struct ImportRecord {
  std::string id, kind, source, shown_name, actor;
  std::string state;                      // "running", "done", "failed", "interrupted"
  Instant started_at, heard_at;
  std::optional<Instant> ended_at;
  Summary summary;
  std::string failure_code = {}, failure_field = {};
  std::optional<std::int64_t> failure_row = {};
};
/// Newest first; `before` is the started_at of the last one seen, absent for the first page.
Result<std::vector<ImportRecord>> list_imports(storage::Reader& reader, Instant now, std::optional<Instant> before, int limit);
/// intake.import_not_found when absent.
Result<ImportRecord> get_import(storage::Reader& reader, Instant now, std::string_view import_id);

}  // namespace motcua::intake
