#pragma once
// docs/formats.md section 6 over a stored graph: who is reached, by which layer, when. The same meaning as trace() of contacts.hpp without
// evidence and strength, made for very many persons: dense arrays, day files read in the order of persons, contacts held in memory once so many
// were looked up in the files that holding them costs less.
#include <array>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engines/contacts/contacts.hpp"
#include "engines/contacts/graph.hpp"
#include "engines/contacts/held.hpp"
#include "engines/contacts/last_layer.hpp"

namespace motcua::contacts {

inline constexpr int depth_max = 1'000;
inline constexpr std::uint64_t held_bytes_max = 3ULL << 29;   // 1.5 GiB: at 10 to 13 bytes a contact a hundred million and more

struct ReachQuestion {
  std::vector<Seed> seeds;                              // together: the closest seed gives the level; seeds are not listed
  int depth = 1;
  Direction direction = Direction::forward;
  Time latent_ms = 0, overlap_min_ms = 0;               // and always longer than zero
  std::unordered_map<Person, Time> isolated_at;         // not listed: never
  Time as_of = known_now;                               // what was recorded by then, and not taken back by then
  std::optional<NearnessTable> nearness;                // absent: everybody at a place is near
  std::uint64_t contacts_max = 20'000'000'000;          // looked at; then the answer is partial: who is listed was met, the last level's
                                                        // rows may say less than they would
  std::function<bool()> stop;                           // asked every few thousand contacts, as a clock; true ends it likewise
};

struct ReachAnswer {
  std::vector<ReachedPerson> reached;                   // by level, then id
  std::uint64_t contacts_seen = 0;
  bool partial = false;
};

/// Asks one graph, question after question; what it remembers of persons between two layers is kept to be used again. Not for two threads
/// at once. The graph must outlive it.
class Reach {
 public:
  /// A graph whose contacts would take more than `held_max` bytes in memory is always asked in its files. The answer is the same, but
  /// `contacts_seen`: of a person's contacts in memory all are looked at, in files only those of the days that matter.
  explicit Reach(const Graph& graph, std::uint64_t held_max = held_bytes_max);
  ReachAnswer ask(const ReachQuestion& question);
  /// Holds the contacts at once, for whoever will ask much; else that happens when so many persons were looked up that it costs less. False: they
  /// take more than held_max, or a file is damaged.
  bool hold();

 private:
  template <Direction direction>
  class Layers;
  struct Node {
    Person person = 0, via = 0;
    Time arrival = never;                               // E of the last complete layer, in the question's time
    Time next = never;                                  // and what this layer has found so far
    Time at = never, overlap_total = 0;                 // of its own level
    int level = 0;
  };
  bool is_held(std::uint64_t lookups);

  const Graph& graph_;
  std::vector<std::uint32_t> node_of_;                  // by person: number of its node from 1 on, 0: not met
  std::vector<Node> nodes_;                             // seeds first, then by level
  std::optional<HeldContacts> held_;
  std::array<LastLayer, last_layer_parts> last_layer_;
  bool may_hold_;
  std::uint64_t entries_ = 0, looked_up_ = 0;           // of contacts, both ways; persons in files, so far
};

}  // namespace motcua::contacts
