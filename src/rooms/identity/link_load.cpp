#include "rooms/identity/link_load.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "rooms/identity/phone_owner.hpp"

namespace motcua::identity {

std::int64_t PersonNumbers::number_of(const std::string& person_id) {
  if (person_id.empty()) return no_person;
  const auto [at, is_new] = numbers_.emplace(person_id, static_cast<std::int64_t>(ids_.size()));
  if (is_new) ids_.push_back(person_id);
  return at->second;
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
    links.emplace(to_key(l.subject), KnownLink{load.persons.number_of(std::string(l.person_id)), l.content_hash, static_cast<float>(l.probability),
                                               load.decider(std::string(l.decided_by))});
  }));
  return links;
}

Entry to_entry(const KnownLinks& links, const store::StoredRecord& stored) {
  Entry e;
  e.subject = stored.record.subject;
  e.content_hash = stored.content_hash;
  if (const auto known = links.find(to_key(e.subject)); known != links.end()) {
    e.before = known->second.person;
    e.linked_hash = known->second.content_hash;
    e.probability_before = known->second.probability;
    e.decided_before = known->second.decided;
  }
  const Record& r = stored.record;
  if (!r.phone.empty()) e.phone = content_hash(r.phone) | 1;
  e.phone_is_own = r.phone_is_own;
  e.asks_whose_phone = asks_whose_phone(r.kind);
  if (const auto birth = parse_date(r.birth)) e.birth_year = static_cast<std::int16_t>(birth->year);
  if (r.told_at) e.told_year = static_cast<std::int16_t>(static_cast<int>(std::chrono::year_month_day(vietnam_date(*r.told_at)).year()));
  return e;
}

}  // namespace

Result<void> load_for_linking(storage::Reader& reader, LinkLoad& load, bool pending_last, const TakeNamed& take) {
  TRY_ASSIGN(load.state, store::read_state(reader));
  TRY_ASSIGN(load.constraints, store::constraints(reader));
  TRY_ASSIGN(const auto links, load_links(reader, load));
  std::vector<std::pair<linkage::PersonRecord, Entry>> last;
  TRY(store::for_each_record(reader, [&](const store::StoredRecord& stored) {
    Entry entry = to_entry(links, stored);
    if (!stored.record.has_name()) {
      load.nameless.push_back(std::move(entry));
    } else if (pending_last && entry.pending()) {
      last.emplace_back(to_linkage(stored.record), std::move(entry));
    } else {
      take(to_linkage(stored.record), entry);
      load.named.push_back(std::move(entry));
    }
  }));
  for (auto& [record, entry] : last) {
    take(std::move(record), entry);
    load.named.push_back(std::move(entry));
  }
  return {};
}

}  // namespace motcua::identity
