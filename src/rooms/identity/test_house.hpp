#pragma once
// A house around a test database, for tests of this room.
#include "rooms/identity/identity.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::identity {

struct TestHouse : tests::PlatformHouse {
  TestHouse(storage::Database& database, const std::string& dir) : PlatformHouse(database, dir), room(make_identity(house)) {}
  std::unique_ptr<IdentityRoom> room;
  Identity& door() { return room->door(); }
};

/// A record in few words; members are set by name: {.source = "ncovi", .record_id = "1", ...}.
inline SourceRecord told(std::string kind, std::string id, std::string name, std::string birth = {}, std::string sex = {}, std::string phone = {},
                         std::string id_number = {}) {
  SourceRecord r;
  r.source = r.kind = std::move(kind);
  r.record_id = std::move(id);
  r.full_name = std::move(name);
  r.birth = std::move(birth);
  r.sex = std::move(sex);
  r.phone = std::move(phone);
  r.id_number = std::move(id_number);
  return r;
}

}  // namespace motcua::identity
