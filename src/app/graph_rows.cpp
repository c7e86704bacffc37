#include "app/graph_rows.hpp"

#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "app/output.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/i18n/format.hpp"
#include "platform/intake/rejected_file.hpp"
#include "platform/intake/table.hpp"

namespace motcua::app {
namespace {

constexpr std::int64_t rejected_rows_max = 1'000'000;
constexpr std::int64_t rows_a_progress = 1 << 18;
constexpr double minutes_max = 100'000'000;       // of one contact; times after 2100 are refused anyway

const intake::Kind contacts_kind{"contacts", {{"a", true}, {"b", true}, {"start", true}, {"minutes", true}, {"kind"}}, {}};
const intake::Kind visits_kind{"visits", {{"person", true}, {"place", true}, {"from", true}, {"to", true}}, {}};
const intake::Kind isolated_kind{"isolated", {{"person", true}, {"at", true}}, {}};

struct Opened {
  std::unique_ptr<intake::Table> table;
  bool visits = false;
};

/// The header decides.
Result<Opened> open_table(const std::string& file, std::atomic<std::uint64_t>& bytes_done) {
  const auto source = intake::file_source(file);
  auto contacts = intake::Table::open(contacts_kind, *source, bytes_done);
  if (contacts) return Opened{std::move(*contacts), false};
  if (contacts.failure().code != "intake.column_missing") return std::move(contacts).failure();
  auto visits = intake::Table::open(visits_kind, *source, bytes_done);
  if (visits) return Opened{std::move(*visits), true};
  if (visits.failure().code != "intake.column_missing") return std::move(visits).failure();
  return invalid("contacts.header_unknown", "header", {{"columns", visits.failure().args.at("columns")}});
}

Result<contacts::Time> read_time(std::string_view text, const char* field) {
  const auto at = parse_instant(text);
  if (!at) return invalid("time.unreadable", field);
  return to_millis(*at);
}

Result<contacts::Time> read_minutes(std::string_view text) {
  double minutes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), minutes);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(minutes)) return invalid("contacts.minutes_unreadable", "minutes");
  if (minutes > minutes_max) return invalid("contacts.time_outside", "minutes");
  if (minutes <= 0) return invalid("contacts.no_length", "minutes");
  return static_cast<contacts::Time>(std::llround(minutes * 60'000));
}

Result<void> take_contact(contacts::Loader& loader, const intake::RawRow& row) {
  TRY_ASSIGN(const contacts::Time start, read_time(row.values[2], "start"));
  TRY_ASSIGN(const contacts::Time length, read_minutes(row.values[3]));
  const auto kind = contacts::parse_kind(row.values[4]);
  return loader.add_contact(row.values[0], row.values[1], {start, start + length}, kind.value_or(contacts::Kind::encounter));
}

Result<void> take_visit(contacts::Loader& loader, const intake::RawRow& row) {
  TRY_ASSIGN(const contacts::Time from, read_time(row.values[2], "from"));
  TRY_ASSIGN(const contacts::Time to, read_time(row.values[3], "to"));
  return loader.add_visit(row.values[0], row.values[1], {from, to});
}

bool is_of_the_row(const Failure& why) { return why.kind == FailureKind::invalid; }

void show_progress(std::int64_t rows, bool end) {
  if (!shows_progress()) return;
  if (end) std::fprintf(stderr, "\r\033[K");
  else if (rows % rows_a_progress == 0) std::fprintf(stderr, "\r\033[K%s", i18n::number(rows).c_str());
}

}  // namespace

Result<void> check_header(const std::string& file) {
  std::atomic<std::uint64_t> bytes_done{0};
  TRY_ASSIGN(const Opened opened, open_table(file, bytes_done));
  return {};
}

Result<LoadedRows> load_rows(contacts::Loader& loader, const std::string& file, const std::string& out_dir,
                             const std::function<std::string(const Failure&)>& sentence) {
  std::atomic<std::uint64_t> bytes_done{0};
  TRY_ASSIGN(const Opened opened, open_table(file, bytes_done));
  intake::Table& table = *opened.table;
  intake::RejectedFile rejected(out_dir, crypto::random_id("load"), table.header().names);
  LoadedRows done;
  intake::RawRow row;
  for (;;) {
    TRY_ASSIGN(const bool more, table.next());
    show_progress(done.read, !more);
    if (!more) break;
    ++done.read;
    auto taken = table.to_row(row);
    if (taken) taken = opened.visits ? take_visit(loader, row) : take_contact(loader, row);
    if (taken) continue;
    if (!is_of_the_row(taken.failure())) return std::move(taken).failure();
    if (++done.rejected > rejected_rows_max)
      return Failure{FailureKind::too_large, "intake.rejected_too_many", {}, table.number(), {{"limit", std::to_string(rejected_rows_max)}}};
    TRY(rejected.add(table.number(), taken.failure().field, sentence(taken.failure()), table.fields()));
  }
  TRY(rejected.finish());
  done.rejected_file = rejected.path();
  return done;
}

Result<void> read_isolated(const std::string& file, const std::function<Result<void>(std::string_view, contacts::Time)>& told) {
  std::atomic<std::uint64_t> bytes_done{0};
  const auto source = intake::file_source(file);
  TRY_ASSIGN(const auto table, intake::Table::open(isolated_kind, *source, bytes_done));
  intake::RawRow row;
  for (;;) {
    TRY_ASSIGN(const bool more, table->next());
    if (!more) return {};
    auto read = table->to_row(row);
    if (read) {
      auto at = read_time(row.values[1], "at");
      if (at) read = told(row.values[0], *at);
      else read = std::move(at).failure();
    }
    if (read) continue;
    Failure failure = std::move(read).failure();
    failure.row = table->number();
    return failure;
  }
}

}  // namespace motcua::app
