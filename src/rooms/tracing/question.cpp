#include "rooms/tracing/question.hpp"

#include <algorithm>
#include <set>

#include "rooms/tracing/fact_source.hpp"
#include "rooms/tracing/present.hpp"

namespace motcua::tracing {
namespace {

std::string to_text(const contacts::Seat& seat) {
  if (seat.row == 0) return {};
  return std::to_string(seat.row) + (seat.letter != 0 ? std::string(1, seat.letter) : std::string());
}

contacts::Question to_question(SqlFacts& facts, const CaseFacts& c, const Policy& policy, const TraceRequest& request) {
  const InfectiousPeriod period = decide_infectious_period(policy, c.onset, c.sampled_at, c.isolated_at, c.source_contact_at);
  contacts::Question q;
  q.depth = std::clamp(request.depth, 1, trace_depth_max);
  q.direction = request.direction == Direction::forward ? contacts::Direction::forward : contacts::Direction::backward;
  q.rules = to_rules(policy);
  q.budget.persons_max = contacts_max;
  contacts::Interval window{to_millis(period.from), period.to ? to_millis(*period.to) : contacts::never};
  if (request.direction == Direction::backward) window = {to_millis(period.from) - std::chrono::milliseconds(std::chrono::days(14)).count(), to_millis(c.sampled_at)};
  if (c.onset && request.direction == Direction::backward)      // infected before the first symptoms, within the longest incubation
    window = {to_millis(vietnam_midnight(*c.onset)) - std::chrono::milliseconds(std::chrono::days(14)).count(), to_millis(vietnam_midnight(*c.onset))};
  q.seeds = {{facts.person(c.person_id), window}};
  return q;
}

std::vector<std::string> evidence_of(const contacts::Reached& r) {
  std::vector<std::string> kinds;
  for (int k = 0; k < contacts::kinds_count; ++k)
    if (r.has(static_cast<contacts::Kind>(k))) kinds.emplace_back(contacts::to_text(static_cast<contacts::Kind>(k)));
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

class Teller {
 public:
  Teller(storage::Reader& reader, const Doors& doors, SqlFacts& facts, const contacts::Answer& answer)
      : reader_(reader), doors_(doors), facts_(facts), answer_(answer) {}

  Result<std::vector<TraceContact>> tell(const TraceRequest& request) {
    TRY(read_places());
    TRY(read_persons());
    std::vector<TraceContact> contacts;
    contacts.reserve(answer_.reached.size());
    for (const contacts::Reached& r : answer_.reached) contacts.push_back(to_contact(r, request));
    std::sort(contacts.begin(), contacts.end(), [](const TraceContact& a, const TraceContact& b) {
      if (a.level != b.level) return a.level < b.level;
      if (a.minutes != b.minutes) return a.minutes > b.minutes;
      return a.person_id < b.person_id;
    });
    return contacts;
  }

 private:
  Result<void> read_places() {
    std::set<std::string> codes;
    for (const auto& link : answer_.links)
      if (link.step.place != contacts::no_place) codes.insert(facts_.place_code(link.step.place));
    const std::vector<std::string> wanted(codes.begin(), codes.end());
    TRY_ASSIGN(place_names_, store::place_names(reader_, wanted));
    return {};
  }

  Result<void> read_persons() {
    std::vector<std::string> ids;
    for (const contacts::Reached& r : answer_.reached) ids.push_back(facts_.id_of(r.person));
    TRY_ASSIGN(auto summaries, doors_.identity.summaries(reader_, ids));
    for (auto& s : summaries) {
      std::string id = s.person_id;
      persons_.emplace(std::move(id), std::move(s));
    }
    return {};
  }

  std::vector<Step> steps_of(std::uint32_t link) const {
    std::vector<Step> steps;
    for (const contacts::Step& s : answer_.chain(link)) {
      Step step;
      step.from_person = facts_.id_of(s.from);
      step.to_person = facts_.id_of(s.to);
      step.start = from_millis(s.overlap.from);
      step.end = from_millis(s.overlap.to);
      step.kind = contacts::to_text(s.kind);
      if (s.place != contacts::no_place) {
        step.place_code = facts_.place_code(s.place);
        if (const auto name = place_names_.find(step.place_code); name != place_names_.end()) step.place_name = name->second;
      }
      step.from_seat = to_text(s.from_seat);
      step.to_seat = to_text(s.to_seat);
      if (s.distance_m >= 0) step.distance_m = s.distance_m;
      step.crowd = s.crowd;
      step.strength = s.strength;
      steps.push_back(std::move(step));
    }
    return steps;
  }

  TraceContact to_contact(const contacts::Reached& r, const TraceRequest& request) const {
    TraceContact c;
    c.level = r.level;
    c.person_id = facts_.id_of(r.person);
    c.path = steps_of(r.strongest);
    c.earliest_path = steps_of(r.earliest);
    c.via_person_id = c.path.back().from_person;
    c.first_contact_at = from_millis(r.first_at);
    c.last_contact_at = from_millis(r.last_at);
    c.exposed_at = from_millis(r.at);
    c.minutes = static_cast<double>(r.together_ms) / 60'000.0;
    c.evidence = evidence_of(r);
    c.reason = to_sentence(c.path.back(), r.level);
    if (const auto known = persons_.find(c.person_id); known != persons_.end()) {
      c.ward_code = known->second.ward_code;
      if (request.names) {
        c.full_name = known->second.full_name;
        c.phone = known->second.phone;
      }
    }
    return c;
  }

  storage::Reader& reader_;
  const Doors& doors_;
  SqlFacts& facts_;
  const contacts::Answer& answer_;
  std::map<std::string, std::string> place_names_;
  std::map<std::string, identity::PersonSummary> persons_;
};

}  // namespace

Result<TraceResult> answer_trace(storage::Reader& reader, const Doors& doors, const CaseFacts& c, const Policy& policy, const TraceRequest& request) {
  SqlFacts facts(reader, doors.identity, doors.declarations, request.as_of);
  const contacts::Question question = to_question(facts, c, policy, request);
  TRY(facts.load_isolations(question.seeds.front().window.from - std::chrono::milliseconds(isolation_time_of(policy)).count()));
  TRY_ASSIGN(const contacts::Answer answer, contacts::trace(facts, question));
  TraceResult result;
  result.case_id = c.case_id;
  result.case_person_id = c.person_id;
  result.policy = policy;
  result.partial = answer.partial;
  result.depth = question.depth;
  result.direction = request.direction;
  result.as_of = request.as_of;
  result.watched = facts.take_watched();
  TRY_ASSIGN(result.contacts, Teller(reader, doors, facts, answer).tell(request));
  return result;
}

}  // namespace motcua::tracing
