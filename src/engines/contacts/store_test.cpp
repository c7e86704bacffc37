// The stored graph beside trace() over facts in memory: random worlds, loaded in several goes, must give the same answers; and what a
// stored graph promises when it is damaged or a load fails.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/prng.hpp"
#include "engines/contacts/folder_in_memory.hpp"
#include "engines/contacts/graph.hpp"
#include "engines/contacts/loader.hpp"
#include "engines/contacts/log.hpp"
#include "engines/contacts/memory_source.hpp"
#include "engines/contacts/reach.hpp"

namespace motcua::contacts {
namespace {

constexpr Time minute = 60'000;
constexpr Time noon = 1'626'930'000'000;      // 2021-07-22T12:00+07:00

using Line = std::tuple<int, std::string, Time, std::string, Time>;   // level, person, at, via, minutes together

/// The same facts in memory and in a folder.
struct World {
  MemorySource memory;
  FolderInMemory folder;
  LoadLimits limits;
  std::unique_ptr<Loader> loader;

  Loader& open() {
    if (!loader) loader = Loader::open(folder, limits).value();
    return *loader;
  }
  void contact(const std::string& a, const std::string& b, Time from, Time to, Kind kind = Kind::encounter) {
    memory.add_encounter(a, b, from, to, kind);
    ASSERT_TRUE(open().add({false, a, b, {from, to}, kind}).ok());
  }
  void visit(const std::string& who, const std::string& where, Time from, Time to) {
    memory.add_visit(who, where, from, to);
    ASSERT_TRUE(open().add({true, who, where, {from, to}}).ok());
  }
  Totals finish() {
    const Totals totals = open().finish().value();
    loader.reset();
    return totals;
  }
};

std::vector<Line> by_trace(World& w, const Question& q) {
  std::vector<Line> lines;
  const Answer answer = trace(w.memory, q).value();
  for (const Reached& r : answer.reached) lines.emplace_back(r.level, w.memory.id_of(r.person), r.at, w.memory.id_of(r.via), r.overlap_total_ms);
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<Line> by_reach(World& w, const Question& q, const Graph& graph, Reach& reach) {
  ReachQuestion r{.seeds = {}, .depth = q.depth, .direction = q.direction, .latent_ms = q.rules.latent_ms, .overlap_min_ms = q.rules.overlap_min_ms, .isolated_at = {}};
  for (const Seed& s : q.seeds)
    if (const auto n = graph.persons().find(w.memory.id_of(s.person)).value()) r.seeds.push_back({*n, s.window});
  for (const auto& [person, at] : w.memory.isolations)
    if (const auto n = graph.persons().find(w.memory.id_of(person)).value()) r.isolated_at[*n] = at;
  std::vector<Line> lines;
  for (const ReachedPerson& p : reach.ask(r).reached)
    lines.emplace_back(p.level, graph.persons().text(p.person).value(), p.at, graph.persons().text(p.via).value(), p.overlap_total_ms);
  return lines;
}

int number(int from, int to) { return *rc::gen::inRange(from, to); }
std::string name_of(int i) { return std::string(1, static_cast<char>('A' + (i * 5) % 9)); }

/// A few days around midnights; lengths from a millisecond to days.
Time some_time() { return noon + number(0, 60) * 3'600'000 + (number(0, 3) == 0 ? number(0, 3'600'000) : 0); }
Time some_length() { return number(0, 8) == 0 ? number(1, 4'000) * minute : number(0, 3) == 0 ? number(1, 90'000) : number(1, 300) * minute; }

void fill(World& w) {
  w.limits.facts_in_memory_max = static_cast<std::size_t>(number(2, 40));
  w.limits.facts_a_file_max = static_cast<std::size_t>(number(1, 30));
  w.limits.threads = number(1, 3);
  for (int i = 0; i < 9; ++i) w.memory.person(std::string(1, static_cast<char>('A' + i)));      // handles in the order of names
  for (int load = number(1, 4); load > 0; --load) {
    for (int n = number(0, 16); n > 0; --n) {
      const int a = number(0, 9), b = number(0, 9);
      const Time from = some_time();
      if (a != b) w.contact(name_of(a), name_of(b), from, from + some_length(), static_cast<Kind>(number(7, 10)));
    }
    for (int n = number(0, 12); n > 0; --n) {
      const Time from = some_time();
      w.visit(name_of(number(0, 9)), std::string(1, static_cast<char>('x' + number(0, 3))), from, from + some_length());
    }
    w.open();
    w.finish();
  }
  for (int n = number(0, 3); n > 0; --n) w.memory.isolate(name_of(number(0, 9)), some_time());
}

Question some_question(World& w) {
  Question q;
  const Time from = some_time();
  const Interval window{from, from + some_length() * 10};
  for (int n = number(1, 3); n > 0; --n) q.seeds.push_back({w.memory.person(name_of(number(0, 9))), window});
  q.depth = number(1, 7);
  q.direction = number(0, 2) == 0 ? Direction::forward : Direction::backward;
  q.rules.latent_ms = number(0, 3) * 30 * minute;
  q.rules.overlap_min_ms = number(0, 3) * 20 * minute;
  return q;
}

RC_GTEST_PROP(Store, AnswersAsTraceDoes, ()) {
  World w;
  fill(w);
  const auto graph = Graph::open(w.folder).value();
  Reach reach(*graph);
  for (int n = 0; n < 4; ++n) {
    const Question q = some_question(w);
    RC_ASSERT(by_reach(w, q, *graph, reach) == by_trace(w, q));
  }
}

RC_GTEST_PROP(Store, ListsGiveBackWhatWasPutIn, ()) {
  const auto universe = static_cast<std::uint32_t>(number(1, 5'000));
  std::vector<Entry> entries;
  for (int n = number(0, 400); n > 0; --n) {
    const auto some = [](int top) { return static_cast<std::uint32_t>(number(0, top)); };
    const std::uint64_t duration = number(0, 20) == 0 ? (std::uint64_t{1} << number(20, 42)) - some(9) : some(60);
    entries.push_back({number(0, 3) == 0 ? universe - 1 : some(static_cast<int>(universe)), some(1 << 30), some(86'400'000), some(10), duration});
  }
  sort_entries(entries);
  std::vector<std::uint8_t> bytes(8);
  write_lists(entries, universe, bytes);
  bytes.resize(bytes.size() + bits_slack_bytes);
  const std::uint64_t size = bytes.size();
  const std::uint64_t hash = seal(bytes);
  FolderInMemory folder;
  RC_ASSERT(folder.replace("f", bytes).ok());
  const auto file = CheckedFile::open(folder, "f", size, hash).value();
  const auto lists = Lists::read(*file, 8);
  RC_ASSERT(lists.has_value());
  std::vector<Entry> one_by_one, all_at_once;
  for (std::uint32_t owner = 0; owner < universe; ++owner)
    lists->each(lists->find(owner), [&](std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t kind) {
      one_by_one.push_back({owner, other, start, kind, duration});
    });
  RC_ASSERT(lists->all([&](std::uint32_t owner, std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t kind) {
    all_at_once.push_back({owner, other, start, kind, duration});
  }));
  RC_ASSERT(one_by_one == entries);
  RC_ASSERT(all_at_once == entries);
  RC_ASSERT(!file->damaged());
}

RC_GTEST_PROP(Store, AnyTextIsAnId, (std::vector<std::string> texts)) {
  for (std::string& t : texts) t = std::string(static_cast<std::size_t>(number(0, 40)), 'p') + t.substr(0, 100);
  texts.push_back(std::string(id_bytes_max, 'z'));
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  std::vector<NumberedId> sorted;
  for (std::uint32_t i = 0; i < texts.size(); ++i) sorted.push_back({texts[i], i});
  const auto count = static_cast<std::uint32_t>(texts.size());
  auto bytes = encode_ids(sorted, 0, count);
  const std::uint64_t size = bytes.size();
  const std::uint64_t hash = seal(bytes);
  FolderInMemory folder;
  RC_ASSERT(folder.replace("ids", bytes).ok());
  Dictionary ids;
  RC_ASSERT(ids.add(CheckedFile::open(folder, "ids", size, hash).value(), 0, count, count).ok());
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    RC_ASSERT(ids.text(i).value() == texts[i]);
    RC_ASSERT(ids.find(texts[i]).value() == i);
    RC_ASSERT(ids.find(texts[i] + "\x01").value() == std::nullopt || std::binary_search(texts.begin(), texts.end(), texts[i] + "\x01"));
  }
}

/// A town of some size, so that files have many blocks.
void fill_town(World& w, int persons, int contacts) {
  std::uint64_t state = 7;
  const auto below = [&](int n) { return static_cast<int>((state = state * 6364136223846793005ULL + 1442695040888963407ULL) >> 33) % n; };
  for (int i = 0; i < contacts; ++i) {
    const int a = below(persons), b = below(persons);
    const Time from = noon + below(3 * 24 * 60) * minute;
    if (a != b) w.contact("p" + std::to_string(a), "p" + std::to_string(b), from, from + (1 + below(60)) * minute);
  }
  w.finish();
}

TEST(Store, AByteThatChangedIsFoundAndNamed) {
  World w;
  fill_town(w, 3'000, 20'000);
  ASSERT_TRUE(Graph::open(w.folder).value()->damaged().empty());
  for (const auto& [name, bytes] : w.folder.files) {
    if (name == manifest_name) continue;
    for (const std::size_t at : {std::size_t{0}, bytes->size() / 3, bytes->size() / 2, bytes->size() - 1}) {
      (*bytes)[at] ^= 64;
      auto graph = Graph::open(w.folder);
      if (name.starts_with("day-")) EXPECT_EQ(graph.value()->damaged(), std::vector<std::string>{name}) << at;
      else if (graph) EXPECT_EQ((*graph)->damaged(), std::vector<std::string>{name}) << at;
      else EXPECT_EQ(graph.failure().args.at("file"), name) << at;
      (*bytes)[at] ^= 64;
    }
  }
}

TEST(Store, WhatIsNotDamagedStillAnswers) {
  World w;
  w.contact("A", "B", noon, noon + 10 * minute);
  w.contact("A", "C", noon + 2 * day_ms, noon + 2 * day_ms + 10 * minute);
  w.finish();
  const std::string first = Graph::open(w.folder).value()->days()[0]->file().name();
  w.folder.files.erase(first);
  const auto graph = Graph::open(w.folder).value();
  EXPECT_EQ(graph->damaged(), std::vector<std::string>{first});
  Reach reach(*graph);
  Question q;
  q.seeds = {{w.memory.person("A"), {noon, noon + 9 * day_ms}}};
  EXPECT_EQ(by_reach(w, q, *graph, reach), (std::vector<Line>{{1, "C", noon + 2 * day_ms, "A", 10 * minute}}));
}

TEST(Store, ADamagedListOfFilesIsNoGraph) {
  World w;
  w.contact("A", "B", noon, noon + minute);
  w.finish();
  const auto good = *w.folder.files[manifest_name];
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto bad = good;
    bad[i] ^= 1;
    w.folder.files[manifest_name] = std::make_shared<FolderInMemory::Bytes>(bad);
    EXPECT_EQ(Graph::open(w.folder).failure().code, "contacts.manifest_damaged") << i;
  }
  EXPECT_EQ(Graph::open(FolderInMemory()).failure().code, "contacts.not_a_graph");
}

TEST(Store, ALoadThatFailsAnywhereChangesNothing) {
  World w;
  w.contact("A", "B", noon, noon + minute);
  w.finish();
  const Question q{.seeds = {{w.memory.person("A"), {noon - day_ms, noon + 9 * day_ms}}}, .depth = 5};
  const auto before = by_trace(w, q);
  int steps = 0;
  for (bool done = false; !done; ++steps) {
    w.folder.steps_left = -1;
    auto loader = Loader::open(w.folder, {.facts_in_memory_max = 2}).value();
    w.folder.steps_left = steps;
    bool taken = true;
    for (int i = 0; i < 5 && taken; ++i) taken = loader->add({false, "B", "N" + std::to_string(i), {noon + i * day_ms / 2, noon + i * day_ms / 2 + minute}, Kind::encounter}).ok();
    const bool named = [&] { const auto m = w.folder.files.at(manifest_name); return taken && loader->finish().ok() ? true : m != w.folder.files.at(manifest_name); }();
    w.folder.steps_left = -1;
    const auto graph = Graph::open(w.folder).value();
    EXPECT_TRUE(graph->damaged().empty()) << steps;
    Reach reach(*graph);
    if (named) {
      EXPECT_EQ(by_reach(w, q, *graph, reach).size(), 6U) << steps;
      done = true;
    } else {
      EXPECT_EQ(by_reach(w, q, *graph, reach), before) << steps;
    }
  }
  EXPECT_GT(steps, 8);
}

TEST(Store, ALoadThatIsGivenUpLeavesNothing) {
  FolderInMemory folder;
  LoadLimits limits;
  limits.facts_in_memory_max = 10;
  const auto fill = [&] {
    auto loader = Loader::open(folder, limits).value();
    for (int i = 0; i < 150; ++i) EXPECT_TRUE(loader->add({false, "A", "B" + std::to_string(i), {noon + i * minute, noon + 200 * minute}, Kind::encounter}).ok());
    return loader;
  };
  ASSERT_TRUE(fill()->finish().ok());
  const auto before = folder.list().value();
  auto given_up = fill();
  EXPECT_GT(folder.list().value().size(), before.size()) << "facts wait on disk";
  given_up.reset();
  EXPECT_EQ(folder.list().value(), before);
  EXPECT_EQ(Graph::open(folder).value()->manifest().days.front().contacts, 150U);
}

/// A number is its decimal text, whichever way it comes.
TEST(Store, IdsThatAreNumbersAreTheirTexts) {
  FolderInMemory as_text, as_numbers;
  auto texts = Loader::open(as_text, {}).value(), numbers = Loader::open(as_numbers, {}).value();
  Prng random(3);
  for (int i = 0; i < 6'000; ++i) {
    const std::uint64_t a = i % 9 == 0 ? UINT64_MAX - random.below(700) : random.below(700), b = i % 7 == 0 ? random.below(9) << 60 : 1'000 + random.below(5'000);
    const Interval span{noon + i % 4 * day_ms, noon + i % 4 * day_ms + (1 + i % 50) * minute};
    EXPECT_TRUE(texts->add({false, std::to_string(a), std::to_string(b), span, Kind::school, {}, i % 2 == 0 ? 1.5F : -1.0F}).ok());
    EXPECT_TRUE(numbers->add({a, b, span, Kind::school, i % 2 == 0 ? 1.5F : -1.0F}).ok());
  }
  EXPECT_EQ(numbers->add({7, 7, {noon, noon + minute}}).failure().code, "contacts.with_oneself");
  EXPECT_EQ(numbers->add({7, 8, {noon, noon}}).failure().code, "contacts.no_length");
  ASSERT_TRUE(texts->finish().ok());
  ASSERT_TRUE(numbers->finish().ok());
  ASSERT_EQ(as_text.list().value(), as_numbers.list().value());
  for (const auto& [name, bytes] : as_text.files) {
    if (!bytes) continue;
    EXPECT_EQ(*bytes, *as_numbers.files.at(name)) << name;
  }
}

TEST(Store, WhatIsRefused) {
  World w;
  Loader& l = w.open();
  const Interval ok{noon, noon + minute};
  const std::string too_long(id_bytes_max + 1, 'x');
  struct Case { Result<void> result; const char* code; };
  const Case cases[] = {{l.add({false, "A", "A", ok, Kind::encounter}), "contacts.with_oneself"},
                        {l.add({false, "A", "B", {noon, noon}, Kind::encounter}), "contacts.no_length"},
                        {l.add({false, "A", "B", {noon, noon - minute}, Kind::encounter}), "contacts.no_length"},
                        {l.add({false, "A", "B", {time_min - 1, noon}, Kind::encounter}), "contacts.time_outside"},
                        {l.add({false, "A", "B", {noon, time_max + 1}, Kind::encounter}), "contacts.time_outside"},
                        {l.add({false, too_long, "B", ok, Kind::encounter}), "contacts.id_too_long"},
                        {l.add({true, "A", too_long, ok}), "contacts.id_too_long"},
                        {l.add({true, "A", "x", {noon, noon - 1}}), "contacts.ends_before_begin"}};
  for (const Case& c : cases) {
    ASSERT_FALSE(c.result.ok()) << c.code;
    EXPECT_EQ(c.result.failure().code, c.code);
    EXPECT_EQ(c.result.failure().kind, FailureKind::invalid) << c.code;
  }
  EXPECT_EQ(w.finish().persons, 0U) << "what is refused leaves no id behind";
}

TEST(Store, SomebodyElsesFolderIsLeftAlone) {
  FolderInMemory folder;
  const std::uint8_t byte = 1;
  ASSERT_TRUE(folder.replace("letter.txt", {&byte, 1}).ok());
  EXPECT_EQ(Loader::open(folder, {}).failure().code, "contacts.folder_not_empty");
  EXPECT_EQ(folder.files.size(), 1U);
}

/// What a log holds is answered as if it had been loaded, before and after it is folded.
RC_GTEST_PROP(Store, WhatIsInTheLogIsInTheAnswer, ()) {
  World w;
  fill(w);
  for (int writers = number(1, 4); writers > 0; --writers) {
    auto log = AppendLog::open(w.folder).value();
    for (int n = number(0, 9); n > 0; --n) {
      const int a = number(0, 9), b = number(0, 9);
      const Time from = some_time(), to = from + some_length();
      if (number(0, 3) == 0) {
        w.memory.add_visit(name_of(a), "x", from, to);
        RC_ASSERT(log->add({true, name_of(a), "x", {from, to}, Kind::venue}).ok());
      } else if (a != b) {
        w.memory.add_encounter(name_of(a), name_of(b), from, to);
        RC_ASSERT(log->add({false, name_of(a), name_of(b), {from, to}, Kind::encounter}).ok());
      }
      if (number(0, 2) == 0) RC_ASSERT(log->commit().ok());
    }
    RC_ASSERT(log->commit().ok());
  }
  const Question q = some_question(w);
  const auto check = [&] {
    const auto graph = Graph::open(w.folder).value();
    Reach reach(*graph);
    return graph->damaged().empty() && by_reach(w, q, *graph, reach) == by_trace(w, q);
  };
  RC_ASSERT(check());
  w.open();
  w.finish();
  RC_ASSERT(check());
  RC_ASSERT(!log_waits(w.folder, read_manifest(w.folder, false).value()).value());
}

TEST(Store, ALogCutAnywhereKeepsWhatWasAcknowledged) {
  World w;
  w.open();
  w.finish();
  std::vector<std::size_t> acknowledged;      // bytes of the log after each commit
  {
    auto log = AppendLog::open(w.folder).value();
    for (int i = 0; i < 5; ++i) {
      ASSERT_TRUE(log->add({false, "A", "P" + std::to_string(i), {noon + i * minute, noon + (i + 2) * minute}, Kind::encounter}).ok());
      ASSERT_TRUE(log->commit().ok());
      acknowledged.push_back(w.folder.files["log-2.1"]->size());
    }
  }
  const auto whole = *w.folder.files["log-2.1"];
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    auto& file = w.folder.files["log-2.1"];
    file = std::make_shared<FolderInMemory::Bytes>(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
    if (cut % 2 == 0) file->resize(whole.size());      // the room was there, the bytes were not
    const auto graph = Graph::open(w.folder).value();
    const auto kept = static_cast<std::uint64_t>(std::count_if(acknowledged.begin(), acknowledged.end(), [&](std::size_t n) { return n <= cut; }));
    EXPECT_TRUE(cut % 2 == 0 || graph->damaged().empty()) << cut;
    EXPECT_TRUE(!graph->damaged().empty() || graph->persons().size() == (kept > 0 ? kept + 1 : 0)) << cut;
  }
}

TEST(Store, ALogThatFailedTakesNoMore) {
  World w;
  auto log = AppendLog::open(w.folder).value();
  ASSERT_TRUE(log->add({false, "A", "B", {noon, noon + minute}, Kind::encounter}).ok());
  ASSERT_TRUE(log->commit().ok());
  ASSERT_TRUE(log->add({false, "A", "C", {noon, noon + minute}, Kind::encounter}).ok());
  w.folder.steps_left = 0;
  EXPECT_FALSE(log->commit().ok());
  w.folder.steps_left = -1;
  EXPECT_FALSE(log->commit().ok()) << "behind a half-written frame nothing would be found";
  log = AppendLog::open(w.folder).value();
  ASSERT_TRUE(log->add({false, "A", "D", {noon, noon + minute}, Kind::encounter}).ok());
  ASSERT_TRUE(log->commit().ok());
  const auto graph = Graph::open(w.folder).value();
  EXPECT_TRUE(graph->persons().find("B").value() && graph->persons().find("D").value() && !graph->persons().find("C").value());
}

TEST(Store, ALimitEndsAQuestionAndSaysSo) {
  World w;
  for (int i = 0; i < 300; ++i) w.visit("P" + std::to_string(i), "market", noon, noon + 60 * minute);
  w.finish();
  const auto graph = Graph::open(w.folder).value();
  ReachQuestion q{.seeds = {{graph->persons().find("P0").value().value(), {noon, noon + day_ms}}}, .depth = 3};
  EXPECT_EQ(Reach(*graph).ask(q).reached.size(), 299U);
  EXPECT_FALSE(Reach(*graph).ask(q).partial);
  q.contacts_max = 1'000;
  EXPECT_TRUE(Reach(*graph).ask(q).partial);
}

}  // namespace
}  // namespace motcua::contacts
