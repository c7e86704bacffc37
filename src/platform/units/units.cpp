#include "platform/units/units.hpp"

#include <algorithm>
#include <set>

#include "platform/units/resolve.hpp"
#include "platform/units/search.hpp"
#include "platform/units/store.hpp"

namespace motcua::units {

Units::Units(storage::Database& database) : database_(database), atlas_(std::make_shared<Atlas>(Content{})) {}
Units::~Units() = default;

std::shared_ptr<const Atlas> Units::atlas() const {
  const std::lock_guard lock(mutex_);
  return atlas_;
}

Result<void> Units::refresh() {
  TRY_ASSIGN(auto content, database_.read_value([](storage::Reader& reader) { return store::load(reader); }));
  auto fresh = std::make_shared<const Atlas>(std::move(content));
  const std::lock_guard lock(mutex_);
  atlas_ = std::move(fresh);
  return {};
}

bool Units::empty() const { return atlas()->units().empty(); }

std::optional<Unit> Units::find(std::string_view code, Date on) const {
  const auto map = atlas();
  const auto unit = map->find(code, on);
  return unit != nullptr ? std::optional(*unit) : std::nullopt;
}

std::vector<Unit> Units::ancestors(std::string_view code, Date on) const {
  const auto map = atlas();
  std::vector<Unit> chain;
  if (const auto unit = map->find(code, on))
    for (const auto parent : map->ancestors(unit, on)) chain.push_back(*parent);
  return chain;
}

std::string Units::full_name(std::string_view code, Date on) const {
  const auto map = atlas();
  const auto unit = map->find(code, on);
  if (unit == nullptr) return std::string(code);
  std::string name = unit->name;
  for (const auto parent : map->ancestors(unit, on)) name += ", " + parent->name;
  return name;
}

std::vector<Unit> Units::list(Level level, std::string_view parent_code, Date on) const {
  const auto map = atlas();
  std::vector<Unit> found;
  for (const auto& [code, unit] : map->in_force(on).by_code)
    if (unit->level == level && (parent_code.empty() || unit->parent_code == parent_code)) found.push_back(*unit);
  std::sort(found.begin(), found.end(), [](const Unit& a, const Unit& b) { return name_less(a.name, b.name); });
  return found;
}

namespace {

/// The unit, its parents of every version, the province that is today's, and the unit's counterparts on the other map with theirs.
class Above {
 public:
  Above(const Atlas& map, std::string_view code) : map_(map) {
    add(code);
    const auto unit = map.find(code, map.reform());
    if (unit == nullptr) return;
    if (const auto* heir = map.ward_successor(code)) add(heir->code);
    for (const auto before : map.predecessors(code)) add(before->code);
  }
  bool contains(std::string_view area) const { return codes_.contains(area); }

 private:
  void add(std::string_view code) {
    codes_.emplace(code);
    for (const auto& unit : versions(code))
      for (const auto parent : map_.ancestors(unit, unit->valid_from.value_or(map_.reform()))) {
        codes_.emplace(parent->code);
        if (parent->level == Level::province) codes_.emplace(map_.merged(parent->code));
      }
    if (code.size() == 2) codes_.emplace(map_.merged(std::string(code)));
  }

  /// The version of either map.
  std::vector<Version> versions(std::string_view code) const {
    const auto after = map_.find(code, map_.reform());
    const auto before = map_.find(code, Date{std::chrono::sys_days{map_.reform()} - std::chrono::days{1}});
    if (after == nullptr) return {};
    return before == after ? std::vector<Version>{after} : std::vector<Version>{after, before};
  }

  const Atlas& map_;
  std::set<std::string, std::less<>> codes_;
};

}  // namespace

bool Units::contains(std::string_view area_code, std::string_view unit_code) const {
  if (area_code.empty() || unit_code.empty()) return false;
  if (area_code == "vn" || area_code == unit_code) return true;
  const auto map = atlas();
  return Above(*map, unit_code).contains(area_code);
}

Resolution Units::resolve(std::string_view ward, std::string_view district, std::string_view province, Date on) const {
  return resolve_parts(*atlas(), ward, district, province, on);
}

AddressParts Units::parse_address(std::string_view text) const { return split_address(*atlas(), text); }

Resolution Units::resolve_address(std::string_view text, Date on) const {
  const auto map = atlas();
  const auto parts = split_address(*map, text);
  return resolve_parts(*map, parts.ward, parts.district, parts.province, on);
}

std::vector<Unit> Units::search(std::string_view text, Date on, std::size_t most) const {
  return search_wards(*atlas(), text, on, most);
}

Successor Units::successor(std::string_view code, Date on) const {
  using Evidence = Successor::Evidence;
  const auto map = atlas();
  const auto unit = map->find(code, on);
  if (unit == nullptr) return {};
  const auto province = std::string(map->province_of(unit));
  if (on < map->reform() || covers(*unit, on)) return {unit->code, Evidence::unchanged, province};
  const auto& heir = map->merged(province);
  if (unit->level == Level::province) return {heir, Evidence::merged_province, heir};
  if (const auto* link = map->ward_successor(unit->code)) return {link->code, link->evidence, heir};
  return {{}, Evidence::unknown, heir};
}

}  // namespace motcua::units
