// E'(k) is E(k) of the moved question. Where nobody whom a person meets has another E'(k-1), E'(k) is E(k), and the row stays. So each layer
// looks at those who meet somebody whose arrival differs, and asks for all contacts of those.
#include "engines/contacts/difference.hpp"

#include <algorithm>
#include <unordered_map>

#include "engines/contacts/gather.hpp"

namespace motcua::contacts {
namespace {

std::unordered_map<Person, Standing> rows_of(const Answer& answer) {
  std::unordered_map<Person, Standing> rows;
  for (const Reached& r : answer.reached) rows[r.person] = {r.level, r.at, r.via, r.overlap_total_ms};
  return rows;
}

class Move {
 public:
  Move(FactSource& facts, const Question& question, const Answer& before, const std::vector<Seed>& moved, std::size_t contacts_max)
      : facts_(facts), q_(question), answer_(before), moved_(moved), contacts_max_(contacts_max), rows_(rows_of(before)) {
    for (std::size_t i = 0; i < q_.seeds.size() && i < moved_.size(); ++i) seeds_.try_emplace(q_.seeds[i].person, own(moved_[i].window));   // the first of a person counts
    for (const Person p : q_.stops) ends_[p] = since_ever;
  }

  Result<Difference> run() {
    bool fits = !answer_.partial;
    for (int level = 1; fits && level <= q_.depth && (level == 1 || !changed_.empty()); ++level) {
      TRY_ASSIGN(fits, take_layer(level));
    }
    if (!fits) return run_again();
    for (const auto& [person, at] : changed_)
      if (at == never && rows_.contains(person)) after_[person] = std::nullopt;
    return report();
  }

 private:
  bool backward() const { return q_.direction == Direction::backward; }
  Interval own(const Interval& i) const { return backward() ? mirror(i) : i; }

  /// E(level) of the answer that is known.
  Time known(Person p, int level) const {
    const auto& all = answer_.arrivals;
    auto at = std::upper_bound(all.begin(), all.end(), std::pair{p, level}, [](const auto& key, const Arrival& a) { return key < std::pair{a.person, a.level}; });
    return at != all.begin() && (--at)->person == p ? at->at : never;
  }
  Time moved(Person p, int level) const {
    const auto found = changed_.find(p);
    return found != changed_.end() ? found->second : known(p, level);
  }

  Result<void> learn_ends(const std::vector<Person>& persons) {
    std::vector<Person> asked;
    for (const Person p : persons)
      if (ends_.try_emplace(p, never).second) asked.push_back(p);
    if (asked.empty()) return {};
    return facts_.isolations_of(asked, [&](Person p, Time at) { ends_[p] = std::min(ends_[p], at); });
  }

  /// False: as much was looked at as a run of its own looks at.
  Result<bool> take_layer(int level) {
    TRY_ASSIGN(const std::vector<Person> met, affected(level));
    std::vector<Carrier> carriers;
    for (const Person p : met) carriers.push_back({p, {earliest(), never}});
    TRY_ASSIGN(const Gathered all, gather(facts_, carriers, q_));
    seen_ += all.candidates.size();
    if (all.partial || seen_ > contacts_max_) return false;
    std::vector<Person> others = met;
    for (const Candidate& c : all.candidates) others.push_back(c.target);
    TRY(learn_ends(others));
    std::vector<Found> found(met.size());
    for (const Candidate& c : all.candidates) consider(found[c.carrier], met[c.carrier], c, level);
    std::unordered_map<Person, Time> next;
    for (std::size_t i = 0; i < met.size(); ++i) settle(met[i], found[i], level, next);
    changed_ = std::move(next);
    return true;
  }

  Time earliest() const {
    Time t = never;
    for (const Seed& s : q_.seeds) t = std::min(t, own(s.window).from);
    for (const auto& [person, window] : seeds_) t = std::min(t, window.from);
    return t;
  }

  /// Those who meet somebody whose E(level - 1) differs, and those somebodies.
  Result<std::vector<Person>> affected(int level) {
    std::vector<Carrier> carriers;
    std::vector<Person> persons;
    if (level == 1) {
      std::unordered_map<Person, bool> taken;
      for (const Seed& s : q_.seeds) {
        const Interval was = own(s.window), is = seeds_.at(s.person);
        if (taken.try_emplace(s.person, true).second && !(was == is)) carriers.push_back({s.person, {std::min(was.from, is.from), std::max(was.to, is.to)}});
      }
    }
    for (const auto& [person, at] : changed_) {
      persons.push_back(person);
      carriers.push_back({person, {std::min(at, known(person, level - 1)), never}});
    }
    if (!carriers.empty()) {
      TRY_ASSIGN(const Gathered met, gather(facts_, carriers, q_));
      seen_ += met.candidates.size();
      for (const Candidate& c : met.candidates)
        if (!seeds_.contains(c.target)) persons.push_back(c.target);
    }
    std::sort(persons.begin(), persons.end());
    persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
    return persons;
  }

  struct Found { Time at = never, overlap_total = 0; Person via = 0; };

  /// A contact of `to` with c.target, which may pass it on to `to`.
  void consider(Found& found, Person to, const Candidate& c, int level) const {
    const Person from = c.target;
    Interval window;
    if (const auto seed = seeds_.find(from); seed != seeds_.end()) window = seed->second;
    else if (const Time at = moved(from, level - 1); at != never) window = {at + q_.rules.latent_ms, backward() ? never : ends_.at(from)};
    else return;
    Interval overlap = intersect(c.span, window);
    if (backward()) overlap.from = std::max(overlap.from, -ends_.at(to));
    const Time least = c.both_masked ? q_.rules.overlap_min_masked_ms : q_.rules.overlap_min_ms;
    if (overlap.length() <= 0 || overlap.length() < least) return;
    found.overlap_total += overlap.length();
    if (overlap.from < found.at || (overlap.from == found.at && facts_.before(from, found.via))) found.via = from;
    found.at = std::min(found.at, overlap.from);
  }

  void settle(Person person, const Found& found, int level, std::unordered_map<Person, Time>& next) {
    const Time had = moved(person, level - 1);
    const Time has = std::min(had, found.at);
    if (had == never && has != never) after_[person] = Standing{level, backward() ? -has : has, found.via, found.overlap_total};
    if (has != known(person, level)) next[person] = has;
  }

  Result<Difference> run_again() {
    Question again = q_;
    again.seeds = moved_;
    TRY_ASSIGN(const Answer answer, trace(facts_, again));
    after_.clear();
    for (const auto& [person, row] : rows_) after_[person] = std::nullopt;
    for (const auto& [person, row] : rows_of(answer)) after_[person] = row;
    second_run_ = true;
    seen_ += answer.contacts_seen;
    partial_ = answer.partial || answer_.partial;
    return report();
  }

  Difference report() const {
    Difference d{{}, seen_, second_run_, partial_};
    for (const auto& [person, after] : after_) {
      const auto row = rows_.find(person);
      const std::optional<Standing> before = row == rows_.end() ? std::nullopt : std::optional(row->second);
      if (before != after) d.changes.push_back({person, before, after});
    }
    std::sort(d.changes.begin(), d.changes.end(), [&](const Change& a, const Change& b) { return facts_.before(a.person, b.person); });
    return d;
  }

  FactSource& facts_;
  const Question& q_;
  const Answer& answer_;
  const std::vector<Seed>& moved_;
  std::size_t contacts_max_;
  std::unordered_map<Person, Standing> rows_;
  std::unordered_map<Person, Interval> seeds_;               // moved, in the question's time
  std::unordered_map<Person, Time> changed_;                 // E'(level - 1) where it is not E(level - 1)
  std::unordered_map<Person, Time> ends_;
  std::unordered_map<Person, std::optional<Standing>> after_;
  std::size_t seen_ = 0;
  bool second_run_ = false, partial_ = false;
};

}  // namespace

Result<Difference> difference(FactSource& facts, const Question& question, const Answer& before, const std::vector<Seed>& moved,
                              std::optional<std::size_t> contacts_max) {
  return Move(facts, question, before, moved, contacts_max.value_or(before.contacts_seen)).run();
}

}  // namespace motcua::contacts
