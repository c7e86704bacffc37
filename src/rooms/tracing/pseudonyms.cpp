#include "rooms/tracing/pseudonyms.hpp"

#include <map>

#include "platform/crypto/crypto.hpp"

namespace motcua::tracing {
namespace {

constexpr int cases_a_run = 200;   // of one purge: a second or two of the one writer at a thousand contacts each

/// One case's people by their new ids.
class Pseudonyms {
 public:
  std::string of(const std::string& person_id) {
    if (person_id.empty()) return {};
    std::string& given = given_[person_id];
    if (given.empty()) given = crypto::random_id("per");
    return given;
  }
  /// Every person id in a text that encode() wrote.
  std::string in(const std::string& text) {
    constexpr std::size_t id_letters = 30;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t mark = text.find("per_", at);
      out += text.substr(at, mark == std::string::npos ? mark : mark - at);
      if (mark == std::string::npos) break;
      out += of(text.substr(mark, id_letters));
      at = mark + id_letters;
    }
    return out;
  }

 private:
  std::map<std::string, std::string> given_;
};

}  // namespace

Result<std::int64_t> forget_names(storage::Transaction& tx, Instant confirmed_before, bool count_only) {
  if (count_only) return store::count_named_cases(tx, confirmed_before);
  TRY_ASSIGN(const auto cases, store::named_cases(tx, confirmed_before, cases_a_run));
  for (const auto& [case_id, person_id] : cases) {
    Pseudonyms people;
    TRY_ASSIGN(const auto contacts, store::named_contacts(tx, case_id));
    std::vector<std::pair<std::string, store::NamedRow>> renamed;
    for (const auto& c : contacts) renamed.push_back({c.person_id, {people.of(c.person_id), people.of(c.via_person), people.in(c.path), people.in(c.earliest_path)}});
    TRY(store::rename_contacts(tx, case_id, renamed));
    TRY(store::rename_case(tx, case_id, people.of(person_id)));
  }
  return static_cast<std::int64_t>(cases.size());
}

}  // namespace motcua::tracing
