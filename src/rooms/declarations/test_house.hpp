#pragma once
// A house with the rooms up to declarations, on both databases; for the tests of this room.
#include <gtest/gtest.h>

#include <memory>

#include "rooms/declarations/declaring.hpp"
#include "tests/support/database.hpp"
#include "tests/support/house.hpp"

namespace motcua::declarations {

class DeclaringHouse : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    home_ = std::make_unique<tests::PlatformHouse>(database(), dir().str());
    identity_ = identity::make_identity(home_->house);
    residents_ = tests::ok(residents::make_residents(home_->house, identity_->door()));
    room_ = tests::ok(make_declarations(home_->house, identity_->door(), residents_->door()));
    declaring_ = std::make_unique<Declaring>(home_->house, identity_->door(), residents_->door(), room_->passes(), tests::ok(read_forms()));
  }
  std::int64_t count(const std::string& table) {
    return tests::ok(database().read_value([&](storage::Reader& r) { return r.find("SELECT count(*) FROM " + table, {}, [](const storage::Row& row) { return row.integer(0); }); })).value_or(0);
  }

  std::unique_ptr<tests::PlatformHouse> home_;
  std::unique_ptr<identity::IdentityRoom> identity_;
  std::unique_ptr<residents::ResidentsRoom> residents_;
  std::unique_ptr<DeclarationsRoom> room_;
  std::unique_ptr<Declaring> declaring_;
};

}  // namespace motcua::declarations
