#pragma once
// The whole story on a made-up town: its exports, imported; records, linked; cases, confirmed and traced; sign-ins for each role.
#include <functional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/installation.hpp"

namespace motcua::app {

inline constexpr int demo_cases_max = 8;   // cases confirmed, the first ones found

struct DemoSignIn {
  std::string role, login, password, totp_secret, area;
};
struct DemoTown {
  std::string case_id;                     // the one with the most contacts: where the desk opens
  std::int64_t cases = 0, contacts = 0, records = 0, persons = 0, visits = 0;
  std::vector<DemoSignIn> sign_ins;
};

/// Called before each step with its text key ("app.demo_importing") and what it is about.
using DemoStep = std::function<void(const std::string& key, const std::string& what)>;

/// Makes the town in DATA/town and takes it all the way. An installation that already has cases is left as it is:
/// failure app.demo_not_empty (conflict).
Result<DemoTown> make_demo(Installation& home, const Globals& globals, const DemoArguments& arguments, const DemoStep& step);

}  // namespace motcua::app
