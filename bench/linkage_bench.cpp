// The linkage engine on tables of any size.
//
//   linkage_bench generate ROWS FILE [--seed S] [--truth FILE]     a made-up register (bench/register.hpp), and whose each row is
//   linkage_bench match FILE [--truth FILE] [--threads N]
//   linkage_bench pairs FILE [--threads N]                         given blocks and weights: what DuckDB is asked to do as well
//
// `match` reads the CSV, finds the clusters and prints one JSON object: seconds by phase, memory, pairs, F1 against the truth, and a hash of the
// clusters that does not depend on how they are numbered. bench/linkage.mjs runs both beside peers.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <unordered_map>

#include "app/match_rows.hpp"
#include "bench/linkage_pairs.hpp"
#include "bench/register.hpp"
#include "engines/linkage/match.hpp"
#include "engines/linkage/pool.hpp"

namespace {

using namespace motcua;
using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string file, truth;
  std::uint32_t rows = 0;
  std::uint64_t seed = 1;
  std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
};

int fail(const Failure& failure) {
  std::fprintf(stderr, "%s %s %s\n", failure.code.c_str(), failure.field.c_str(), failure.detail.c_str());
  return 3;
}

int generate(const Arguments& a) {
  const bench::Register rows({.rows = a.rows, .seed = a.seed});
  std::ofstream out(a.file, std::ios::binary), truth;
  if (!a.truth.empty()) truth.open(a.truth, std::ios::binary);
  std::string text = bench::Register::header(), persons = "row_id,person\n";
  for (std::uint32_t r = 0; r < a.rows; ++r) {
    const std::uint32_t person = rows.append(r, text);
    char line[48];
    std::snprintf(line, sizeof line, "R%09u,%u\n", r, person);
    if (truth.is_open()) persons += line;
    if (text.size() < (1 << 20) && r + 1 < a.rows) continue;
    out << text;
    truth << persons;
    text.clear();
    persons.clear();
  }
  out.close();
  return out ? 0 : 3;
}

app::MatchPlan plan_of(const Arguments& a, bool beside_peer) {
  using linkage::FieldKind;
  app::MatchPlan plan;
  plan.id_column = "row_id";
  const bool vietnamese = !beside_peer;   // peers do not compare names word by word
  plan.spec.fields = {{"full_name", FieldKind::name, vietnamese}, {"birth_date", FieldKind::date}, {"sex", FieldKind::category}, {"id_number", FieldKind::id},
                      {"phone", FieldKind::phone}, {"address", FieldKind::address, vietnamese}, {"ward", FieldKind::category}};
  if (beside_peer) {
    plan.spec.blocks = {{"id_number"}, {"phone"}, {"full_name", "birth_date"}, {"birth_date", "sex"}, {"full_name", "ward"}};
    plan.spec.options.block_records_max = 4096;
  }
  for (const auto& field : plan.spec.fields) plan.columns.push_back(field.name);
  plan.spec.options.parallel_for = [threads = a.threads](std::size_t n, const std::function<void(std::size_t)>& body) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] { for (std::size_t i = next++; i < n; i = next++) body(i); };
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < std::min(n, threads); ++t) others.emplace_back(work);
    work();
  };
  return plan;
}

class Phases {
 public:
  void done(std::string_view phase) {
    const double wall = std::chrono::duration<double>(Clock::now() - at_).count(), processor = processor_seconds();
    char text[128];
    std::snprintf(text, sizeof text, "%s\"%.*s\":[%.3f,%.3f]", json_.empty() ? "" : ",", static_cast<int>(phase.size()), phase.data(), wall, processor - processor_);
    json_ += text;
    sum_ += wall;
    at_ = Clock::now();
    processor_ = processor;
  }
  const std::string& json() const { return json_; }
  double sum() const { return sum_; }
  static double processor_seconds() {
    rusage u{};
    getrusage(RUSAGE_SELF, &u);
    return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
  }

 private:
  Clock::time_point at_ = Clock::now();
  double processor_ = processor_seconds(), sum_ = 0;
  std::string json_;
};

std::uint64_t resident_bytes() {
  std::ifstream status("/proc/self/statm");
  std::uint64_t pages = 0, resident = 0;
  status >> pages >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

/// Pairs of rows in one group, and those together in both.
double f1_of(const std::vector<std::uint32_t>& cluster_of, const std::vector<std::uint32_t>& truth) {
  const auto pairs_in = [&](const auto& code_of) {
    std::vector<std::uint64_t> codes(cluster_of.size());
    for (std::size_t r = 0; r < codes.size(); ++r) codes[r] = code_of(r);
    std::sort(codes.begin(), codes.end());
    double pairs = 0;
    for (std::size_t from = 0, to = 0; from < codes.size(); from = to) {
      while (to < codes.size() && codes[to] == codes[from]) ++to;
      pairs += static_cast<double>(to - from) * static_cast<double>(to - from - 1) / 2;
    }
    return pairs;
  };
  const double found = pairs_in([&](std::size_t r) { return std::uint64_t{cluster_of[r]}; }), real = pairs_in([&](std::size_t r) { return std::uint64_t{truth[r]}; });
  const double both = pairs_in([&](std::size_t r) { return std::uint64_t{cluster_of[r]} << 32 | truth[r]; });
  return found + real == 0 ? 1 : 2 * both / (found + real);
}

std::vector<std::uint32_t> read_truth(const std::string& file) {
  std::vector<std::uint32_t> persons;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) persons.push_back(static_cast<std::uint32_t>(std::strtoul(line.c_str() + line.find(',') + 1, nullptr, 10)));
  return persons;
}

/// Every row with the first row of its cluster.
std::uint64_t hash_of(const std::vector<std::uint32_t>& cluster_of) {
  std::vector<std::uint32_t> first(cluster_of.size(), 0xffffffff);
  std::uint64_t sum = 0;
  for (std::uint32_t r = 0; r < cluster_of.size(); ++r) {
    std::uint32_t& f = first[cluster_of[r]];
    f = std::min(f, r);
    sum += linkage::combine_hash(f, r);
  }
  return sum;
}

int match(const Arguments& a) {
  app::MatchPlan plan = plan_of(a, false);
  plan.spec.model_wanted = false;   // as `motcua match` without --model
  Phases phases;
  plan.spec.phase_done = [&](std::string_view phase) { phases.done(phase); };
  const std::uint64_t before = resident_bytes();
  auto rows = app::read_match_rows(plan, {a.file}, {});
  if (!rows) return fail(rows.failure());
  phases.done("read");
  const double n = static_cast<double>(rows->table.size()), loaded = static_cast<double>(resident_bytes() - before);
  auto result = linkage::match_table(plan.spec, rows->table);
  if (!result) return fail(result.failure());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::vector<std::uint32_t> truth = a.truth.empty() ? std::vector<std::uint32_t>() : read_truth(a.truth);
  const linkage::LinkStatistics& s = result->statistics;
  std::printf("{\"rows\":%.0f,\"seconds\":%.3f,\"processor_seconds\":%.3f,\"phases\":{%s},\"pairs\":%lu,\"kept\":%lu,\"clusters\":%lu,\"blocks\":%zu,"
              "\"table_bytes_a_row\":%.1f,\"peak_bytes_a_row\":%.1f,\"peak_bytes\":%lu,\"f1\":%.5f,\"hash\":\"%016lx\"}\n",
              n, phases.sum(), Phases::processor_seconds(), phases.json().c_str(), s.pairs_scored, s.pairs_kept, s.persons, result->blocks.size(), loaded / n,
              static_cast<double>(usage.ru_maxrss) * 1024 / n, static_cast<unsigned long>(usage.ru_maxrss) * 1024,
              truth.size() == rows->table.size() ? f1_of(result->cluster_of, truth) : 0, hash_of(result->cluster_of));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  Arguments a;
  int at = 2;
  if (command == "generate" && at < argc) a.rows = static_cast<std::uint32_t>(std::strtoul(argv[at++], nullptr, 10));
  if (at < argc) a.file = argv[at++];
  for (; at + 1 < argc; at += 2) {
    if (!std::strcmp(argv[at], "--seed")) a.seed = std::strtoull(argv[at + 1], nullptr, 10);
    else if (!std::strcmp(argv[at], "--truth")) a.truth = argv[at + 1];
    else if (!std::strcmp(argv[at], "--threads")) a.threads = std::strtoull(argv[at + 1], nullptr, 10);
  }
  if (command == "generate" && a.rows >= 4 && !a.file.empty()) return generate(a);
  if (command == "match" && !a.file.empty()) return match(a);
  if (command == "pairs" && !a.file.empty()) {
    const auto printed = bench::print_pairs(plan_of(a, true), a.file);
    return printed ? 0 : fail(printed.failure());
  }
  std::fprintf(stderr, "linkage_bench generate ROWS FILE [--seed S] [--truth FILE] | match FILE [--truth FILE] [--threads N] | pairs FILE\n");
  return 2;
}
