// The contact graph's store on random pairs: how fast it loads, how large it is, how fast it answers.
//   contacts_bench DIR [CONTACTS [PERSONS]]     21 days from 2021-07-01, lengths of 1 to 60 minutes, seeded; DIR is made
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

#include "base/hash.hpp"
#include "base/prng.hpp"
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

std::string loads() {
  std::ifstream in("/proc/loadavg");
  std::string one;
  in >> one;
  return one;
}

template <class T>
T need(Result<T> result) {
  if (result) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.failure().code.c_str());
  std::exit(3);
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
  Prng random(2021);
  char a_text[9], b_text[9];
  for (std::size_t i = 0; i < contacts; ++i) {
    const std::uint64_t a = random.below(persons);
    const std::uint64_t b = (a + 1 + random.below(persons - 1)) % persons;
    const Time from = begin + static_cast<Time>(random.below(days * 24 * 60)) * minute;
    take(id_of(a, a_text), id_of(b, b_text), Interval{from, from + (1 + static_cast<Time>(random.below(60))) * minute});
  }
}

void load(Folder& folder, std::size_t contacts, std::uint32_t persons, int threads) {
  LoadLimits limits;
  limits.threads = threads;
  auto loader = need(Loader::open(folder, limits));
  random_pairs(contacts, persons, [&](std::string_view a, std::string_view b, const Interval& span) {
    if (!loader->add_contact(a, b, span, Kind::encounter)) std::exit(3);
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

void many(const Graph& graph, Reach& reach, int seeds, int depth, const char* what) {
  ReachQuestion q;
  Prng random(11);
  for (int i = 0; i < seeds; ++i) q.seeds.push_back({static_cast<Person>(random.below(graph.persons().size())), {begin, begin + days * day_ms}});
  q.depth = depth;
  double best = 1e9;
  ReachAnswer answer;
  for (int i = 0; i < 3; ++i) {
    const double from = cpu();
    answer = reach.ask(q);
    best = std::min(best, cpu() - from);
  }
  std::uint64_t hash = 0;
  for (const ReachedPerson& r : answer.reached) hash += content_hash({reinterpret_cast<const char*>(&r.person), 4}) * static_cast<std::uint64_t>(r.level) + static_cast<std::uint64_t>(r.at);
  std::printf("%s: %.2f ms, %zu reached, %.1f M contacts looked at, %.1f M/s, hash %016llx\n", what, best * 1e3, answer.reached.size(),
              static_cast<double>(answer.contacts_seen) / 1e6, static_cast<double>(answer.contacts_seen) / best / 1e6, static_cast<unsigned long long>(hash));
}

void ask(const std::string& dir, std::size_t contacts) {
  auto folder = need(files::open_folder(dir));
  double from = now();
  const auto graph = need(Graph::open(*folder));
  std::printf("opened in %.1f ms\n", (now() - from) * 1e3);
  Reach reach(*graph);
  const Timing cold = one_by_one(*graph, reach, 3, 1);
  std::printf("depth 3, the first question: %.2f ms\n", cold.p50);
  graph->check();
  for (const int depth : {2, 3}) {
    const Timing t = one_by_one(*graph, reach, depth, 1000);
    std::printf("depth %d from one case, 1,000 questions, warm: p50 %.3f ms, p99 %.3f ms; %.0f reached, %.0f contacts looked at each\n", depth, t.p50, t.p99,
                static_cast<double>(t.reached) / 1e3, static_cast<double>(t.seen) / 1e3);
  }
  many(*graph, reach, 1000, 2, "1,000 cases at depth 2");
  many(*graph, reach, 1000, 30, "whole population from 1,000 cases");
  const auto bytes = need(files::size_bytes(dir));
  std::printf("%.2f bytes a contact\n", static_cast<double>(bytes) / static_cast<double>(contacts));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::string dir = argv[1];
  const std::size_t contacts = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  const auto persons = argc > 3 ? static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10)) : static_cast<std::uint32_t>(std::max<std::size_t>(contacts / 10, 2));
  std::printf("%zu contacts, %u persons, load %s; times of questions are CPU times\n", contacts, persons, loads().c_str());
  {
    auto folder = need(files::make_folder(dir));
    const double from = now(), from_cpu = cpu();
    load(*folder, contacts, persons, 2);
    const double wall = now() - from, used = cpu() - from_cpu;
    std::printf("loaded in %.2f s, %.2f s of CPU: %.2f M contacts/s, %.2f M a CPU second\n", wall, used, static_cast<double>(contacts) / wall / 1e6,
                static_cast<double>(contacts) / used / 1e6);
  }
  ask(dir, contacts);
  std::printf("load %s\n", loads().c_str());
  return 0;
}
