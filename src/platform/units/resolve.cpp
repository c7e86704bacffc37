#include "platform/units/resolve.hpp"

#include <algorithm>
#include <functional>

#include "base/vietnamese.hpp"

namespace motcua::units {

namespace {

using Versions = std::vector<Version>;
using Codes = std::vector<std::string>;
using Filter = std::function<bool(Version)>;

bool in(const Codes& codes, std::string_view code) { return std::find(codes.begin(), codes.end(), code) != codes.end(); }

/// Leaves those that a test holds for, when it holds for any.
template <class F>
void prefer(Versions& found, F&& test) {
  if (found.size() < 2) return;
  Versions better;
  std::copy_if(found.begin(), found.end(), std::back_inserter(better), test);
  if (!better.empty()) found = std::move(better);
}

/// Two versions of one unit are one answer: the later one.
void drop_twins(Versions& found) {
  std::sort(found.begin(), found.end(), [](Version a, Version b) {
    return a->code != b->code ? a->code < b->code : a->valid_from.value_or(Date{}) > b->valid_from.value_or(Date{});
  });
  found.erase(std::unique(found.begin(), found.end(), [](Version a, Version b) { return a->code == b->code; }), found.end());
}

class Attempt {
 public:
  Attempt(const Atlas& atlas, const NameIndex& index) : atlas_(atlas), index_(index) {}

  void run(std::string_view ward, std::string_view district, std::string_view province) {
    provinces_ = find_provinces(province);
    districts_ = find_districts(district);
    if (!ward.empty()) wards_ = find_wards(ward);
  }

  bool has_district() const { return !districts_.empty(); }
  bool has_ward() const { return wards_.size() == 1; }
  int score() const { return (has_ward() ? 4 : 0) + (districts_.size() == 1 ? 2 : 0) + (provinces_.size() == 1 ? 1 : 0); }
  bool ambiguous() const { return wards_.size() > 1 || (wards_.empty() && districts_.size() > 1); }

  Resolution result() const {
    Resolution r;
    r.ambiguous = ambiguous();
    const auto& narrowest = !wards_.empty() ? wards_ : districts_;
    if (narrowest.empty()) {
      if (provinces_.size() == 1) r.province_code = provinces_.front();
      return r;
    }
    r.province_code = common(narrowest, [this](Version v) { return std::string(atlas_.province_of(v)); });
    r.district_code = common(narrowest, [](Version v) {
      if (v->level == Level::district) return v->code;
      return v->parent_code.size() == 3 ? v->parent_code : std::string();
    });
    if (has_ward()) r.ward_code = wards_.front()->code;
    return r;
  }

 private:
  template <class F>
  static std::string common(const Versions& found, F&& code_of) {
    const auto first = code_of(found.front());
    const bool same = std::all_of(found.begin(), found.end(), [&](Version v) { return code_of(v) == first; });
    return same ? first : std::string();
  }

  Versions lookup(Level level, std::string_view text, const Filter& fits) const {
    for (const auto& reading : read_written(text)) {
      if (!may_be(reading.kind, level)) continue;
      const auto entry = index_.by_key[static_cast<std::size_t>(level)].find(reading.key);
      if (entry == index_.by_key[static_cast<std::size_t>(level)].end()) continue;
      Versions found;
      std::copy_if(entry->second.begin(), entry->second.end(), std::back_inserter(found), fits);
      if (found.empty()) continue;
      drop_twins(found);
      if (vietnamese::has_marks(text)) prefer(found, [&](Version v) { return atlas_.reading(v).marked == reading.marked; });
      if (reading.kind != Kind::none) prefer(found, [&](Version v) { return atlas_.reading(v).kind == reading.kind; });
      return found;
    }
    return {};
  }

  std::string by_alias(Level level, std::string_view text) const {
    for (const auto& reading : read_written(text)) {
      if (!may_be(reading.kind, level)) continue;
      const auto code = atlas_.alias(level, reading.key, provinces_);
      if (!code.empty()) return code;
    }
    return {};
  }

  /// A province of another map stands for the one it became part of.
  Codes find_provinces(std::string_view text) const {
    Codes found;
    if (text.empty()) return found;
    for (const auto v : lookup(Level::province, text, [](Version) { return true; })) found.push_back(v->code);
    if (!found.empty()) return found;
    for (auto code : provinces_named(atlas_, text)) {
      if (!index_.by_code.contains(code)) code = atlas_.merged(code);
      if (index_.by_code.contains(code) && !in(found, code)) found.push_back(code);
    }
    return found;
  }

  bool in_provinces(Version v) const { return provinces_.empty() || in(provinces_, atlas_.province_of(v)); }

  Versions find_districts(std::string_view text) const {
    if (text.empty()) return {};
    auto found = lookup(Level::district, text, [this](Version v) { return in_provinces(v); });
    if (!found.empty()) return found;
    const auto entry = index_.by_code.find(by_alias(Level::district, text));
    if (entry != index_.by_code.end() && entry->second->level == Level::district) found.push_back(entry->second);
    return found;
  }

  Versions find_wards(std::string_view text) const {
    return lookup(Level::ward, text, [this](Version v) {
      if (districts_.empty()) return in_provinces(v);
      return std::any_of(districts_.begin(), districts_.end(), [&](Version d) { return d->code == v->parent_code; });
    });
  }

  const Atlas& atlas_;
  const NameIndex& index_;
  Codes provinces_;
  Versions districts_, wards_;
};

/// Text of a usable length, or nothing.
std::string_view usable(std::string_view text) {
  if (text.size() > text_bytes_max) return {};
  return text.find_first_not_of(" \t\r\n.,;-") == std::string_view::npos ? std::string_view{} : text;
}

}  // namespace

std::vector<std::string> provinces_named(const Atlas& atlas, std::string_view text) {
  Codes found;
  const auto& index = atlas.all().by_key[0];
  for (const auto& reading : read_written(text)) {
    if (!may_be(reading.kind, Level::province)) continue;
    if (const auto entry = index.find(reading.key); entry != index.end())
      for (const auto v : entry->second)
        if (!in(found, v->code)) found.push_back(v->code);
    if (!found.empty()) return found;
    if (auto code = atlas.alias(Level::province, reading.key, {}); !code.empty()) return {code};
  }
  return found;
}

bool names_a(const Atlas& atlas, Level level, std::string_view text, const Codes& provinces) {
  const auto& index = atlas.all().by_key[static_cast<std::size_t>(level)];
  for (const auto& reading : read_written(text)) {
    if (!may_be(reading.kind, level)) continue;
    if (const auto entry = index.find(reading.key); entry != index.end())
      for (const auto v : entry->second)
        if (provinces.empty() || in(provinces, atlas.province_of(v)) || in(provinces, atlas.merged(std::string(atlas.province_of(v))))) return true;
    if (!atlas.alias(level, reading.key, provinces).empty()) return true;
  }
  return false;
}

namespace {

/// The map in force answers first. Where it has no such ward, or the address names a district it does not know, the address is of
/// another map, and all units there ever were are asked.
Resolution resolve_afresh(const Atlas& atlas, std::string_view ward, std::string_view district, std::string_view province, Date on) {
  Attempt now(atlas, atlas.in_force(on));
  now.run(ward, district, province);
  const bool whole = (ward.empty() || now.has_ward() || now.ambiguous()) && (district.empty() || now.has_district());
  if (whole) return now.result();
  Attempt ever(atlas, atlas.all());
  ever.run(ward, district, province);
  const bool other_map = !district.empty() && !now.has_district() && ever.has_district() && (ward.empty() || ever.has_ward());
  if (other_map || (!now.has_ward() && ever.has_ward())) return ever.result();
  if (now.has_ward() || now.ambiguous() || now.score() >= ever.score()) return now.result();
  return ever.result();
}

}  // namespace

Resolution resolve_parts(const Atlas& atlas, std::string_view ward, std::string_view district, std::string_view province, Date on) {
  ward = usable(ward), district = usable(district), province = usable(province);
  std::string texts;
  for (const auto text : {ward, district, province}) (texts += '\n') += text;
  if (const auto before = atlas.remembered(texts, on)) return *before;
  const auto found = resolve_afresh(atlas, ward, district, province, on);
  atlas.remember(texts, on, found);
  return found;
}

}  // namespace motcua::units
