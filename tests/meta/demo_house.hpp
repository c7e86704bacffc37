#pragma once
// One made-up town for all tests that walk the house: filled once, on SQLite, served by the very routes and hooks of `motcua serve`, with
// everybody signed in. Everything logged while it is filled and walked is kept, from level debug on.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/demo.hpp"
#include "app/server.hpp"
#include "platform/auth/auth.hpp"
#include "platform/http/server.hpp"
#include "platform/log/log.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/totp.hpp"

namespace motcua::tests {

template <class T>
T need(Result<T> result) {
  if (!result) throw std::runtime_error(result.failure().code + " " + result.failure().field + " " + result.failure().detail);
  return std::move(result).value();
}
inline void need(Result<void> result) {
  if (!result) throw std::runtime_error(result.failure().code + " " + result.failure().field + " " + result.failure().detail);
}

/// Somebody who is signed in. `elsewhere_*`: the same roles in a province where nobody of the town lives.
struct Staff {
  std::string role, login, password, totp_secret, area, token, csrf;
};

class DemoHouse {
 public:
  static DemoHouse& get() {
    static const std::unique_ptr<DemoHouse> house = [] {
      try {
        return std::unique_ptr<DemoHouse>(new DemoHouse());
      } catch (const std::exception& error) {   // told once, not filled again for every test
        ADD_FAILURE() << "the house could not be filled: " << error.what();
        return std::unique_ptr<DemoHouse>();
      }
    }();
    if (!house) throw std::runtime_error("there is no house to walk");
    return *house;
  }

  app::Installation& home() { return *home_; }
  const std::vector<http::Route>& routes() const { return routes_; }
  const std::map<std::string, Staff>& staff() const { return staff_; }
  const std::string& case_id() const { return town_.case_id; }
  std::string town_file(const std::string& name) const { return dir_.file("data/town/" + name); }
  std::vector<std::string> log() {
    std::lock_guard lock(mutex_);
    return log_;
  }
  /// All answers so far: address, status, type, Location, body.
  struct Answer {
    std::string method, pattern, target, lang, role, content_type, location, body;
    int status = 0;
  };
  const std::vector<Answer>& answers() const { return answers_; }

  /// `who` of a resident of the town, and with "elsewhere_" before it of another one.
  static constexpr const char* resident_key = "resident";
  struct Ask {
    std::string who = {};                                  // a key of staff(); empty: nobody
    std::string lang = "vi";
    std::multimap<std::string, std::string> form = {};
    std::string body = {};                                 // JSON
    std::string csrf = "own";                              // "own": the right token; anything else is sent as it is
    std::map<std::string, std::string> headers = {};
  };
  http::Response ask(http::Method method, const std::string& path, const Ask& ask, const std::string& pattern = {}) {
    http::Request request;
    request.method = method;
    const auto mark = path.find('?');
    request.path = path.substr(0, mark);
    if (mark != std::string::npos)
      for (std::size_t begin = mark + 1; begin < path.size();) {
        const auto end = std::min(path.find('&', begin), path.size());
        const auto equals = path.find('=', begin);
        request.query.emplace(path.substr(begin, equals - begin), path.substr(equals + 1, end - equals - 1));
        begin = end + 1;
      }
    request.lang = ask.lang;
    request.remote_address = "127.0.0.1";
    request.form = ask.form;
    request.body = ask.body;
    request.headers.insert(ask.headers.begin(), ask.headers.end());
    if (!ask.who.empty()) {
      const Staff& staff = ask.who.ends_with(resident_key) ? residents_.at(ask.who) : staff_.at(ask.who);
      request.cookies[ask.who.ends_with(resident_key) ? "motcua-resident" : "motcua"] = staff.token;
      const std::string csrf = ask.csrf == "own" ? staff.csrf : ask.csrf;
      if (method != http::Method::get && !csrf.empty()) {
        if (path.starts_with("/api/")) request.headers.emplace("x-csrf-token", csrf);
        else request.form.emplace("csrf", csrf);
      }
    }
    http::Response response = server_->answer(request);
    Answer kept{method == http::Method::get ? "GET" : "POST", pattern, path, ask.lang, ask.who, response.content_type, {}, response.body, response.status};
    for (const auto& [name, value] : response.headers)
      if (name == "Location") kept.location = value;
    answers_.push_back(std::move(kept));
    return response;
  }

  /// Who of the town's staff (or its resident) may take this route; empty: nobody of them.
  std::string who_may(const http::Access& access, const std::string& prefix = "") const {
    if (access.kind() == http::Access::Kind::resident) return prefix + resident_key;
    if (access.kind() == http::Access::Kind::signed_in) return prefix + "tracing_supervisor";
    for (const char* role : {"tracing_supervisor", "tracer", "ward_health_worker", "reviewer", "auditor", "administrator", "gate_staff", "clerk"})
      if (std::find(access.allowed().begin(), access.allowed().end(), role) != access.allowed().end() && staff_.contains(prefix + role)) return prefix + role;
    return {};
  }

  /// Whether the town has something for every id of the path: doubtful pairs it may have none of, and nobody gave it a file to repair or a form to read.
  bool is_there(const http::Route& route) const {
    const bool pair = route.path.find("/review") != std::string::npos && route.path.find("{task_id}") != std::string::npos;
    const bool slip = route.path.find("/gate/slips/") != std::string::npos;   // the town's declaration was not told at a gate
    return route.path.find("{repair_id}") == std::string::npos && !slip && route.path.find("{paper_id}") == std::string::npos && (!pair || !ids_.at("review_id").empty());
  }
  /// The route's path with ids that are there; a parameter nothing is known for gets a random id.
  std::string real_path(const http::Route& route) const { return with_ids(route.path, false); }
  std::string random_path(const http::Route& route) const { return with_ids(route.path, true); }

  struct Read {
    std::int64_t seq = 0;
    std::string subject;
    bool is_read = false;
  };
  std::int64_t audit_end() {
    return need(home_->database().read_value([](storage::Reader& r) {
             return r.find("SELECT MAX(seq) FROM audit_entry", {}, [](const storage::Row& row) { return row.integer(0); });
           })).value_or(0);
  }
  std::vector<Read> audit_after(std::int64_t seq) {
    return need(home_->database().read_value([&](storage::Reader& r) {
      return r.list("SELECT seq, subject, is_read FROM audit_entry WHERE seq > $1 ORDER BY seq", {seq},
                    [](const storage::Row& row) { return Read{row.integer(0), row.string(1), row.integer(2) != 0}; });
    }));
  }
  std::string one(const std::string& sql, const storage::Values& values = {}) const {
    return need(home_->database().read_value([&](storage::Reader& r) {
             return r.find(sql, values, [](const storage::Row& row) { return row.string(0); });
           })).value_or("");
  }

  /// Names, phones and id numbers of the town's register, as written.
  struct People {
    std::set<std::string> names, numbers;
  };
  People people() const {
    People out;
    std::ifstream in(town_file("residents.csv"));
    std::string line;
    std::getline(in, line);                                // id_number, old_id_number, full_name, birth_date, sex, phone ...: no quotes before the address
    while (std::getline(in, line)) {
      std::vector<std::string> fields(1);
      for (const char c : line)
        if (c == ',') fields.emplace_back();
        else fields.back() += c;
      if (fields.size() < 6) continue;
      if (fields[2].find(' ') != std::string::npos) out.names.insert(fields[2]);
      for (const std::size_t number : {0, 1, 5})
        if (fields[number].size() >= 9) out.numbers.insert(fields[number]);
    }
    return out;
  }

  ~DemoHouse() { log::capture({}); }
  DemoHouse(const DemoHouse&) = delete;
  DemoHouse& operator=(const DemoHouse&) = delete;

 private:
  DemoHouse() {
    need(log::configure({.level = log::Level::debug}));
    log::capture([this](std::string_view line) {
      std::lock_guard lock(mutex_);
      log_.emplace_back(line);
    });
    app::Globals globals;
    globals.data_dir = dir_.file("data");
    home_ = need(app::Installation::open(globals));
    app::DemoArguments arguments;
    arguments.people = 600;
    town_ = need(app::make_demo(*home_, globals, arguments, [](const std::string&, const std::string&) {}));
    service_ = need(app::Service::make(*home_));
    http::Router router = need(service_->make_router());
    routes_ = router.routes();
    server_ = std::make_unique<http::Server>(std::move(router), service_->make_hooks(), http::ServerOptions{});
    for (const auto& s : town_.sign_ins) sign_in(s.role, {s.role, s.login, s.password, s.totp_secret, s.area, "", ""});
    hire_elsewhere();
    for (const auto& [key, phone] : {std::pair{"resident", "0938999801"}, std::pair{"elsewhere_resident", "0938999802"}}) welcome(key, phone);
    find_ids();
  }
  void sign_in(const std::string& key, Staff staff) {
    const auto& auth = service_->auth();
    const auth::Origin origin{"127.0.0.1", "req_test"};
    const auto step = need(auth.sign_in().start({Personal<std::string>(staff.login), Personal<std::string>(staff.password)}, origin));
    const std::string code = crypto::totp(seed_of(staff.totp_secret), to_millis(home_->house().now()) / 1000);
    const auto full = need(auth.sign_in().finish_code(step.token.reveal(), code, origin));
    staff.token = full.token.reveal();
    const auto principal = need(auth.sessions().find_principal(staff.token));
    staff.csrf = principal->csrf;
    staff_[key] = std::move(staff);
  }

  /// A resident who came in by a phone and told who they are.
  void welcome(const std::string& key, const std::string& phone) {
    auto& residents = home_->rooms().residents->door();
    const residents::Origin origin{"127.0.0.1", "req_test", "test", "en"};
    const auto arrived = need(residents.arrive(origin, phone));
    std::string code;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.file("data/sms/outgoing"))) {
      std::ifstream in(entry.path());
      const std::string message{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      if (message.starts_with("To: 84" + phone.substr(1) + "\n")) code = message.substr(message.find("\n\n") + 2, 6);
    }
    const auto entered = need(residents.enter(origin, arrived.token.reveal(), code, false));
    residents_[key] = {"resident", "", "", "", "", entered.token.reveal(), entered.csrf};
    http::Request request;
    request.cookies["motcua-resident"] = entered.token.reveal();
    need(residents.identify()(request, nullptr));
    const auto person = need(residents.add_person(origin, *request.resident, {{.full_name = "Người Ở Cửa", .birth = "1990-01-01", .sex = "female"}, residents::Relation::self}));
    if (key == resident_key) ids_["person"] = person.handle, ids_["session_of_resident"] = request.resident->session;
  }

  /// A province far away, and the same work there.
  void hire_elsewhere() {
    const auto kind = home_->find_kind("units");
    intake::ImportOptions options;
    options.source = "units";
    const auto text = intake::text_source("code,name,level,parent_code\n99,Tỉnh Xa Xôi,province,\n990,Huyện Xa Xôi,district,99\n99001,Xã Xa Xôi,ward,990\n");
    need(intake::import_source(home_->database(), home_->act("units.import"), *kind, options, *text, home_->house().data_dir));
    need(home_->house().units.refresh());
    for (const char* role : {"tracing_supervisor", "tracer", "ward_health_worker", "reviewer", "clerk"}) hire(std::string("elsewhere_") + role, role, "99");
    hire("gate_staff", "gate_staff", "");   // the demonstration has no gate
  }

  void hire(const std::string& key, const std::string& role, const std::string& area) {
    auth::NewAccount account;
    account.login = "xa." + role;
    account.display_name = "Người Ở Xa";
    account.grants.push_back({role, area, std::nullopt});
    account.with_totp = account.password_is_final = true;
    const auto issued = need(service_->auth().accounts().create(home_->act("auth.create_account"), account));
    sign_in(key, {role, account.login, issued.password.reveal(), issued.totp_secret.reveal(), area, "", ""});
  }

  void find_ids() {
    const auto told = ask(http::Method::post, "/api/v1/me/people/" + ids_.at("person") + "/declarations",
                          {.who = resident_key, .body = R"({"form":"daily","answers":{"symptoms":"none","contact_with_case":"no"}})"}, "/api/v1/me/people/{person}/declarations");
    if (told.status != 201) throw std::runtime_error("the resident of the town cannot declare: " + told.body);
    ids_["declaration"] = std::string(boost::json::parse(told.body).at("declaration").as_string());
    ids_["case_id"] = town_.case_id;
    ids_["other_id"] = one("SELECT there.case_id FROM tracing_contact here JOIN tracing_contact there ON there.person_id = here.person_id AND there.case_id <> here.case_id "
                           "WHERE here.case_id = $1 ORDER BY there.case_id LIMIT 1", {town_.case_id});
    ids_["person_id"] = one("SELECT person_id FROM tracing_contact WHERE case_id = $1 AND level = 1 ORDER BY minutes DESC LIMIT 1", {town_.case_id});
    ids_["contact_id"] = one("SELECT contact_id FROM tracing_contact WHERE case_id = $1 AND level = 1 ORDER BY minutes DESC LIMIT 1", {town_.case_id});
    ids_["task_id"] = one("SELECT task_id FROM tracing_task WHERE case_id = $1 LIMIT 1", {town_.case_id});
    ids_["review_id"] = one("SELECT task_id FROM identity_review WHERE state = 0 AND ward_code <> '' LIMIT 1");
    ids_["import_id"] = one("SELECT import_id FROM intake_import WHERE kind = 'ncovi' LIMIT 1");
    ids_["account_id"] = one("SELECT id FROM auth_account WHERE login = 'truyvet'");
    ids_["grant_id"] = one("SELECT id FROM auth_grant LIMIT 1");
    receive();
    keep_venue();
  }

  /// A venue that the resident keeps and was at.
  void keep_venue() {
    auto& venues = home_->rooms().venues->door();
    const http::Resident resident = signed_in(residents_.at(resident_key));
    const venues::Keeper keeper{residents::act_of(resident, "venues.add_venue", "req_test"), false, {}};
    const auto venue = need(venues.add_venue(keeper, {"Quán Ở Góc", "restaurant", "12 Lê Lợi", staff_.at("ward_health_worker").area}));
    ids_["venue_id"] = venue.venue_id;
    ids_["code"] = venue.code;
    ids_["number"] = need(venues.check_in(resident, "req_test", {.code = venue.code})).front().number;
  }
  http::Resident signed_in(const Staff& staff) {
    http::Request request;
    request.cookies["motcua-resident"] = staff.token;
    need(home_->rooms().residents->door().identify()(request, nullptr));
    return *request.resident;
  }

  /// Somebody at the ward's counter.
  void receive() {
    const Act act{one("SELECT id FROM auth_account WHERE login = 'tramyte'"), "ward_health_worker", "declaring", "residents.receive", "req_test"};
    const auto person = need(home_->rooms().residents->door().receive(act, {{.full_name = "Người Ở Quầy", .birth = "1950", .sex = "female"}}));
    ids_["received"] = person.handle;
  }

  std::string with_ids(const std::string& pattern, bool random) const {
    static const std::map<std::string, std::string> kinds = {{"case_id", "cas"},   {"other_id", "cas"}, {"person_id", "per"}, {"contact_id", "con"}, {"task_id", "tsk"},     {"review_id", "rev"},
                                                             {"import_id", "imp"}, {"account_id", "acc"}, {"grant_id", "gra"},   {"session_id", "ses"}, {"person", "prs"}, {"approval_id", "apr"},
                                                             {"event_id", "evn"},  {"letter_id", "evd"},  {"objection_id", "obj"}, {"repair_id", "rep"}, {"venue_id", "vnu"}, {"number", "chk"}, {"received", "prs"}, {"card", "crd"}, {"paper_id", "ppr"}, {"declaration", "dec"}, {"consent", "cns"}};
    static const std::map<std::string, std::string> words = {{"form", "health"}, {"page", "symptoms"}, {"questionnaire", "health-1"}, {"field", "0"}};   // names of the house's own, nobody's ids
    std::string path;
    for (std::size_t at = 0; at < pattern.size();) {
      if (pattern[at] != '{') {
        path += pattern[at++];
        continue;
      }
      const auto end = pattern.find('}', at);
      std::string name = pattern.substr(at + 1, end - at - 1);
      if (name == "task_id" && pattern.find("/review") != std::string::npos) name = "review_id";
      if (const auto word = words.find(name); word != words.end()) {
        path += word->second;
        at = end + 1;
        continue;
      }
      if (name == "code") {                                 // of a poster: what an id has behind its prefix
        path += random ? crypto::random_id("v").substr(2) : ids_.at("code");
        at = end + 1;
        continue;
      }
      if (!kinds.contains(name)) throw std::runtime_error("no id is known for {" + name + "} of " + pattern);
      const auto known = ids_.find(name);
      path += !random && known != ids_.end() && !known->second.empty() ? known->second : crypto::random_id(kinds.at(name));
      at = end + 1;
    }
    return path;
  }

  TempDir dir_;
  std::mutex mutex_;
  std::vector<std::string> log_;
  std::unique_ptr<app::Installation> home_;
  app::DemoTown town_;
  std::unique_ptr<app::Service> service_;
  std::unique_ptr<http::Server> server_;
  std::vector<http::Route> routes_;
  std::map<std::string, Staff> staff_, residents_;
  std::map<std::string, std::string> ids_;
  std::vector<Answer> answers_;
};

inline bool is_api(const http::Route& route) { return route.protocol || route.path.starts_with("/api/"); }
inline bool has_id(const http::Route& route) { return route.path.find('{') != std::string::npos; }
inline std::string named(const http::Route& route) { return (route.method == http::Method::get ? "GET " : "POST ") + route.path; }

}  // namespace motcua::tests
