#include "rooms/identity/link_load.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_set>

#include "base/hash.hpp"

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
  if (!r.phone.empty() && (r.phone_is_own || !r.has_name())) e.own_phone = content_hash(r.phone) | 1;
  return e;
}

/// Who a human said a nameless record is, or is not.
struct NamelessDecisions {
  std::unordered_map<std::string, std::string> same;                    // nameless subject -> other subject
  std::unordered_map<std::string, std::vector<std::string>> different;
};

NamelessDecisions decisions_on_nameless(const LinkLoad& load) {
  std::unordered_set<std::string> nameless;
  for (const Entry& e : load.nameless) nameless.insert(e.subject);
  NamelessDecisions out;
  for (const auto& c : load.constraints)
    for (const auto& [mine, other] : {std::pair(c.subject_a, c.subject_b), std::pair(c.subject_b, c.subject_a)}) {
      if (!nameless.contains(mine)) continue;
      if (c.same) out.same[mine] = other;
      else out.different[mine].push_back(other);
    }
  return out;
}

/// The person of a phone's nameless records when nobody claims it: the one most of them had, if no named record has it too.
std::int64_t own_person(const std::vector<Entry*>& group, const LinkLoad& load, const std::unordered_set<std::int64_t>& taken) {
  std::map<std::int64_t, int> votes;
  for (const Entry* e : group)
    if (e->before != no_person && !taken.contains(e->before)) ++votes[e->before];
  std::int64_t best = no_person;
  for (const auto& [person, count] : votes)
    if (best == no_person || count > votes[best] || (count == votes[best] && load.persons.id_of(person) < load.persons.id_of(best))) best = person;
  return best;
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

void apply_nameless_rule(LinkLoad& load, const std::function<std::int64_t()>& make_person) {
  if (load.nameless.empty()) return;
  std::map<std::uint64_t, std::vector<Entry*>> by_phone;
  for (Entry& e : load.nameless) by_phone[e.own_phone].push_back(&e);
  std::unordered_map<std::uint64_t, std::set<std::int64_t>> claimants;
  std::unordered_set<std::int64_t> taken;
  std::unordered_map<std::string_view, std::int64_t> person_of;
  for (const Entry& e : load.named) {
    taken.insert(e.after);
    if (e.own_phone != 0 && by_phone.contains(e.own_phone)) claimants[e.own_phone].insert(e.after);
    if (!load.constraints.empty()) person_of[e.subject] = e.after;
  }
  const NamelessDecisions human = decisions_on_nameless(load);
  for (auto& [phone, group] : by_phone) {
    const auto& owners = claimants[phone];
    const std::int64_t owner = phone != 0 && owners.size() == 1 ? *owners.begin() : no_person;
    std::int64_t alone = no_person;
    for (Entry* e : group) {
      e->decided = 1;  // "rule"
      e->after = owner;
      if (const auto different = human.different.find(e->subject); different != human.different.end())
        for (const auto& other : different->second)
          if (const auto at = person_of.find(other); at != person_of.end() && at->second == owner) e->after = no_person;
      if (const auto same = human.same.find(e->subject); same != human.same.end())
        if (const auto at = person_of.find(same->second); at != person_of.end()) e->after = at->second;
      if (e->after != no_person) continue;
      if (alone == no_person || phone == 0) alone = own_person(phone == 0 ? std::vector<Entry*>{e} : group, load, taken);
      if (alone == no_person) alone = make_person();
      e->after = alone;
    }
  }
}

}  // namespace motcua::identity
