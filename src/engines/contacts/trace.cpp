// The layers E_k of docs/formats.md section 6. Layer k needs only the persons whose E(k-1) is earlier than their E(k-2): whatever an
// unchanged person passes on was passed on a layer before.
#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "engines/contacts/closeness.hpp"
#include "engines/contacts/contacts.hpp"
#include "engines/contacts/gather.hpp"

namespace motcua::contacts {
namespace {

/// A chain's end: when it arrives and how strong it is. A person keeps those chains of a layer of which none is both earlier and
/// stronger than another; a later but stronger one may be the one to show.
struct Label {
  Time arrival = 0;
  float strength = 1;
  std::uint32_t link = no_link;     // its last step in Answer::links
};
constexpr std::size_t labels_max = 16;   // a person and layer; more than four hardly occur. The earliest and the strongest always stay

/// A label on its way: the step is kept only if the label is.
struct Coming {
  Time at = 0;
  float strength = 1;
  std::uint32_t parent = no_link;
  Step step = {};
};

struct Frontier {
  Person person = 0;
  bool seed = false;
  Interval seed_window = {};
  std::vector<Label> labels;        // by arrival; labels.front() is a chain of E(k-1)
  std::uint32_t earliest = no_link; // the chain of E(k-1) with the smallest ids
};

/// Sorts them.
Time length_of_union(std::vector<Interval>& spans) {
  std::sort(spans.begin(), spans.end(), [](const Interval& a, const Interval& b) { return a.from < b.from; });
  Time total = 0, reached = since_ever;
  for (const Interval& s : spans) {
    total += std::max<Time>(0, s.to - std::max(s.from, reached));
    reached = std::max(reached, s.to);
  }
  return total;
}

class Traversal {
 public:
  Traversal(FactSource& facts, const Question& question) : facts_(facts), question_(question) {}

  Result<Answer> run() {
    plant();
    for (int level = 1; level <= question_.depth && !frontier_.empty() && !answer_.partial; ++level) {
      TRY(close_isolated());
      TRY_ASSIGN(Gathered gathered, gather(facts_, carriers(), question_));
      answer_.partial = gathered.partial;
      answer_.contacts_seen += gathered.candidates.size();
      TRY(find_floors(gathered.candidates));
      take_layer(gathered.candidates, level);
    }
    finish();
    return std::move(answer_);
  }

 private:
  struct State {
    Time arrival = never;           // E of the last complete layer
    Time end = never;               // forward: isolated, in the question's time
    Time floor = since_ever;        // backward: mirrored end, before which nothing reaches this person
    std::uint32_t row = UINT32_MAX; // in answer_.reached
    bool seed = false, floor_known = false;
  };

  bool backward() const { return question_.direction == Direction::backward; }
  Interval real(const Interval& i) const { return backward() ? mirror(i) : i; }
  State& state(Person p) {
    if (p >= states_.size()) states_.resize(std::max<std::size_t>(p + 1, states_.size() * 2));
    return states_[p];
  }

  void plant() {
    for (const Person p : question_.stops) {
      State& s = state(p);
      s.end = since_ever;
      if (backward()) s.floor = never;
      s.floor_known = true;
    }
    for (const Seed& seed : question_.seeds) {
      State& s = state(seed.person);
      if (s.seed) continue;
      s.seed = true;
      const Interval window = real(seed.window);
      s.arrival = window.from;
      frontier_.push_back({seed.person, true, window, {{window.from, 1, no_link}}, no_link});
    }
    sort_frontier();
  }

  void sort_frontier() {
    std::sort(frontier_.begin(), frontier_.end(), [&](const Frontier& a, const Frontier& b) { return facts_.before(a.person, b.person); });
  }

  /// Forward: a person passes nothing on after isolation. Seeds pass it on as the question says.
  Result<void> close_isolated() {
    if (backward()) return {};
    std::vector<Person> asked;
    for (const Frontier& f : frontier_)
      if (!f.seed) asked.push_back(f.person);
    if (asked.empty()) return {};
    return facts_.isolations_of(asked, [&](Person p, Time at) { state(p).end = std::min(state(p).end, at); });
  }

  /// Backward: a person passed nothing on after isolation, so nothing mirrored reaches them before its mirror.
  Result<void> find_floors(const std::vector<Candidate>& candidates) {
    if (!backward()) return {};
    std::vector<Person> asked;
    for (const Candidate& c : candidates) {
      State& s = state(c.target);
      if (!s.floor_known && !s.seed) asked.push_back(c.target);
      s.floor_known = true;
    }
    if (asked.empty()) return {};
    return facts_.isolations_of(asked, [&](Person p, Time at) { state(p).floor = std::max(state(p).floor, -at); });
  }

  Interval window_of(const Frontier& f, Time arrival) {
    if (f.seed) return f.seed_window;
    return {arrival + question_.rules.latent_ms, backward() ? never : state(f.person).end};
  }

  std::vector<Carrier> carriers() {
    std::vector<Carrier> out;
    out.reserve(frontier_.size());
    for (const Frontier& f : frontier_) out.push_back({f.person, window_of(f, f.labels.front().arrival)});
    return out;
  }

  void take_layer(const std::vector<Candidate>& candidates, int level) {
    std::vector<Frontier> next;
    for (std::size_t i = 0; i < candidates.size();) {
      std::size_t end = i;
      while (end < candidates.size() && candidates[end].target == candidates[i].target) ++end;
      if (!state(candidates[i].target).seed) take_target({candidates.data() + i, end - i}, level, next);
      i = end;
      if (answer_.reached.size() >= question_.budget.persons_max) {
        answer_.partial = answer_.partial || i < candidates.size();
        break;
      }
    }
    for (const Frontier& f : next) {
      state(f.person).arrival = f.labels.front().arrival;
      answer_.arrivals.push_back({f.person, level, f.labels.front().arrival});
    }
    frontier_ = std::move(next);
    sort_frontier();
  }

  void take_target(std::span<const Candidate> candidates, int level, std::vector<Frontier>& next) {
    const Person target = candidates.front().target;
    const State s = state(target);
    const bool is_new = s.row == UINT32_MAX;
    Reached found{.person = target, .level = level, .at = never, .first_at = never, .last_at = since_ever};
    std::vector<Coming> front;
    Coming earliest{.at = never};
    overlaps_.clear();
    for (const Candidate& c : candidates) {
      const Frontier& carrier = frontier_[c.carrier];
      for (std::size_t l = 0; l < carrier.labels.size(); ++l) {
        const auto overlap = passes(c, carrier, carrier.labels[l], s.floor);
        if (!overlap) break;                                  // a later label passes less
        if (l == 0) {
          if (is_new) count(found, c, *overlap), count_place(c, *overlap);
          consider_earliest(earliest, c, carrier, *overlap);
        }
        if (overlap->from < s.arrival) keep(front, to_coming(c, carrier.person, carrier.labels[l].strength, carrier.labels[l].link, *overlap));
      }
    }
    if (front.empty()) return;                                // nothing earlier than what is known
    found.together_ms = length_of_union(overlaps_);
    next.push_back(settle(found, front, earliest, is_new));
  }

  std::optional<Interval> passes(const Candidate& c, const Frontier& carrier, const Label& label, Time floor) {
    Interval overlap = intersect(c.span, window_of(carrier, label.arrival));
    overlap.from = std::max(overlap.from, floor);
    const Time least = c.both_masked ? question_.rules.overlap_min_masked_ms : question_.rules.overlap_min_ms;
    if (overlap.length() <= 0 || overlap.length() < least) return std::nullopt;
    return overlap;
  }

  Coming to_coming(const Candidate& c, Person from, float strength, std::uint32_t parent, const Interval& overlap) const {
    Coming a{overlap.from, 0, parent,
              {from, c.target, real(overlap), c.kind, c.place, c.from_seat, c.to_seat, c.distance_m, c.crowd, 0}};
    const bool near_seats = c.from_seat.row != 0 && c.to_seat.row != 0;
    a.step.strength = strength_of(question_.rules.nearness[static_cast<std::size_t>(c.kind)], overlap.length(), near_seats, c.distance_m, c.crowd);
    a.strength = strength * a.step.strength;
    return a;
  }

  void count(Reached& r, const Candidate& c, const Interval& overlap) {
    const Interval span = real(overlap);
    r.overlap_total_ms += span.length();
    overlaps_.push_back(span);
    r.first_at = std::min(r.first_at, span.from);
    r.last_at = std::max(r.last_at, span.to);
    r.kinds = static_cast<std::uint16_t>(r.kinds | (1U << static_cast<unsigned>(c.kind)));
    ++r.contacts;
  }

  void count_place(const Candidate& c, const Interval& overlap) {
    Share& share = shares_[c.place];
    if (share.row.contacts == 0) share.row.place = c.place, share.row.kind = c.kind;
    share.row.persons += share.row.contacts == 0 || share.last != c.target;
    share.last = c.target;
    ++share.row.contacts;
    share.row.overlap_total_ms += overlap.length();
  }

  void consider_earliest(Coming& earliest, const Candidate& c, const Frontier& carrier, const Interval& overlap) {
    if (overlap.from > earliest.at) return;
    const Coming a = to_coming(c, carrier.person, 1, carrier.earliest, overlap);
    if (overlap.from < earliest.at || wins(a, earliest)) earliest = a;
  }

  /// Of two equally early arrivals the one with the smaller id; then the longer contact, then the kind.
  bool wins(const Coming& a, const Coming& b) const {
    if (a.step.from != b.step.from) return facts_.before(a.step.from, b.step.from);
    return std::make_tuple(-a.step.overlap.length(), a.step.kind, a.step.place, a.parent) <
           std::make_tuple(-b.step.overlap.length(), b.step.kind, b.step.place, b.parent);
  }

  /// Keeps the front of arrivals none of which is beaten in both time and strength; sorted by arrival, and so by strength.
  void keep(std::vector<Coming>& front, const Coming& a) {
    for (Coming& other : front) {
      if (other.at == a.at && other.strength == a.strength) {
        if (wins(a, other)) other = a;
        return;
      }
      if (other.at <= a.at && other.strength >= a.strength) return;
    }
    std::erase_if(front, [&](const Coming& other) { return a.at <= other.at && a.strength >= other.strength; });
    front.insert(std::upper_bound(front.begin(), front.end(), a, [](const Coming& x, const Coming& y) { return x.at < y.at; }), a);
    if (front.size() > labels_max) front.erase(front.begin() + 1);
  }

  Frontier settle(Reached& found, const std::vector<Coming>& front, const Coming& earliest, bool is_new) {
    Frontier f;
    f.person = found.person;
    for (const Coming& a : front) f.labels.push_back({a.at, a.strength, link(a)});
    f.earliest = link(earliest);
    if (is_new) {
      found.at = backward() ? -earliest.at : earliest.at;
      found.via = earliest.step.from;
      found.earliest = f.earliest;
      found.strongest = f.labels.back().link;
      found.strength = f.labels.back().strength;
      state(found.person).row = static_cast<std::uint32_t>(answer_.reached.size());
      answer_.reached.push_back(found);
    }
    return f;
  }

  std::uint32_t link(const Coming& a) {
    answer_.links.push_back({a.step, a.parent});
    return static_cast<std::uint32_t>(answer_.links.size() - 1);
  }

  void finish() {
    for (const auto& [place, share] : shares_) answer_.places.push_back(share.row);
    std::sort(answer_.places.begin(), answer_.places.end(), [](const PlaceShare& a, const PlaceShare& b) {
      return std::tie(b.persons, b.overlap_total_ms, a.place) < std::tie(a.persons, a.overlap_total_ms, b.place);
    });
    std::sort(answer_.arrivals.begin(), answer_.arrivals.end(), [](const Arrival& a, const Arrival& b) {
      return std::tie(a.person, a.level) < std::tie(b.person, b.level);
    });
    std::sort(answer_.reached.begin(), answer_.reached.end(), [&](const Reached& a, const Reached& b) {
      if (a.level != b.level) return a.level < b.level;
      return facts_.before(a.person, b.person);
    });
  }

  FactSource& facts_;
  const Question& question_;
  Answer answer_;
  struct Share { PlaceShare row; Person last = 0; };
  std::unordered_map<Place, Share> shares_;
  std::vector<State> states_;
  std::vector<Frontier> frontier_;
  std::vector<Interval> overlaps_;  // of the contacts with the person at hand
};

}  // namespace

std::vector<Step> Answer::chain(std::uint32_t link) const {
  std::vector<Step> steps;
  for (; link != no_link; link = links[link].parent) steps.push_back(links[link].step);
  std::reverse(steps.begin(), steps.end());
  return steps;
}

Result<Answer> trace(FactSource& facts, const Question& question) { return Traversal(facts, question).run(); }

}  // namespace motcua::contacts
