// The thread that reads scans beside the server: one, at low priority, a scan at a time; what it began before the program ended is begun again.
#include <sys/resource.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "platform/crypto/sealed_file.hpp"
#include "rooms/declarations/paper_sealed.hpp"

namespace motcua::declarations {
namespace {
namespace json = boost::json;

constexpr std::chrono::minutes claim{5};      // of a scan by the thread that reads it, renewed with each page
constexpr int niceness = 10;

const Act reader_act{"job:papers", "system", bookkeeping, "declarations.read_scan", ""};

Result<std::string> content_of(House& house, const std::string& path) {
  TRY_ASSIGN(const auto file, crypto::SealedFileReader::open(house.keys, "upload", path));
  std::string content;
  std::vector<std::uint8_t> block(crypto::sealed_chunk_bytes);
  for (;;) {
    TRY_ASSIGN(const auto n, file->read(block));
    if (n == 0) return content;
    content.append(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(n));
  }
}

std::string to_json(const std::vector<RejectedPage>& rejected) {
  json::array out;
  for (const auto& page : rejected) out.push_back(json::object{{"page", page.page}, {"reason", page.code}});
  return json::serialize(out);
}

}  // namespace

PaperDesk::~PaperDesk() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  awake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PaperDesk::wake() {
  const std::lock_guard lock(mutex_);
  wanted_ = true;
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  awake_.notify_all();
}

void PaperDesk::work() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);   // Linux: of this thread alone
  std::unique_lock lock(mutex_);
  while (!closing_) {
    awake_.wait(lock, [this] { return wanted_ || closing_; });
    wanted_ = false;
    lock.unlock();
    (void)read_waiting();   // what failed stays unread and is tried again at the next call
    lock.lock();
  }
}

Result<void> PaperDesk::read_waiting() {
  TRY_ASSIGN(const auto next, house_.database.read_value([&](storage::Reader& reader) { return store::next_unread(reader, house_.now()); }));
  if (!next) return {};
  TRY_ASSIGN(auto reader, documents::TextReader::open());
  while (!closing_) {
    TRY_ASSIGN(const bool any, read_next(reader));
    if (!any) break;
  }
  return {};
}

Result<bool> PaperDesk::read_next(documents::TextReader& reader) {
  TRY_ASSIGN(const auto scan, house_.database.read_value([&](storage::Reader& r) { return store::next_unread(r, house_.now()); }));
  if (!scan) return false;
  TRY_ASSIGN(const bool mine, house_.database.write_value(reader_act, [&](storage::Transaction& tx) { return store::claim_scan(tx, scan->scan_id, house_.now(), house_.now() + claim); }));
  if (!mine) return true;
  auto content = content_of(house_, scan_path(house_, scan->scan_id));
  if (!content) {
    TRY(keep(*scan, content.failure()));
    return true;
  }
  const auto read = papers_.read(std::move(*content), reader, [&](int page, int pages) {
    const auto told = house_.database.write(reader_act, [&](storage::Transaction& tx) { return store::tell_progress(tx, scan->scan_id, page, pages, house_.now() + claim); });
    return told && !closing_;
  });
  if (closing_) {   // begun again at once when the program runs again
    TRY(house_.database.write(reader_act, [&](storage::Transaction& tx) { return store::tell_progress(tx, scan->scan_id, 0, 0, house_.now() - claim); }));
    return false;
  }
  TRY(keep(*scan, read));
  return true;
}

/// Papers with their pictures, and the scan's end, in one stroke; then the file goes.
Result<void> PaperDesk::keep(const store::ScanRow& scan, const Result<ReadScan>& read) {
  store::ScanRow ended = scan;
  std::vector<store::PaperRow> rows;
  std::vector<std::vector<crypto::Bytes>> pictures;
  if (read) {
    ended.pages = read->pages, ended.recognised = read->recognised, ended.rejected = to_json(read->rejected);
    for (const auto& paper : read->papers) {
      store::PaperRow row{crypto::random_id("ppr"), scan.scan_id, scan.area, static_cast<int>(rows.size()) + 1, paper.token.substr(0, 26), paper.form, paper.version, paper.copied,
                          store::PaperState::waiting, {}, crypto::random_id("dec"), scan.given_at, {}};
      TRY_ASSIGN(row.sealed, seal_paper(house_, row.paper_id, paper));
      std::vector<crypto::Bytes> of(paper.fields.size());
      for (std::size_t i = 0; i < of.size(); ++i) {
        const std::string& png = paper.fields[i].picture;
        if (png.empty()) continue;
        TRY_ASSIGN(of[i], house_.keys.seal(picture_context(row.paper_id, static_cast<int>(i)), std::span(reinterpret_cast<const std::uint8_t*>(png.data()), png.size())));
      }
      rows.push_back(std::move(row)), pictures.push_back(std::move(of));
    }
  } else {
    ended.failure = read.failure().code;
  }
  TRY(house_.database.write({"job:papers", "system", "declaring", "declarations.read_scan", scan.scan_id}, [&](storage::Transaction& tx) -> Result<void> {
    TRY_ASSIGN(const bool mine, store::end_scan(tx, ended, house_.now()));
    if (!mine) return {};
    for (std::size_t i = 0; i < rows.size(); ++i) TRY(store::add_paper(tx, rows[i], pictures[i]));
    tx.note({.object = scan.scan_id, .area = scan.area, .detail = R"({"papers":)" + std::to_string(rows.size()) + "}"});
    return {};
  }));
  ::unlink(scan_path(house_, scan.scan_id).c_str());
  return {};
}

}  // namespace motcua::declarations
