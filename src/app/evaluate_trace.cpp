// Traces against truth. The contacts are recomputed here from truth/contacts.csv by a plain reading of docs/formats.md, sections 4 and 6;
// nothing of the contacts engine or of the tracing room takes part in that.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "app/evaluate.hpp"
#include "app/evaluate_truth.hpp"

namespace motcua::app {
namespace {

using Millis = std::int64_t;
constexpr Millis forever = INT64_MAX / 4;

struct TrueContact {
  std::uint32_t other = 0;
  float distance_m = -1;        // unknown: near
  Millis from = 0, to = 0;
};

/// Who met whom, by true person.
struct TrueWorld {
  std::vector<std::vector<TrueContact>> of;
};

struct Rules {
  double distance_m = 0;
  Millis minutes_min = 0, latent = 0;
};

double to_real(std::string_view text, double otherwise) {
  double value = otherwise;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  return parsed.ec == std::errc() ? value : otherwise;
}

Result<TrueWorld> read_world(const std::string& file, truth::Names& names) {
  TrueWorld world;
  std::optional<Failure> bad;
  TRY(truth::read_columns(file, {"a", "b", "start", "minutes", "distance_m"}, 4, [&](const std::vector<std::string_view>& v) {
    auto start = parse_instant(v[2]);
    if (!start) {
      if (!bad) bad = std::move(start).failure();
      return;
    }
    auto a = names.number(v[0]), b = names.number(v[1]);
    if (world.of.size() < names.size()) world.of.resize(names.size());
    auto from = to_millis(*start), to = from + static_cast<Millis>(to_real(v[3], 0) * 60'000);
    auto distance = static_cast<float>(to_real(v[4], -1));
    world.of[a].push_back({b, distance, from, to});
    world.of[b].push_back({a, distance, from, to});
  }));
  if (bad) return *bad;
  world.of.resize(names.size());
  return world;
}

struct Case {
  std::string id;
  std::uint32_t person = truth::Names::none;
  Millis from = 0, to = forever;
  Rules rules;
};

/// "Three days before onset" begins at 00:00 of that day; without symptoms the days before the swab; with a known source the first
/// contact with it.
Case to_case(const tracing::CaseView& view, const tracing::Policy& policy) {
  Case c{.id = view.case_id};
  auto days_before = [](Date day, int n) { return to_millis(vietnam_midnight(Date(std::chrono::sys_days(day) - std::chrono::days(n)))); };
  if (view.onset) c.from = days_before(*view.onset, policy.infectious_days_before_onset);
  else if (view.source_contact_at) c.from = to_millis(*view.source_contact_at);
  else c.from = days_before(vietnam_date(view.sampled_at), policy.days_before_sample);
  if (view.isolated_at) c.to = to_millis(*view.isolated_at);
  c.rules = {policy.distance_m, policy.minutes_min * Millis{60'000}, policy.latent_minutes * Millis{60'000}};
  return c;
}

/// Level of every true person reached within `depth` contacts: E(k) from E(k-1), persons in any order.
std::map<std::uint32_t, int> true_levels(const TrueWorld& world, const Case& c, int depth, const std::map<std::uint32_t, Millis>& isolated) {
  std::map<std::uint32_t, Millis> arrival{{c.person, c.from}};
  std::map<std::uint32_t, int> level;
  for (int k = 1; k <= depth; ++k) {
    auto next = arrival;
    for (auto [a, at] : arrival) {
      auto begins = a == c.person ? c.from : at + c.rules.latent;
      auto apart = isolated.find(a);
      auto ends = a == c.person ? c.to : apart == isolated.end() ? forever : apart->second;
      for (const auto& contact : world.of[a]) {
        if (contact.other == c.person || contact.distance_m > c.rules.distance_m + 1e-6) continue;
        auto start = std::max(contact.from, begins), stop = std::min(contact.to, ends);
        if (stop <= start || stop - start < c.rules.minutes_min) continue;
        auto [found, is_new] = next.emplace(contact.other, start);
        if (!is_new && start < found->second) found->second = start;
        level.emplace(contact.other, k);
      }
    }
    arrival = std::move(next);
  }
  return level;
}

class Comparison {
 public:
  Comparison(const truth::Matched& matched, const truth::Names& truths) : matched_(matched), truths_(truths), true_of_(truth::true_person_of(matched)) {}

  std::uint32_t true_person(std::string_view person_id) const {
    auto n = matched_.persons.find(person_id);
    return n == truth::Names::none ? n : true_of_[n];
  }

  /// A person of the truth counts once: listed a second time (under another person id) she is wrong.
  void add(const Case& c, const std::map<std::uint32_t, int>& levels, const tracing::TraceResult& trace) {
    std::set<std::uint32_t> seen;
    for (auto [person, level] : levels) ++evaluation.by_class["F" + std::to_string(level)].true_contacts, ++evaluation.by_class["all"].true_contacts;
    for (const auto& contact : trace.contacts) {
      auto name = "F" + std::to_string(contact.level);
      ++evaluation.by_class[name].listed, ++evaluation.by_class["all"].listed;
      auto person = true_person(contact.person_id);
      auto found = levels.find(person);
      if (person == truth::Names::none || found == levels.end() || !seen.insert(person).second) {
        example(evaluation.listed_wrongly, name + " " + c.id + " " + contact.person_id);
        continue;
      }
      ++evaluation.by_class["all"].right;
      if (found->second == contact.level) ++evaluation.by_class[name].right;
    }
    for (auto [person, level] : levels)
      if (seen.count(person) == 0) example(evaluation.missed, "F" + std::to_string(level) + " " + c.id + " " + truths_.text(person));
    evaluation.partial |= trace.partial;
    ++evaluation.cases;
  }

  TraceEvaluation evaluation;

 private:
  static void example(std::vector<std::string>& list, std::string text) {
    if (list.size() < static_cast<std::size_t>(trace_examples_max)) list.push_back(std::move(text));
  }
  const truth::Matched& matched_;
  const truth::Names& truths_;
  std::vector<std::uint32_t> true_of_;
};

Result<std::vector<std::string>> all_case_ids(tracing::Tracing& tracing, const tracing::Asker& asker) {
  std::vector<std::string> ids;
  for (tracing::CaseFilter filter{.page_size = tracing::page_size_max};; ++filter.page) {
    TRY_ASSIGN(auto page, tracing.list_cases(asker, filter));
    for (const auto& row : page.rows) ids.push_back(row.case_id);
    if (page.rows.empty() || static_cast<std::int64_t>(ids.size()) >= page.total) return ids;
  }
}

std::string beside(const std::string& file, const std::string& name) {
  auto slash = file.rfind('/');
  return slash == std::string::npos ? name : file.substr(0, slash + 1) + name;
}

}  // namespace

Result<TraceEvaluation> evaluate_trace(tracing::Tracing& tracing, const tracing::Asker& asker, const TraceQuestion& question) {
  TRY_ASSIGN(auto matched, truth::match_records(question.links_file, beside(question.contacts_file, "persons.csv")));
  auto truths = matched.truths;
  TRY_ASSIGN(auto world, read_world(question.contacts_file, truths));
  Comparison comparison(matched, truths);

  TRY_ASSIGN(auto ids, all_case_ids(tracing, asker));
  std::vector<tracing::CaseView> views;
  std::map<std::uint32_t, Millis> isolated;
  for (const auto& id : ids) {
    TRY_ASSIGN(auto view, tracing.get_case(asker, id));
    if (auto person = comparison.true_person(view.person_id); person != truth::Names::none && view.isolated_at) isolated[person] = to_millis(*view.isolated_at);
    views.push_back(std::move(view));
  }
  for (const auto& view : views) {
    if (!question.case_id.empty() && view.case_id != question.case_id) continue;
    tracing::TraceRequest request{.case_id = view.case_id, .depth = question.depth};
    request.names = false;
    TRY_ASSIGN(auto trace, tracing.trace(asker, request));
    auto c = to_case(view, trace.policy);
    c.person = comparison.true_person(view.person_id);
    if (c.person == truth::Names::none) {
      ++comparison.evaluation.cases_unknown;
      continue;
    }
    comparison.add(c, true_levels(world, c, question.depth, isolated), trace);
  }
  if (!question.case_id.empty() && comparison.evaluation.cases + comparison.evaluation.cases_unknown == 0) return not_found("evaluate.no_such_case");
  return std::move(comparison.evaluation);
}

}  // namespace motcua::app
