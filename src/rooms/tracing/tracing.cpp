// The door and the room: use cases by name, events heard, jobs run.
#include "rooms/tracing/tracing.hpp"

#include "platform/assets/assets.hpp"
#include "platform/events/events.hpp"
#include "rooms/tracing/consent.hpp"
#include "rooms/tracing/desk.hpp"
#include "rooms/tracing/inquiry_cases.hpp"
#include "rooms/tracing/kinds.hpp"
#include "rooms/tracing/proximity.hpp"
#include "rooms/tracing/purge.hpp"
#include "rooms/tracing/routes.hpp"
#include "rooms/tracing/routes_api.hpp"
#include "rooms/tracing/store_purge.hpp"
#include "rooms/tracing/store_stays.hpp"

namespace motcua::tracing {
namespace {

Act job_act(std::string job) { return {"job:" + job, "system", "contact-tracing", std::move(job), ""}; }

class Door : public Tracing {
 public:
  explicit Door(Desk desk) : desk_(std::move(desk)) {}

  Result<std::string> confirm_case(const Asker& a, const CaseInput& i) override { return tracing::confirm_case(desk_, a, i); }
  Result<void> amend_case(const Asker& a, const std::string& id, int v, const CaseChange& c) override { return tracing::amend_case(desk_, a, id, v, c); }
  Result<void> close_case(const Asker& a, const std::string& id, int v) override { return tracing::close_case(desk_, a, id, v); }
  Result<CasePage> list_cases(const Asker& a, const CaseFilter& f) override { return tracing::list_cases(desk_, a, f); }
  Result<CaseView> get_case(const Asker& a, const std::string& id) override { return tracing::get_case(desk_, a, id); }
  Result<TraceResult> trace(const Asker& a, const TraceRequest& r) override { return tracing::trace(desk_, a, r); }
  Result<RetraceSummary> retrace(const Act& act, const std::string& id) override { return tracing::retrace(desk_, act, id); }
  Result<Comparison> compare(const Asker& a, const CompareRequest& r) override { return tracing::compare(desk_, a, r); }
  Result<Places> list_places(const Asker& a, const std::string& id) override { return tracing::list_places(desk_, a, id); }
  Result<Sources> list_sources(const Asker& a, const std::string& id) override { return tracing::list_sources(desk_, a, id); }
  Result<std::vector<LinkedCase>> list_linked_cases(const Asker& a, const std::string& id) override { return tracing::list_linked_cases(desk_, a, id); }
  Result<Bridges> list_bridges(const Asker& a, const std::string& id, const std::string& other) override { return tracing::list_bridges(desk_, a, id, other); }
  Result<ContactPage> list_contacts(const Asker& a, const ContactFilter& f) override { return tracing::list_contacts(desk_, a, f); }
  Result<ContactView> get_contact(const Asker& a, const std::string& id) override { return tracing::get_contact(desk_, a, id); }
  Result<Chain> get_chain(const Asker& a, const ChainRequest& r) override { return tracing::get_chain(desk_, a, r); }
  Result<std::vector<TimelineEvent>> list_timeline(const Asker& a, const std::string& id, int max) override { return tracing::list_timeline(desk_, a, id, max); }
  Result<std::string> export_contacts(const Asker& a, const ContactFilter& f) override { return tracing::export_contacts(desk_, a, f); }
  Result<TaskPage> list_tasks(const Asker& a, const TaskFilter& f) override { return tracing::list_tasks(desk_, a, f); }
  Result<TaskView> get_task(const Asker& a, const std::string& id) override { return tracing::get_task(desk_, a, id); }
  Result<void> assign_task(const Asker& a, const std::string& id, int v, const std::string& account) override { return tracing::assign_task(desk_, a, id, v, account); }
  Result<Given> assign_tasks(const Asker& a, const TaskChoice& c, const std::string& account) override { return tracing::assign_tasks(desk_, a, c, account); }
  Result<std::vector<Workload>> list_colleagues(const Asker& a, std::span<const std::string> ids) override { return tracing::list_colleagues(desk_, a, ids); }
  Result<std::int64_t> count_tasks_of(const std::string& account, std::int64_t limit) override { return tracing::count_tasks_of(desk_, account, limit); }
  Result<std::vector<Count>> count_tasks_by_ward(const Asker& a) override { return tracing::count_tasks_by_ward(desk_, a); }
  Result<void> record_call(const Asker& a, const std::string& id, int v, const CallInput& c) override { return tracing::record_call(desk_, a, id, v, c); }
  Result<void> record_isolation(const Asker& a, const std::string& id, Instant at) override { return tracing::record_isolation(desk_, a, id, at); }
  Result<PersonConsent> get_consent(const Asker& a, const std::string& id) override { return tracing::get_consent(desk_, a, id); }
  Result<void> set_consent(const Asker& a, const std::string& id, const std::string& r, bool g) override { return tracing::set_consent(desk_, a, id, r, g); }
  Result<std::vector<CaseLink>> list_cases_of_person(const Asker& a, const std::string& id) override { return tracing::list_cases_of_person(desk_, a, id); }
  Result<std::vector<CaseLink>> cases_of(storage::Reader& r, std::span<const std::string> ids) override { return store::links_of(r, ids); }
  Result<ProximitySummary> resolve_sightings(const Act& act) override { return tracing::resolve_sightings(desk_.house, act); }
  Result<void> tell_stays(storage::Transaction& tx, std::span<const Stay> s) override { return tracing::tell_stays(desk_, tx, s); }
  Result<bool> withdraw_stay(storage::Transaction& tx, const Stay& s) override { return tracing::withdraw_stay(desk_, tx, s); }
  Result<std::optional<Stay>> find_stay(storage::Reader& r, const std::string& s, const std::string& id) override { return store::find_stay(r, s, id); }
  Result<std::vector<Stay>> stays_of(storage::Reader& r, std::span<const std::string> refs, Instant from, Instant to) override { return store::stays_of(r, refs, from, to); }
  Result<std::int64_t> count_stays(storage::Reader& r, const std::string& place, const std::string& source, Instant from, Instant to) override {
    return store::count_stays(r, place, source, from, to);
  }
  Result<void> name_place(storage::Transaction& tx, const Place& p) override { return store::save_place(tx, p); }
  const std::vector<Policy>& policies() const override { return desk_.policies; }

  const Desk& desk() const { return desk_; }

 private:
  Desk desk_;
};

class TracingRoomImpl : public TracingRoom {
 public:
  explicit TracingRoomImpl(Desk desk) : door_(std::move(desk)) {}

  std::string_view name() const override { return "tracing"; }
  Tracing& door() override { return door_; }
  void add_routes(http::Router& router) override {
    add_api_routes(router, door_.desk().house, door_);
    add_page_routes(router, door_.desk().house, door_);
  }
  Result<std::vector<Purged>> purge(const Act& act, Instant now, bool count_only) override {
    return tracing::purge(door_.desk().house, act, now, count_only);
  }
  std::vector<intake::Kind> kinds() override { return make_kinds(door_.desk().house, door_.desk().doors.identity); }

  /// A burst of events (an import, a link run) needs one look at the cases. The first asks for a job; what is told while the job waits
  /// is seen by it, what is told after it began asks for another.
  void add_handlers(events::Bus& bus) override {
    bus.on(std::string(identity::persons_changed), "tracing.retrace", [this](const events::Event&) { return ask_for_retrace(); });
    bus.on("declarations.journeys_told", "tracing.retrace", [this](const events::Event&) { return ask_for_retrace(); });
    bus.on("tracing.facts_changed", "tracing.retrace", [this](const events::Event&) { return ask_for_retrace(); });
    bus.on_job("tracing.retrace", [this](const events::Event&) { return run_retrace(); });
    bus.on_job("tracing.look_again", [this](const events::Event& event) { return look_again(event); });
  }

 private:
  Result<void> ask_for_retrace() {
    const House& house = door_.desk().house;
    return house.database.write(job_act("tracing.retrace"), [&](storage::Transaction& tx) { return tracing::ask_for_retrace(door_.desk(), tx, house.now()); });
  }

  Result<void> look_again(const events::Event& event) {
    const auto* id = event.payload.if_contains("case_id");
    if (id == nullptr || !id->is_string()) return {};
    const auto looked = door_.retrace(job_act("tracing.look_again"), std::string(id->as_string()));
    return looked || looked.failure().kind == FailureKind::not_found ? Result<void>() : Result<void>(looked.failure());   // forgotten meanwhile
  }

  Result<void> run_retrace() {
    TRY(door_.desk().house.database.write(job_act("tracing.retrace"), [](storage::Transaction& tx) { return store::begin_retrace(tx); }));
    return retrace_open_cases(door_.desk(), job_act("tracing.retrace"));
  }

  Door door_;
};

}  // namespace

Result<std::unique_ptr<TracingRoom>> make_tracing(House& house, identity::Identity& identity, declarations::Declarations& declarations) {
  TRY_ASSIGN(auto policies, read_policies(assets::list("policies/vn-")));
  identity.add_referrer([](storage::Reader& reader, std::span<const std::string> names) { return store::names_in_use(reader, names); });
  TRY_ASSIGN(auto id_key, house.keys.secret("tracing-contact-ids", 32));
  std::unique_ptr<TracingRoom> room = std::make_unique<TracingRoomImpl>(Desk{house, {identity, declarations}, std::move(policies), std::move(id_key)});
  return room;
}

}  // namespace motcua::tracing
