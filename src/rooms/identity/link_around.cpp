// The part of the database that a few changes concern.
#include <algorithm>
#include <map>

#include "rooms/identity/link_load.hpp"

namespace motcua::identity {
namespace {

constexpr int claimants_max = 5'000;         // of one phone; beyond that it is a hotline, and its nameless records stay as they are
constexpr int person_records_read_max = 200'000;   // of a hundred persons

/// Records by subject, each read once.
class Gathered {
 public:
  explicit Gathered(storage::Reader& reader) : reader_(reader) {}

  Result<void> add_subjects(const std::set<std::string>& subjects) {
    std::vector<std::string> wanted;
    for (const auto& s : subjects)
      if (!records_.contains(s)) wanted.push_back(s);
    TRY_ASSIGN(auto found, store::records_by_subject(reader_, wanted));
    take(std::move(found));
    return {};
  }
  Result<void> add_persons(const std::set<std::string>& persons) {
    std::vector<std::string> wanted;
    for (const auto& p : persons)
      if (!p.empty() && persons_.insert(p).second) wanted.push_back(p);
    TRY_ASSIGN(auto found, store::records_of_persons(reader_, wanted, person_records_read_max));
    take(std::move(found));
    return {};
  }
  const std::map<std::string, store::StoredRecord>& records() const { return records_; }

 private:
  void take(std::vector<store::StoredRecord> found) {
    for (auto& r : found) records_.try_emplace(r.record.subject, std::move(r));
  }
  storage::Reader& reader_;
  std::map<std::string, store::StoredRecord> records_;
  std::set<std::string> persons_;
};

std::set<std::string> phones_in(const Gathered& gathered) {
  std::set<std::string> phones;
  for (const auto& [subject, r] : gathered.records())
    if (!r.record.phone.empty()) phones.insert(r.record.phone);
  return phones;
}

std::set<std::string> persons_in(const Gathered& gathered) {
  std::set<std::string> persons;
  for (const auto& [subject, r] : gathered.records()) persons.insert(r.link.person_id);
  return persons;
}

/// Of these phones, those that a nameless record tells, with everybody who claims one of them.
Result<std::set<std::string>> add_carriers(storage::Reader& reader, Gathered& gathered, const std::set<std::string>& phones) {
  std::map<std::string, std::vector<std::string>> claimants;
  std::set<std::string> all;
  for (const auto& phone : phones) {
    TRY_ASSIGN(auto subjects, store::claimants(reader, "phone:" + phone, claimants_max));
    if (subjects.size() == static_cast<std::size_t>(claimants_max)) continue;
    all.insert(subjects.begin(), subjects.end());
    claimants.emplace(phone, std::move(subjects));
  }
  Gathered looked_at(reader);
  TRY(looked_at.add_subjects(all));
  std::set<std::string> told_by_nameless, subjects, persons;
  for (const auto& [phone, list] : claimants) {
    const auto is_nameless = [&](const std::string& s) { const auto at = looked_at.records().find(s); return at != looked_at.records().end() && !at->second.record.has_name(); };
    if (std::none_of(list.begin(), list.end(), is_nameless)) continue;
    told_by_nameless.insert(phone);
    for (const auto& s : list) {
      subjects.insert(s);
      if (const auto at = looked_at.records().find(s); at != looked_at.records().end()) persons.insert(at->second.link.person_id);
    }
  }
  TRY(gathered.add_subjects(subjects));
  TRY(gathered.add_persons(persons));
  return told_by_nameless;
}

/// The other side of every decision on a record that is here.
Result<void> add_decided(Gathered& gathered, const std::vector<store::Constraint>& constraints) {
  std::set<std::string> others;
  for (const auto& c : constraints) {
    if (gathered.records().contains(c.subject_a)) others.insert(c.subject_b);
    if (gathered.records().contains(c.subject_b)) others.insert(c.subject_a);
  }
  TRY(gathered.add_subjects(others));
  return gathered.add_persons(persons_in(gathered));
}

}  // namespace

Result<void> load_around(storage::Reader& reader, LinkLoad& load, const std::set<std::string>& subjects, const std::set<std::string>& persons) {
  Gathered gathered(reader);
  TRY(gathered.add_subjects(subjects));
  TRY(gathered.add_persons(persons));
  TRY(gathered.add_persons(persons_in(gathered)));
  TRY(add_decided(gathered, load.constraints));
  TRY_ASSIGN(const auto phones, add_carriers(reader, gathered, phones_in(gathered)));
  for (const auto& [subject, stored] : gathered.records()) {
    const Record& r = stored.record;
    if (r.has_name()) load.named.push_back(to_entry(load, stored));
    else if (phones.contains(r.phone) || (r.phone.empty() && subjects.contains(subject))) load.nameless.push_back(to_entry(load, stored));
  }
  return {};
}

}  // namespace motcua::identity
