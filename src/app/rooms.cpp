#include "app/rooms.hpp"

namespace motcua::app {

Result<Rooms> make_rooms(House& house) {
  Rooms rooms;
  rooms.identity = identity::make_identity(house);
  TRY_ASSIGN(rooms.residents, residents::make_residents(house, rooms.identity->door()));
  TRY_ASSIGN(rooms.declarations, declarations::make_declarations(house, rooms.identity->door(), rooms.residents->door()));
  TRY_ASSIGN(rooms.tracing, tracing::make_tracing(house, rooms.identity->door(), rooms.declarations->door()));
  TRY_ASSIGN(rooms.venues, venues::make_venues(house, rooms.residents->door(), rooms.tracing->door()));
  TRY_ASSIGN(rooms.exposure, exposure::make_exposure(house, rooms.tracing->door()));
  return rooms;
}

}  // namespace motcua::app
