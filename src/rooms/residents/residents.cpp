#include "rooms/residents/residents.hpp"

#include <array>

#include "platform/audit/audit.hpp"
#include "platform/auth/cookies.hpp"
#include "platform/config/config.hpp"
#include "rooms/residents/cards.hpp"
#include "rooms/residents/routes.hpp"

namespace motcua::residents {
namespace {

constexpr std::array<std::pair<Relation, std::string_view>, 7> relations{{{Relation::self, "self"}, {Relation::child, "child"}, {Relation::parent, "parent"}, {Relation::spouse, "spouse"},
                                                                        {Relation::relative, "relative"}, {Relation::neighbour, "neighbour"}, {Relation::helped, "helped"}}};

/// "Firefox, Android": the first names that fit, of the more particular ones first; empty: a browser that says neither.
std::string device_of(std::string_view agent) {
  const auto first = [&](std::initializer_list<std::pair<std::string_view, std::string_view>> names) -> std::string_view {
    for (const auto& [sign, name] : names)
      if (agent.find(sign) != std::string_view::npos) return name;
    return {};
  };
  const auto browser = first({{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"coc_coc", "Cốc Cốc"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}});
  const auto system = first({{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}});
  return std::string(browser) + (browser.empty() || system.empty() ? "" : ", ") + std::string(system);
}

class TheResidents final : public Residents {
 public:
  TheResidents(House& house, identity::Identity& identity, Accounts accounts) : house_(house), accounts_(std::move(accounts)), people_(house, identity, accounts_) {}
  Result<void> open_reception() {
    TRY_ASSIGN(auto reception, Reception::make(house_, people_));
    reception_.emplace(std::move(reception));
    TRY_ASSIGN(auto cards, Cards::make(house_, accounts_, *reception_));
    cards_.emplace(std::move(cards));
    return {};
  }

  http::Check identify() const override {
    return [this](http::Request& request, const http::Route*) -> Result<void> {
      const std::string token = auth::find_cookie(request, session_cookie);
      if (token.empty()) return {};
      TRY_ASSIGN(request.resident, accounts_.find(token));
      return {};
    };
  }
  Result<Arrived> arrive(const Origin& origin, std::string_view phone) override { return accounts_.arrive(origin, phone); }
  Result<std::string> arrival_csrf(std::string_view token) override { return accounts_.arrival_csrf(token); }
  Result<Entered> enter(const Origin& origin, std::string_view token, std::string_view code, bool trusted) override { return accounts_.enter(origin, token, code, trusted); }
  Result<void> leave(const http::Resident& resident, const std::string& request_id) override { return accounts_.leave(resident, request_id); }
  Result<std::vector<Device>> list_devices(const http::Resident& resident) override { return accounts_.list_devices(resident); }
  Result<void> end_device(const http::Resident& resident, std::string_view id, const std::string& request_id) override { return accounts_.end_device(resident, id, request_id); }
  Result<Personal<std::string>> phone_of(std::string_view account) override { return accounts_.phone_of(account); }

  Result<std::vector<Person>> list_people(const http::Resident& resident) override {
    TRY_ASSIGN(auto people, people_.list(resident));
    TRY(record_looks(resident, people));
    return people;
  }
  Result<std::vector<Spoken>> spoken_for(storage::Reader& reader, std::string_view account) override {
    TRY_ASSIGN(const auto rows, store::list_people(reader, account));
    std::vector<Spoken> spoken;
    for (const auto& row : rows)
      if (row.state == "given") spoken.push_back({row.person, row.subject});
    return spoken;
  }
  Result<Person> get_person(const http::Resident& resident, std::string_view handle) override {
    TRY_ASSIGN(auto person, people_.get(resident, handle));
    TRY(record_looks(resident, {person}));
    return person;
  }
  Result<Person> person_to_act_for(const http::Resident& resident, std::string_view handle) override { return people_.get(resident, handle); }
  Result<Person> add_person(const Origin& origin, const http::Resident& resident, const NewPerson& person) override { return people_.add(origin, resident, person); }
  Result<void> confirm_person(const Origin& origin, const http::Resident& resident, std::string_view handle, std::string_view code) override { return people_.confirm(origin, resident, handle, code); }
  Result<Person> change_details(const Origin& origin, const http::Resident& resident, std::string_view handle, const Details& details) override {
    return people_.change(origin, resident, handle, details);
  }
  Result<void> end_person(const Origin& origin, const http::Resident& resident, std::string_view handle) override { return people_.end(origin, resident, handle); }
  Result<std::vector<Proxy>> list_proxies(const http::Resident& resident) override { return people_.proxies(resident); }
  Result<void> end_proxy(const Origin& origin, const http::Resident& resident, std::string_view handle) override { return people_.end_proxy(origin, resident, handle); }
  Result<Person> receive(const Act& act, const NewPerson& person) override { return reception_->receive(act, person); }
  Result<Person> receive(storage::Transaction& tx, const NewPerson& person) override { return reception_->receive(tx, person); }
  Result<Person> received_person(const Act& act, std::string_view handle) override { return reception_->get(act, handle); }
  Result<Person> person_of_card(const Act& act, std::string_view card) override { return reception_->of_card(act, card); }
  Result<std::optional<std::string>> find_known(storage::Reader& reader, const Person& person) override { return people_.find_known(reader, person); }

  const Cards& cards() const { return *cards_; }
  const Accounts& accounts() const { return accounts_; }
  const People& people() const { return people_; }
  Result<std::int64_t> purge(storage::Transaction& tx, Instant now) const { return accounts_.purge(tx, now); }

 private:
  /// A look at somebody else is on record for them to see; one's own is not.
  Result<void> record_looks(const http::Resident& resident, const std::vector<Person>& people) {
    std::vector<AuditNote> notes;
    for (const auto& p : people)
      if (p.relation != Relation::self) notes.push_back({.object = p.handle, .subject = p.subject});
    return notes.empty() ? Result<void>() : audit::record_read(house_.database, act_of(resident, "residents.view_person", ""), std::move(notes));
  }

  House& house_;
  Accounts accounts_;
  People people_;
  std::optional<Reception> reception_;
  std::optional<Cards> cards_;
};

std::shared_ptr<openid::Provider> make_openid(House& house) {
  const auto& settings = house.settings;
  const std::string issuer = settings.text("residents.oidc_issuer");
  if (issuer.empty()) return nullptr;
  return std::make_shared<openid::Provider>(openid::Options{issuer, settings.text("residents.oidc_client_id"), settings.text("residents.oidc_client_secret")}, openid::make_fetch(), house.now);
}

class TheRoom final : public ResidentsRoom {
 public:
  TheRoom(House& house, std::unique_ptr<TheResidents> residents) : house_(house), residents_(std::move(residents)), openid_(make_openid(house)) {}
  std::string_view name() const override { return "residents"; }
  Residents& door() override { return *residents_; }
  void add_routes(http::Router& router) override { residents::add_routes(router, {&house_, residents_.get(), &residents_->cards(), &residents_->accounts(), &residents_->people(), openid_}); }
  void add_handlers(events::Bus& bus) override {
    bus.every("residents.purge", std::chrono::minutes(5), [this]() -> Result<void> {
      const Act act{"job:residents", "system", bookkeeping, "residents.purge", ""};
      return house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
        TRY(residents_->purge(tx, house_.now()));
        return {};
      });
    });
  }

 private:
  House& house_;
  std::unique_ptr<TheResidents> residents_;
  std::shared_ptr<openid::Provider> openid_;
};

}  // namespace

Act act_of(const http::Resident& resident, std::string action, const std::string& request_id) {
  return {resident.account, "resident", "own-record", std::move(action), request_id};
}

Origin origin_of(const http::Request& request) { return {request.remote_address, request.id, device_of(request.header("user-agent")), request.lang}; }

std::string_view to_text(Relation relation) {
  for (const auto& [value, text] : relations)
    if (value == relation) return text;
  return "relative";
}

std::optional<Relation> parse_relation(std::string_view text) {
  for (const auto& [value, name] : relations)
    if (name == text) return value;
  return std::nullopt;
}

Result<std::unique_ptr<ResidentsRoom>> make_residents(House& house, identity::Identity& identity) {
  TRY_ASSIGN(auto accounts, Accounts::make(house));
  auto residents = std::make_unique<TheResidents>(house, identity, std::move(accounts));
  TRY(residents->open_reception());
  return std::unique_ptr<ResidentsRoom>(std::make_unique<TheRoom>(house, std::move(residents)));
}

}  // namespace motcua::residents
