// Layer k comes from the persons whose arrival got earlier in layer k-1: whatever others pass on was passed on a layer before. Backward is
// forward with time mirrored. Within a layer files are walked one by one, persons in the order of their numbers, a few of them at a time,
// so that the memory they need is on its way while others are worked on.
#include "engines/contacts/reach.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "base/large_pages.hpp"
#include "base/parallel.hpp"
#include "engines/contacts/closeness.hpp"

namespace motcua::contacts {
namespace {

struct Carrier {
  Person person = 0;
  Interval window = {};                 // in the question's time
};

/// A stay of a carrier, cut to when it passes on.
struct Stay {
  Place place = 0;
  Person person = 0;
  Interval cut = {};
  const Saying* saying = nullptr;       // when it matters how near is near
};

constexpr std::uint64_t contacts_a_look = 4'096;   // between two looks at the clock
constexpr std::size_t at_a_time = 32;   // carriers whose memory is fetched together
constexpr std::size_t met_at_once = 256;           // contacts, likewise
constexpr std::uint64_t visits_at_once = 16'384;   // to one place, between two looks at the budget: a place may have a billion
constexpr std::size_t ahead = 12;                  // carriers between a fetch and the next
constexpr std::uint64_t collected_min = 4'096, collected_max = 2'000'000;   // entries of a last layer that is worked on person by person: 150 MB
constexpr std::uint64_t shared_min = 65'536;                                // of these, what two threads share: about a millisecond of one
constexpr std::uint64_t entries_a_lookup = 2;      // held in the time that one person costs in one file

/// By `person`, below `persons`: digit by digit when there are many.
template <class T>
void sort_by_person(std::vector<T>& rows, std::uint64_t persons) {
  constexpr unsigned digit_bits = 11;
  if (rows.size() < 1'000) {
    std::sort(rows.begin(), rows.end(), [](const T& a, const T& b) { return a.person < b.person; });
    return;
  }
  std::vector<T> scratch(rows.size());
  for (unsigned shift = 0; shift < 32 && (persons >> shift) != 0; shift += digit_bits) {
    std::array<std::size_t, 1U << digit_bits> at{};
    for (const T& row : rows) ++at[(row.person >> shift) & low_mask(digit_bits)];
    std::size_t sum = 0;
    for (std::size_t& n : at) sum += std::exchange(n, sum);
    for (const T& row : rows) scratch[at[(row.person >> shift) & low_mask(digit_bits)]++] = row;
    rows.swap(scratch);
  }
}

}  // namespace

template <Direction direction>
class Reach::Layers {
 public:
  Layers(Reach& reach, const ReachQuestion& question) : reach_(reach), graph_(reach.graph_), node_of_(reach.node_of_), nodes_(reach.nodes_), q_(question) {
    if (node_of_.empty()) {
      node_of_.reserve(graph_.persons().size());
      prefer_large_pages(node_of_.data(), graph_.persons().size() * sizeof(std::uint32_t));
      node_of_.resize(graph_.persons().size());
    }
    nodes_.clear();
  }

  ReachAnswer run() {
    for (const auto& day : graph_.days()) shown_.push_back(shown_of(*day));
    plant();
    for (int level = 1; level <= q_.depth && !frontier_.empty() && !answer_.partial; ++level) {
      level_ = level;
      pass_on();
      close_layer();
    }
    finish();
    return std::move(answer_);
  }

 private:
  static constexpr bool backward = direction == Direction::backward;
  static Interval question_time(const Interval& i) { return backward ? Interval{-i.to, -i.from} : i; }

  /// Which of a file's facts count, by what they say; nothing: all.
  using Shown = std::vector<bool>;
  Shown shown_of(const DayFile& day) const {
    Shown shown;
    if (!q_.nearness && day.all_known_at(q_.as_of)) return shown;
    for (const Saying& s : day.sayings()) shown.push_back(shows(s));
    return shown;
  }
  const Nearness& row_of(const Saying& s) const { return (*q_.nearness)[static_cast<std::size_t>(s.kind)]; }

  void plant() {
    for (const Seed& seed : q_.seeds) {
      if (seed.person >= node_of_.size() || node_of_[seed.person] != 0) continue;
      nodes_.push_back({.person = seed.person});
      node_of_[seed.person] = static_cast<std::uint32_t>(nodes_.size());
      frontier_.push_back({seed.person, question_time(seed.window)});
    }
    seeds_ = static_cast<std::uint32_t>(nodes_.size());
  }

  void pass_on() {
    sort_by_person(frontier_, graph_.persons().size());
    stays_.clear();
    const bool held = reach_.is_held(frontier_.size() * graph_.days().size());
    if (held) over_held(*reach_.held_);
    for (std::size_t d = 0; d < graph_.days().size(); ++d) {
      const DayFile& day = *graph_.days()[d];
      if (!held && day.contacts().size() > 0) over_carriers(day, day.contacts(), shown_[d], [&](const Carrier& c, Person other, const Interval& span, std::uint32_t) { ++answer_.contacts_seen; meet(c.person, c.window, other, span); });
      if (day.visits_of().size() > 0)
        over_carriers(day, day.visits_of(), shown_[d], [&](const Carrier& c, Place place, const Interval& span, std::uint32_t saying) {
          const Interval cut = intersect(c.window, span);
          if (cut.length() > 0) stays_.push_back({place, c.person, cut, q_.nearness ? &day.sayings()[saying] : nullptr});
        });
      if (answer_.partial) return;
    }
    if (!stays_.empty()) visit_places();
  }

  bool shows(const Saying& s) const { return s.known_at(q_.as_of) && (!q_.nearness || s.distance_cm < 0 || s.distance_cm <= 100 * row_of(s).distance_max_m + 1e-6); }

  Shown shown_of(const HeldContacts& held) const {
    Shown shown;
    for (std::uint32_t i = 0; i < held.sayings().size(); ++i) shown.push_back(shows(held.sayings()[i]));
    return std::all_of(shown.begin(), shown.end(), [](bool s) { return s; }) ? Shown{} : shown;
  }

  /// Calls visit(carrier, other, span in the question's time) for what is shown of some carriers; between two of them, pause() when it likes.
  template <class Visit, class Pause>
  void over_held(const HeldContacts& held, std::size_t begin, std::size_t end, Visit&& visit, Pause&& pause) {
    for (std::size_t i = begin; i < end && !answer_.partial; ++i) {
      if (i + 2 * ahead < end) held.prefetch_place(frontier_[i + 2 * ahead].person);
      if (i + ahead < end) held.prefetch_contacts(frontier_[i + ahead].person);
      const Carrier& carrier = frontier_[i];
      held.each(carrier.person, question_time(carrier.window), [&](Person other, const Interval& span, std::uint32_t saying) {
        if (held_shown_.empty() || held_shown_[saying]) visit(carrier, other, question_time(span));
      });
      pause(carrier);
    }
  }

  void over_held(const HeldContacts& held) {
    held_shown_ = shown_of(held);
    std::uint64_t entries = 0;
    for (const Carrier& c : frontier_) entries += held.count(c.person);
    if (is_collected(entries)) return collect(held, entries);
    over_held(held, 0, frontier_.size(), [&](const Carrier& c, Person other, const Interval& span) { meet(c.person, c.window, other, span); }, [&](const Carrier& c) {
      answer_.contacts_seen += held.count(c.person);
      if (met_.size() >= met_at_once) drain();
      look_at_budget();
    });
    drain();
  }

  /// Whether the last layer is worked on person by person: only contacts, and no budget that may end within.
  bool is_collected(std::uint64_t entries) const {
    return level_ == q_.depth && entries >= collected_min && entries <= collected_max && answer_.contacts_seen + entries <= q_.contacts_max && graph_.persons().sorted() &&
           std::all_of(graph_.days().begin(), graph_.days().end(), [](const auto& day) { return day->visits_of().size() == 0; });
  }

  /// A few thousand contacts are done before a second thread has begun.
  template <class Body>
  static void in_parts(std::uint64_t entries, const Body& body) {
    if (entries >= shared_min) return run_parallel(last_layer_parts, body);
    for (std::size_t part = 0; part < last_layer_parts; ++part) body(part);
  }

  void collect(const HeldContacts& held, std::uint64_t entries) {
    answer_.contacts_seen += entries;
    auto& parts = reach_.last_layer_;
    const auto persons = static_cast<Person>(node_of_.size());
    const Person middle = persons / 2;
    const auto part_of = [](std::size_t n, std::size_t part) { return n * part / last_layer_parts; };
    static_assert(last_layer_parts == 2);
    in_parts(entries, [&](std::size_t part) {
      for (auto& met : parts[part].met) met.clear();
      over_held(held, part_of(frontier_.size(), part), part_of(frontier_.size(), part + 1), [&](const Carrier& c, Person other, const Interval& span) {
        Meeting m{other, c.person, intersect(span, c.window)};
        if (other < persons && counts(m)) parts[part].met[other >= middle].push_back(m);
      }, [](const Carrier&) {});
    });
    in_parts(entries, [&](std::size_t part) {
      LastLayer& own = parts[part];
      own.all.clear();
      for (const LastLayer& p : parts) own.all.insert(own.all.end(), p.met[part].begin(), p.met[part].end());
      const Person first = part == 0 ? 0 : middle, behind = part == 0 ? middle : persons;
      sort_by_other(own.all, own.scratch, first, width_of(behind - first));
      count_together(own);
    });
    const std::size_t before = nodes_.size() - seeds_, first = parts[0].rows.size();
    answer_.reached.reserve(before + first + parts[1].rows.size());
    prefer_large_pages(answer_.reached.data(), answer_.reached.capacity() * sizeof(ReachedPerson));
    answer_.reached.resize(before);
    for (const LastLayer& p : parts) answer_.reached.insert(answer_.reached.end(), p.rows.begin(), p.rows.end());
  }

  /// A person's contacts of the last layer stand together.
  void count_together(LastLayer& part) {
    part.rows.clear();
    const std::vector<Meeting>& met = part.all;
    for (std::size_t i = 0, end = 0; i < met.size(); i = end) {
      if (i + at_a_time < met.size()) __builtin_prefetch(&node_of_[met[i + at_a_time].other]);
      ReachedPerson row{met[i].other, met[i].from, level_, met[i].overlap.from, 0, 0};
      for (end = i; end < met.size() && met[end].other == row.person; ++end) {
        const Meeting& m = met[end];
        row.overlap_total_ms += m.overlap.length();
        if (m.overlap.from < row.at || (m.overlap.from == row.at && m.from < row.via)) row.via = m.from;
        row.at = std::min(row.at, m.overlap.from);
      }
      if (const std::uint32_t number = node_of_[row.person]; number > 0) {
        Node& node = nodes_[number - 1];
        if (number > seeds_ && row.at < node.arrival) node.arrival = row.at;
        continue;
      }
      if (backward) row.at = -row.at;
      row.last_at = row.at;
      part.rows.push_back(row);
    }
  }

  /// Calls visit(carrier, other, span in the question's time, saying) for all entries that are shown of all carriers whom this file may concern.
  template <class Visit>
  void over_carriers(const DayFile& day, const Lists& lists, const Shown& shown, Visit&& visit) {
    const Interval reach = question_time(day.reach());
    const Carrier* chosen[at_a_time];
    std::size_t n = 0;
    const auto work = [&] {
      for (std::size_t i = 0; i < n; ++i) lists.prefetch_second(chosen[i]->person);
      Lists::Range ranges[at_a_time];
      for (std::size_t i = 0; i < n; ++i) {
        ranges[i] = lists.find(chosen[i]->person);
        lists.prefetch(ranges[i]);
      }
      for (std::size_t i = 0; i < n; ++i)
        lists.each(ranges[i], [&](std::uint32_t other, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
          if (shown.empty() || is_shown(shown, saying)) visit(*chosen[i], other, span_of(day, start, duration), saying);
        });
      n = 0;
      drain();
      look_at_budget();
    };
    for (const Carrier& carrier : frontier_) {
      if (intersect(carrier.window, reach).length() <= 0) continue;
      if (answer_.partial) return;
      lists.prefetch_first(carrier.person);
      chosen[n++] = &carrier;
      if (n == at_a_time) work();
    }
    if (n > 0) work();
  }

  /// A number that no row has is damage.
  static bool is_shown(const Shown& shown, std::uint32_t saying) { return saying < shown.size() && shown[saying]; }

  void look_at_budget() {
    if (answer_.contacts_seen > q_.contacts_max) answer_.partial = true;
    if (!q_.stop || answer_.contacts_seen < asked_at_) return;
    asked_at_ = answer_.contacts_seen + contacts_a_look;
    answer_.partial = answer_.partial || q_.stop();
  }

  static Interval span_of(const DayFile& day, std::uint32_t start, std::uint64_t duration) {
    const Time from = day.midnight() + start * day.unit();
    return question_time({from, from + static_cast<Time>(duration) * day.unit()});
  }

  /// A contact of a carrier: what of it passes on is looked at when the other's memory has come.
  void meet(Person from, const Interval& window, Person other, const Interval& span) {
    const Interval overlap = intersect(span, window);
    if (overlap.length() <= 0 || overlap.length() < q_.overlap_min_ms || other >= node_of_.size()) return;
    __builtin_prefetch(&node_of_[other]);
    met_.push_back({other, from, overlap});
  }

  void drain() {
    for (const Meeting& m : met_)
      if (const std::uint32_t n = node_of_[m.other]; n > 0) __builtin_prefetch(&nodes_[n - 1]);
    for (const Meeting& m : met_) arrive(m);
    met_.clear();
  }

  /// Whether it passes it on; of a contact backward only what lies before the other's isolation.
  bool counts(Meeting& m) const {
    if (backward && !q_.isolated_at.empty())
      if (const auto end = q_.isolated_at.find(m.other); end != q_.isolated_at.end()) m.overlap.from = std::max(m.overlap.from, -end->second);
    return m.overlap.length() > 0 && m.overlap.length() >= q_.overlap_min_ms;
  }

  void arrive(Meeting m) {
    if (backward && !counts(m)) return;
    const Interval overlap = m.overlap;
    std::uint32_t& number = node_of_[m.other];
    if (number == 0) {
      nodes_.push_back({.person = m.other, .via = m.from, .next = overlap.from, .at = overlap.from, .overlap_total = overlap.length(), .level = level_});
      number = static_cast<std::uint32_t>(nodes_.size());
      changed_.push_back(number);
      return;
    }
    if (number <= seeds_) return;
    Node& node = nodes_[number - 1];
    if (node.level == level_) {
      node.overlap_total += overlap.length();
      if (overlap.from < node.at || (overlap.from == node.at && m.from != node.via && graph_.persons().before(m.from, node.via))) node.via = m.from;
      node.at = node.next = std::min(node.at, overlap.from);
    } else if (overlap.from < node.arrival) {
      if (node.next == never) changed_.push_back(number);
      node.next = std::min(node.next, overlap.from);
    }
  }

  /// "two visits to one place make a contact over their overlap": per place, all files that reach into a stay.
  void visit_places() {
    std::sort(stays_.begin(), stays_.end(), [](const Stay& a, const Stay& b) { return a.place < b.place; });
    for (std::size_t d = 0; d < graph_.days().size(); ++d) {
      const DayFile& day = *graph_.days()[d];
      if (day.visits_at().size() == 0) continue;
      const Interval reach = question_time(day.reach());
      for (const Stay& stay : stays_) {
        if (intersect(stay.cut, reach).length() <= 0) continue;
        visit_place(day, stay, shown_[d]);
        if (answer_.partial) return;
      }
    }
  }

  /// Visits are sorted by begin: those that begin after the stay, or so long before it that none lasts into it, are not looked at.
  void visit_place(const DayFile& day, const Stay& stay, const Shown& shown) {
    const Lists& lists = day.visits_at();
    Lists::Range range = lists.find(stay.place);
    const Interval real = question_time(stay.cut);
    const auto first_from = [&](Time time) {
      std::uint64_t from = range.begin, to = range.end;
      while (from < to) {
        const std::uint64_t middle = (from + to) / 2;
        if (day.midnight() + lists.at(middle).start * day.unit() < time) from = middle + 1;
        else to = middle;
      }
      return from;
    };
    range = {first_from(real.from - static_cast<Time>(lists.longest()) * day.unit()), first_from(real.to)};
    for (Lists::Range some{range.begin, 0}; some.begin < range.end && !answer_.partial; some.begin = some.end) {
      some.end = std::min(some.begin + visits_at_once, range.end);
      lists.each(some, [&](std::uint32_t person, std::uint32_t start, std::uint64_t duration, std::uint32_t saying) {
        if (person == stay.person || (!shown.empty() && !is_shown(shown, saying))) return;
        if (stay.saying != nullptr && !are_near(*stay.saying, day.sayings()[saying])) return;
        ++answer_.contacts_seen;
        meet(stay.person, stay.cut, person, span_of(day, start, duration));
      });
      drain();
      look_at_budget();
    }
  }

  bool are_near(const Saying& a, const Saying& b) const { return seats_near(row_of(a), a.seat, b.seat) && seats_near(row_of(b), a.seat, b.seat); }

  void close_layer() {
    frontier_.clear();
    if (level_ < q_.depth) frontier_.reserve(changed_.size());
    for (const std::uint32_t number : changed_) {
      Node& node = nodes_[number - 1];
      node.arrival = node.next;
      node.next = never;
      if (level_ < q_.depth) frontier_.push_back({node.person, {node.arrival + q_.latent_ms, end_of(node.person)}});
    }
    changed_.clear();
  }

  Time end_of(Person person) const {
    if (backward || q_.isolated_at.empty()) return never;
    const auto end = q_.isolated_at.find(person);
    return end == q_.isolated_at.end() ? never : end->second;
  }

  /// When a budget ends a layer it is not closed.
  static Time last_of(const Node& node) { return std::min(node.arrival, node.next); }

  void finish() {
    answer_.reached.resize(std::max<std::size_t>(answer_.reached.size(), nodes_.size() - seeds_));   // behind them, a last layer that was collected
    std::size_t row = 0;
    for (std::uint32_t seed = 0; seed < seeds_; ++seed) node_of_[nodes_[seed].person] = 0;
    struct Numbered { Person person; std::uint32_t number; };
    std::vector<Numbered> order;
    for (std::uint32_t from = seeds_, to = from; from < nodes_.size(); from = to) {
      order.clear();
      for (; to < nodes_.size() && nodes_[to].level == nodes_[from].level; ++to) order.push_back({nodes_[to].person, to});
      sort_by_person(order, graph_.persons().size());
      for (std::size_t i = 0; i < order.size(); ++i) {
        if (i + ahead < order.size()) __builtin_prefetch(&nodes_[order[i + ahead].number]);
        const Node& node = nodes_[order[i].number];
        node_of_[node.person] = 0;
        answer_.reached[row++] = {node.person, node.via, node.level, backward ? -node.at : node.at, node.overlap_total, backward ? -last_of(node) : last_of(node)};
      }
    }
    if (!graph_.persons().sorted()) sort_by_id();
  }

  /// Within levels, where numbers are not in the order of ids. What cannot be read is damaged, and named by the graph.
  void sort_by_id() {
    std::vector<std::uint32_t> numbers;
    for (const ReachedPerson& r : answer_.reached) numbers.push_back(r.person);
    std::sort(numbers.begin(), numbers.end());
    std::unordered_map<Person, std::string> ids;
    (void)graph_.persons().texts(numbers, [&](std::uint32_t number, std::string_view id) { ids[number] = id; });
    std::stable_sort(answer_.reached.begin(), answer_.reached.end(), [&](const ReachedPerson& a, const ReachedPerson& b) {
      return a.level != b.level ? a.level < b.level : ids[a.person] < ids[b.person];
    });
  }

  Reach& reach_;
  const Graph& graph_;
  std::vector<std::uint32_t>& node_of_;
  std::vector<Node>& nodes_;
  const ReachQuestion& q_;
  ReachAnswer answer_;
  std::uint32_t seeds_ = 0;
  std::vector<Carrier> frontier_;
  std::vector<std::uint32_t> changed_;          // nodes whose arrival this layer found or improved
  std::vector<Shown> shown_;                    // by file
  Shown held_shown_;                            // of what is held
  std::vector<Stay> stays_;
  std::vector<Meeting> met_;
  std::uint64_t asked_at_ = 0;                  // contacts seen when stop() is asked next
  int level_ = 0;
};

Reach::Reach(const Graph& graph, std::uint64_t held_max) : graph_(graph), may_hold_(HeldContacts::bytes_of(graph) <= held_max) {
  for (const auto& day : graph.days()) entries_ += day->contacts().size();
}

/// Whether the contacts are held, now that so many lookups in files would come.
bool Reach::is_held(std::uint64_t lookups) {
  if (held_ || !may_hold_) return held_.has_value();
  looked_up_ += lookups;
  if (looked_up_ * entries_a_lookup < entries_) return false;
  return hold();
}

bool Reach::hold() {
  if (!held_ && may_hold_) held_ = HeldContacts::of(graph_);
  if (held_ && may_hold_) {                             // whoever asks for many meets many: room that takes memory once it is written
    nodes_.reserve(graph_.persons().size());
    prefer_large_pages(nodes_.data(), nodes_.capacity() * sizeof(Node));
  }
  may_hold_ = false;
  return held_.has_value();
}

ReachAnswer Reach::ask(const ReachQuestion& question) {
  if (question.direction == Direction::backward) return Layers<Direction::backward>(*this, question).run();
  return Layers<Direction::forward>(*this, question).run();
}

}  // namespace motcua::contacts
