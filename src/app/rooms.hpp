#pragma once
// The only list of rooms, lowest first.
#include <memory>
#include <vector>

#include "platform/house/house.hpp"
#include "rooms/declarations/declarations.hpp"
#include "rooms/exposure/exposure.hpp"
#include "rooms/identity/identity.hpp"
#include "rooms/residents/residents.hpp"
#include "rooms/tracing/tracing.hpp"
#include "rooms/venues/venues.hpp"

namespace motcua::app {

struct Rooms {
  std::unique_ptr<identity::IdentityRoom> identity;
  std::unique_ptr<residents::ResidentsRoom> residents;
  std::unique_ptr<declarations::DeclarationsRoom> declarations;
  std::unique_ptr<tracing::TracingRoom> tracing;
  std::unique_ptr<venues::VenuesRoom> venues;
  std::unique_ptr<exposure::ExposureRoom> exposure;

  std::vector<Room*> all() const { return {identity.get(), residents.get(), declarations.get(), tracing.get(), venues.get(), exposure.get()}; }
};
Result<Rooms> make_rooms(House& house);

}  // namespace motcua::app
