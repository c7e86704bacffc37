#include "engines/linkage/person_keys.hpp"

#include <algorithm>

#include "engines/linkage/person_fields.hpp"

namespace motcua::linkage {
namespace {

/// Day and month in either order, so that swapped dates meet.
std::uint64_t unordered_day(PackedDate d) {
  const int low = std::min(day_of(d), month_of(d)), high = std::max(day_of(d), month_of(d));
  return static_cast<std::uint64_t>(low) << 5 | static_cast<std::uint64_t>(high);
}
std::uint64_t unordered_date(PackedDate d) { return static_cast<std::uint64_t>(year_of(d)) << 16 | unordered_day(d); }

}  // namespace

void PersonKeys::keys_of(const RecordRow& row, std::size_t family, std::vector<std::uint64_t>& out) const {
  const RecordSet::Columns& c = columns_;
  const auto add = [&](std::uint64_t a, std::uint64_t b) { out.push_back(combine_hash(combine_hash(family, a), b)); };
  const NameValue& name = c.name(row.name);
  const auto word = [&](const NameWord& w) { return c.words.hash(w.folded); };
  const bool year = row.birth != 0, full = is_full(row.birth), two = row.name != 0 && name.words >= 2;
  const auto birth_year = static_cast<std::uint64_t>(year_of(row.birth));
  switch (family) {
    case key_id:
      for (const TextId id : row.id) if (id != 0) add(c.ids.hash(id), 0);
      break;
    case key_insurance: if (row.insurance != 0) add(c.ids.hash(row.insurance), 0); break;
    case key_email: if (row.email != 0) add(c.contacts.hash(row.email), 0); break;
    case key_phone:
      for (const TextId phone : row.phone) if (phone != 0) add(c.contacts.hash(phone), 0);
      break;
    case key_name_year: if (two && year) add(c.words.hash(name.sorted), birth_year); break;
    case key_given_date: if (row.name != 0 && full) add(word(c.given(name)), unordered_date(row.birth)); break;
    case key_family_given_year: if (two && year) add(combine_hash(word(c.family(name)), word(c.given(name))), birth_year); break;
    case key_name_ward: if (two && row.ward != 0) add(c.words.hash(name.sorted), c.places.hash(row.ward)); break;
    case key_address_year: if (row.address != 0 && year) add(c.addresses.hash(row.address), birth_year); break;
    case key_name_day: if (two && full) add(c.words.hash(name.sorted), unordered_day(row.birth)); break;
    case key_family_date: if (two && full) add(word(c.family(name)), unordered_date(row.birth)); break;
    case key_skeleton_year: if (two && year) add(name.skeleton, birth_year); break;
    case key_address: if (row.address != 0) add(c.addresses.hash(row.address), 0); break;
    default: break;
  }
}

std::uint64_t PersonKeys::refinement_of(const RecordRow& row, std::size_t step) const {
  if (step == 0) return row.name == 0 ? 0 : combine_hash(columns_.words.hash(columns_.given(columns_.name(row.name)).folded), static_cast<std::uint64_t>(year_of(row.birth)));
  if (step == 1) return row.ward == 0 ? 0 : columns_.places.hash(row.ward);
  return combine_hash(row.name == 0 ? 0 : columns_.words.hash(columns_.name(row.name).sorted), row.birth);
}

std::uint64_t PersonKeys::refinement_id_of(const RecordRow& row, std::size_t step) const {
  const auto both = [](std::uint64_t a, std::uint64_t b) { return a << 32 | b; };
  if (step == 0) return row.name == 0 ? 0 : both(columns_.given(columns_.name(row.name)).folded, static_cast<std::uint32_t>(year_of(row.birth)));
  if (step == 1) return row.ward;
  return both(row.name == 0 ? 0 : columns_.name(row.name).sorted, row.birth);
}

std::uint32_t presupposed_fields(std::size_t family) {
  constexpr auto bit = [](Field f) { return std::uint32_t{1} << f; };
  constexpr std::uint32_t who = bit(field_name) | bit(field_sex), when = bit(field_birth), where = bit(field_phone) | bit(field_ward) | bit(field_address);
  switch (family) {
    case key_id: return bit(field_id);
    case key_insurance: return bit(field_insurance);
    case key_email: return bit(field_email) | where;
    case key_phone: return where | bit(field_email);
    case key_name_ward: return who | where;
    case key_address_year: return where | when;
    default: return who | when;
  }
}

std::vector<std::uint64_t> blocking_keys(const PersonRecord& record) {
  RecordSet set;
  set.add(record);
  const PersonKeys source(set.columns());
  std::vector<std::uint64_t> keys;
  for (std::size_t family = 0; family < key_families; ++family) source.keys(0, family, keys);
  keys.resize(std::min(keys.size(), blocking_keys_max));
  return keys;
}

}  // namespace motcua::linkage
