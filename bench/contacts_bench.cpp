// The contact graph's store on random pairs: how fast it loads, how large it is, how fast it answers (processor time: others may be at work).
//   contacts_bench DIR CONTACTS PERSONS           21 days from 2021-07-01, lengths of 1 to 60 minutes, seeded; DIR is made, or asked as it is; prints JSON
//   contacts_bench DIR CONTACTS PERSONS FILE      writes the same contacts as CSV instead, or, to a name that ends in .bin, in the binary form with numbers as ids
//   contacts_bench DIR QUESTIONS [held]           asks the graph in DIR, in its files or held in memory from the start; a question is a line: depth, seeds
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

#include "base/hash.hpp"
#include "base/prng.hpp"
#include "base/time.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/reach.hpp"
#include "platform/files/files.hpp"

using namespace motcua;
using namespace motcua::contacts;

namespace {

constexpr Time minute = 60'000;
constexpr int days = 21;
const Time begin = 1'625'072'400'000;      // 2021-07-01T00:00+07:00

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

/// Of all threads: on a machine that others use, too, the steadier figure.
double cpu() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

template <class T>
T need(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.failure().code.c_str());
  std::exit(3);
}

/// Calls take(a, b, span) for random pairs, as numbers.
template <class Take>
void random_numbers(std::size_t contacts, std::uint32_t persons, Take&& take) {
  Prng random(2021);
  for (std::size_t i = 0; i < contacts; ++i) {
    const std::uint64_t a = random.below(persons);
    const std::uint64_t b = (a + 1 + random.below(persons - 1)) % persons;
    const Time from = begin + static_cast<Time>(random.below(days * 24 * 60)) * minute;
    take(a, b, Interval{from, from + (1 + static_cast<Time>(random.below(60))) * minute});
  }
}

/// p00000007
std::string_view id_of(std::uint64_t person, char (&text)[9]) {
  text[0] = 'p';
  for (int i = 8; i > 0; --i, person /= 10) text[i] = static_cast<char>('0' + person % 10);
  return {text, sizeof text};
}

/// Calls take(a, b, span) for random pairs.
template <class Take>
void random_pairs(std::size_t contacts, std::uint32_t persons, Take&& take) {
  char a_text[9], b_text[9];
  random_numbers(contacts, persons, [&](std::uint64_t a, std::uint64_t b, const Interval& span) { take(id_of(a, a_text), id_of(b, b_text), span); });
}

void load(Folder& folder, std::size_t contacts, std::uint32_t persons, int threads) {
  LoadLimits limits;
  limits.threads = threads;
  auto loader = need(Loader::open(folder, limits));
  random_pairs(contacts, persons, [&](std::string_view a, std::string_view b, const Interval& span) {
    if (!loader->add({false, a, b, span, Kind::encounter})) std::exit(3);
  });
  (void)need(loader->finish());
}

struct Timing { double p50 = 0, p99 = 0; std::size_t reached = 0; std::uint64_t seen = 0; };

Timing one_by_one(const Graph& graph, Reach& reach, int depth, int questions) {
  Prng random(7);
  std::vector<double> times;
  Timing t;
  for (int i = 0; i < questions; ++i) {
    ReachQuestion q;
    q.seeds = {{static_cast<Person>(random.below(graph.persons().size())), {begin, begin + days * day_ms}}};
    q.depth = depth;
    const double from = cpu();
    const ReachAnswer answer = reach.ask(q);
    times.push_back((cpu() - from) * 1e3);
    t.reached += answer.reached.size();
    t.seen += answer.contacts_seen;
  }
  std::sort(times.begin(), times.end());
  t.p50 = times[times.size() / 2];
  t.p99 = times[times.size() * 99 / 100];
  return t;
}

struct Many { double ms = 1e9, clock_ms = 1e9; std::size_t reached = 0; std::uint64_t seen = 0, hash = 0; };

/// The best of fifteen, of deep questions of three.
Many many(const Graph& graph, Reach& reach, int seeds, int depth) {
  ReachQuestion q;
  Prng random(11);
  for (int i = 0; i < seeds; ++i) q.seeds.push_back({static_cast<Person>(random.below(graph.persons().size())), {begin, begin + days * day_ms}});
  q.depth = depth;
  Many m;
  for (int i = 0; i < (depth > 3 ? 3 : 15); ++i) {
    const double from = cpu(), from_clock = now();
    const ReachAnswer answer = reach.ask(q);
    m.ms = std::min(m.ms, (cpu() - from) * 1e3);
    m.clock_ms = std::min(m.clock_ms, (now() - from_clock) * 1e3);
    m.reached = answer.reached.size();
    m.seen = answer.contacts_seen;
    m.hash = 0;
    for (const ReachedPerson& r : answer.reached) m.hash = m.hash * 31 + content_hash({reinterpret_cast<const char*>(&r.person), 4}) * static_cast<std::uint64_t>(r.level) + static_cast<std::uint64_t>(r.at);
  }
  return m;
}

void ask(const std::string& dir, std::size_t contacts) {
  auto folder = need(files::open_folder(dir));
  const double from = now();
  const auto graph = need(Graph::open(*folder));
  const double opened = (now() - from) * 1e3;
  Reach reach(*graph);
  const double first = one_by_one(*graph, reach, 3, 1).p50;
  graph->check();
  const double holding = now();
  const bool held = reach.hold();
  std::printf(",\"held\":%s,\"hold_seconds\":%.2f", held ? "true" : "false", now() - holding);
  const Timing two = one_by_one(*graph, reach, 2, 1000), three = one_by_one(*graph, reach, 3, 1000);
  const Many cases = many(*graph, reach, 1000, 2), everybody = many(*graph, reach, 1000, 30);
  std::printf(",\"open_ms\":%.2f,\"first_depth3_ms\":%.2f,\"depth2_p50_ms\":%.3f,\"depth2_p99_ms\":%.3f,\"depth3_p50_ms\":%.3f,\"depth3_p99_ms\":%.3f,\"depth3_reached\":%.0f", opened, first,
              two.p50, two.p99, three.p50, three.p99, static_cast<double>(three.reached) / 1e3);
  std::printf(",\"cases_ms\":%.2f,\"cases_clock_ms\":%.2f,\"cases_reached\":%zu,\"sweep_ms\":%.1f,\"sweep_reached\":%zu,\"sweep_contacts\":%llu,\"hash\":\"%016llx\"", cases.ms, cases.clock_ms, cases.reached, everybody.ms,
              everybody.reached, static_cast<unsigned long long>(everybody.seen), static_cast<unsigned long long>(cases.hash * 31 + everybody.hash));
  const auto bytes = need(files::size_bytes(dir));
  std::printf(",\"bytes_a_contact\":%.2f", static_cast<double>(bytes) / static_cast<double>(contacts));
}

/// The same pairs as a table.
void write_csv(std::size_t contacts, std::uint32_t persons, const char* path) {
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) std::exit(3);
  std::fputs("a,b,start,minutes\n", file);
  random_pairs(contacts, persons, [&](std::string_view a, std::string_view b, const Interval& span) {
    std::fprintf(file, "%.9s,%.9s,%s,%d\n", a.data(), b.data(), to_iso(from_millis(span.from)).c_str(), static_cast<int>(span.length() / minute));
  });
  std::fclose(file);
}

/// And in the binary form of docs/formats.md.
void write_binary(std::size_t contacts, std::uint32_t persons, const char* path) {
  struct Row { std::uint64_t a, b; std::int64_t start; std::uint32_t length; std::uint16_t distance; std::uint8_t kind, none; };
  static_assert(sizeof(Row) == 32);
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) std::exit(3);
  std::fputs("MCCONT1\n", file);
  random_numbers(contacts, persons, [&](std::uint64_t a, std::uint64_t b, const Interval& span) {
    const Row row{a, b, span.from, static_cast<std::uint32_t>(span.length()), UINT16_MAX, static_cast<std::uint8_t>(Kind::encounter), 0};
    std::fwrite(&row, sizeof row, 1, file);
  });
  std::fclose(file);
}

/// Lines of depth and seeds from a file; answers each as `# milliseconds` and lines of person,level,at. Window: July 2021.
void answer(const std::string& dir, const char* questions, bool held) {
  auto folder = need(files::open_folder(dir));
  const auto graph = need(Graph::open(*folder));
  Reach reach(*graph);
  const double holding = now();
  if (held) reach.hold();
  std::printf("held %.4f\n", now() - holding);
  std::ifstream in(questions);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    ReachQuestion q;
    words >> q.depth;
    for (std::string seed; words >> seed;) q.seeds.push_back({need(graph->persons().find(seed)).value(), {begin, begin + 31 * day_ms}});
    const double from = now();
    const ReachAnswer answer = reach.ask(q);
    std::printf("# %.4f\n", (now() - from) * 1e3);
    for (const ReachedPerson& r : answer.reached) std::printf("%s,%d,%s\n", need(graph->persons().text(r.person)).c_str(), r.level, to_iso(from_millis(r.at)).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bool held = argc == 4 && std::string_view(argv[3]) == "held";
  if (argc == 3 || held) {
    answer(argv[1], argv[2], held);
    return 0;
  }
  if (argc < 4) return 2;
  const std::size_t contacts = std::strtoull(argv[2], nullptr, 10);
  const auto persons = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10));
  if (persons < 2) return 2;
  if (argc > 4) {
    (std::string_view(argv[4]).ends_with(".bin") ? write_binary : write_csv)(contacts, persons, argv[4]);
    return 0;
  }
  std::printf("{\"contacts\":%zu,\"persons\":%u", contacts, persons);
  if (!files::open_folder(argv[1])) {
    auto folder = need(files::make_folder(argv[1]));
    const double from = now(), from_cpu = cpu();
    load(*folder, contacts, persons, 2);
    std::printf(",\"load_seconds\":%.2f,\"load_cpu_seconds\":%.2f", now() - from, cpu() - from_cpu);
  }
  ask(argv[1], contacts);
  std::printf("}\n");
  return 0;
}
