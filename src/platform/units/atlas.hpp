#pragma once
// All versions of all units, in memory, indexed by code and by name. Never changes once built; Units swaps whole atlases.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/units/names.hpp"
#include "platform/units/units.hpp"

namespace motcua::units {

struct Alias {
  std::string key;
  Level level = Level::province;
  std::string parent_code, code;
};

struct Merger {
  std::string old_code, new_code;
  Date effective_on;
};

/// What the database holds.
struct Content {
  std::vector<Unit> units;
  std::vector<Alias> aliases;
  std::vector<Merger> mergers;
};

using Version = const Unit*;

/// Units by level and key: those in force at one time, or all there ever were.
struct NameIndex {
  std::unordered_map<std::string, std::vector<Version>> by_key[3];
  std::unordered_map<std::string_view, Version> by_code;
};

class Atlas {
 public:
  explicit Atlas(Content content);

  const std::vector<Unit>& units() const { return content_.units; }
  Version find(std::string_view code, Date on) const;
  std::vector<Version> ancestors(Version unit, Date on) const;
  /// The province a unit lay in; its own code for a province; empty when the chain is broken.
  std::string_view province_of(Version unit) const;

  /// Those in force that day; on a day without any, those of the last map before, else of the first.
  const NameIndex& in_force(Date on) const;
  const NameIndex& all() const { return *all_; }
  const NameReading& reading(Version unit) const { return readings_[static_cast<std::size_t>(unit - content_.units.data())]; }
  /// Code of an alias, or empty; `parents` empty means any.
  std::string alias(Level level, std::string_view key, const std::vector<std::string>& parents) const;

  /// The province it became part of; itself when nothing is known.
  const std::string& merged(const std::string& province) const;
  Date reform() const { return reform_; }
  /// A ward below a district and the ward below a province that took its place.
  struct Link {
    std::string code;
    Successor::Evidence evidence;
  };
  /// What resolve_parts found for these texts before: the same few thousand triples come millions of times in an import.
  std::optional<Resolution> remembered(const std::string& texts, Date on) const;
  void remember(const std::string& texts, Date on, const Resolution& resolution) const;
  const Link* ward_successor(std::string_view old_ward) const;
  const std::vector<Version>& predecessors(std::string_view new_ward) const;
  bool is_new_ward(Version unit) const { return unit->level == Level::ward && unit->parent_code.size() == 2; }

 private:
  void index_codes();
  void link_wards();
  void link_by_name(Version old_ward, const std::map<std::string, std::vector<Version>>& new_names,
                    const std::map<std::string, int>& old_names);
  std::unique_ptr<NameIndex> build(const std::vector<Version>& versions) const;
  Date map_day(Date on) const;
  std::string place_key(Version ward) const;
  std::size_t epoch(Date on) const;

  Content content_;
  std::vector<NameReading> readings_;
  std::unordered_map<std::string_view, std::vector<Version>> by_code_;  // oldest first
  std::map<std::string, Link, std::less<>> successors_;
  std::map<std::string, std::vector<Version>, std::less<>> predecessors_;
  std::unique_ptr<NameIndex> all_;
  std::vector<Date> changes_;  // days on which the map changes, in order
  Date reform_ = reform_2025;
  mutable std::mutex mutex_;
  mutable std::map<std::size_t, std::unique_ptr<NameIndex>> in_force_;  // by number of changes before the day
  mutable std::mutex memory_mutex_;
  mutable std::unordered_map<std::string, Resolution> memory_;
};

/// In force that day.
bool covers(const Unit& unit, Date on);

}  // namespace motcua::units
