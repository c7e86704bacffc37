// The index of persons that is kept: who is this, one question at a time, among so many persons.
//
//   resolve_bench [PERSONS ...]      default 10000 100000 1000000; 10000000 wants 6 GB
//
// A made-up register (bench/register.hpp) of 4 records for 3 persons is loaded with the persons it is about; 5,000 records are held back. Then, on
// one core: questions by phone, by identity number, by name and birth date, and all three in turn; the held-back records are added one by one;
// the index is written to a file and taken up from it again. One line of JSON a size; times of questions and additions are the thread's own.
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "base/prng.hpp"
#include "bench/register.hpp"
#include "engines/linkage/linkage.hpp"

namespace {

using namespace motcua;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t held_back = 5'000, learned_from = 300'000, questions = 20'000;

/// Of this thread: other programs on the machine do not count.
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// A line of the register; its fields hold no commas.
linkage::PersonRecord to_record(std::string_view line) {
  std::vector<std::string> fields{""};
  for (const char c : line) {
    if (c == ',') fields.emplace_back();
    else if (c != '\n' && c != '"') fields.back().push_back(c);
  }
  fields.resize(8);
  linkage::PersonRecord r;
  r.key = "register:" + fields[0];
  r.source = "register";
  r.full_name = fields[1];
  if (const auto birth = parse_date(fields[2])) r.birth = *birth;
  r.sex = fields[3] == "Nam" ? Sex::male : Sex::female;
  r.id_number = fields[4];
  if (!fields[5].empty()) r.phones.push_back({fields[5], true});
  r.address = fields[6];
  r.ward_code = fields[7];
  return r;
}

struct Town {
  explicit Town(std::uint32_t persons) : rows(persons / 3 * 4), source({.rows = rows, .seed = 1}) {}
  std::uint32_t rows;
  bench::Register source;
  linkage::PersonRecord record(std::uint32_t position, std::uint32_t* person = nullptr) const {
    std::string line;
    const std::uint32_t whose = source.append(position, line);
    if (person != nullptr) *person = whose;
    return to_record(line);
  }
};

struct Times {
  std::vector<double> seconds;
  std::uint32_t right = 0;
  double at(double share) {
    if (seconds.empty()) return 0;
    std::sort(seconds.begin(), seconds.end());
    return seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1))] * 1e6;
  }
  double total() const { double sum = 0; for (const double s : seconds) sum += s; return sum; }
};

enum class By { phone, id, name };

/// What one would ask of this record; nothing when it does not say it.
std::optional<linkage::PersonRecord> question(const linkage::PersonRecord& r, By by) {
  linkage::PersonRecord q;
  if (by == By::phone) q.phones = r.phones;
  if (by == By::id) q.id_number = r.id_number;
  if (by == By::name) q.full_name = r.full_name, q.birth = r.birth;
  if (q.phones.empty() && q.id_number.empty() && (q.full_name.empty() || q.birth.day == 0)) return std::nullopt;
  return q;
}

std::uint64_t answers = 0;   // a hash of all answers

void ask(linkage::Index& index, const linkage::PersonRecord& q, std::uint32_t person, Times& times) {
  const double start = cpu_seconds();
  const auto found = index.resolve(q, 5);
  times.seconds.push_back(cpu_seconds() - start);
  times.right += !found.empty() && found[0].person == person ? 1 : 0;
  for (const auto& match : found) answers = answers * 0x9e3779b97f4a7c15ULL + static_cast<std::uint64_t>(match.person);
}

linkage::Index load(const Town& town, double& seconds) {
  linkage::RecordSet sample;
  for (std::uint32_t i = 0; i < std::min(town.rows, learned_from); ++i) sample.add(town.record(i));
  linkage::Model model = linkage::learn(sample);
  const auto start = Clock::now();
  linkage::RecordSet records;
  std::vector<std::int64_t> persons;
  for (std::uint32_t i = 0; i < town.rows - held_back; ++i) {
    std::uint32_t person = 0;
    records.add(town.record(i, &person));
    persons.push_back(person);
  }
  linkage::Index index(std::move(model), std::move(records), persons);
  seconds = seconds_since(start);
  return index;
}

double save_and_restore(linkage::Index& index, double& save_seconds, double& megabytes) {
  const std::string file = (std::filesystem::temp_directory_path() / "resolve_bench.index").string();
  auto start = Clock::now();
  {
    std::ofstream out(file, std::ios::binary);
    if (!index.save([&](std::span<const std::byte> p) { return static_cast<bool>(out.write(reinterpret_cast<const char*>(p.data()), static_cast<std::streamsize>(p.size()))); }, "")) std::abort();
  }
  save_seconds = seconds_since(start);
  const auto bytes = std::filesystem::file_size(file);
  megabytes = static_cast<double>(bytes) / 1e6;
  index = linkage::Index(linkage::Model());   // one at a time in memory
  start = Clock::now();
  std::ifstream in(file, std::ios::binary);
  auto restored = linkage::Index::restore([&](std::span<std::byte> p) { return static_cast<bool>(in.read(reinterpret_cast<char*>(p.data()), static_cast<std::streamsize>(p.size()))); }, bytes);
  if (!restored) std::abort();
  index = std::move(restored->index);
  std::filesystem::remove(file);
  return seconds_since(start);
}

void measure(std::uint32_t persons) {
  const Town town(persons);
  double load_seconds = 0, save_seconds = 0, megabytes = 0;
  linkage::Index index = load(town, load_seconds);
  Prng rng(7);
  Times by[3], mixed;
  for (std::uint32_t i = 0; i < questions; ++i) {
    std::uint32_t person = 0;
    const auto record = town.record(static_cast<std::uint32_t>(rng.below(town.rows - held_back)), &person);
    for (const By kind : {By::phone, By::id, By::name}) {
      if (const auto q = question(record, kind)) {
        ask(index, *q, person, by[static_cast<int>(kind)]);
        if (static_cast<int>(kind) == static_cast<int>(i % 3)) mixed.seconds.push_back(by[static_cast<int>(kind)].seconds.back());
      }
    }
  }
  const double per_second = static_cast<double>(mixed.seconds.size()) / mixed.total();
  Times adding;
  std::int64_t next = persons + 10;
  for (std::uint32_t i = town.rows - held_back; i < town.rows; ++i) {
    const std::vector<linkage::PersonRecord> one{town.record(i)};
    const double start = cpu_seconds();
    const auto changes = index.add(one);
    adding.seconds.push_back(cpu_seconds() - start);
    for (const auto& c : changes.changed)
      if (c.after < -1) index.rename(c.after, next++);
  }
  const double restore_seconds = save_and_restore(index, save_seconds, megabytes);
  const double bytes = static_cast<double>(index.bytes()) / static_cast<double>(index.size());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  double load_average[1] = {0};
  getloadavg(load_average, 1);
  std::printf("{\"persons\": %u, \"records\": %u, \"load\": %.1f", persons, town.rows, load_average[0]);
  const char* names[] = {"phone", "id", "name_birth"};
  for (int k = 0; k < 3; ++k)
    std::printf(", \"%s\": {\"p50_us\": %.1f, \"p99_us\": %.1f, \"right\": %.4f}", names[k], by[k].at(0.5), by[k].at(0.99), by[k].right / static_cast<double>(by[k].seconds.size()));
  std::printf(", \"per_second_mixed\": %.0f, \"add\": {\"p50_us\": %.0f, \"p99_us\": %.0f}, \"bytes_a_record\": %.0f, \"made_s\": %.2f, \"saved_s\": %.2f, \"restored_s\": %.2f, \"image_mb\": %.0f, \"peak_mb\": %ld, \"answers\": \"%016llx\"}\n",
              per_second, adding.at(0.5), adding.at(0.99), bytes, load_seconds, save_seconds, restore_seconds, megabytes, usage.ru_maxrss / 1024, static_cast<unsigned long long>(answers));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::uint32_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(static_cast<std::uint32_t>(std::strtoul(argv[i], nullptr, 10)));
  if (sizes.empty()) sizes = {10'000, 100'000, 1'000'000};
  for (const std::uint32_t persons : sizes) {
    answers = 0;
    measure(std::max(persons, 3 * held_back));
  }
}
