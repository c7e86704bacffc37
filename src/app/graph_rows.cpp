#include "app/graph_rows.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>
#include <type_traits>

#include "app/output.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/i18n/format.hpp"
#include "platform/intake/csv_reader.hpp"
#include "platform/intake/header.hpp"
#include "platform/intake/rejected_file.hpp"
#include "platform/intake/table.hpp"

namespace motcua::app {
namespace {

constexpr std::int64_t rejected_rows_max = 1'000'000;
constexpr std::int64_t rows_a_progress = 1 << 18;
constexpr double minutes_max = 100'000'000;       // of one contact; times after 2100 are refused anyway

const intake::Kind contacts_kind{"contacts", {{"a", true}, {"b", true}, {"start", true}, {"minutes", true}, {"kind"}, {"distance_m"}}, {}};
const intake::Kind visits_kind{"visits", {{"person", true}, {"place", true}, {"from", true}, {"to", true}, {"kind"}, {"seat"}}, {}};
const intake::Kind isolated_kind{"isolated", {{"person", true}, {"at", true}}, {}};

const intake::Kind near_kind{"near", {{"kind", true}, {"distance_max_m"}, {"seat_rows_max"}, {"weight"}, {"crowd_half"}}, {}};

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

std::optional<double> read_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0) || !std::isfinite(value)) return std::nullopt;
  return value;
}

Result<void> take_contact(const Tell& told, const intake::RawRow& row) {
  TRY_ASSIGN(const contacts::Time start, read_time(row.values[2], "start"));
  TRY_ASSIGN(const contacts::Time length, read_minutes(row.values[3]));
  const auto kind = contacts::parse_kind(row.values[4]);
  return told({false, row.values[0], row.values[1], {start, start + length}, kind.value_or(contacts::Kind::encounter), {},
               static_cast<float>(read_number(row.values[5]).value_or(-1))});
}

Result<void> take_visit(const Tell& told, const intake::RawRow& row) {
  TRY_ASSIGN(const contacts::Time from, read_time(row.values[2], "from"));
  TRY_ASSIGN(const contacts::Time to, read_time(row.values[3], "to"));
  return told({true, row.values[0], row.values[1], {from, to}, contacts::parse_kind(row.values[4]).value_or(contacts::Kind::venue), contacts::parse_seat(row.values[5])});
}

/// A binary file of contacts: docs/formats.md.
constexpr std::string_view binary_magic = "MCCONT1\n";
struct BinaryContact {
  std::uint64_t a, b;
  std::int64_t start_ms;
  std::uint32_t length_ms;
  std::uint16_t distance_cm;             // 65535: unknown
  std::uint8_t kind, none;
};
static_assert(sizeof(BinaryContact) == 32);

/// The file when it is binary, behind its first word.
std::optional<std::ifstream> open_binary(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  char magic[8];
  if (!in.read(magic, sizeof magic) || std::string_view(magic, sizeof magic) != binary_magic) return std::nullopt;
  return in;
}

Result<void> take_binary(const TellNumbered& told, const BinaryContact& c) {
  if (c.start_ms < contacts::time_min || c.start_ms >= contacts::time_max) return invalid("contacts.time_outside", "start");
  const auto kind = c.kind < contacts::kinds_count ? static_cast<contacts::Kind>(c.kind) : contacts::Kind::encounter;
  return told({c.a, c.b, {c.start_ms, c.start_ms + c.length_ms}, kind, c.distance_cm == UINT16_MAX ? -1.0F : static_cast<float>(c.distance_cm) / 100});
}

bool is_of_the_row(const Failure& why) { return why.kind == FailureKind::invalid; }

/// Standard input; says when it is about to wait for more.
class Input : public intake::ByteStream {
 public:
  explicit Input(std::function<Result<void>()> before_waiting) : before_waiting_(std::move(before_waiting)) {}
  Result<std::size_t> read(char* into, std::size_t capacity) override {
    TRY(before_waiting_());
    for (;;) {
      const auto n = ::read(STDIN_FILENO, into, capacity);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return unavailable("intake.file_unreadable", std::strerror(errno));
    }
  }

 private:
  std::function<Result<void>()> before_waiting_;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

/// The fields in the KIND's order, or the required column that is empty.
Result<void> to_row(const intake::Kind& kind, const intake::Header& header, const std::vector<std::string_view>& fields, intake::RawRow& row) {
  row.values.assign(kind.columns.size(), {});
  for (std::size_t i = 0; i < kind.columns.size(); ++i) {
    const auto column = static_cast<std::size_t>(header.column_of[i]);
    if (header.column_of[i] >= 0 && column < fields.size()) row.values[i] = trimmed(fields[column]);
    if (kind.columns[i].required && row.values[i].empty()) return invalid("intake.required_empty", kind.columns[i].name);
  }
  return {};
}

void show_progress(std::int64_t rows, bool end) {
  if (!end && rows % rows_a_progress != 0) return;
  if (!shows_progress()) return;
  if (end) std::fprintf(stderr, "\r\033[K");
  else std::fprintf(stderr, "\r\033[K%s", i18n::number(rows).c_str());
}

}  // namespace

namespace {

Result<LoadedRows> load_binary(const TellNumbered& told, std::ifstream& in, const std::string& out_dir, const std::function<std::string(const Failure&)>& sentence) {
  intake::RejectedFile rejected(out_dir, crypto::random_id("load"), {"a", "b", "start", "milliseconds"});
  LoadedRows done;
  std::vector<BinaryContact> contacts(32'768);
  for (;;) {
    in.read(reinterpret_cast<char*>(contacts.data()), static_cast<std::streamsize>(contacts.size() * sizeof(BinaryContact)));
    const auto bytes = static_cast<std::size_t>(in.gcount());
    if (in.bad() || bytes % sizeof(BinaryContact) != 0) return invalid("contacts.binary_cut_off", "file");
    for (std::size_t i = 0; i < bytes / sizeof(BinaryContact); ++i) {
      ++done.read;
      show_progress(done.read, false);
      const auto taken = take_binary(told, contacts[i]);
      if (taken) continue;
      if (!is_of_the_row(taken.failure())) return taken.failure();
      if (++done.rejected > rejected_rows_max)
        return Failure{FailureKind::too_large, "intake.rejected_too_many", {}, done.read, {{"limit", std::to_string(rejected_rows_max)}}};
      const std::string fields[] = {std::to_string(contacts[i].a), std::to_string(contacts[i].b), std::to_string(contacts[i].start_ms), std::to_string(contacts[i].length_ms)};
      TRY(rejected.add(done.read, taken.failure().field, sentence(taken.failure()), {fields[0], fields[1], fields[2], fields[3]}));
    }
    if (!in) break;
  }
  show_progress(done.read, true);
  TRY(rejected.finish());
  done.rejected_file = rejected.path();
  return done;
}

}  // namespace

Result<void> check_header(const std::string& file) {
  if (open_binary(file)) return {};
  std::atomic<std::uint64_t> bytes_done{0};
  TRY_ASSIGN(const Opened opened, open_table(file, bytes_done));
  return {};
}

Result<LoadedRows> load_rows(const Tell& told, const TellNumbered& numbered, const std::string& file, const std::string& out_dir,
                             const std::function<std::string(const Failure&)>& sentence) {
  if (auto binary = open_binary(file)) return load_binary(numbered, *binary, out_dir, sentence);
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
    if (taken) taken = opened.visits ? take_visit(told, row) : take_contact(told, row);
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

Result<LoadedRows> append_rows(const Tell& told, const std::function<Result<void>()>& commit, const std::function<void(std::int64_t)>& kept,
                               const std::function<void(std::int64_t, const Failure&)>& refused) {
  LoadedRows done;
  std::int64_t said = 0;
  const auto keep = [&]() -> Result<void> {
    if (done.read == said) return {};
    TRY(commit());
    kept(said = done.read);
    return {};
  };
  intake::CsvReader reader(std::make_unique<Input>(keep), ',');
  std::vector<std::string_view> fields;
  TRY_ASSIGN(const bool begun, reader.next(fields));
  if (!begun) return invalid("intake.empty");
  for (auto& field : fields) field = trimmed(field);
  auto header = intake::match_header(contacts_kind, fields);
  const bool visits = !header && header.failure().code == "intake.column_missing";
  if (visits) header = intake::match_header(visits_kind, fields);
  if (!header && header.failure().code != "intake.column_missing") return std::move(header).failure();
  if (!header) return invalid("contacts.header_unknown", "header", {{"columns", header.failure().args.at("columns")}});
  intake::RawRow row;
  for (;;) {
    TRY_ASSIGN(const bool more, reader.next(fields));
    if (!more) break;
    ++done.read;
    auto taken = to_row(visits ? visits_kind : contacts_kind, *header, fields, row);
    if (taken) taken = visits ? take_visit(told, row) : take_contact(told, row);
    if (taken) continue;
    if (!is_of_the_row(taken.failure())) return std::move(taken).failure();
    ++done.rejected;
    refused(done.read, taken.failure());
  }
  TRY(keep());
  return done;
}

namespace {

/// Calls take(row) for every row of a small table; a row that cannot be read fails.
Result<void> read_table(const intake::Kind& kind, const std::string& file, const std::function<Result<void>(const intake::RawRow&)>& take) {
  std::atomic<std::uint64_t> bytes_done{0};
  const auto source = intake::file_source(file);
  TRY_ASSIGN(const auto table, intake::Table::open(kind, *source, bytes_done));
  intake::RawRow row;
  for (;;) {
    TRY_ASSIGN(const bool more, table->next());
    if (!more) return {};
    auto read = table->to_row(row);
    if (read) read = take(row);
    if (read) continue;
    Failure failure = std::move(read).failure();
    failure.row = table->number();
    return failure;
  }
}

}  // namespace

Result<contacts::NearnessTable> read_nearness(const std::string& file) {
  contacts::NearnessTable table;
  const contacts::NearnessTable usual = contacts::usual_nearness();
  const auto read = [&](const intake::RawRow& row, std::size_t field, auto& into) -> Result<void> {
    if (row.values[field].empty()) return {};
    const auto value = read_number(row.values[field]);
    if (!value || *value > 1e9) return invalid("contacts.number_unreadable", near_kind.columns[field].name);
    into = static_cast<std::remove_reference_t<decltype(into)>>(*value);
    return {};
  };
  TRY(read_table(near_kind, file, [&](const intake::RawRow& row) -> Result<void> {
    const auto kind = contacts::parse_kind(row.values[0]);
    if (!kind) return invalid("contacts.kind_unknown", "kind");
    contacts::Nearness& n = table[static_cast<std::size_t>(*kind)] = usual[static_cast<std::size_t>(*kind)];
    TRY(read(row, 1, n.distance_max_m));
    TRY(read(row, 2, n.seat_rows_max));
    TRY(read(row, 3, n.weight));
    return read(row, 4, n.crowd_half);
  }));
  return table;
}

Result<void> read_isolated(const std::string& file, const std::function<Result<void>(std::string_view, contacts::Time)>& told) {
  return read_table(isolated_kind, file, [&](const intake::RawRow& row) -> Result<void> {
    TRY_ASSIGN(const contacts::Time at, read_time(row.values[1], "at"));
    return told(row.values[0], at);
  });
}

}  // namespace motcua::app
