#include "app/graph_question.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "app/graph_rows.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "base/time.hpp"
#include "platform/files/files.hpp"

namespace motcua::app {
namespace {

constexpr double minutes_max = 100'000'000;   // of --latent-minutes and --min-minutes: two centuries

Result<contacts::Time> to_length(double minutes, const char* argument) {
  if (!(minutes >= 0 && minutes <= minutes_max)) return invalid("app.minutes_outside", argument);
  return static_cast<contacts::Time>(std::llround(minutes * 60'000));
}

std::function<bool()> clock_of(std::uint64_t milliseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(std::min<std::uint64_t>(milliseconds, 1ULL << 40));
  return [end] { return std::chrono::steady_clock::now() >= end; };
}

}  // namespace

Result<contacts::Time> to_time(const std::string& text, const char* argument) {
  auto at = parse_instant(text);
  if (at) return to_millis(*at);
  Failure failure = std::move(at).failure();
  failure.field = argument;
  return failure;
}

Result<void> GraphAsked::read(const GraphQuestionArguments& a) {
  contacts::ReachQuestion& q = question_;
  q.depth = a.depth;
  q.direction = a.direction == "backward" ? contacts::Direction::backward : contacts::Direction::forward;
  TRY_ASSIGN(const contacts::Time from, to_time(a.from, "--from"));
  TRY_ASSIGN(const contacts::Time to, to_time(a.to, "--to"));
  if (from > to) return invalid("app.from_after_to", "--from");
  TRY_ASSIGN(q.latent_ms, to_length(a.latent_minutes, "--latent-minutes"));
  TRY_ASSIGN(q.overlap_min_ms, to_length(a.min_minutes, "--min-minutes"));
  if (!a.as_of.empty()) {
    TRY_ASSIGN(q.as_of, to_time(a.as_of, "--as-of"));
  }
  q.contacts_max = a.contacts_max;
  q.stop = clock_of(a.milliseconds_max);
  q.seeds.assign(a.seeds.size(), {0, {from, to}});
  others_.assign(a.others.size(), {0, {from, to}});
  return {};
}

Result<void> GraphAsked::look_up(const GraphQuestionArguments& a) {
  const auto find = [&](const std::vector<std::string>& ids, std::vector<contacts::Seed>& seeds) -> Result<void> {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      TRY_ASSIGN(const auto number, graph_->persons().find(ids[i]));
      if (!number) return not_found("contacts.unknown_person");
      seeds[i].person = *number;
    }
    return {};
  };
  TRY(find(a.seeds, question_.seeds));
  TRY(find(a.others, others_));
  if (!a.near.empty()) {
    TRY_ASSIGN(question_.nearness, read_nearness(a.near));
  }
  if (a.isolated.empty()) return {};
  return read_isolated(a.isolated, [&](std::string_view person, contacts::Time at) -> Result<void> {
    TRY_ASSIGN(const auto number, graph_->persons().find(person));
    if (!number) return {};                     // somebody who never met anybody
    const auto known = question_.isolated_at.try_emplace(*number, at).first;
    known->second = std::min(known->second, at);
    return {};
  });
}

Result<std::unique_ptr<GraphAsked>> GraphAsked::open(const GraphQuestionArguments& arguments) {
  auto asked = std::make_unique<GraphAsked>();
  TRY(asked->read(arguments));
  auto folder = files::open_folder(arguments.dir);
  if (!folder) return not_found("contacts.not_a_graph");
  asked->folder_ = std::move(*folder);
  TRY_ASSIGN(asked->graph_, contacts::Graph::open(*asked->folder_));
  auto known = asked->look_up(arguments);
  if (!known) {
    Failure failure = std::move(known).failure();
    if (failure.kind == FailureKind::invalid) failure.kind = FailureKind::conflict;   // of a file, not of the command line
    return failure;
  }
  asked->reach_ = std::make_unique<contacts::Reach>(*asked->graph_);
  return asked;
}

contacts::Question GraphAsked::traced() const {
  contacts::Question q;
  q.seeds = question_.seeds;
  q.depth = question_.depth;
  q.direction = question_.direction;
  q.rules.latent_ms = question_.latent_ms;
  q.rules.overlap_min_ms = q.rules.overlap_min_masked_ms = question_.overlap_min_ms;
  q.rules.nearness = question_.nearness.value_or(contacts::usual_nearness());
  for (contacts::Nearness& n : q.rules.nearness)
    if (!question_.nearness) n.distance_max_m = contacts::Nearness{}.distance_max_m, n.seat_rows_max = contacts::any_row;   // weights alone
  q.budget.contacts_max = std::min<std::uint64_t>(q.budget.contacts_max, question_.contacts_max);
  q.budget.stop = question_.stop;
  return q;
}

contacts::GraphSource GraphAsked::source() const {
  contacts::GraphSource source(*graph_, question_.as_of);
  source.isolated_at = question_.isolated_at;
  return source;
}

contacts::AskOne GraphAsked::one_by_one() {
  return [this](const contacts::Seed& seed, contacts::Direction direction, const std::vector<contacts::Person>& stops) -> Result<contacts::MetBy> {
    contacts::ReachQuestion q = question_;
    q.seeds = {seed};
    q.direction = direction;
    for (const contacts::Person p : stops) q.isolated_at[p] = contacts::since_ever;
    const contacts::ReachAnswer answer = reach_->ask(q);
    contacts::MetBy met{{}, answer.partial};
    constexpr double hour_ms = 3'600'000;
    for (const contacts::ReachedPerson& r : answer.reached)
      met.met.push_back({r.person, r.level, r.last_at, static_cast<float>(1 - std::exp(-static_cast<double>(r.overlap_total_ms) / hour_ms))});
    return met;
  };
}

Result<Names> Names::of(const contacts::Dictionary& ids, std::vector<std::uint32_t> numbers) {
  Names names;
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  names.places_.resize(numbers.size());
  names.numbers_ = std::move(numbers);
  TRY(ids.texts(names.numbers_, [&](std::uint32_t number, std::string_view text) {
    names.places_[names.place_of(number)] = {names.texts_.size(), text.size()};
    names.texts_ += text;
  }));
  return names;
}

std::size_t Names::place_of(std::uint32_t number) const {
  return static_cast<std::size_t>(std::lower_bound(numbers_.begin(), numbers_.end(), number) - numbers_.begin());
}

std::string_view Names::operator[](std::uint32_t number) const {
  const auto [at, size] = places_[place_of(number)];
  return std::string_view(texts_).substr(at, size);
}

int warn_of_lacks(const Globals& globals, const contacts::Graph& graph, bool partial) {
  const auto damaged = graph.damaged();
  for (const std::string& file : damaged) std::fprintf(stderr, "%s\n", texts().text(globals.lang, "contacts.damaged_left_out", {{"file", file}}).c_str());
  if (partial) std::fprintf(stderr, "%s\n", texts().text(globals.lang, "contacts.partial").c_str());
  return damaged.empty() && !partial ? exit_done : exit_partly;
}

}  // namespace motcua::app
