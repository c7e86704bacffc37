#include "app/demo.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include "app/output.hpp"
#include "app/server.hpp"
#include "app/simulate.hpp"
#include "platform/auth/auth.hpp"
#include "platform/i18n/format.hpp"
#include "platform/intake/csv_reader.hpp"

namespace motcua::app {
namespace {

namespace fs = std::filesystem;

/// In the order in which a province would get hold of them; what names people first.
constexpr const char* demo_kinds[] = {"units", "residents", "bluezone-users", "ncovi",      "vhd",
                                      "tests", "doses",     "visits",         "encounters", "bluezone-trace"};

using Columns = std::map<std::string, std::string>;

/// The rows of a file of ours as header name -> value.
Result<void> each_row(const std::string& file, const std::function<void(const Columns&)>& visit) {
  TRY_ASSIGN(auto stream, intake::file_source(file)->open());
  intake::CsvReader reader(std::move(stream), ',');
  std::vector<std::string_view> fields;
  std::vector<std::string> header;
  for (;;) {
    TRY_ASSIGN(const bool more, reader.next(fields));
    if (!more) return {};
    if (header.empty()) {
      header.assign(fields.begin(), fields.end());
      continue;
    }
    Columns row;
    for (std::size_t i = 0; i < fields.size() && i < header.size(); ++i) row[header[i]] = std::string(fields[i]);
    visit(row);
  }
}

Result<void> import_town(Installation& home, const std::string& town, const std::string& data_dir, const DemoStep& step) {
  for (const char* name : demo_kinds) {
    const std::string file = town + "/" + name + ".csv";
    if (!fs::exists(file)) continue;
    const auto kind = home.find_kind(name);
    if (!kind) return internal("app.unknown_kind", name);
    step("app.demo_importing", name);
    intake::ImportOptions options;
    options.source = name;
    options.import_id = crypto::random_id("imp");
    options.shown_name = std::string(name) + ".csv";
    options.batch_rows = static_cast<std::size_t>(home.house().settings.integer("imports.batch_rows"));
    TRY(intake::import_file(home.database(), home.act(std::string("import.") + name, options.import_id), *kind, options, file, data_dir));
  }
  return {};
}

struct FoundCase {
  std::string record, sampled_at, onset, isolated_at;
};

/// The cases the laboratories found, earliest first, each with the test record that found it.
Result<std::vector<FoundCase>> found_cases(const std::string& town) {
  std::map<std::string, FoundCase> by_person;
  TRY(each_row(town + "/truth/cases.csv", [&](const Columns& row) {
    if (row.at("sampled_at").empty()) return;
    by_person[row.at("infectee")] = {"", row.at("sampled_at"), row.at("onset"), row.at("isolated_at")};
  }));
  std::map<std::string, std::string> person_of;   // by test record
  TRY(each_row(town + "/truth/persons.csv", [&](const Columns& row) {
    if (row.at("source") == "tests") person_of[row.at("record_id")] = row.at("person");
  }));
  TRY(each_row(town + "/tests.csv", [&](const Columns& row) {
    if (row.at("result") != "POS") return;
    const auto person = by_person.find(person_of[row.at("sample_code")]);
    if (person != by_person.end()) person->second.record = row.at("sample_code");
  }));
  std::vector<FoundCase> cases;
  for (auto& [person, found] : by_person)
    if (!found.record.empty()) cases.push_back(std::move(found));
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.sampled_at < b.sampled_at; });
  return cases;
}

Result<tracing::CaseInput> to_input(const FoundCase& found) {
  tracing::CaseInput input;
  input.record_source = "tests";
  input.record_id = found.record;
  TRY_ASSIGN(input.sampled_at, parse_instant(found.sampled_at));
  if (!found.isolated_at.empty()) {
    TRY_ASSIGN(input.isolated_at, parse_instant(found.isolated_at));
  }
  if (!found.onset.empty()) {
    TRY_ASSIGN(const Instant onset, parse_instant(found.onset + "T00:00"));
    input.onset = vietnam_date(onset);
  }
  return input;
}

Result<void> confirm_cases(Installation& home, const std::string& town, DemoTown& demo, const DemoStep& step) {
  TRY_ASSIGN(const auto cases, found_cases(town));
  auto& door = home.rooms().tracing->door();
  const auto asker = tracing::everywhere(home.act("tracing.confirm_case"));
  std::int64_t most = -1;
  for (const auto& found : cases) {
    if (demo.cases == demo_cases_max) break;
    step("app.demo_tracing", std::to_string(demo.cases + 1));
    TRY_ASSIGN(const auto input, to_input(found));
    TRY_ASSIGN(const auto id, door.confirm_case(asker, input));
    TRY_ASSIGN(const auto view, door.get_case(asker, id));
    ++demo.cases;
    demo.contacts += view.contacts;
    if (view.contacts > most) most = view.contacts, demo.case_id = id;
  }
  return {};
}

/// The town's province and its first ward, as its own list of units has them.
Result<std::pair<std::string, std::string>> areas_of_town(const std::string& town) {
  std::pair<std::string, std::string> areas;
  TRY(each_row(town + "/units.csv", [&](const Columns& row) {
    if (row.at("level") == "province" && areas.first.empty()) areas.first = row.at("code");
    if (row.at("level") == "ward" && areas.second.empty()) areas.second = row.at("code");
  }));
  return areas;
}

Result<void> make_sign_ins(Installation& home, const std::string& town, DemoTown& demo) {
  TRY_ASSIGN(const auto areas, areas_of_town(town));
  const auto& [province, ward] = areas;
  const struct { const char* role; const char* login; const char* name; std::string area; } staff[] = {
      {"administrator", "quantri", "Quản trị viên mẫu", ""},
      {"tracing_supervisor", "dieuphoi", "Điều phối viên mẫu", province},
      {"tracer", "truyvet", "Điều tra viên mẫu", province},
      {"ward_health_worker", "tramyte", "Trạm y tế mẫu", ward},
      {"venue", "diadiem", "Quản lý địa điểm mẫu", province},
      {"clerk", "nhaplieu", "Nhân viên nhập liệu mẫu", province},
      {"reviewer", "rasoat", "Rà soát viên mẫu", province},
      {"gate_staff", "truccong", "Trực cổng mẫu", province},
      {"auditor", "kiemtoan", "Kiểm toán viên mẫu", ""},
  };
  House& house = home.house();
  const auth::Accounts accounts(house.database, house.keys, house.units, house.now);
  for (const auto& person : staff) {
    auth::NewAccount account;
    account.login = person.login;
    account.display_name = person.name;
    account.grants.push_back({person.role, person.area, std::nullopt});
    account.with_totp = true;
    account.password_is_final = true;
    TRY_ASSIGN(const auto issued, accounts.create(home.act("auth.create_account"), account));
    demo.sign_ins.push_back({person.role, person.login, issued.password.reveal(), issued.totp_secret.reveal(), person.area});
  }
  return {};
}

/// Kept beside the town so that a second start of the same demonstration can print them again. Only a demonstration does this.
Result<void> keep_sign_ins(const DemoTown& demo, const std::string& file) {
  std::ofstream out(file, std::ios::trunc);
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  out << "case," << demo.case_id << "\n";
  for (const auto& s : demo.sign_ins) out << s.role << ',' << s.login << ',' << s.password << ',' << s.totp_secret << ',' << s.area << '\n';
  return out.flush() ? Result<void>() : Result<void>(unavailable("app.file_not_written", "sign-ins"));
}

std::optional<DemoTown> kept_sign_ins(const std::string& file) {
  std::ifstream in(file);
  DemoTown demo;
  std::string line;
  while (std::getline(in, line)) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= line.size(); ++i)
      if (i == line.size() || line[i] == ',') parts.push_back(line.substr(begin, i - begin)), begin = i + 1;
    if (parts.size() == 2) demo.case_id = parts[1];
    if (parts.size() == 5) demo.sign_ins.push_back({parts[0], parts[1], parts[2], parts[3], parts[4]});
  }
  if (demo.case_id.empty()) return std::nullopt;
  return demo;
}

void print_sign_ins(const DemoTown& demo, const std::string& lang) {
  const auto say = [&](const char* key, const i18n::Args& args = {}) { return texts().text(lang, key, args); };
  std::printf("\n%s\n", say("app.demo_sign_ins").c_str());
  for (const auto& s : demo.sign_ins)
    std::printf("  %-10s %s  TOTP %s  (%s)\n", s.login.c_str(), s.password.c_str(), s.totp_secret.c_str(), say(("auth.role_" + s.role).c_str()).c_str());
  std::printf("%s\n", say("app.demo_totp").c_str());
  std::fflush(stdout);
}

void print_addresses(const DemoTown& demo, const std::string& lang, std::uint16_t port) {
  const std::string root = "http://127.0.0.1:" + std::to_string(port) + "/" + lang;
  std::printf("\n%s\n  %s/\n", texts().text(lang, "app.demo_open").c_str(), root.c_str());
  if (!demo.case_id.empty()) std::printf("  %s/cases/%s\n", root.c_str(), demo.case_id.c_str());
}

}  // namespace

Result<DemoTown> make_demo(Installation& home, const Globals& globals, const DemoArguments& arguments, const DemoStep& step) {
  TRY_ASSIGN(const auto page, home.rooms().tracing->door().list_cases(tracing::everywhere(home.act("tracing.list_cases")), {}));
  if (page.total > 0) return conflict("app.demo_not_empty");
  const std::string town = globals.data_dir + "/town";
  step("app.demo_simulating", std::to_string(arguments.people));
  SimulateOptions options;
  options.people = arguments.people;
  options.days = static_cast<int>(arguments.days);
  options.seed = arguments.seed;
  options.out_dir = town;
  DemoTown demo;
  TRY_ASSIGN(const auto simulated, simulate_town(options));
  demo.visits = simulated.visits;
  TRY(import_town(home, town, globals.data_dir, step));
  step("app.demo_linking", "");
  TRY_ASSIGN(const auto linked, home.rooms().identity->door().link(home.act("identity.link"), {.full = true}));
  demo.records = linked.records;
  demo.persons = linked.persons;
  TRY(home.bus().drain());
  TRY(confirm_cases(home, town, demo, step));
  TRY(home.bus().drain());
  TRY(make_sign_ins(home, town, demo));
  TRY(keep_sign_ins(demo, town + "/sign-ins.csv"));
  return demo;
}

int run_demo(const Globals& globals, const DemoArguments& arguments) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  Installation& home = **opened;
  const auto begun = std::chrono::steady_clock::now();
  std::optional<DemoTown> demo = kept_sign_ins(globals.data_dir + "/town/sign-ins.csv");
  if (!demo) {
    auto made = make_demo(home, globals, arguments, [&](const std::string& key, const std::string& what) {
      if (!shows_progress()) return;
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
      std::fprintf(stderr, "%6.1f s  %s\n", seconds, texts().text(globals.lang, key, {{"what", what}}).c_str());
    });
    if (!made) return fail(made.failure(), texts(), globals.lang);
    demo = std::move(*made);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    print(Summary().add("people", arguments.people).add("records", demo->records).add("persons", demo->persons).add("visits", demo->visits)
              .add("cases", demo->cases).add("contacts", demo->contacts).add("case_id", demo->case_id).add("seconds", seconds),
          globals.json, texts(), globals.lang);
  }
  if (!arguments.serve) {
    if (!globals.json) print_sign_ins(*demo, globals.lang);
    return exit_done;
  }
  auto served = serve(home, arguments.listen, [&](std::uint16_t port) {
    print_addresses(*demo, globals.lang, port);
    print_sign_ins(*demo, globals.lang);
  });
  return served ? exit_done : fail(served.failure(), texts(), globals.lang);
}

}  // namespace motcua::app
