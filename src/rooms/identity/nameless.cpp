// The person of a record that tells a phone and no name.
#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "rooms/identity/link_load.hpp"
#include "rooms/identity/phone_owner.hpp"

namespace motcua::identity {
namespace {

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

/// Who carries the phones of nameless records, from what linking has just said of named ones.
class Carriers {
 public:
  Carriers(const LinkLoad& load, const std::unordered_set<std::uint64_t>& phones) : load_(load) {
    std::unordered_set<std::int64_t> wanted;
    for (const Entry& e : load.named)
      if (e.phone != 0 && phones.contains(e.phone)) {
        persons_of_[e.phone].push_back(e.after);
        wanted.insert(e.after);
      }
    for (auto& [phone, persons] : persons_of_) {
      std::sort(persons.begin(), persons.end());
      persons.erase(std::unique(persons.begin(), persons.end()), persons.end());
    }
    for (std::uint32_t i = 0; i < load.named.size(); ++i)
      if (wanted.contains(load.named[i].after)) records_.emplace_back(load.named[i].after, i);
    std::sort(records_.begin(), records_.end());
  }

  struct Owner {
    std::int64_t person = no_person;
    std::uint32_t partner = Entry::no_partner;   // the person's last told record with the phone
    float probability = 1;
  };
  /// Of this phone at the time of `group`.
  Owner owner_of(std::uint64_t phone, const std::vector<Entry*>& group) const {
    const auto persons = persons_of_.find(phone);
    if (persons == persons_of_.end()) return {};
    int year = 0;
    for (const Entry* e : group) year = std::max<int>(year, e->told_year);
    std::vector<PhoneCarrier> carriers;
    for (const std::int64_t person : persons->second) carriers.push_back(carrier(person, phone, year));
    const auto owner = decide_phone_owner(carriers);
    if (!owner) return {};
    const std::int64_t person = persons->second[owner->carrier];
    return {person, partner(person, phone), static_cast<float>(owner->probability)};
  }

 private:
  template <class Visit>
  void each_record(std::int64_t person, Visit visit) const {
    for (auto at = std::lower_bound(records_.begin(), records_.end(), std::pair(person, std::uint32_t{0})); at != records_.end() && at->first == person; ++at)
      visit(load_.named[at->second], at->second);
  }

  PhoneCarrier carrier(std::int64_t person, std::uint64_t phone, int year) const {
    PhoneCarrier c;
    std::map<int, int> births;
    each_record(person, [&](const Entry& e, std::uint32_t) {
      add_record(c, e.phone != 0, e.phone == phone, e.phone_is_own, e.asks_whose_phone);
      if (e.birth_year != 0) ++births[e.birth_year];
    });
    c.age = age_in(year, births);
    return c;
  }

  std::uint32_t partner(std::int64_t person, std::uint64_t phone) const {
    std::uint32_t best = Entry::no_partner;
    each_record(person, [&](const Entry& e, std::uint32_t i) {
      if (e.phone != phone) return;
      const auto rank = [](const Entry& x) { return std::tuple(x.phone_is_own, x.told_year, std::string_view(x.subject)); };
      if (best == Entry::no_partner || rank(e) > rank(load_.named[best])) best = i;
    });
    return best;
  }

  const LinkLoad& load_;
  std::unordered_map<std::uint64_t, std::vector<std::int64_t>> persons_of_;   // by phone
  std::vector<std::pair<std::int64_t, std::uint32_t>> records_;               // person, position in LinkLoad::named
};

}  // namespace

void apply_nameless_rule(LinkLoad& load, const std::function<std::int64_t()>& make_person) {
  if (load.nameless.empty()) return;
  std::map<std::uint64_t, std::vector<Entry*>> by_phone;
  std::unordered_set<std::uint64_t> phones;
  for (Entry& e : load.nameless) {
    by_phone[e.phone].push_back(&e);
    if (e.phone != 0) phones.insert(e.phone);
  }
  std::unordered_set<std::int64_t> taken;
  std::unordered_map<std::string_view, std::int64_t> person_of;
  for (const Entry& e : load.named) {
    taken.insert(e.after);
    if (!load.constraints.empty()) person_of[e.subject] = e.after;
  }
  const Carriers carriers(load, phones);
  const NamelessDecisions human = decisions_on_nameless(load);
  for (auto& [phone, group] : by_phone) {
    const auto owner = carriers.owner_of(phone, group);
    std::int64_t alone = no_person;
    for (Entry* e : group) {
      e->decided = 1;  // "rule"
      e->after = owner.person;
      if (const auto different = human.different.find(e->subject); different != human.different.end())
        for (const auto& other : different->second)
          if (const auto at = person_of.find(other); at != person_of.end() && at->second == owner.person) e->after = no_person;
      if (e->after != no_person) e->partner = owner.partner, e->probability = owner.probability;
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
