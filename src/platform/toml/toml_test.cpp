#include "platform/toml/toml.hpp"

#include <gtest/gtest.h>

namespace motcua::toml {
namespace {

constexpr const char* document = R"(name = "vn"
from = 2021-07-30
[contact]
distance_m = 2
days = [1, 7, 14]
places = ["ward", "school"]
[[class]]
ok = true
[[class]]
ok = 3
)";

TEST(Toml, ReadsWhatIsThere) {
  const Table t = parse(document, "policies/x.toml").value();
  EXPECT_EQ(t.text("name").value(), "vn");
  EXPECT_EQ(t.date("from").value(), (Date{std::chrono::year{2021}, std::chrono::month{7}, std::chrono::day{30}}));
  EXPECT_EQ(t.table("contact").value().real("distance_m", 0, 10).value(), 2.0);
  EXPECT_EQ(t.table("contact").value().integers("days", 0, 30).value(), (std::vector<std::int64_t>{1, 7, 14}));
  EXPECT_EQ(t.table("contact").value().texts("places").value(), (std::vector<std::string>{"ward", "school"}));
  EXPECT_EQ(t.table("contact").value().texts("days").failure().code, "toml.wrong_type");
  EXPECT_TRUE(t.tables("class").value()[0].boolean("ok").value());
  EXPECT_TRUE(t.tables("absent").value().empty());
}

TEST(Toml, FailuresNameFileAndKey) {
  const Table t = parse(document, "policies/x.toml").value();
  const auto wrong = t.tables("class").value()[1].boolean("ok");
  EXPECT_EQ(wrong.failure().code, "toml.wrong_type");
  EXPECT_EQ(wrong.failure().field, "class[2].ok");
  EXPECT_EQ(wrong.failure().args.at("file"), "policies/x.toml");
  EXPECT_EQ(t.text("gone").failure().code, "toml.missing_key");
  EXPECT_EQ(t.table("contact").value().real("distance_m", 3, 4).failure().code, "toml.out_of_bounds");
  EXPECT_EQ(t.only({"name", "from", "contact"}).failure().field, "class");
}

TEST(Toml, AnUnreadableFileNamesItsLine) {
  const auto r = parse("a = 1\nb = = 2\n", "f.toml");
  EXPECT_EQ(r.failure().code, "toml.unreadable");
  EXPECT_EQ(r.failure().row, 2);
}

}  // namespace
}  // namespace motcua::toml
