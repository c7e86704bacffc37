#include "rooms/identity/phone_owner.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace motcua::identity {
namespace {

/// The member of `c` chosen, or -1.
int chosen(const std::vector<PhoneCarrier>& c) {
  const auto owner = decide_phone_owner(c);
  return owner ? static_cast<int>(owner->carrier) : -1;
}

TEST(DecidePhoneOwner, table) {
  const PhoneCarrier adult{.age = 40, .carrying = 2}, child{.age = 8, .carrying = 3}, teenager{.age = 16, .carrying = 1}, grandmother{.age = 78, .carrying = 4};
  PhoneCarrier declares = adult, declared_for = adult, has_another = adult;
  declares.own = true;
  declared_for.on_behalf = true;
  has_another.carrying = 1, has_another.elsewhere = 4, has_another.own_elsewhere = true;
  struct Case {
    const char* what;
    std::vector<PhoneCarrier> carriers;
    int owner;
  };
  const std::vector<Case> cases{
      {"nobody carries it", {}, -1},
      {"one adult", {adult}, 0},
      {"a teenager alone has one", {teenager}, 0},
      {"a child has none: a parent's, whom no record shows", {child}, -1},
      {"neither has the very old", {grandmother}, -1},
      {"who calls it her own", {adult, declares}, 1},
      {"two call it their own", {declares, adult, declares}, -1},
      {"a mother and those she declares for", {child, adult, child, grandmother}, 1},
      {"a couple: either", {adult, adult}, -1},
      {"a couple, one declared for by the other", {declared_for, adult}, 1},
      {"declared for by somebody who is not there", {declared_for}, -1},
      {"a couple, one of whom has a phone and once gave this one", {has_another, adult}, 1},
      {"somebody with a phone of his own, once", {has_another}, -1},
      {"age unknown, beside a child", {child, PhoneCarrier{.carrying = 3}}, 1},
      {"a hotline", std::vector<PhoneCarrier>(phone_carriers_max + 1, child), -1}};
  for (const auto& c : cases) EXPECT_EQ(chosen(c.carriers), c.owner) << c.what;
}

TEST(DecidePhoneOwner, the_bars_add_up_to_the_probability) {
  const std::vector<PhoneCarrier> home{{.age = 12, .carrying = 2, .on_behalf = true}, {.age = 66, .carrying = 1, .elsewhere = 1, .own_elsewhere = true},
                                       {.age = 35, .carrying = 3}};
  double together = 0;
  for (std::size_t i = 0; i < home.size(); ++i) {
    const Waterfall w = explain_phone_owner(home, i);
    double bits = w.prior_bits;
    for (const auto& bar : w.bars) bits += bar.bits;
    EXPECT_NEAR(w.bits, bits, 1e-9);
    EXPECT_NEAR(w.probability, 1 / (1 + std::exp2(-w.bits)), 1e-9);
    together += w.probability;
  }
  EXPECT_LT(together, 1);   // the rest is somebody unseen
  EXPECT_EQ(chosen(home), 2);
}

TEST(DecidePhoneOwner, a_persons_records_make_a_carrier) {
  PhoneCarrier c;
  add_record(c, true, true, false, false);    // a vaccination with this phone
  add_record(c, false, false, true, false);   // a register entry without any
  add_record(c, true, false, true, true);     // declared for oneself, with another
  add_record(c, true, true, false, true);     // declared on behalf, with this one
  EXPECT_EQ(c.carrying, 2);
  EXPECT_EQ(c.elsewhere, 1);
  EXPECT_FALSE(c.own);
  EXPECT_TRUE(c.on_behalf);
  EXPECT_TRUE(c.own_elsewhere);
  EXPECT_EQ(age_in(2021, {{1980, 2}, {1981, 1}}), 41);
  EXPECT_EQ(age_in(2021, {}), -1);
}

}  // namespace
}  // namespace motcua::identity
