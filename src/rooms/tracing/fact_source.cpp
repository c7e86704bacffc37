#include "rooms/tracing/fact_source.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "rooms/tracing/store_consent.hpp"

namespace motcua::tracing {
namespace {

using contacts::Interval;
using contacts::Person;
using contacts::Time;
using contacts::Visit;

contacts::Kind to_kind(std::string_view text, contacts::Kind otherwise) { return contacts::parse_kind(text).value_or(otherwise); }
bool meets(const Interval& a, const Interval& b) { return contacts::intersect(a, b).length() > 0; }
Instant to_instant(Time t) { return from_millis(std::clamp(t, Time{-62'135'596'800'000}, Time{253'402'300'799'000})); }   // years 1..9999

Interval to_interval(const identity::ReferenceSpan& s) {
  return {s.from ? to_millis(*s.from) : contacts::since_ever, s.until ? to_millis(*s.until) : contacts::never};
}

}  // namespace

SqlFacts::SqlFacts(storage::Reader& reader, identity::Identity& identity, declarations::Declarations& declarations, std::optional<Instant> as_of)
    : reader_(reader), identity_(identity), declarations_(declarations), as_of_(as_of ? to_millis(*as_of) : contacts::never) {}

Person SqlFacts::person(const std::string& person_id) {
  const auto [found, is_new] = persons_.try_emplace(person_id, static_cast<Person>(person_ids_.size()));
  if (is_new) {
    person_ids_.push_back(&found->first);
    references_.emplace_back();
    references_known_.push_back(false);
  }
  return found->second;
}

contacts::Place SqlFacts::place(std::string code, Form form) {
  PlaceKey key{std::move(code), form};
  const auto [found, is_new] = place_numbers_.try_emplace(key, static_cast<contacts::Place>(places_.size()));
  if (is_new) places_.push_back(std::move(key));
  return found->second;
}

/// What had not begun by `as_of` is not there; what had not ended, ends then.
bool SqlFacts::clip(Interval& span) const {
  span.to = std::min(span.to, as_of_);
  return span.length() > 0;
}

void SqlFacts::watch(std::string key, const Interval& window) {
  const auto [found, is_new] = watched_.try_emplace(std::move(key), Watched{window.from, window.to});
  if (!is_new) found->second = {std::min(found->second.from, window.from), std::max(found->second.to, window.to)};
}

Result<void> SqlFacts::load_isolations(Time over) {
  TRY_ASSIGN(withdrawn_, store::withdrawn(reader_, as_of_));
  std::vector<std::pair<std::string, Time>> told;
  TRY(store::isolations(reader_, as_of_, over, [&](std::string subject, std::int64_t at) { told.emplace_back(std::move(subject), at); }));
  std::vector<std::string> subjects;
  for (const auto& [subject, at] : told) subjects.push_back(subject);
  if (subjects.empty()) return {};
  TRY_ASSIGN(const auto persons, identity_.persons_of(reader_, subjects));
  for (const auto& [subject, at] : told)
    if (const auto found = persons.find(subject); found != persons.end()) {
      Time& end = isolated_.try_emplace(person(found->second), at).first->second;
      end = std::min(end, at);
    }
  return {};
}

Result<void> SqlFacts::isolations_of(std::span<const Person> asked, const std::function<void(Person, Time)>& visit) {
  for (const Person p : asked)
    if (const auto found = isolated_.find(p); found != isolated_.end()) visit(p, found->second);
  return {};
}

Result<void> SqlFacts::learn_references_of(std::span<const contacts::PersonWindow> asked) {
  std::vector<std::string> ids;
  for (const auto& w : asked)
    if (!references_known_[w.person]) {
      references_known_[w.person] = true;
      ids.push_back(id_of(w.person));
    }
  if (ids.empty()) return {};
  TRY_ASSIGN(const auto spans, identity_.references_of(reader_, ids));
  for (const auto& s : spans) references_[person(s.person_id)].emplace_back(s.reference, to_interval(s));
  return {};
}

Result<void> SqlFacts::learn(const std::vector<std::string>& references) {
  std::vector<std::string> unknown;
  for (const std::string& r : references)
    if (spans_.try_emplace(r).second) unknown.push_back(r);
  if (unknown.empty()) return {};
  TRY_ASSIGN(const auto spans, identity_.resolve(reader_, unknown));
  for (const auto& s : spans) spans_[s.reference].push_back({person(s.person_id), to_interval(s)});
  return {};
}

const Person* SqlFacts::person_at(const std::string& reference, Time at) const {
  const auto found = spans_.find(reference);
  if (found == spans_.end()) return nullptr;
  for (const Span& s : found->second)
    if (s.during.from <= at && at < s.during.to) return &s.person;
  return nullptr;
}

SqlFacts::AskedReferences SqlFacts::references_asked(std::span<const contacts::PersonWindow> asked) const {
  AskedReferences out;
  for (const auto& w : asked)
    for (const auto& [reference, during] : references_[w.person]) {
      // A fact is of whom the reference meant when it began; it may begin before the window.
      out.asked.push_back({reference, w.window.from, std::min({w.window.to, during.to, as_of_})});
      out.of.emplace_back(w.person, during);
    }
  return out;
}

Result<void> SqlFacts::visits_of(std::span<const contacts::PersonWindow> asked, const std::function<bool(const Visit&)>& visit) {
  TRY(learn_references_of(asked));
  const AskedReferences wanted = references_asked(asked);
  for (const store::Asked& a : wanted.asked) watch(a.key, {a.from, a.to});
  std::vector<Visit> found;
  TRY(store::visits_of(reader_, wanted.asked, as_of_, [&](const store::VisitRow& r) {
    const auto& [whose, during] = wanted.of[r.asked];
    Interval stay{r.from, r.to};
    if (r.from < during.from || r.from >= during.to || !clip(stay)) return;
    Visit v{whose, place(std::string(r.place_code), Form::stay), to_kind(r.kind, contacts::Kind::venue), contacts::parse_seat(r.seat), stay};
    found.push_back(v);
    if (r.journey_code.empty()) return;
    v.place = place(std::string(r.journey_code), Form::journeys_only);
    found.push_back(v);
  }));
  TRY(journeys_of(asked, found));
  for (const Visit& v : found)
    if (!visit(v)) break;
  return {};
}

Result<void> SqlFacts::journeys_of(std::span<const contacts::PersonWindow> asked, std::vector<Visit>& out) {
  std::vector<std::string> subjects;
  std::unordered_map<std::string, const contacts::PersonWindow*> whose;
  Interval all{contacts::never, contacts::since_ever};
  for (const auto& w : asked) {
    all = {std::min(all.from, w.window.from), std::max(all.to, w.window.to)};
    for (const auto& [reference, during] : references_[w.person]) {
      if (!reference.starts_with("record:")) continue;
      const std::string_view record = std::string_view(reference).substr(7);
      const auto colon = record.find(':');
      if (colon == std::string_view::npos) continue;
      std::string subject = identity_.subject_of(record.substr(0, colon), record.substr(colon + 1));
      whose[subject] = &w;
      subjects.push_back(std::move(subject));
    }
  }
  if (subjects.empty()) return {};
  TRY_ASSIGN(const auto journeys, declarations_.journeys_of(reader_, subjects, to_instant(all.from), to_instant(std::min(all.to, as_of_))));
  for (const auto& j : journeys) {
    const auto found = whose.find(j.subject);
    Interval stay{to_millis(j.from), to_millis(j.to)};
    if (found == whose.end() || !clip(stay) || !meets(stay, found->second->window)) continue;
    out.push_back({found->second->person, place(j.place_code, Form::journey), to_kind(j.kind, contacts::Kind::vehicle), contacts::parse_seat(j.seat), stay});
  }
  return {};
}

Result<void> SqlFacts::visits_at(std::span<const contacts::PlaceWindow> asked, const std::function<bool(const Visit&)>& visit) {
  std::vector<store::Asked> stays, rides;
  std::vector<std::size_t> stays_of, rides_of;          // back to `asked`
  std::unordered_map<contacts::Place, std::vector<std::size_t>> windows;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const PlaceKey& key = places_[asked[i].place];
    windows[asked[i].place].push_back(i);
    if (key.form == Form::journeys_only) continue;
    if (key.form == Form::stay) watch(watched_place(key.code), asked[i].window);
    const bool ride = key.form == Form::journey;
    (ride ? rides : stays).push_back({key.code, asked[i].window.from, std::min(asked[i].window.to, as_of_)});
    (ride ? rides_of : stays_of).push_back(i);
  }
  std::vector<Told> told;
  const auto take = [&](std::size_t window, const store::VisitRow& r) {
    Interval stay{r.from, r.to};
    if (!clip(stay)) return;
    for (const std::size_t earlier : windows[asked[window].place]) {      // a stay over two windows is told once
      if (earlier == window) break;
      if (meets(asked[earlier].window, stay)) return;
    }
    told.push_back({std::string(r.reference), {0, asked[window].place, to_kind(r.kind, contacts::Kind::venue), contacts::parse_seat(r.seat), stay}});
  };
  TRY(store::visits_at(reader_, stays, as_of_, [&](const store::VisitRow& r) { take(stays_of[r.asked], r); }));
  TRY(store::visits_on(reader_, rides, as_of_, [&](const store::VisitRow& r) { take(rides_of[r.asked], r); }));
  std::vector<std::string> references;
  for (const Told& t : told) references.push_back(t.reference);
  TRY(learn(references));
  std::vector<Visit> found;
  for (Told& t : told)
    if (const Person* who = person_at(t.reference, t.visit.stay.from)) {
      t.visit.person = *who;
      found.push_back(t.visit);
    }
  TRY(journeys_at(asked, found));
  for (const Visit& v : found)
    if (!visit(v)) break;
  return {};
}

Result<void> SqlFacts::journeys_at(std::span<const contacts::PlaceWindow> asked, std::vector<Visit>& out) {
  std::set<std::string> codes;
  Interval all{contacts::never, contacts::since_ever};
  for (const auto& w : asked) {
    if (places_[w.place].form == Form::stay) continue;
    codes.insert(places_[w.place].code);
    all = {std::min(all.from, w.window.from), std::max(all.to, w.window.to)};
  }
  if (codes.empty()) return {};
  const std::vector<std::string> wanted(codes.begin(), codes.end());
  TRY_ASSIGN(const auto journeys, declarations_.journeys_at(reader_, wanted, to_instant(all.from), to_instant(std::min(all.to, as_of_))));
  std::vector<std::string> subjects;
  for (const auto& j : journeys) subjects.push_back(j.subject);
  if (subjects.empty()) return {};
  TRY_ASSIGN(const auto persons, identity_.persons_of(reader_, subjects));
  for (const auto& j : journeys) {
    const auto who = persons.find(j.subject);
    Interval stay{to_millis(j.from), to_millis(j.to)};
    if (who == persons.end() || !clip(stay)) continue;
    for (const Form form : {Form::journeys_only, Form::journey})      // at whichever of the two was asked about
      if (const auto known = place_numbers_.find(PlaceKey{j.place_code, form}); known != place_numbers_.end())
        for (const auto& w : asked)
          if (w.place == known->second && meets(w.window, stay)) {
            out.push_back({person(who->second), w.place, to_kind(j.kind, contacts::Kind::vehicle), contacts::parse_seat(j.seat), stay});
            break;
          }
  }
  return {};
}

Result<void> SqlFacts::encounters_of(std::span<const contacts::PersonWindow> asked, const std::function<bool(const contacts::Encounter&)>& visit) {
  TRY(learn_references_of(asked));
  const AskedReferences wanted = references_asked(asked);
  std::vector<std::pair<std::string, contacts::Encounter>> told;
  TRY(store::encounters_of(reader_, wanted.asked, as_of_, [&](const store::EncounterRow& r) {
    if (r.kind == "proximity" && !withdrawn_.empty() && (withdrawn_.contains(wanted.asked[r.asked].key) || withdrawn_.contains(std::string(r.other)))) return;
    const auto& [whose, during] = wanted.of[r.asked];
    Interval span{r.from, r.to};
    if (r.from < during.from || r.from >= during.to || !clip(span)) return;
    const float distance = r.distance_m ? static_cast<float>(*r.distance_m) : -1.0F;
    told.push_back({std::string(r.other), {whose, 0, to_kind(r.kind, contacts::Kind::encounter), false, distance, span}});
  }));
  std::vector<std::string> references;
  for (const auto& [reference, e] : told) references.push_back(reference);
  TRY(learn(references));
  for (auto& [reference, e] : told)
    if (const Person* other = person_at(reference, e.span.from)) {
      e.other = *other;
      if (!visit(e)) break;
    }
  return {};
}

}  // namespace motcua::tracing
