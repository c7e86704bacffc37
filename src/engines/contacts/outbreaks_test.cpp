// What backward tracing finds in published outbreaks. Reported rather than required: line lists tell who was linked, not when they met. The
// data lie outside the tree; without them the tests are skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "base/prng.hpp"
#include "base/time.hpp"
#include "engines/contacts/clusters.hpp"
#include "engines/contacts/memory_source.hpp"
#include "tests/support/temp_dir.hpp"

namespace motcua::contacts {
namespace {

constexpr Time day_ms = 86'400'000;

std::string read_data(const std::string& name) {
  const std::string dir = tests::test_data_dir();
  std::ifstream in(dir + "/" + name);
  if (dir.empty() || !in) return {};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

Time day_of(const std::string& iso) {
  const auto t = parse_instant(iso);
  return t ? to_millis(*t) : 0;
}

std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    else if (c == ',' && !quoted) rows.back().emplace_back();
    else if (c == '\n' && !quoted) rows.emplace_back(1);
    else rows.back().back() += c;
  }
  return rows;
}

/// Ranks of known infectors among those a backward trace reaches: nearest first, then longest together.
struct Ranks {
  int known = 0, found = 0, first = 0, top5 = 0, top20 = 0;
  void take(MemorySource& world, const std::string& infected, Interval window, const std::set<std::string>& infectors) {
    Question q;
    q.seeds = {{world.person(infected), window}};
    q.depth = 2;
    q.direction = Direction::backward;
    Answer answer = trace(world, q).value();
    std::stable_sort(answer.reached.begin(), answer.reached.end(), [](const Reached& a, const Reached& b) {
      return std::make_pair(a.level, -a.strength) < std::make_pair(b.level, -b.strength);
    });
    ++known;
    for (std::size_t i = 0; i < answer.reached.size(); ++i)
      if (infectors.contains(world.id_of(answer.reached[i].person))) {
        ++found;
        first += i < 1;
        top5 += i < 5;
        top20 += i < 20;
        return;
      }
  }
  void report(const char* name) const {
    std::printf("%s: %d with a known infector, %d found backward, %d ranked first, %d in the top 5, %d in the top 20\n", name, known, found, first, top5, top20);
  }
};

/// Ranks of those known to have infected others among who may stand before all of these others (find_origins, depth 2), by infector.
struct OriginRanks {
  struct Infected { std::string id; Interval window; };
  std::map<std::string, std::vector<Infected>> by_infector;
  int known = 0, found = 0, first = 0, top5 = 0, top20 = 0;
  void take(MemorySource& world, const std::string& infector, const std::vector<Infected>& infected) {
    std::vector<Seed> seeds;
    for (const Infected& i : infected) seeds.push_back({world.person(i.id), i.window});
    const AskOne ask = [&](const Seed& seed, Direction direction, const std::vector<Person>& stops) -> Result<MetBy> {
      TRY_ASSIGN(const Answer answer, trace(world, {.seeds = {seed}, .stops = stops, .depth = 2, .direction = direction}));
      return to_met(answer, direction);
    };
    const Origins origins = find_origins(seeds, ask).value();
    const auto at = std::find_if(origins.origins.begin(), origins.origins.end(), [&](const Origin& o) { return world.id_of(o.person) == infector; });
    const auto rank = at - origins.origins.begin();
    const bool is_found = at != origins.origins.end();
    ++known, found += is_found, first += is_found && rank < 1, top5 += is_found && rank < 5, top20 += is_found && rank < 20;
  }
  void report(const char* name, MemorySource& world) {
    for (const auto& [infector, infected] : by_infector) take(world, infector, infected);
    std::printf("%s, origins: %d infectors, %d found, %d ranked first, %d in the top 5, %d in the top 20\n", name, known, found, first, top5, top20);
  }
};

std::string field(const std::string& record, const std::string& key) {
  const auto at = record.find("\"" + key + "\": \"");
  if (at == std::string::npos) return {};
  const auto begin = at + key.size() + 5;
  return record.substr(begin, record.find('"', begin) - begin);
}

std::set<std::string> list_field(const std::string& record, const std::string& key) {
  std::set<std::string> out;
  const auto at = record.find("\"" + key + "\": [");
  if (at == std::string::npos) return out;
  const std::string list = record.substr(at + key.size() + 5, record.find(']', at) - at - key.size() - 5);
  for (auto i = list.find('"'); i != std::string::npos; i = list.find('"', list.find('"', i + 1) + 1)) out.insert(list.substr(i + 1, list.find('"', i + 1) - i - 1));
  return out;
}

/// Case numbers as the notices write them: "#243", "BN243", "BN 45,48", "bệnh nhân số 133".
std::set<std::string> mentioned(const std::string& text) {
  std::set<std::string> out;
  for (const std::string marker : {"#", "BN", "bệnh nhân số"})
    for (auto at = text.find(marker); at != std::string::npos; at = text.find(marker, at + 1)) {
      std::string number;
      for (auto i = at + marker.size(); i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : '.';
        if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
          number += c;
          continue;
        }
        if (!number.empty()) out.insert(std::exchange(number, {}));
        if (c != ' ' && c != ',') break;
      }
    }
  return out;
}

TEST(Outbreaks, VietNamLineList2020) {
  const std::string text = read_data("vn-covid-linelist-2020/patients.json");
  if (text.empty()) GTEST_SKIP() << "no data";
  struct Patient { Time positive; std::set<std::string> sources, mentions, flights; };
  std::map<std::string, Patient> patients;
  for (auto at = text.find("\"id\": \""); at != std::string::npos;) {
    const auto next = text.find("\"id\": \"", at + 1);
    const std::string record = text.substr(at, next == std::string::npos ? next : next - at);
    patients[field(record, "id")] = {day_of(field(record, "positiveDate")), list_field(record, "source"), mentioned(field(record, "desc")), list_field(record, "flights")};
    at = next;
  }
  MemorySource world;      // a notice that names another case is a meeting in the fortnight before; a flight is a flight
  for (const auto& [id, p] : patients) {
    for (const std::string& other : p.mentions)
      if (const auto o = patients.find(other); o != patients.end() && other != id)
        world.add_encounter(id, other, std::min(p.positive, o->second.positive) - 14 * day_ms, std::min(p.positive, o->second.positive), Kind::declared);
    for (const std::string& flight : p.flights) world.add_visit(id, flight, p.positive - 14 * day_ms, p.positive - 13 * day_ms, Kind::flight);
  }
  Ranks ranks;
  OriginRanks origins;
  for (const auto& [id, p] : patients) {
    std::set<std::string> known;
    for (const std::string& s : p.sources)
      if (patients.contains(s)) known.insert(s);
    if (!known.empty()) ranks.take(world, id, {p.positive - 14 * day_ms, p.positive}, known);
    for (const std::string& infector : known) origins.by_infector[infector].push_back({id, {p.positive - 14 * day_ms, p.positive}});
  }
  origins.report("vn-covid-linelist-2020", world);
  ranks.report("vn-covid-linelist-2020");
  EXPECT_EQ(patients.size(), 288U);
  EXPECT_EQ(ranks.known, 74);
  EXPECT_GT(ranks.found, 37) << "more than half of what the notices say";
}

TEST(Outbreaks, SingaporeClusters2020) {
  const auto cases = read_csv(read_data("singapore-covid-clusters-2020/singapore_cases.csv"));
  const auto edges = read_csv(read_data("singapore-covid-clusters-2020/singapore_edges.csv"));
  if (cases.size() < 2 || edges.size() < 2) GTEST_SKIP() << "no data";
  const auto column = [&](const char* name) { return static_cast<std::size_t>(std::find(cases[0].begin(), cases[0].end(), name) - cases[0].begin()); };
  MemorySource world;
  std::map<std::string, Time> onset;
  for (std::size_t i = 1; i < cases.size(); ++i) {
    if (cases[i].size() < cases[0].size()) continue;
    const std::string& id = cases[i][0];
    const Time confirmed = day_of(cases[i][column("date_confirmation")]);
    const Time first = day_of(cases[i][column("date_onset_symptoms")]);
    onset[id] = first != 0 ? first : confirmed;
    const std::string& cluster = cases[i][column("cluster")];
    if (cluster != "NA") world.add_visit(id, cluster, onset[id] - 14 * day_ms, confirmed);
    std::istringstream related(cases[i][column("Related cases")]);
    for (std::string other; std::getline(related, other, ',');)
      if (other != "NA") world.add_encounter(id, other, onset[id] - 14 * day_ms, confirmed, Kind::declared);
  }
  std::map<std::string, std::set<std::string>> infectors;
  for (std::size_t i = 1; i < edges.size(); ++i)
    if (edges[i].size() == 3 && onset[edges[i][1]] <= onset[edges[i][2]]) infectors[edges[i][2]].insert(edges[i][1]);
  Ranks ranks;
  OriginRanks origins;
  for (const auto& [id, known] : infectors)
    if (onset.contains(id)) {
      ranks.take(world, id, {onset[id] - 14 * day_ms, onset[id] + 1}, known);
      for (const std::string& infector : known) origins.by_infector[infector].push_back({id, {onset[id] - 14 * day_ms, onset[id] + 1}});
    }
  origins.report("singapore-covid-clusters-2020", world);
  ranks.report("singapore-covid-clusters-2020");
  EXPECT_GT(ranks.found, ranks.known / 2);
}

/// A case is in its hospital while it may have been exposed, and from onset to diagnosis; who infected whom is not told to the trace.
TEST(Outbreaks, MersKorea2015) {
  const auto cases = read_csv(read_data("mers-korea-2015/linelist.csv"));
  const auto links = read_csv(read_data("mers-korea-2015/contacts.csv"));
  if (cases.size() < 2 || links.size() < 2) GTEST_SKIP() << "no data";
  const auto column = [&](const char* name) { return static_cast<std::size_t>(std::find(cases[0].begin(), cases[0].end(), name) - cases[0].begin()); };
  MemorySource world;
  std::map<std::string, Interval> exposed;
  for (std::size_t i = 1; i < cases.size(); ++i) {
    if (cases[i].size() < cases[0].size()) continue;
    const auto day = [&](const char* name) { return day_of(cases[i][column(name)]); };
    const Time onset = day("dt_onset"), diagnosed = std::max(day("dt_diag"), day("dt_report"));
    const std::string& id = cases[i][0];
    const std::string& hospital = cases[i][column("loc_hosp")];
    if (onset == 0) continue;
    exposed[id] = {day("dt_start_exp") != 0 ? day("dt_start_exp") : onset - 14 * day_ms, day("dt_end_exp") != 0 ? day("dt_end_exp") + day_ms : onset};
    world.person(id);
    if (hospital.empty()) continue;
    world.add_visit(id, hospital, exposed[id].from, exposed[id].to, Kind::health);
    world.add_visit(id, hospital, onset, std::max(diagnosed, onset) + day_ms, Kind::health);
  }
  Ranks ranks;
  OriginRanks origins;
  for (std::size_t i = 1; i < links.size(); ++i) {
    if (links[i].size() < 2 || !exposed.contains(links[i][0]) || !exposed.contains(links[i][1])) continue;
    ranks.take(world, links[i][1], exposed[links[i][1]], {links[i][0]});
    origins.by_infector[links[i][0]].push_back({links[i][1], exposed[links[i][1]]});
  }
  ranks.report("mers-korea-2015");
  origins.report("mers-korea-2015", world);
  EXPECT_GT(ranks.known, 90);
  EXPECT_GT(ranks.found, 20) << "the hospital named is often the one of the treatment, not of the exposure";
}

/// Who infected whom is not known of Haslemere: outbreaks are drawn on its contacts, each at a drawn hour of each of seven days. The index case is
/// not among the cases that are asked about.
TEST(Outbreaks, HaslemereDrawnIndexCases) {
  const auto rows = read_csv(read_data("haslemere-contact-graph-thursday/edges.csv"));
  if (rows.size() < 2) GTEST_SKIP() << "no data";
  Prng random(2017);
  MemorySource world;
  struct Meeting { Time at; std::string a, b; };
  std::vector<Meeting> meetings;
  for (std::size_t i = 1; i < rows.size(); ++i)
    for (int day = 0; day < 7 && rows[i].size() == 3; ++day) {
      const Time at = day * day_ms + static_cast<Time>(random.below(1'440)) * 60'000;
      world.add_encounter(rows[i][0], rows[i][1], at, at + std::stol(rows[i][2]) * 300'000, Kind::proximity);
      meetings.push_back({at, rows[i][0], rows[i][1]});
    }
  std::sort(meetings.begin(), meetings.end(), [](const Meeting& a, const Meeting& b) { return a.at < b.at; });
  OriginRanks origins;
  for (int drawn = 0; drawn < 200; ++drawn) {
    const std::string index = meetings[random.below(meetings.size())].a;
    std::map<std::string, Time> infected{{index, 0}};
    for (const Meeting& m : meetings)
      if (infected.contains(m.a) != infected.contains(m.b) && infected.size() < 9 && random.below(4) == 0) infected[infected.contains(m.a) ? m.b : m.a] = m.at;
    std::vector<OriginRanks::Infected> cases;
    for (const auto& [id, at] : infected)
      if (id != index) cases.push_back({id, {at - day_ms, at + day_ms}});      // the day is known, not the hour
    if (cases.size() >= 4) origins.take(world, index, cases);
  }
  origins.report("haslemere, drawn", world);
  EXPECT_GT(origins.found, origins.known * 9 / 10);
}

/// Without times everybody meets at once: then time respects every path, and levels are distances.
TEST(Outbreaks, HaslemereLevelsAreDistances) {
  const auto rows = read_csv(read_data("haslemere-contact-graph-thursday/edges.csv"));
  if (rows.size() < 2) GTEST_SKIP() << "no data";
  MemorySource world;
  std::map<std::string, std::set<std::string>> neighbours;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() != 3) continue;
    world.add_encounter(rows[i][0], rows[i][1], 0, std::stol(rows[i][2]) * 300'000, Kind::proximity);
    neighbours[rows[i][0]].insert(rows[i][1]);
    neighbours[rows[i][1]].insert(rows[i][0]);
  }
  std::map<int, std::size_t> reached;
  for (const auto& [id, near] : neighbours) {
    std::map<std::string, int> distance{{id, 0}};
    std::vector<std::string> queue{id};
    for (std::size_t i = 0; i < queue.size(); ++i)
      for (const std::string& n : neighbours[queue[i]])
        if (distance[queue[i]] < 4 && distance.try_emplace(n, distance[queue[i]] + 1).second) queue.push_back(n);
    Question q;
    q.seeds = {{world.person(id), {0, day_ms}}};
    q.depth = 4;
    const Answer answer = trace(world, q).value();
    ASSERT_EQ(answer.reached.size(), distance.size() - 1);
    for (const Reached& r : answer.reached) {
      EXPECT_EQ(r.level, distance[world.id_of(r.person)]);
      ++reached[r.level];
    }
  }
  for (const auto& [level, n] : reached)
    std::printf("haslemere: F%d %.1f a person\n", level, static_cast<double>(n) / static_cast<double>(neighbours.size()));
}

}  // namespace
}  // namespace motcua::contacts
