#include "platform/units/atlas.hpp"

#include <algorithm>

namespace motcua::units {

namespace {

std::size_t at(Level level) { return static_cast<std::size_t>(level); }

Date day_after(Date day) { return Date{std::chrono::sys_days{day} + std::chrono::days{1}}; }

/// Of two versions of a code, the one that began later.
bool later(Version a, Version b) {
  if (!a->valid_from || !b->valid_from) return a->valid_from.has_value() && !b->valid_from;
  return *a->valid_from > *b->valid_from;
}

const std::vector<Version> none;
/// Some 10 MB; all wards there are in six spellings.
constexpr std::size_t remembered_max = 65'536;

}  // namespace

bool covers(const Unit& unit, Date on) { return (!unit.valid_from || *unit.valid_from <= on) && (!unit.valid_to || on <= *unit.valid_to); }

Atlas::Atlas(Content content) : content_(std::move(content)) {
  readings_.reserve(content_.units.size());
  for (const auto& unit : content_.units) readings_.push_back(read_official(unit.name));
  for (const auto& merger : content_.mergers) reform_ = merger.effective_on;
  index_codes();
  link_wards();
}

void Atlas::index_codes() {
  std::vector<Version> versions;
  for (const auto& unit : content_.units) {
    by_code_[unit.code].push_back(&unit);
    versions.push_back(&unit);
    if (unit.valid_from) changes_.push_back(*unit.valid_from);
    if (unit.valid_to) changes_.push_back(day_after(*unit.valid_to));
  }
  for (auto& [code, all_of_code] : by_code_)
    std::sort(all_of_code.begin(), all_of_code.end(), [](Version a, Version b) { return later(b, a); });
  std::sort(changes_.begin(), changes_.end());
  changes_.erase(std::unique(changes_.begin(), changes_.end()), changes_.end());
  all_ = build(versions);
}

std::unique_ptr<NameIndex> Atlas::build(const std::vector<Version>& versions) const {
  auto index = std::make_unique<NameIndex>();
  for (const auto unit : versions) {
    index->by_key[at(unit->level)][reading(unit).key].push_back(unit);
    auto& newest = index->by_code[unit->code];
    if (newest == nullptr || later(unit, newest)) newest = unit;
  }
  return index;
}

Version Atlas::find(std::string_view code, Date on) const {
  const auto found = by_code_.find(code);
  if (found == by_code_.end()) return nullptr;
  Version best = nullptr, before = nullptr;
  for (const auto unit : found->second) {
    if (covers(*unit, on)) best = unit;
    if (!unit->valid_from || *unit->valid_from <= on) before = unit;
  }
  return best != nullptr ? best : before != nullptr ? before : found->second.front();
}

std::vector<Version> Atlas::ancestors(Version unit, Date on) const {
  std::vector<Version> chain;
  // A unit that is gone had its parents while it lived.
  if (unit->valid_to && *unit->valid_to < on) on = *unit->valid_to;
  if (unit->valid_from && on < *unit->valid_from) on = *unit->valid_from;
  while (!unit->parent_code.empty() && chain.size() < 3) {
    unit = find(unit->parent_code, on);
    if (unit == nullptr) break;
    chain.push_back(unit);
  }
  return chain;
}

std::string_view Atlas::province_of(Version unit) const {
  if (unit->level == Level::province) return unit->code;
  const auto chain = ancestors(unit, unit->valid_from.value_or(reform_));
  return chain.empty() || chain.back()->level != Level::province ? std::string_view{} : std::string_view(chain.back()->code);
}

/// A day on which some map is in force.
Date Atlas::map_day(Date on) const {
  const Unit* before = nullptr;
  const Unit* after = nullptr;
  for (const auto& unit : content_.units) {
    if (covers(unit, on)) return on;
    if (unit.valid_to && *unit.valid_to < on && (before == nullptr || *unit.valid_to > *before->valid_to)) before = &unit;
    if (unit.valid_from && *unit.valid_from > on && (after == nullptr || *unit.valid_from < *after->valid_from)) after = &unit;
  }
  if (before != nullptr) return *before->valid_to;
  return after != nullptr ? *after->valid_from : on;
}

std::size_t Atlas::epoch(Date on) const {
  return static_cast<std::size_t>(std::upper_bound(changes_.begin(), changes_.end(), on) - changes_.begin());
}

std::optional<Resolution> Atlas::remembered(const std::string& texts, Date on) const {
  const auto key = std::to_string(epoch(on)) + texts;
  const std::lock_guard lock(memory_mutex_);
  const auto found = memory_.find(key);
  return found == memory_.end() ? std::nullopt : std::optional(found->second);
}

void Atlas::remember(const std::string& texts, Date on, const Resolution& resolution) const {
  auto key = std::to_string(epoch(on)) + texts;
  const std::lock_guard lock(memory_mutex_);
  if (memory_.size() >= remembered_max) memory_.clear();
  memory_.emplace(std::move(key), resolution);
}

const NameIndex& Atlas::in_force(Date on) const {
  const std::lock_guard lock(mutex_);
  auto& index = in_force_[epoch(on)];
  if (!index) {
    const auto day = map_day(on);
    std::vector<Version> versions;
    for (const auto& [code, all_of_code] : by_code_) {
      Version newest = nullptr;
      for (const auto unit : all_of_code)
        if (covers(*unit, day)) newest = unit;
      if (newest != nullptr) versions.push_back(newest);
    }
    index = build(versions);
  }
  return *index;
}

std::string Atlas::alias(Level level, std::string_view key, const std::vector<std::string>& parents) const {
  for (const auto& alias : content_.aliases) {
    if (alias.level != level || alias.key != key) continue;
    if (alias.parent_code.empty() || parents.empty() || std::find(parents.begin(), parents.end(), alias.parent_code) != parents.end())
      return alias.code;
  }
  return {};
}

const std::string& Atlas::merged(const std::string& province) const {
  for (const auto& merger : content_.mergers)
    if (merger.old_code == province) return merger.new_code;
  return province;
}

const Atlas::Link* Atlas::ward_successor(std::string_view old_ward) const {
  const auto found = successors_.find(old_ward);
  return found == successors_.end() ? nullptr : &found->second;
}

const std::vector<Version>& Atlas::predecessors(std::string_view new_ward) const {
  const auto found = predecessors_.find(new_ward);
  return found == predecessors_.end() ? none : found->second;
}

/// Province of the new map and name, marks and all: where two wards of one name would be taken for each other.
std::string Atlas::place_key(Version ward) const {
  return merged(std::string(province_of(ward))) + ":" + reading(ward).marked;
}

/// The reform kept the code of one of the wards that a new one was made of; where it did not, a name that is the only one of its
/// kind in the successor province, before and after, is taken as evidence. Numbers are no names.
void Atlas::link_wards() {
  std::map<std::string, std::vector<Version>> new_names;
  std::map<std::string, int> old_names;
  std::vector<Version> old_wards;
  for (const auto& [code, all_of_code] : by_code_) {
    Version old_ward = nullptr;
    for (const auto unit : all_of_code) {
      if (is_new_ward(unit)) new_names[unit->parent_code + ":" + reading(unit).marked].push_back(unit);
      if (unit->level == Level::ward && !is_new_ward(unit)) old_ward = unit;  // the last one before the reform
    }
    if (old_ward == nullptr) continue;
    old_wards.push_back(old_ward);
    ++old_names[place_key(old_ward)];
  }
  if (new_names.empty()) return;
  for (const auto old_ward : old_wards) link_by_name(old_ward, new_names, old_names);
}

void Atlas::link_by_name(Version old_ward, const std::map<std::string, std::vector<Version>>& new_names,
                         const std::map<std::string, int>& old_names) {
  const auto& same_code = by_code_.at(old_ward->code);
  const auto& province = merged(std::string(province_of(old_ward)));
  Version heir = nullptr;
  auto evidence = Successor::Evidence::same_code;
  for (const auto unit : same_code)
    if (is_new_ward(unit) && unit->parent_code == province) heir = unit;
  if (heir == nullptr) {
    const auto key = place_key(old_ward);
    const auto named = new_names.find(key);
    const auto& word = reading(old_ward).key;
    const bool number = !word.empty() && word.front() >= '0' && word.front() <= '9';
    if (number || named == new_names.end() || named->second.size() != 1 || old_names.at(key) != 1) return;
    heir = named->second.front();
    evidence = Successor::Evidence::same_name;
  }
  successors_[old_ward->code] = {heir->code, evidence};
  predecessors_[heir->code].push_back(old_ward);
}

}  // namespace motcua::units
