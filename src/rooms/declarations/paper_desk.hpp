#pragma once
// Paper at the desk: scans are given, read beside the server by one thread, and confirmed form by form by a person. Nothing enters before that, and
// what was read and its pictures are gone after it. Inner header of the room.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>

#include "rooms/declarations/declaring.hpp"
#include "rooms/declarations/paper_forms.hpp"
#include "rooms/declarations/papers.hpp"
#include "rooms/declarations/store_papers.hpp"

namespace motcua::declarations {

inline constexpr std::size_t scan_bytes_max = 50'000'000;    // of an upload, as documents::ScanLimits
inline constexpr int scans_unread_max = 100;                 // of the installation: an hour's work of the reading thread
inline constexpr int papers_waiting_max = 2'000;             // likewise: a day's work of two clerks; then no more is taken
inline constexpr std::chrono::days papers_kept{7};           // that nobody decided, and the bare fact that one was decided
inline constexpr std::chrono::days paper_age_max{14};        // a paper that was filled earlier says nothing of today

struct ScanView {
  store::ScanRow row;
  std::vector<RejectedPage> rejected;
  store::ScanCounts papers;
};
struct OpenPaper {
  store::PaperRow row;                                       // `sealed` is empty
  const PaperForms::Known* known = nullptr;
  std::vector<ReadPaperField> fields;                        // without pictures; empty once decided
  std::vector<bool> has_picture;                             // of each
  std::vector<int> missing;
  bool number_known = false;                                 // scanned twice, or a photocopy: of this scan or an earlier one
};

class PaperDesk {
 public:
  PaperDesk(House& house, residents::Residents& residents, const Declaring& declaring, Papers& papers)
      : house_(house), residents_(residents), declaring_(declaring), papers_(papers) {}
  ~PaperDesk();

  /// Takes the upload at `path` (as the http slice spools it); it waits to be read (wake). Its id. `area`: the giver's. Failure declarations.papers_full (unavailable).
  Result<std::string> give(const Act& act, const std::string& area, const std::string& path);
  /// Wakes the reading thread; the first call begins it.
  void wake();
  /// Reads what waits, in this thread, until nothing does or the desk closes.
  Result<void> read_waiting();

  /// Those of the areas ("vn" or empty: everywhere), newest first.
  Result<std::vector<ScanView>> list_scans(const std::vector<std::string>& areas) const;
  /// Oldest first.
  Result<std::vector<store::PaperRow>> list_waiting(const std::vector<std::string>& areas) const;
  /// On record. Failure declarations.no_such_paper.
  Result<OpenPaper> open(const Act& act, const std::vector<std::string>& areas, const std::string& paper_id) const;
  /// PNG.
  Result<std::string> picture(const std::vector<std::string>& areas, const std::string& paper_id, int field) const;

  /// All or nothing: the person is received, the declaration stands under the paper's number, what was read goes. Once confirmed, again changes nothing. Failures name
  /// the field by its key on paper: those of receive, of check_answers, declarations.paper_too_old, paper_from_tomorrow (paper.told_on), declarations.paper_decided (conflict: rejected).
  Result<void> confirm(const Act& act, const std::vector<std::string>& areas, const std::string& paper_id, const PaperValues& values) const;
  /// `reason` is a key of paper_reasons. Failures declarations.reason_needed (reason), declarations.paper_decided (conflict).
  Result<void> reject(const Act& act, const std::vector<std::string>& areas, const std::string& paper_id, const std::string& reason) const;

  Result<std::int64_t> purge(storage::Reader& reader, storage::Transaction* tx, Instant now) const { return store::purge_papers(reader, tx, now - papers_kept); }

 private:
  bool may_see(const std::vector<std::string>& areas, const std::string& area) const;
  Result<store::PaperRow> get(const std::vector<std::string>& areas, const std::string& paper_id) const;
  Result<bool> read_next(documents::TextReader& reader);
  Result<void> keep(const store::ScanRow& scan, const Result<ReadScan>& read);
  void work();

  House& house_;
  residents::Residents& residents_;
  const Declaring& declaring_;
  Papers& papers_;
  std::mutex mutex_;
  std::condition_variable awake_;
  bool wanted_ = false;
  std::atomic<bool> closing_ = false;
  std::thread thread_;
};

/// Why a paper is not taken: "empty", "unreadable", "twice", "other_person", "incomplete"; text key "declarations.paper_reason_<name>".
std::span<const std::string_view> paper_reasons();

}  // namespace motcua::declarations
