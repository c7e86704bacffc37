// Reading the log: lists for pages, and the export that others verify.
#include <algorithm>
#include <boost/json.hpp>
#include <ostream>

#include "platform/audit/audit.hpp"
#include "platform/audit/retention.hpp"
#include "platform/audit/rows.hpp"

namespace motcua::audit {
namespace {

constexpr std::size_t subjects_max = 200;
constexpr std::int64_t batch_entries = 5'000;

std::string line_of(const Entry& e) {
  const boost::json::object line{
      {"kind", "entry"},       {"seq", e.seq},         {"at", to_millis(e.at)},  {"actor", e.actor},
      {"role", e.role},        {"purpose", e.purpose}, {"action", e.action},     {"object", e.object},
      {"subject", e.subject},  {"area", e.area},       {"detail", e.detail},     {"request", e.request},
      {"read", e.read},        {"prev", to_hex(e.prev)}, {"hash", to_hex(e.hash)}};
  return boost::json::serialize(line) + "\n";
}

std::string line_of(const Checkpoint& c) {
  const boost::json::object line{{"kind", "checkpoint"}, {"seq", c.seq}, {"hash", to_hex(c.hash)}, {"at", to_millis(c.at)},
                                 {"signature", to_hex(c.signature)}};
  return boost::json::serialize(line) + "\n";
}

struct Batch {
  std::vector<Entry> entries;
  std::vector<Checkpoint> checkpoints;
};

Result<Batch> load_batch(storage::Reader& reader, std::int64_t after, std::int64_t last) {
  Batch batch;
  TRY_ASSIGN(batch.entries, reader.list(select_entry + "WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",
                                        {after, last, batch_entries}, entry_of));
  const std::int64_t end = batch.entries.empty() ? after : batch.entries.back().seq;
  TRY_ASSIGN(batch.checkpoints,
             reader.list(select_checkpoint + "WHERE seq > $1 AND seq <= $2 ORDER BY seq", {after, end}, checkpoint_of));
  return batch;
}

/// Entries, each followed by the checkpoint that signs it.
void write_batch(const Batch& batch, std::ostream& out) {
  auto checkpoint = batch.checkpoints.begin();
  for (const Entry& e : batch.entries) {
    out << line_of(e);
    for (; checkpoint != batch.checkpoints.end() && checkpoint->seq <= e.seq; ++checkpoint) out << line_of(*checkpoint);
  }
}

/// "$1, $2 ..." for the values, which are appended to `parameters`.
std::string placeholders(const std::vector<std::string>& values, storage::Values& parameters) {
  std::string text;
  for (const std::string& value : values) {
    parameters.emplace_back(value);
    text += (text.empty() ? "$" : ", $") + std::to_string(parameters.size());
  }
  return text;
}

}  // namespace

Result<std::int64_t> export_json_lines(storage::Database& database, crypto::KeyRing& keys, std::ostream& out, std::int64_t from_seq,
                                       std::int64_t to_seq) {
  TRY_ASSIGN(const auto key, keys.signing_key("audit"));
  TRY_ASSIGN(const Head head, database.read_value([](storage::Reader& reader) { return find_head(reader); }));
  TRY_ASSIGN(const Cut cut, database.read_value([](storage::Reader& reader) { return find_cut(reader); }));
  from_seq = std::max(from_seq, cut.seq + 1);
  const std::int64_t last = to_seq > 0 ? std::min(to_seq, head.seq) : head.seq;
  out << boost::json::serialize(boost::json::object{
             {"kind", "export"}, {"from", from_seq}, {"to", last}, {"public_key", to_hex(key.public_key)}})
      << "\n";
  std::int64_t after = from_seq - 1, written = 0;
  while (after < last) {
    TRY_ASSIGN(const Batch batch, database.read_value([&](storage::Reader& reader) { return load_batch(reader, after, last); }));
    if (batch.entries.empty()) break;
    write_batch(batch, out);
    written += static_cast<std::int64_t>(batch.entries.size());
    after = batch.entries.back().seq;
  }
  out.flush();
  if (!out) return unavailable("audit.export_failed", "stream");
  return written;
}

Result<Page> list_entries(storage::Reader& reader, const Filter& filter, std::int64_t before_seq, int limit) {
  if (filter.subjects.size() > subjects_max) return invalid("audit.too_many_subjects", "subject");
  storage::Values parameters;
  std::string where = "WHERE 1 = 1";
  const auto add = [&](std::string_view condition, storage::Value value) {
    parameters.push_back(std::move(value));
    where += " AND " + std::string(condition) + " $" + std::to_string(parameters.size());
  };
  // "subject <> ''" lets the partial indexes be used.
  if (!filter.subjects.empty()) where += " AND subject <> '' AND subject IN (" + placeholders(filter.subjects, parameters) + ")";
  if (!filter.object.empty()) {
    where += " AND object <> ''";
    add("object =", filter.object);
  }
  if (!filter.actor.empty()) add("actor =", filter.actor);
  if (filter.reads_only) where += " AND is_read = 1";
  if (before_seq > 0) add("seq <", before_seq);
  const int rows = std::clamp(limit, 1, page_entries_max);
  parameters.emplace_back(rows + 1);  // one more tells whether there is a next page
  TRY_ASSIGN(auto entries, reader.list(select_entry + where + " ORDER BY seq DESC LIMIT $" + std::to_string(parameters.size()),
                                       parameters, entry_of));
  Page page{std::move(entries), std::nullopt};
  if (page.entries.size() > static_cast<std::size_t>(rows)) {
    page.entries.resize(static_cast<std::size_t>(rows));
    page.next_before = page.entries.back().seq;
  }
  return page;
}

}  // namespace motcua::audit
