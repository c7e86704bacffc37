#include "rooms/venues/venues.hpp"

#include "platform/assets/assets.hpp"
#include "rooms/venues/counter.hpp"
#include "rooms/venues/routes.hpp"

namespace motcua::venues {
namespace {

class Door final : public Venues {
 public:
  explicit Door(Counter counter) : counter_(std::move(counter)) {}

  const std::vector<Kind>& kinds() const override { return counter_.kinds; }
  Result<Venue> add_venue(const Keeper& k, const NewVenue& v) override { return venues::add_venue(counter_, k, v); }
  Result<std::vector<Venue>> list_venues(const Keeper& k) override { return venues::list_venues(counter_, k); }
  Result<Venue> get_venue(const Keeper& k, std::string_view id) override { return venues::get_venue(counter_, k, id); }
  Result<void> close_venue(const Keeper& k, std::string_view id) override { return venues::close_venue(counter_, k, id); }
  Result<Venue> reissue_codes(const Keeper& k, std::string_view id) override { return venues::reissue_codes(counter_, k, id); }
  Result<std::vector<DayCount>> count_check_ins(const Keeper& k, std::string_view id, int days) override { return venues::count_check_ins(counter_, k, id, days); }
  Result<std::string> poster(const Keeper& k, std::string_view id, const std::string& site, std::string_view lang) override {
    TRY_ASSIGN(const Venue venue, get_venue(k, id));
    if (venue.closed_at) return conflict("venues.closed");
    return draw_poster(counter_, venue, site, lang);
  }
  Result<Venue> find_by_code(std::string_view code) override {
    return counter_.house.database.read_value([&](storage::Reader& reader) { return open_venue(reader, code); });
  }
  Result<std::vector<Presence>> check_in(const http::Resident& r, const std::string& request_id, const CheckInRequest& c) override { return venues::check_in(counter_, r, request_id, c); }
  Result<std::vector<Presence>> list_check_ins(const http::Resident& r, int days) override { return venues::list_check_ins(counter_, r, days); }
  Result<void> check_out(const http::Resident& r, const std::string& request_id, std::string_view number, std::string_view person) override {
    return venues::check_out(counter_, r, request_id, number, person);
  }
  Result<void> undo(const http::Resident& r, const std::string& request_id, std::string_view number, std::string_view person) override {
    return venues::undo(counter_, r, request_id, number, person);
  }
  Result<Shown> check_in_shown(const Keeper& k, std::string_view id, std::string_view number, const std::vector<std::string>& shown, const Told& told) override {
    return venues::check_in_shown(counter_, k, id, number, shown, told);
  }
  Result<void> hear(const InboundMessage& message) override { return venues::hear(counter_, message); }

 private:
  Counter counter_;
};

class TheRoom final : public VenuesRoom {
 public:
  TheRoom(House& house, residents::Residents& residents, Counter counter) : house_(house), residents_(residents), door_(std::move(counter)) {}
  std::string_view name() const override { return "venues"; }
  Venues& door() override { return door_; }
  void add_routes(http::Router& router) override { venues::add_routes(router, {&house_, &residents_, &door_}); }

 private:
  House& house_;
  residents::Residents& residents_;
  Door door_;
};

}  // namespace

Result<std::unique_ptr<VenuesRoom>> make_venues(House& house, residents::Residents& residents, tracing::Tracing& tracing) {
  const auto file = assets::find("policies/venues.toml");
  if (!file) return internal("venues.policy_invalid", "policies/venues.toml is not there");
  TRY_ASSIGN(auto kinds, read_kinds(*file));
  TRY_ASSIGN(auto limiter, auth::Limiter::make(house.keys));
  TRY_ASSIGN(auto phone_key, house.keys.secret("venues-phones", 32));
  return std::unique_ptr<VenuesRoom>(std::make_unique<TheRoom>(house, residents, Counter{house, residents, tracing, std::move(kinds), std::move(limiter), std::move(phone_key)}));
}

}  // namespace motcua::venues
