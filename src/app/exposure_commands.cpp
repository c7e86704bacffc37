// The key server from the machine itself: codes, archives, keys to and from other authorities, and what a phone heard.
#include <atomic>
#include <charconv>
#include <cstdio>
#include <fstream>

#include "app/commands.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "base/ids.hpp"
#include "platform/intake/table.hpp"
#include "rooms/exposure/exposure.hpp"

namespace motcua::app {
namespace {

const intake::Kind observed_kind{"observed", {{"interval", true}, {"identifier", true}, {"metadata"}}, {}};

Result<std::string> content_of(const std::string& path, std::size_t bytes_max) {
  std::ifstream in(path, std::ios::binary);
  std::string content;
  char block[65536];
  while (in.read(block, sizeof block) || in.gcount() > 0) {
    content.append(block, static_cast<std::size_t>(in.gcount()));
    if (content.size() > bytes_max) return of_file({FailureKind::too_large, "zip.too_large", {}, {}, {{"limit", std::to_string(bytes_max)}}}, path);
  }
  if (!in.eof()) return of_file(unavailable("intake.file_unreadable", "read"), path);
  return content;
}

Result<crypto::P256PublicKey> key_of(const std::string& path) {
  TRY_ASSIGN(const auto pem, content_of(path, crypto::p256_pem_bytes_max));
  auto key = crypto::P256PublicKey::parse_pem(pem);
  if (!key) return of_file(std::move(key).failure(), path);
  return key;
}

Result<exposure::Observed> to_observed(const intake::RawRow& row) {
  exposure::Observed one;
  const auto text = row.values[0];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), one.interval);
  tracing::ExposureMetadata metadata;
  const bool read = error == std::errc() && end == text.data() + text.size() && one.interval >= 0 && one.interval <= INT32_MAX && from_hex(row.values[1], one.identifier) &&
                    (row.values[2].empty() || from_hex(row.values[2], metadata));
  if (!read) return invalid("exposure.observed_unreadable");
  if (!row.values[2].empty()) one.metadata = metadata;
  return one;
}

Result<std::vector<exposure::Observed>> read_observed(const std::string& file) {
  std::atomic<std::uint64_t> bytes_done{0};
  const auto source = intake::file_source(file);
  TRY_ASSIGN(const auto table, intake::Table::open(observed_kind, *source, bytes_done));
  std::vector<exposure::Observed> observed;
  intake::RawRow row;
  for (;;) {
    TRY_ASSIGN(const bool more, table->next());
    if (!more) return observed;
    if (observed.size() == exposure::observed_max) return invalid("exposure.observed_too_many", "observed", {{"max", std::to_string(exposure::observed_max)}});
    auto read = table->to_row(row);
    auto one = read ? to_observed(row) : Result<exposure::Observed>(read.failure());
    if (!one) {
      Failure failure = std::move(one).failure();
      failure.row = table->number();
      return failure;
    }
    observed.push_back(*one);
  }
}

Result<void> print_matches(const KeyMatchArguments& arguments) {
  std::optional<crypto::P256PublicKey> key;
  if (!arguments.key.empty()) {
    TRY_ASSIGN(key, key_of(arguments.key));
  }
  TRY_ASSIGN(const auto bytes, content_of(arguments.archive, exposure::archive_bytes_max));
  TRY_ASSIGN(const auto archive, exposure::read_archive(bytes, key ? &*key : nullptr));
  const auto observed = read_observed(arguments.observed);
  if (!observed) return of_file(observed.failure(), arguments.observed);
  std::string out = "key,rolling_start,interval,heard,report_type,risk,metadata\n";
  for (const auto& m : exposure::match_keys(archive, *observed))
    out += to_hex(m.key.key) + ',' + std::to_string(m.key.rolling_start) + ',' + std::to_string(m.interval) + ',' + std::to_string(m.heard) + ',' +
           std::string(exposure::to_text(m.key.type)) + ',' + std::to_string(m.key.risk) + ',' + (m.metadata ? to_hex(*m.metadata) : std::string()) + '\n';
  std::fputs(out.c_str(), stdout);
  return {};
}

Result<void> write_whole(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  return out ? Result<void>() : Result<void>(unavailable("app.file_not_written", "archive"));
}

Result<Instant> since_of(const std::string& text) {
  auto at = parse_instant(text);
  if (at) return at;
  const auto day = parse_date(text);
  if (!day || !day->full()) return invalid("date.unreadable", "since");
  return vietnam_midnight(Date{std::chrono::year{day->year}, std::chrono::month(static_cast<unsigned>(day->month)), std::chrono::day(static_cast<unsigned>(day->day))});
}

/// Opens the house and lets `work` fill a summary. What is wrong with the arguments ends with 2.
template <class Work>
int in_house(const Globals& globals, Work&& work) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  Summary summary;
  const Result<int> done = work(**opened, summary);
  if (!done) return fail(done.failure(), texts(), globals.lang);
  print(summary, globals.json, texts(), globals.lang);
  return *done;
}

}  // namespace

int run_exposure_code(const Globals& globals, const CodeArguments& arguments) {
  exposure::CodeInput input{.case_id = arguments.case_id, .type = exposure::parse_report_type(arguments.type).value_or(exposure::ReportType::confirmed)};
  if (!arguments.onset.empty()) {
    const auto day = parse_date(arguments.onset);
    if (!day || !day->full()) return fail(invalid("date.unreadable", "onset"), texts(), globals.lang, true);
    input.onset = Date{std::chrono::year{day->year}, std::chrono::month(static_cast<unsigned>(day->month)), std::chrono::day(static_cast<unsigned>(day->day))};
  }
  return in_house(globals, [&](Installation& home, Summary& summary) -> Result<int> {
    TRY_ASSIGN(const auto issued, home.rooms().exposure->door().issue_code(tracing::everywhere(home.act("exposure.issue_code"), globals.lang), input));
    summary.add("code", issued.code.reveal()).add("code_id", issued.code_id).add("expires_at", to_iso(issued.expires_at));
    return exit_done;
  });
}

int run_exposure_archive(const Globals& globals) {
  return in_house(globals, [](Installation& home, Summary& summary) -> Result<int> {
    TRY_ASSIGN(const auto made, home.rooms().exposure->door().make_archive(home.act("exposure.archive"), true));
    const auto& told = made.value_or(exposure::ArchiveSummary{});
    summary.add("archive", told.name).add("keys", told.keys).add("revised", told.revised);
    return exit_done;
  });
}

int run_exposure_export(const Globals& globals, const KeyExportArguments& arguments) {
  const auto since = since_of(arguments.since);
  if (!since) return fail(since.failure(), texts(), globals.lang, true);
  return in_house(globals, [&](Installation& home, Summary& summary) -> Result<int> {
    exposure::Federated sum;
    TRY_ASSIGN(const auto archive, home.rooms().exposure->door().export_own(home.act("exposure.export"), *since, arguments.travelers, sum));
    TRY(write_whole(arguments.out, archive));
    summary.add("keys", sum.accepted).add("revised", sum.revised).add("origin", sum.origin).add("archive", arguments.out);
    return exit_done;
  });
}

int run_exposure_import(const Globals& globals, const KeyImportArguments& arguments) {
  const auto key = key_of(arguments.key);
  if (!key) return fail(key.failure(), texts(), globals.lang, true);
  const auto bytes = content_of(arguments.archive, exposure::archive_bytes_max);
  if (!bytes) return fail(bytes.failure(), texts(), globals.lang);
  return in_house(globals, [&](Installation& home, Summary& summary) -> Result<int> {
    TRY_ASSIGN(const auto sum, home.rooms().exposure->door().import_archive(home.act("exposure.import"), *bytes, *key, arguments.origin));
    summary.add("read", sum.read).add("accepted", sum.accepted).add("revised", sum.revised).add("unchanged", sum.unchanged).add("rejected", sum.rejected).add("origin", sum.origin);
    return sum.rejected > 0 ? exit_partly : exit_done;
  });
}

int run_exposure_match(const Globals& globals, const KeyMatchArguments& arguments) {
  const auto done = print_matches(arguments);
  return done ? exit_done : fail(done.failure(), texts(), globals.lang);
}

}  // namespace motcua::app
