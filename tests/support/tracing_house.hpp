#pragma once
// A house around a test database with people and cases in it, for tests of the tracing room and of rooms above it. It knows the rooms by their doors.
#include <functional>
#include <memory>
#include <utility>

#include "platform/auth/account.hpp"
#include "rooms/tracing/tracing.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::tracing {

using tests::ok;
inline Instant at(const char* text) { return ok(parse_instant(text)); }

/// Declared journeys as a list in memory: what this room asks of its neighbour, without the neighbour's import.
class ListedJourneys : public declarations::Declarations {
 public:
  std::vector<declarations::Journey> journeys;
  std::function<void()> meanwhile;      // happens once, while the next question is being answered
  Result<std::vector<declarations::Journey>> journeys_of(storage::Reader&, std::span<const std::string> subjects, Instant from, Instant to) override {
    return chosen(subjects, from, to, &declarations::Journey::subject);
  }
  Result<std::vector<declarations::Journey>> journeys_at(storage::Reader&, std::span<const std::string> codes, Instant from, Instant to) override {
    return chosen(codes, from, to, &declarations::Journey::place_code);
  }
  Result<std::vector<declarations::DeclarationSummary>> of_subjects(storage::Reader&, std::span<const std::string>, int) override {
    return std::vector<declarations::DeclarationSummary>{};
  }

 private:
  std::vector<declarations::Journey> chosen(std::span<const std::string> keys, Instant from, Instant to, std::string declarations::Journey::* key) {
    if (const auto happens = std::exchange(meanwhile, nullptr)) happens();
    std::vector<declarations::Journey> out;
    for (const auto& j : journeys)
      if (std::find(keys.begin(), keys.end(), j.*key) != keys.end() && j.from < to && j.to > from) out.push_back(j);
    return out;
  }
};

struct TestHouse : tests::PlatformHouse {
  TestHouse(storage::Database& database, const std::string& dir)
      : PlatformHouse(database, dir), people(identity::make_identity(house)), room(ok(make_tracing(house, people->door(), journeys))) {
    now = at("2021-08-10T09:00:00+07:00");
    people->add_handlers(bus);
    room->add_handlers(bus);
  }

  /// A resident of the register: name, phone, ward; nobody else has her id number.
  void resident(const std::string& id_number, const std::string& name, const std::string& phone, const std::string& ward = "27280") {
    identity::SourceRecord r;
    r.source = r.kind = "residents";
    r.record_id = r.id_number = id_number;
    r.full_name = name;
    r.birth = "1990-01-01";
    r.sex = "Nam";
    r.phone = phone;
    r.ward_code = ward;
    r.phone_is_own = true;
    std::vector<intake::Warning> warnings;
    auto prepared = ok(people->door().prepare(std::move(r), warnings));
    const std::shared_ptr<const identity::PreparedRecord> records[] = {prepared};
    ok(house.database.write(tests::test_act(), [&](storage::Transaction& tx) -> Result<void> {
      TRY(people->door().save(tx, records));
      return {};
    }));
  }
  /// An, Bùi, Cao and Đỗ, linked: 0790900000N with the phone 093800000N; Cao in another ward, where Đỗ lives nobody knows.
  void four_residents() {
    resident("079090000001", "An Văn Một", "0938000001");
    resident("079090000002", "Bùi Văn Hai", "0938000002");
    resident("079090000003", "Cao Thị Ba", "0938000003", "27283");
    resident("079090000004", "Đỗ Văn Bốn", "0938000004", "");
    link();
  }
  /// Somebody who holds a role there; her account.
  std::string hire(const std::string& login, const std::string& name, const std::string& role, const std::string& area) {
    const auth::Accounts accounts(house.database, *keys, units, house.now);
    return ok(accounts.create(tests::test_act("auth.create_account"), {.login = login, .display_name = name, .grants = {{role, area, std::nullopt}}})).account;
  }
  Asker as(const std::string& account, const std::string& role, const std::string& area) {
    Asker asker{tests::test_act("tracing.test"), {area}, "en"};
    asker.act.actor = account;
    asker.act.role = role;
    return asker;
  }
  void link() { ok(people->door().link(tests::test_act("identity.link"), {})); }

  std::string person(const std::string& id_number) {
    return ok(house.database.read_value([&](storage::Reader& reader) -> Result<std::string> {
      const std::string subjects[] = {people->door().subject_of("residents", id_number)};
      TRY_ASSIGN(const auto persons, people->door().persons_of(reader, subjects));
      return persons.empty() ? std::string() : persons.begin()->second;
    }));
  }

  intake::Summary import(const std::string& kind, const std::string& csv, intake::ImportOptions options = {}) {
    auto kinds = room->kinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const intake::Kind& k) { return k.name == kind; });
    options.now = [this] { return now; };
    if (options.source.empty()) options.source = kind;
    return ok(intake::import_source(house.database, tests::test_act("tracing.import"), *found, options, *intake::text_source(csv), house.data_dir));
  }

  Tracing& door() { return room->door(); }
  Asker tracer() { return everywhere(tests::test_act("tracing.view_case"), "en"); }
  std::string confirm(const std::string& id_number, const char* sampled_at, std::optional<Instant> isolated_at = {}) {
    CaseInput input;
    input.record_source = "residents";
    input.record_id = id_number;
    input.sampled_at = at(sampled_at);
    input.isolated_at = isolated_at;
    return ok(door().confirm_case(everywhere(tests::test_act("tracing.confirm_case")), input));
  }
  /// "B F1 via A 30; C F2 via B 10": names, classes, through whom, minutes.
  std::string drawn(const std::string& case_id, TraceRequest request = {}) {
    request.case_id = case_id;
    if (request.depth == 0) request.depth = 3;
    const TraceResult found = ok(door().trace(tracer(), request));
    std::map<std::string, std::string> names{{found.case_person_id, "case"}};
    for (const auto& c : found.contacts) names[c.person_id] = c.full_name.reveal();
    std::string out;
    for (const auto& c : found.contacts)
      out += (out.empty() ? "" : "; ") + names[c.person_id] + " F" + std::to_string(c.level) + " via " + names[c.via_person_id] + " " +
             std::to_string(static_cast<int>(c.minutes));
    return out;
  }

  ListedJourneys journeys;
  std::unique_ptr<identity::IdentityRoom> people;
  std::unique_ptr<TracingRoom> room;
};

}  // namespace motcua::tracing
