// libFuzzer: any two people compare the same from both sides, and no worse with themselves than a value can; any bytes as a model, or as the image of an
// index, end with a value or a failure.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "engines/linkage/person_compare.hpp"

namespace {

using namespace motcua;
using namespace motcua::linkage;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Lines, one a field; what is missing is empty.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  std::string next() {
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    std::string line(text_.substr(0, end));
    text_.remove_prefix(std::min(end + 1, text_.size()));
    return line;
  }

 private:
  std::string_view text_;
};

PersonRecord to_person(Lines& lines, const char* key) {
  PersonRecord r;
  r.key = key;
  r.full_name = lines.next();
  if (const auto birth = parse_date(lines.next())) r.birth = *birth;
  r.id_number = lines.next();
  r.old_id_number = lines.next();
  for (const bool own : {true, false}) r.phones.push_back({lines.next(), own});
  r.address = lines.next();
  r.ward_code = lines.next();
  r.passport = lines.next();
  r.insurance_number = lines.next();
  r.email = lines.next();
  r.household_id = lines.next();
  r.sex = r.email.size() % 2 == 0 ? Sex::male : Sex::unknown;
  return r;
}

void compare(std::string_view text) {
  Lines lines(text);
  const PersonRecord one = to_person(lines, "a"), other = to_person(lines, "b");
  RecordSet set;
  set.add(one);
  set.add(other);
  set.add(one);
  const RecordSet::Columns& c = set.columns();
  require(std::memcmp(&c.rows[0], &c.rows[2], sizeof c.rows[0]) == 0);
  require(compare_persons(c, c.rows[0], c.rows[1]) == compare_persons(c, c.rows[1], c.rows[0]));
  const NameLevel name = compare_names(c, c.rows[0].name, c.rows[1].name);
  require(name == compare_names(c, c.rows[1].name, c.rows[0].name));
  require(blocking_keys(one) == blocking_keys(one));
  const Explanation x = explain(set, Model(), 0, 1), y = explain(set, Model(), 1, 0);
  require(x.bits == y.bits && x.veto == y.veto);
}

void restore(std::string_view bytes) {
  std::size_t at = 0;
  const auto get = [&](std::span<std::byte> piece) {
    if (piece.size() > bytes.size() - at) return false;
    std::memcpy(piece.data(), bytes.data() + at, piece.size());
    at += piece.size();
    return true;
  };
  const auto restored = Index::restore(get, bytes.size());
  require(restored || !restored.failure().code.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('{')) (void)Model::from_json(text);
  else if (text.starts_with('\0')) restore(text.substr(1));
  else compare(text);
  return 0;
}
