#include "engines/contacts/retention.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "base/time.hpp"
#include "engines/contacts/graph.hpp"
#include "engines/contacts/log.hpp"

namespace motcua::contacts {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string proof_of(const Manifest::Ids& ids, Time now) {
  return "," + ids.file.name + "," + std::to_string(ids.file.size) + "," + to_hex(ids.file.hash) + ",0,0," + to_iso(from_millis(now)) + "\n";
}

std::string proof_of(const Manifest::Day& day, Time now) {
  return to_date(day.day) + "," + day.file.name + "," + std::to_string(day.file.size) + "," + to_hex(day.file.hash) + "," + std::to_string(day.contacts) + "," +
         std::to_string(day.visits) + "," + to_iso(from_millis(now)) + "\n";
}

struct Used { std::vector<bool> persons, places; };

/// The numbers that the files still name. contacts.file_damaged: then nobody can say whose last fact is gone.
Result<Used> used_by(const Folder& folder, const Manifest& manifest) {
  Used used{std::vector<bool>(Manifest::size_of(manifest.persons)), std::vector<bool>(Manifest::size_of(manifest.places))};
  for (const Manifest::Day& day : manifest.days) {
    TRY_ASSIGN(const auto file, DayFile::open(folder, day.file.name, day.file.size, day.file.hash));
    bool whole = true;
    const auto mark = [&](const Lists& lists, std::vector<bool>& in) {
      whole = lists.all([&](std::uint32_t owner, std::uint32_t, std::uint32_t, std::uint64_t, std::uint32_t) {
        if (owner < in.size()) in[owner] = true;
      }) && whole;
    };
    mark(file->contacts(), used.persons);
    mark(file->visits_of(), used.persons);
    mark(file->visits_at(), used.places);
    if (!whole) return Failure{FailureKind::corrupt, "contacts.file_damaged", {}, {}, {{"file", day.file.name}}, {}};
  }
  return used;
}

/// One file with the ids that are used instead of `parts`; none when all are used. Numbers stay.
Result<std::uint64_t> compact(Folder& folder, const std::string& name, const std::vector<bool>& used, std::vector<Manifest::Ids>& parts) {
  Dictionary known;
  TRY(open_ids(folder, parts, known));
  std::vector<std::string> texts;
  std::vector<std::uint32_t> numbers;
  TRY(known.all([&](std::uint32_t number, std::string_view id) {
    if (!used[number]) return;
    texts.emplace_back(id);
    numbers.push_back(number);
  }));
  const std::uint64_t gone = known.count() - texts.size();
  if (gone == 0) return gone;
  std::vector<NumberedId> sorted;
  for (std::size_t i = 0; i < texts.size(); ++i) sorted.push_back({texts[i], numbers[i]});
  std::sort(sorted.begin(), sorted.end(), [](const NumberedId& a, const NumberedId& b) { return a.text < b.text; });
  Manifest::Ids part{{name, 0, 0}, 0, known.size(), static_cast<std::uint32_t>(sorted.size())};
  auto payload = encode_ids(sorted, 0, part.span);
  part.file.size = payload.size();
  part.file.hash = seal(payload);
  TRY(folder.replace(name, payload));
  parts.assign(1, part);
  return gone;
}

}  // namespace

Result<Forgotten> forget_before(Folder& folder, int day, Time now) {
  TRY(folder.lock());
  TRY_ASSIGN(Manifest manifest, read_manifest(folder, false));
  TRY_ASSIGN(const bool waiting, log_waits(folder, manifest));
  if (waiting) return conflict("contacts.log_waits");
  Forgotten done;
  std::string proof;
  std::vector<std::string> names;
  for (const Manifest::Day& old : manifest.days) {
    if (old.day >= day) continue;
    proof += proof_of(old, now);
    names.push_back(old.file.name);
    done.files += 1, done.contacts += old.contacts, done.visits += old.visits;
  }
  if (names.empty()) return done;
  std::erase_if(manifest.days, [&](const Manifest::Day& old) { return old.day < day; });
  TRY_ASSIGN(const Used used, used_by(folder, manifest));
  const std::string number = "." + std::to_string(manifest.next_file++);
  for (auto [name, in, parts, gone] : {std::tuple{"persons", &used.persons, &manifest.persons, &done.persons}, std::tuple{"places", &used.places, &manifest.places, &done.places}}) {
    const auto before = *parts;
    TRY_ASSIGN(*gone, compact(folder, name + number, *in, *parts));
    if (*gone == 0) continue;
    for (const Manifest::Ids& old : before) {
      proof += proof_of(old, now);
      names.push_back(old.file.name);
    }
  }
  TRY_ASSIGN(const auto proofs, folder.append_to(proof_name));
  TRY(proofs->append(bytes_of(proof)));
  TRY(proofs->sync());
  TRY(folder.sync());
  TRY(folder.replace(manifest_name, bytes_of(manifest.to_text())));
  TRY(folder.sync());
  for (const std::string& name : names) TRY(folder.remove(name));
  TRY(folder.sync());
  return done;
}

}  // namespace motcua::contacts
