#include "rooms/declarations/paper_desk.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>

#include "base/ids.hpp"
#include "platform/audit/audit.hpp"
#include "platform/units/units.hpp"
#include "rooms/declarations/paper_sealed.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;

constexpr int scans_shown = 30;
constexpr std::string_view reasons[] = {"empty", "unreadable", "twice", "other_person", "incomplete"};

Failure no_such_paper() { return not_found("declarations.no_such_paper"); }

std::vector<RejectedPage> rejected_of(const std::string& text) {
  std::vector<RejectedPage> out;
  std::error_code error;
  const auto value = json::parse(text, error);
  if (error || !value.is_array()) return out;
  for (const auto& page : value.as_array()) out.push_back({static_cast<int>(page.at("page").to_number<int>()), std::string(page.at("reason").as_string())});
  return out;
}

/// Fields of a person as paper calls them.
Failure at_paper(Failure failure) {
  for (const auto& [field, key] : {std::pair{"full_name", paper_name}, std::pair{"birth", paper_birth}, std::pair{"sex", paper_sex}, std::pair{"id_number", paper_id_number},
                                   std::pair{"phone", paper_phone}, std::pair{"address", paper_address}, std::pair{"ward_code", paper_address}})
    if (failure.field == field) return failure.field = key, failure;
  return failure;
}

/// When it was told: now, or noon of the day on the paper.
Result<std::optional<Instant>> told_at_of(const std::string& text, Instant now) {
  if (text.empty()) return std::optional<Instant>();
  const auto at = parse_instant(text + "T12:00");
  if (!at) return invalid("declarations.paper_day_unreadable", paper_told_on);
  if (vietnam_date(*at) > vietnam_date(now)) return invalid("declarations.paper_from_tomorrow", paper_told_on);
  if (*at < now - paper_age_max) return invalid("declarations.paper_too_old", paper_told_on, {{"days", std::to_string(paper_age_max.count())}});
  return vietnam_date(*at) == vietnam_date(now) ? std::optional<Instant>() : std::optional(*at);
}

}  // namespace

std::span<const std::string_view> paper_reasons() { return reasons; }

Result<std::string> PaperDesk::give(const Act& act, const std::string& area, const std::string& path) {
  TRY_ASSIGN(const auto full, house_.database.read_value([](storage::Reader& reader) -> Result<bool> {
    TRY_ASSIGN(const auto unread, store::count_unread(reader));
    TRY_ASSIGN(const auto waiting, store::list_waiting(reader, papers_waiting_max));
    return unread >= scans_unread_max || waiting.size() >= papers_waiting_max;
  }));
  if (full) return unavailable("declarations.papers_full", "");
  const std::string id = crypto::random_id("scn"), kept = scan_path(house_, id);
  std::error_code ignored;
  std::filesystem::create_directories(house_.data_dir + "/uploads", ignored);
  if (std::rename(path.c_str(), kept.c_str()) != 0) return unavailable("declarations.scan_not_kept", "rename");
  const auto given = house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    tx.note({.object = id, .area = area});
    return store::add_scan(tx, {.scan_id = id, .actor = act.actor, .area = area, .given_at = house_.now()});
  });
  if (!given) {
    ::unlink(kept.c_str());
    return given.failure();
  }
  return id;
}

bool PaperDesk::may_see(const std::vector<std::string>& areas, const std::string& area) const {
  return std::any_of(areas.begin(), areas.end(), [&](const std::string& mine) { return mine.empty() || mine == "vn" || mine == area || house_.units.contains(mine, area); });
}

Result<std::vector<ScanView>> PaperDesk::list_scans(const std::vector<std::string>& areas) const {
  return house_.database.read_value([&](storage::Reader& reader) -> Result<std::vector<ScanView>> {
    TRY_ASSIGN(const auto rows, store::list_scans(reader, scans_shown));
    TRY_ASSIGN(const auto counts, store::count_papers(reader, rows.empty() ? house_.now() : rows.back().given_at));
    std::vector<ScanView> out;
    for (const auto& row : rows) {
      if (!may_see(areas, row.area)) continue;
      ScanView view{row, rejected_of(row.rejected), {row.scan_id}};
      for (const auto& of : counts)
        if (of.scan_id == row.scan_id) view.papers = of;
      out.push_back(std::move(view));
    }
    return out;
  });
}

Result<std::vector<store::PaperRow>> PaperDesk::list_waiting(const std::vector<std::string>& areas) const {
  TRY_ASSIGN(auto rows, house_.database.read_value([](storage::Reader& reader) { return store::list_waiting(reader, papers_waiting_max); }));
  std::erase_if(rows, [&](const auto& row) { return !may_see(areas, row.area); });
  return rows;
}

Result<store::PaperRow> PaperDesk::get(const std::vector<std::string>& areas, const std::string& paper_id) const {
  if (!is_id("ppr", paper_id)) return no_such_paper();
  TRY_ASSIGN(auto row, house_.database.read_value([&](storage::Reader& reader) { return store::find_paper(reader, paper_id); }));
  if (!row || !may_see(areas, row->area)) return no_such_paper();
  return std::move(*row);
}

Result<OpenPaper> PaperDesk::open(const Act& act, const std::vector<std::string>& areas, const std::string& paper_id) const {
  TRY_ASSIGN(auto row, get(areas, paper_id));
  OpenPaper paper{std::move(row), nullptr, {}, {}, {}, false};
  paper.known = papers_.forms().find(paper.row.form, paper.row.version);
  if (paper.known == nullptr) return no_such_paper();
  if (paper.row.state != store::PaperState::waiting) return paper;
  TRY(open_sealed_paper(house_, paper));
  TRY_ASSIGN(paper.number_known, house_.database.read_value([&](storage::Reader& reader) { return store::is_number_known(reader, paper.row.number, paper_id); }));
  TRY(audit::record_read(house_.database, act, {{.action = act.action, .object = paper_id, .area = paper.row.area, .read = true}}));
  paper.row.sealed.clear();
  return paper;
}

Result<std::string> PaperDesk::picture(const std::vector<std::string>& areas, const std::string& paper_id, int field) const {
  TRY(get(areas, paper_id));
  TRY_ASSIGN(const auto sealed, house_.database.read_value([&](storage::Reader& reader) { return store::find_picture(reader, paper_id, field); }));
  if (!sealed) return no_such_paper();
  TRY_ASSIGN(const auto plain, house_.keys.open(picture_context(paper_id, field), *sealed));
  return std::string(plain.begin(), plain.end());
}

Result<void> PaperDesk::confirm(const Act& act, const std::vector<std::string>& areas, const std::string& paper_id, const PaperValues& values) const {
  TRY_ASSIGN(const auto row, get(areas, paper_id));
  if (row.state == store::PaperState::confirmed) return {};
  const auto* known = papers_.forms().find(row.form, row.version);
  if (known == nullptr) return no_such_paper();
  const PaperTold told = told_of(known->form, values);
  TRY_ASSIGN(const auto told_at, told_at_of(told.told_on, house_.now()));
  return house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    auto person = residents_.receive(tx, {told.details, residents::Relation::self});
    if (!person) return at_paper(person.failure());
    const Draft draft{.declaration = row.declaration, .answers = told.answers, .told_at = told_at};
    TRY(declaring_.submit_in(tx, *person, known->form, draft));
    TRY_ASSIGN(const bool decided, store::decide_paper(tx, paper_id, store::PaperState::confirmed, act.actor, "", house_.now()));
    if (!decided) return conflict("declarations.paper_decided");
    tx.note({.object = paper_id, .subject = person->subject, .area = row.area, .detail = R"({"basis":"paper","declaration":")" + row.declaration + "\"}"});
    return {};
  });
}

Result<void> PaperDesk::reject(const Act& act, const std::vector<std::string>& areas, const std::string& paper_id, const std::string& reason) const {
  TRY_ASSIGN(const auto row, get(areas, paper_id));
  if (std::find(std::begin(reasons), std::end(reasons), reason) == std::end(reasons)) return invalid("declarations.reason_needed", "reason");
  return house_.database.write(act, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const bool decided, store::decide_paper(tx, paper_id, store::PaperState::rejected, act.actor, reason, house_.now()));
    if (!decided) return conflict("declarations.paper_decided");
    tx.note({.object = paper_id, .area = row.area, .detail = R"({"reason":")" + reason + "\"}"});
    return {};
  });
}

}  // namespace motcua::declarations
