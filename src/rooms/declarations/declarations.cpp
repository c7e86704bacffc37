#include "rooms/declarations/declarations.hpp"

#include "platform/config/config.hpp"
#include "platform/events/events.hpp"
#include "rooms/declarations/declaring.hpp"
#include "rooms/declarations/gate.hpp"
#include "rooms/declarations/loader.hpp"
#include "rooms/declarations/routes.hpp"
#include "rooms/declarations/store.hpp"
#include "rooms/declarations/store_answers.hpp"
#include "rooms/declarations/store_passes.hpp"

namespace motcua::declarations {
namespace {

/// A declaration speaks of the fourteen days before it and holds as long (NCOVI and VHD ask about 14 days).
constexpr std::chrono::days declaration_valid{14};
/// As long as a device may still send one again, twice over.
constexpr std::chrono::days gate_rows_kept = 2 * device_kept_max;

class Door : public Declarations {
 public:
  Result<std::vector<Journey>> journeys_of(storage::Reader& reader, std::span<const std::string> subjects, Instant from, Instant to) override {
    return store::journeys_of(reader, subjects, from, to);
  }
  Result<std::vector<Journey>> journeys_at(storage::Reader& reader, std::span<const std::string> place_codes, Instant from, Instant to) override {
    return store::journeys_at(reader, place_codes, from, to);
  }
  Result<std::vector<DeclarationSummary>> of_subjects(storage::Reader& reader, std::span<const std::string> subjects, int limit) override {
    return store::of_subjects(reader, subjects, limit);
  }
};

class TheRoom : public DeclarationsRoom {
 public:
  TheRoom(House& house, identity::Identity& identity, residents::Residents& residents, std::unique_ptr<Passes> passes, std::unique_ptr<Papers> papers, std::vector<Form> forms)
      : house_(house), identity_(identity), residents_(residents), passes_(std::move(passes)), papers_(std::move(papers)), declaring_(house, identity, residents, *passes_, std::move(forms)),
        paper_desk_(house, residents, declaring_, *papers_) {
    identity.add_referrer([](storage::Reader& reader, std::span<const std::string> names) { return store::subjects_in_use(reader, names); });
  }

  std::string_view name() const override { return "declarations"; }
  Declarations& door() override { return door_; }
  Passes& passes() override { return *passes_; }
  Papers& papers() override { return *papers_; }
  void add_routes(http::Router& router) override {
    add_page_routes(router, house_, identity_, door_);
    add_pass_routes(router, house_, *passes_);
    add_declaring_routes(router, house_, identity_, residents_, declaring_);
    add_declaring_api(router, residents_, declaring_);
    add_gate_routes(router, house_, gate_);
    add_gate_api(router, house_, gate_);
    add_fhir_routes(router, house_, residents_, declaring_);
    add_paper_routes(router, house_, residents_, declaring_, *papers_, paper_desk_);
  }
  void add_handlers(events::Bus& bus) override {
    // What was given before the program ended; a scan given while it runs is begun at once.
    bus.every("declarations.read_scans", std::chrono::seconds(30), [this]() -> Result<void> {
      paper_desk_.wake();
      return {};
    });
  }
  std::vector<intake::Kind> kinds() override {
    return {ncovi_kind(identity_), vhd_kind(identity_, default_stays(house_.settings))};
  }

  /// Answers and passes go some days after they expired, revocations with their passes, journeys with the visits. Who declared when stays in identity's record, for a time of its own.
  Result<std::vector<Purged>> purge(const Act& act, Instant now, bool count_only) override {
    const auto expired_before = now - house_.settings.duration("retention.declarations_days"), declared_before = expired_before - declaration_valid;
    auto ended_before = now - house_.settings.duration("retention.visits_days");
    std::vector<Purged> purged{{"declarations.purge_declarations"}, {"declarations.purge_journeys"}, {"declarations.purge_passes"}, {"declarations.purge_revocations"},
                               {"declarations.purge_answers"}, {"declarations.purge_drafts"}, {"declarations.purge_gate"}, {"declarations.purge_papers"}};
    auto run = [&](storage::Reader& reader, storage::Transaction* tx) -> Result<void> {
      TRY_ASSIGN(purged[0].rows, store::purge_declarations(reader, tx, declared_before));
      TRY_ASSIGN(purged[1].rows, store::purge_journeys(reader, tx, ended_before));
      TRY_ASSIGN(purged[2].rows, store::purge_passes(reader, tx, expired_before));
      TRY_ASSIGN(purged[3].rows, store::purge_revocations(reader, tx, now));
      TRY_ASSIGN(purged[4].rows, store::purge_answers(reader, tx, declared_before));
      TRY_ASSIGN(purged[5].rows, store::purge_drafts(reader, tx, now - draft_kept));
      TRY_ASSIGN(purged[6].rows, store::purge_gate(reader, tx, now - gate_rows_kept));
      TRY_ASSIGN(purged[7].rows, paper_desk_.purge(reader, tx, now));
      return {};
    };
    if (count_only) TRY(house_.database.read([&](storage::Reader& reader) { return run(reader, nullptr); }));
    else TRY(house_.database.write(act, [&](storage::Transaction& tx) { return run(tx, &tx); }));
    return purged;
  }

 private:
  House& house_;
  identity::Identity& identity_;
  residents::Residents& residents_;
  Door door_;
  std::unique_ptr<Passes> passes_;
  std::unique_ptr<Papers> papers_;
  Declaring declaring_;
  Gate gate_{house_, identity_, residents_, declaring_};
  PaperDesk paper_desk_;
};

}  // namespace

Result<std::unique_ptr<DeclarationsRoom>> make_declarations(House& house, identity::Identity& identity, residents::Residents& residents) {
  TRY_ASSIGN(auto passes, make_passes(house));
  TRY_ASSIGN(auto forms, read_forms());
  TRY_ASSIGN(auto papers, make_papers(house.texts, house.now));
  std::unique_ptr<DeclarationsRoom> room = std::make_unique<TheRoom>(house, identity, residents, std::move(passes), std::move(papers), std::move(forms));
  return room;
}

}  // namespace motcua::declarations
