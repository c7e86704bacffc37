// Promises 1, 2, 3 and 8 over every page and operation of a filled house: every look is on record, "not yours" is "not there", ids are random,
// nothing that names a person or opens a door stands in the log, in an error or in an address.
#include <boost/json.hpp>

#include "base/vietnamese.hpp"
#include "platform/metrics/metrics.hpp"
#include "tests/meta/demo_house.hpp"

namespace motcua::tests {
namespace {

using http::Access;
using http::Method;

const std::regex any_id("[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}");
const std::regex request_id("req_[0-9a-hjkmnp-tv-z]{26}");

std::set<std::string> ids_in(const std::string& body, const std::string& kind) {
  std::set<std::string> found;
  for (std::sregex_iterator at(body.begin(), body.end(), any_id), end; at != end; ++at)
    if (at->str().starts_with(kind + "_")) found.insert(at->str());
  return found;
}

/// A way to open every route that only looks: pages and operations with GET, and searches, which are posted.
std::vector<std::pair<http::Route, DemoHouse::Ask>> looks(const std::string& prefix = "") {
  auto& house = DemoHouse::get();
  const std::string number = *house.people().numbers.begin();
  const std::map<std::string, DemoHouse::Ask> searches = {
      {"/people", {.form = {{"id_number", number}}}},
      {"/cases/search", {.form = {{"q", "a"}}}},
      {"/cases/{case_id}/search", {.form = {{"q", "a"}}}},
      {"/api/v1/persons/search", {.body = boost::json::serialize(boost::json::object{{"id_number", number}})}},
      {"/api/v1/cases/{case_id}/trace", {.body = "{}"}},
  };
  std::vector<std::pair<http::Route, DemoHouse::Ask>> all;
  for (const auto& route : house.routes()) {
    if (route.access.kind() == Access::Kind::anyone) continue;
    DemoHouse::Ask ask;
    if (route.method != Method::get) {
      const auto search = searches.find(route.path);
      if (search == searches.end()) continue;
      ask = search->second;
    }
    ask.who = house.who_may(route.access, prefix);
    if (!ask.who.empty()) all.emplace_back(route, ask);
  }
  return all;
}

void add_named(const boost::json::value& value, std::set<std::string>& found) {
  if (const auto* array = value.if_array())
    for (const auto& item : *array) add_named(item, found);
  const auto* object = value.if_object();
  if (!object) return;
  if (object->if_contains("full_name") && object->if_contains("person_id")) found.insert(std::string(object->at("person_id").as_string()));
  for (const auto& [key, item] : *object) add_named(item, found);
}

/// Persons a page links to; in JSON those whose name stands beside the id.
std::set<std::string> shown_in(const http::Response& answer) {
  if (!answer.content_type.starts_with("application/json")) return ids_in(answer.body, "per");
  std::set<std::string> found;
  add_named(boost::json::parse(answer.body), found);
  return found;
}

TEST(Promise8, EveryLookAtAPersonIsOnRecord) {
  auto& house = DemoHouse::get();
  const auto names = house.people().names;
  int showed = 0;
  for (auto& [route, ask] : looks()) {
    const std::int64_t before = house.audit_end();
    const auto answer = house.ask(route.method, house.real_path(route), ask, route.path);
    if (answer.status != 200) continue;
    std::set<std::string> looked;
    for (const auto& entry : house.audit_after(before))
      if (entry.is_read && !entry.subject.empty()) looked.insert(entry.subject);
    const auto named_there = std::count_if(names.begin(), names.end(), [&](const std::string& name) { return answer.body.find(name) != std::string::npos; });
    if (named_there == 0) continue;
    ++showed;
    EXPECT_FALSE(looked.empty()) << named(route) << " showed " << named_there << " names and nobody looked";
    for (const auto& person : shown_in(answer)) EXPECT_TRUE(looked.contains(person)) << named(route) << " showed " << person << " off the record";
  }
  EXPECT_GT(showed, 8);
}

/// Without what differs from one request to the next, and without the ids that were asked for.
std::string neutral(const http::Response& answer, const std::string& path) {
  std::string body = std::regex_replace(answer.body, request_id, "REQ");
  std::set<std::string> asked;
  for (std::sregex_iterator at(path.begin(), path.end(), any_id), end; at != end; ++at) asked.insert(at->str());
  for (const auto& id : asked)
    for (auto at = body.find(id); at != std::string::npos; at = body.find(id)) body.replace(at, id.size(), "ID");
  return std::to_string(answer.status) + " " + answer.content_type + "\n" + body;
}

/// The code of a poster hangs on a wall: whoever holds it may use it, and nobody else's is behind it.
bool is_of_a_poster(const http::Route& route) { return route.path == "/v/{code}"; }

TEST(Promise1, NotYoursIsNotThere) {
  auto& house = DemoHouse::get();
  int compared = 0;
  for (const auto& route : house.routes()) {
    if (!has_id(route) || is_of_a_poster(route) || (route.access.kind() != Access::Kind::roles && route.access.kind() != Access::Kind::resident)) continue;
    const std::string who = house.who_may(route.access, "elsewhere_");
    if (who.empty()) continue;                                      // administrators, auditors: one for the whole house
    if (route.path.starts_with("/imports/") || route.path.starts_with("/operations/")) continue;   // the house's own work, not a person's
    const std::string real = house.real_path(route), random = house.random_path(route);
    const DemoHouse::Ask ask{.who = who, .body = is_api(route) && route.method != Method::get ? "{}" : ""};
    const auto theirs = house.ask(route.method, real, ask, route.path);
    const auto nobodys = house.ask(route.method, random, ask, route.path);
    EXPECT_EQ(neutral(theirs, real), neutral(nobodys, random)) << named(route);
    EXPECT_NE(theirs.status, 200) << named(route) << " shows something to a stranger";
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

/// What an answer cost: statements asked of the database, lines put on record, bytes sent. Not a clock, which tells of the machine.
struct Work {
  std::uint64_t statements = 0;
  std::int64_t recorded = 0;
  std::size_t bytes = 0;
  bool operator==(const Work&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Work& w) { return out << w.statements << " statements, " << w.recorded << " lines on record, " << w.bytes << " bytes"; }

Work work_of(const http::Route& route, const std::string& path, const DemoHouse::Ask& ask) {
  auto& house = DemoHouse::get();
  const auto& statements = metrics::registry().counter("motcua_storage_statements_total", "");
  const std::int64_t recorded = house.audit_end();
  const std::uint64_t before = statements.value();
  const auto answer = house.ask(route.method, path, ask, route.path);
  const std::uint64_t after = statements.value();
  return {after - before, house.audit_end() - recorded, answer.body.size()};
}

TEST(Promise1, NotYoursAndNotThereAreTheSameWork) {
  auto& house = DemoHouse::get();
  int compared = 0;
  std::uint64_t statements = 0;
  for (const auto& route : house.routes()) {
    if (!has_id(route) || is_of_a_poster(route) || (route.access.kind() != Access::Kind::roles && route.access.kind() != Access::Kind::resident)) continue;
    const std::string who = house.who_may(route.access, "elsewhere_");
    if (who.empty() || route.path.starts_with("/imports/") || route.path.starts_with("/operations/")) continue;
    const DemoHouse::Ask ask{.who = who, .body = is_api(route) && route.method != Method::get ? "{}" : ""};
    work_of(route, house.random_path(route), ask);                  // what is asked once (a session seen, a cache filled) is asked here
    const Work theirs = work_of(route, house.real_path(route), ask);
    EXPECT_EQ(theirs, work_of(route, house.random_path(route), ask)) << named(route);
    statements += theirs.statements;
    ++compared;
  }
  EXPECT_GT(compared, 20);
  EXPECT_GT(statements, 20U);   // they were counted
}

TEST(Promise1, ListsOfStrangersAreEmptyOfOurPeople) {
  auto& house = DemoHouse::get();
  const auto names = house.people().names;
  for (auto& [route, ask] : looks("elsewhere_")) {
    if (has_id(route)) continue;
    const auto answer = house.ask(route.method, house.real_path(route), ask, route.path);
    EXPECT_TRUE(ids_in(answer.body, "per").empty()) << named(route);
    EXPECT_TRUE(ids_in(answer.body, "cas").empty()) << named(route);
    if (route.method != Method::get) continue;   // a search says back what was searched for
    for (const auto& name : names)
      if (answer.body.find(name) != std::string::npos) ADD_FAILURE() << named(route) << " names somebody";
  }
}

void check_json_ids(const boost::json::value& value, const std::string& where) {
  if (const auto* array = value.if_array())
    for (const auto& item : *array) check_json_ids(item, where);
  const auto* object = value.if_object();
  if (!object) return;
  static const std::set<std::string> not_ours = {"id_number", "record_id"};   // a citizen's own number; another system's
  for (const auto& [key, item] : *object) {
    const std::string name(key);
    const bool is_id = name == "id" || name.ends_with("_id");
    if (is_id && !not_ours.contains(name) && item.is_number()) ADD_FAILURE() << where << " has a counted id: " << name;
    if (is_id && !not_ours.contains(name) && item.is_string() && !item.get_string().empty()) {
      EXPECT_TRUE(std::regex_match(std::string(item.get_string()), any_id)) << where << " " << name;
    }
    check_json_ids(item, where);
  }
}

TEST(Promise1, IdsInPagesAndOperationsAreRandom) {
  auto& house = DemoHouse::get();
  http::Router router;
  for (const auto& route : house.routes()) router.add(route);
  const std::regex href("(?:href|action)=\"/(?:vi|en)(/[^\"?#]*)");
  std::size_t links = 0;
  for (auto& [route, ask] : looks()) {
    const auto answer = house.ask(route.method, house.real_path(route), ask, route.path);
    if (answer.status != 200) continue;
    if (answer.content_type.starts_with("application/json")) check_json_ids(boost::json::parse(answer.body), named(route));
    for (std::sregex_iterator at(answer.body.begin(), answer.body.end(), href), end; at != end; ++at) {
      const std::string path = (*at)[1].str();
      auto match = router.match(Method::get, path);
      if (!match.route) match = router.match(Method::post, path);
      ASSERT_NE(match.route, nullptr) << named(route) << " links to nothing: " << path;
      for (const auto& [name, value] : match.parameters)
        EXPECT_TRUE(name == "form" || name == "page" || std::regex_match(value, any_id)) << named(route) << " links to " << path;
      ++links;
    }
  }
  EXPECT_GT(links, 100U);
}

/// Every look, once as its role and once as a stranger, so that what follows has something to look through.
void walk() {
  auto& house = DemoHouse::get();
  static bool walked = false;
  if (walked) return;
  walked = true;
  for (const char* prefix : {"", "elsewhere_"})
    for (auto& [route, ask] : looks(prefix)) house.ask(route.method, house.real_path(route), ask, route.path);
  const auto people = house.people();
  const std::string phone = *people.numbers.begin(), name = *people.names.begin();   // what people type in the wrong place
  for (const std::string& path : {"/people/" + phone, "/cases/" + phone, "/api/v1/cases/" + phone, "/api/v1/persons/" + phone, "/nowhere/" + phone, "/api/v1/" + phone})
    house.ask(Method::get, path, {.who = "tracer"});
  house.ask(Method::post, "/cases", {.who = "tracer", .form = {{"person", phone}, {"record", "residents:" + phone}, {"sampled_at", name}}});
  for (const std::string& body : {"{\"full_name\":\"" + name + "\",\"birth\":\"" + phone + "\"}", "{\"phone\":\"" + phone + phone + "\"}", name + phone})
    house.ask(Method::post, "/api/v1/persons/search", {.who = "tracer", .body = body});
}

struct Secrets {
  std::vector<std::string> words;
};
Secrets secrets() {
  Secrets all;
  for (const auto& [key, staff] : DemoHouse::get().staff()) {
    all.words.push_back(staff.password);
    all.words.push_back(staff.totp_secret);
    all.words.push_back(staff.token);
  }
  all.words.emplace_back("$argon2");
  all.words.emplace_back("PRIVATE KEY");
  return all;
}

TEST(Promise2, NoPageErrorOrAddressHoldsASecret) {
  walk();
  const Secrets all = secrets();
  for (const auto& answer : DemoHouse::get().answers())
    for (const auto& word : all.words) {
      EXPECT_EQ(answer.body.find(word), std::string::npos) << answer.method << " " << answer.pattern;
      EXPECT_EQ(answer.location.find(word), std::string::npos) << answer.method << " " << answer.pattern;
    }
}

TEST(Promise2, TheLogHoldsNoSecret) {
  walk();
  const auto log = DemoHouse::get().log();
  EXPECT_GT(log.size(), 100U);
  std::vector<std::string> words = secrets().words;
  for (const auto& [key, staff] : DemoHouse::get().staff()) words.push_back(staff.csrf);
  for (const auto& line : log)
    for (const auto& word : words) EXPECT_EQ(line.find(word), std::string::npos) << line;
}

/// What names a resident, as written and as the house normalises it.
std::vector<std::string> naming_words() {
  const auto people = DemoHouse::get().people();
  std::vector<std::string> words(people.names.begin(), people.names.end());
  for (const auto& name : people.names) words.push_back(vietnamese::fold(name));
  for (const auto& number : people.numbers) {
    words.push_back(number);
    if (number.size() == 10 && number[0] == '0') words.push_back("+84" + number.substr(1));
  }
  return words;
}

TEST(Promise3, TheLogNamesNobody) {
  walk();
  std::string log;
  for (const auto& line : DemoHouse::get().log()) log += line + "\n";
  ASSERT_NE(log.find("\"event\":\"http.request\""), std::string::npos);
  const auto words = naming_words();
  ASSERT_GT(words.size(), 1000U);
  for (const auto& word : words)
    if (log.find(word) != std::string::npos) ADD_FAILURE() << "the log holds somebody's name or number, of " << word.size() << " letters";
}

TEST(Promise3, ErrorsAndAddressesNameNobody) {
  walk();
  const auto words = naming_words();
  const std::regex link("(?:href|action|src)=\"([^\"]*)\"");
  std::string errors, addresses;
  for (const auto& answer : DemoHouse::get().answers()) {
    if (answer.content_type == "application/problem+json" || answer.status >= 500) errors += answer.body + "\n";
    if (answer.pattern.empty()) continue;   // what somebody typed into the address line herself is in the link to the other language
    addresses += answer.location + "\n";
    for (std::sregex_iterator at(answer.body.begin(), answer.body.end(), link), end; at != end; ++at)
      if (const std::string address = (*at)[1].str(); !address.starts_with("tel:")) addresses += address + "\n";
  }
  ASSERT_FALSE(errors.empty());
  for (const auto& word : words) {
    if (errors.find(word) != std::string::npos) ADD_FAILURE() << "an error holds somebody's name or number, of " << word.size() << " letters";
    if (addresses.find(word) != std::string::npos) ADD_FAILURE() << "an address holds somebody's name or number, of " << word.size() << " letters: " << word;
  }
}

}  // namespace
}  // namespace motcua::tests
