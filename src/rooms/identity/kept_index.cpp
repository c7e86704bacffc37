#include "rooms/identity/kept_index.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/hash.hpp"
#include "platform/log/log.hpp"
#include "rooms/identity/linking.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t load_records = 4'096;              // given to the engine at a time
constexpr std::int64_t unsaved_records_max = 20'000;     // or a twentieth of all, whichever is more: read again from the tables in a few seconds

/// Whose change that was: two databases that went different ways after one backup are told apart by it.
Result<std::uint64_t> fingerprint_of(storage::Reader& reader, std::int64_t change) {
  TRY_ASSIGN(const auto subjects, store::subjects_of_change(reader, change));
  std::string all;
  for (const auto& subject : subjects) all += subject;
  return content_hash(all);
}

}  // namespace

/// "generation seen fingerprint\n", then the persons' ids.
Result<std::string> KeptIndex::note(storage::Reader& reader) const {
  TRY_ASSIGN(const std::uint64_t print, fingerprint_of(reader, seen_));
  return generation_ + ' ' + std::to_string(seen_) + ' ' + std::to_string(print) + '\n' + persons_.to_bytes();
}

Result<bool> KeptIndex::open_file(storage::Reader& reader, const store::State& state) {
  if (refused_ == state.generation) return false;
  TRY_ASSIGN(const bool opened, read_file(reader, state));
  if (!opened) refused_ = state.generation;
  return opened;
}

Result<bool> KeptIndex::read_file(storage::Reader& reader, const store::State& state) {
  std::ifstream in(file_, std::ios::binary);
  if (!in) return false;
  std::error_code failed;
  const auto bytes = std::filesystem::file_size(file_, failed);
  auto restored = linkage::Index::restore(
      [&](std::span<std::byte> piece) { return static_cast<bool>(in.read(reinterpret_cast<char*>(piece.data()), static_cast<std::streamsize>(piece.size()))); },
      failed ? 0 : bytes, engine_options());
  if (!restored) {
    log::failure(log::Level::warning, "identity.index_unreadable", restored.failure());
    return false;
  }
  const std::size_t line = std::min(restored->note.find('\n'), restored->note.size());
  char generation[64] = "";
  long long seen = 0;
  unsigned long long print = 0;
  const bool read = std::sscanf(restored->note.substr(0, line).c_str(), "%63s %lld %llu", generation, &seen, &print) == 3;
  if (!read || state.generation != generation || seen > state.changes) return false;
  TRY_ASSIGN(const std::uint64_t here, fingerprint_of(reader, seen));
  if (here != print) return false;
  persons_ = PersonNumbers::from_bytes(std::string_view(restored->note).substr(line + 1));
  adopt(std::move(restored->index), std::move(persons_), state.generation, seen);
  saved_ = true;
  changed_since_saved_ = 0;
  return true;
}

void KeptIndex::adopt(linkage::Index index, PersonNumbers persons, std::string generation, std::int64_t seen) {
  index_.emplace(std::move(index));
  persons_ = std::move(persons);
  generation_ = std::move(generation);
  seen_ = seen;
  saved_ = false;
}

Result<void> KeptIndex::open(storage::Reader& reader, const store::State& state) {
  if (fits(state)) return {};
  TRY_ASSIGN(const bool opened, open_file(reader, state));
  if (opened) return {};
  log::info("identity.index_made_anew", {});
  return make(reader, state);
}

Result<void> KeptIndex::make(storage::Reader& reader, const store::State& state) {
  TRY_ASSIGN(auto model, Linker::model_of(state));
  linkage::Index index(std::move(model), engine_options());
  LinkLoad load;
  std::vector<linkage::PersonRecord> chunk;
  std::vector<std::int64_t> persons;
  const auto flush = [&] {
    index.load(chunk, persons);
    chunk.clear();
    persons.clear();
  };
  TRY(load_for_linking(reader, load, [&](linkage::PersonRecord&& record, const Entry& entry) {
    chunk.push_back(std::move(record));
    persons.push_back(entry.before);
    if (chunk.size() == load_records) flush();
  }));
  flush();
  TRY_ASSIGN(auto decisions, store::decisions_between_named(reader));
  index.constrain(std::move(decisions));
  adopt(std::move(index), std::move(load.persons), state.generation, state.changes);
  return {};
}

Result<void> KeptIndex::follow(storage::Reader& reader, std::int64_t linked, const Pending& pending) {
  TRY_ASSIGN(const auto changed, store::changed_after(reader, std::min(seen_, linked)));
  std::vector<std::string> subjects;
  for (const auto& c : changed) subjects.push_back(c.subject);
  TRY_ASSIGN(const auto records, store::records_by_subject(reader, subjects));
  for (const auto& r : records) {
    const auto at = std::lower_bound(changed.begin(), changed.end(), r.record.subject, [](const auto& c, const std::string& s) { return c.subject < s; });
    if (r.record.has_name()) {
      const linkage::PersonRecord record = to_linkage(r.record);
      const std::int64_t person = persons_.number_of(r.link.person_id);
      if (at->change > seen_) index_->load(std::span(&record, 1), std::span(&person, 1));
      if (at->change > linked) index_->touch(index_->find(record.key));
    }
    if (at->change > linked) pending(r);
  }
  changed_since_saved_ += static_cast<std::int64_t>(records.size());
  TRY_ASSIGN(auto decisions, store::decisions_between_named(reader));
  index_->constrain(std::move(decisions));
  return {};
}

void KeptIndex::take_back(const linkage::Index::Changes& changes) {
  for (const auto& c : changes.changed) {
    index_->place(c.record, c.before);
    index_->touch(c.record);
  }
}

void KeptIndex::save_if_due(storage::Database& database) {
  if (!index_ || (saved_ && changed_since_saved_ <= std::max(unsaved_records_max, static_cast<std::int64_t>(index_->size()) / 20))) return;
  const auto text = database.read_value([&](storage::Reader& reader) { return note(reader); });
  if (!text) return;
  const std::string unfinished = file_ + ".part";   // of two processes at once, what they make of it is refused by its checksum
  bool written = false;
  {
    std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
    std::error_code ignored;
    std::filesystem::permissions(unfinished, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, ignored);
    written = index_->save([&](std::span<const std::byte> piece) {
      return static_cast<bool>(out.write(reinterpret_cast<const char*>(piece.data()), static_cast<std::streamsize>(piece.size())));
    }, *text).ok() && out.flush().good();
  }
  if (!written || std::rename(unfinished.c_str(), file_.c_str()) != 0) {
    std::remove(unfinished.c_str());
    log::warning("identity.index_not_written", {});
    return;
  }
  saved_ = true;
  changed_since_saved_ = 0;
}

}  // namespace motcua::identity
