#include "engines/contacts/gather.hpp"

#include <algorithm>
#include <tuple>

#include "engines/contacts/closeness.hpp"

namespace motcua::contacts {
namespace {

class Gatherer {
 public:
  Gatherer(FactSource& facts, const std::vector<Carrier>& carriers, const Question& question)
      : facts_(facts), carriers_(carriers), question_(question) {
    for (std::uint32_t i = 0; i < carriers.size(); ++i) {
      const Person p = carriers[i].person;
      if (p >= carrier_of_.size()) carrier_of_.resize(p + 1, not_carrying);
      carrier_of_[p] = i;
      windows_.push_back({p, real(carriers[i].window)});
    }
  }

  Result<Gathered> run() {
    TRY(take_encounters());
    TRY(take_visits());
    std::sort(out_.candidates.begin(), out_.candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::tie(a.target, a.carrier, a.span.from, a.span.to, a.kind) <
             std::tie(b.target, b.carrier, b.span.from, b.span.to, b.kind);
    });
    return std::move(out_);
  }

 private:
  static constexpr std::uint32_t not_carrying = UINT32_MAX;

  /// Between the question's time and real time; the same both ways.
  Interval real(const Interval& i) const { return question_.direction == Direction::backward ? mirror(i) : i; }
  std::uint32_t carrier_index(Person p) const { return p < carrier_of_.size() ? carrier_of_[p] : not_carrying; }

  bool add(Candidate candidate) {
    const bool looks = question_.budget.stop && out_.candidates.size() % 4096 == 0;
    if (out_.candidates.size() >= question_.budget.contacts_max || (looks && question_.budget.stop())) {
      out_.partial = true;
      return false;
    }
    out_.candidates.push_back(candidate);
    return true;
  }

  Result<void> take_encounters() {
    return facts_.encounters_of(windows_, [&](const Encounter& e) {
      const std::uint32_t carrier = carrier_index(e.person);
      if (carrier == not_carrying || e.person == e.other || !is_near(e, question_.rules)) return true;
      const Interval span = real(e.span);
      if (intersect(span, carriers_[carrier].window).length() <= 0) return true;
      return add({e.other, carrier, span, no_place, e.kind, e.both_masked, {}, {}, e.distance_m, 0});
    });
  }

  Result<void> take_visits() {
    TRY(facts_.visits_of(windows_, [&](const Visit& v) {
      const std::uint32_t carrier = carrier_index(v.person);
      if (carrier == not_carrying) return true;
      const Interval stay = real(v.stay);
      if (intersect(stay, carriers_[carrier].window).length() > 0) stays_.push_back({carrier, v, stay});
      return true;
    }));
    if (stays_.empty()) return {};
    std::sort(stays_.begin(), stays_.end(), [](const Stay& a, const Stay& b) {
      return std::tie(a.visit.place, a.stay.from, a.stay.to, a.carrier) < std::tie(b.visit.place, b.stay.from, b.stay.to, b.carrier);
    });
    TRY(facts_.visits_at(place_windows(), [&](const Visit& v) {
      others_.push_back({not_carrying, v, real(v.stay)});
      return others_.size() < question_.budget.contacts_max || !(out_.partial = true);
    }));
    std::sort(others_.begin(), others_.end(), [](const Stay& a, const Stay& b) {
      return std::tie(a.visit.place, a.stay.from, a.stay.to) < std::tie(b.visit.place, b.stay.from, b.stay.to);
    });
    meet();
    return {};
  }

  /// For every place the stays of carriers, overlapping ones joined.
  std::vector<PlaceWindow> place_windows() const {
    std::vector<PlaceWindow> windows;
    for (const Stay& s : stays_) {
      const Interval cut = intersect(s.stay, carriers_[s.carrier].window);
      if (!windows.empty() && windows.back().place == s.visit.place && cut.from <= windows.back().window.to) {
        windows.back().window.to = std::max(windows.back().window.to, cut.to);
        windows.back().window.from = std::min(windows.back().window.from, cut.from);
      } else {
        windows.push_back({s.visit.place, cut});
      }
    }
    for (PlaceWindow& w : windows) w.window = real(w.window);
    return windows;
  }

  /// Both lists are sorted by place and begin: per place a sweep.
  void meet() {
    std::size_t first = 0;
    for (std::size_t i = 0; i < stays_.size();) {
      const Place place = stays_[i].visit.place;
      while (first < others_.size() && others_[first].visit.place < place) ++first;
      std::size_t last = first;
      Time longest = 0;
      while (last < others_.size() && others_[last].visit.place == place) longest = std::max(longest, others_[last++].stay.length());
      for (; i < stays_.size() && stays_[i].visit.place == place; ++i)
        if (!meet_one(stays_[i], first, last, longest)) return;
      first = last;
    }
  }

  struct Stay {
    std::uint32_t carrier;
    Visit visit;
    Interval stay;     // in the question's time
  };

  bool meet_one(const Stay& mine, std::size_t first, std::size_t last, Time longest) {
    const auto begin = std::lower_bound(others_.begin() + static_cast<std::ptrdiff_t>(first), others_.begin() + static_cast<std::ptrdiff_t>(last),
                                        mine.stay.from - longest, [](const Stay& s, Time t) { return s.stay.from < t; });
    const auto end = others_.begin() + static_cast<std::ptrdiff_t>(last);
    const Person me = mine.visit.person;
    const std::size_t kept = out_.candidates.size();
    int crowd = 0;
    for (auto other = begin; other != end && other->stay.from < mine.stay.to; ++other) {
      if (other->visit.person == me) continue;
      const Interval span = intersect(mine.stay, other->stay);
      if (intersect(span, carriers_[mine.carrier].window).length() <= 0) continue;
      ++crowd;
      if (!is_near(mine.visit, other->visit, question_.rules)) continue;
      if (!add({other->visit.person, mine.carrier, span, mine.visit.place, mine.visit.kind, false, mine.visit.seat, other->visit.seat, -1, 0}))
        return false;
    }
    for (std::size_t i = kept; i < out_.candidates.size(); ++i) out_.candidates[i].crowd = crowd;
    return true;
  }

  FactSource& facts_;
  const std::vector<Carrier>& carriers_;
  const Question& question_;
  std::vector<std::uint32_t> carrier_of_;
  std::vector<PersonWindow> windows_;
  std::vector<Stay> stays_, others_;
  Gathered out_;
};

}  // namespace

Result<Gathered> gather(FactSource& facts, const std::vector<Carrier>& carriers, const Question& question) {
  return Gatherer(facts, carriers, question).run();
}

}  // namespace motcua::contacts
