#include "rooms/identity/link_load.hpp"

#include <algorithm>
#include <chrono>
#include <unordered_map>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "rooms/identity/phone_owner.hpp"

namespace motcua::identity {

std::size_t PersonNumbers::slot_of(const Id& id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = content_hash({id.data(), id.size()}) & mask;
  while (slots_[slot] != 0 && ids_[slots_[slot] - 1] != id) slot = (slot + 1) & mask;
  return slot;
}

std::int64_t PersonNumbers::number_of(const Id& id) {
  std::size_t slot = slot_of(id);
  if (slots_[slot] != 0) return slots_[slot] - 1;
  if (ids_.size() * 2 >= slots_.size()) {
    slots_.assign(slots_.size() * 2, 0);
    for (std::uint32_t number = 0; number < ids_.size(); ++number) slots_[slot_of(ids_[number])] = number + 1;
    slot = slot_of(id);
  }
  ids_.push_back(id);
  slots_[slot] = static_cast<std::uint32_t>(ids_.size());
  return static_cast<std::int64_t>(ids_.size()) - 1;
}

std::int64_t PersonNumbers::number_of(std::string_view person_id) {
  Id id{};
  if (person_id.size() < id.size()) return no_person;
  std::copy(person_id.end() - static_cast<std::ptrdiff_t>(id.size()), person_id.end(), id.begin());
  return number_of(id);
}

std::string PersonNumbers::id_of(std::int64_t number) const {
  const Id& id = ids_[static_cast<std::size_t>(number)];
  return "per_" + std::string(id.data(), id.size());
}

std::string PersonNumbers::to_bytes() const {
  std::string bytes;
  bytes.reserve(ids_.size() * sizeof(Id));
  for (const Id& id : ids_) bytes.append(id.data(), id.size());
  return bytes;
}

PersonNumbers PersonNumbers::from_bytes(std::string_view bytes) {
  PersonNumbers numbers;
  for (; bytes.size() >= sizeof(Id); bytes.remove_prefix(sizeof(Id))) numbers.number_of(bytes.substr(0, sizeof(Id)));
  return numbers;
}

std::uint16_t LinkLoad::decider(const std::string& who) {
  const auto at = std::find(deciders.begin(), deciders.end(), who);
  if (at == deciders.end()) deciders.push_back(who);
  return static_cast<std::uint16_t>(std::min<std::size_t>(static_cast<std::size_t>(at - deciders.begin()), 0xFFFF));
}

namespace {

/// The random part of a subject id, as a key without memory of its own.
using SubjectKey = std::array<char, 26>;
struct SubjectHash {
  std::size_t operator()(const SubjectKey& key) const { return content_hash({key.data(), key.size()}); }
};
SubjectKey to_key(std::string_view subject) {
  SubjectKey key{};
  std::copy_n(subject.end() - static_cast<std::ptrdiff_t>(std::min(key.size(), subject.size())), std::min(key.size(), subject.size()), key.begin());
  return key;
}

struct KnownLink {
  std::int64_t person = no_person, content_hash = 0;
  float probability = 0;
  std::uint16_t decided = 0;
};
using KnownLinks = std::unordered_map<SubjectKey, KnownLink, SubjectHash>;

Result<KnownLinks> load_links(storage::Reader& reader, LinkLoad& load) {
  KnownLinks links;
  TRY(store::for_each_link_row(reader, [&](const store::LinkView& l) {
    links.emplace(to_key(l.subject), KnownLink{load.persons.number_of(l.person_id), l.content_hash, static_cast<float>(l.probability),
                                               load.decider(std::string(l.decided_by))});
  }));
  return links;
}

/// What the rules ask of the record itself.
Entry to_unlinked(const store::StoredRecord& stored) {
  Entry e;
  e.subject = stored.record.subject;
  e.content_hash = stored.content_hash;
  const Record& r = stored.record;
  if (!r.phone.empty()) e.phone = content_hash(r.phone) | 1;
  e.phone_is_own = r.phone_is_own;
  e.asks_whose_phone = asks_whose_phone(r.kind);
  if (const auto birth = parse_date(r.birth)) e.birth_year = static_cast<std::int16_t>(birth->year);
  if (r.told_at) e.told_year = static_cast<std::int16_t>(static_cast<int>(std::chrono::year_month_day(vietnam_date(*r.told_at)).year()));
  return e;
}

Entry to_entry(const KnownLinks& links, const store::StoredRecord& stored) {
  Entry e = to_unlinked(stored);
  if (const auto known = links.find(to_key(e.subject)); known != links.end()) {
    e.before = known->second.person;
    e.linked_hash = known->second.content_hash;
    e.probability_before = known->second.probability;
    e.decided_before = known->second.decided;
  }
  return e;
}

}  // namespace

Entry to_entry(LinkLoad& load, const store::StoredRecord& stored) {
  Entry e = to_unlinked(stored);
  if (stored.link.person_id.empty()) return e;
  e.before = load.persons.number_of(stored.link.person_id);
  e.linked_hash = stored.link.content_hash;
  e.probability_before = static_cast<float>(stored.link.probability);
  e.decided_before = load.decider(stored.link.decided_by);
  return e;
}

Result<void> load_for_linking(storage::Reader& reader, LinkLoad& load, const TakeNamed& take) {
  TRY_ASSIGN(load.state, store::read_state(reader));
  TRY_ASSIGN(load.constraints, store::constraints(reader));
  TRY_ASSIGN(const auto links, load_links(reader, load));
  return store::for_each_record(reader, [&](const store::StoredRecord& stored) {
    Entry entry = to_entry(links, stored);
    if (stored.record.has_name()) take(to_linkage(stored.record), entry);
    (stored.record.has_name() ? load.named : load.nameless).push_back(std::move(entry));
  });
}

}  // namespace motcua::identity
