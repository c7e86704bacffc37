#pragma once
// What a tracer asks of a case beside its list: what was known then, what would be if, which places, from whom, which people link two cases. Each is
// answered when asked and stores nothing; every person shown is on record as a look. Part of the door (tracing.hpp).
#include "rooms/tracing/model.hpp"

namespace motcua::tracing {

inline constexpr int onset_days_max = 7;              // so far may the first symptoms be moved for a question
inline constexpr int places_max = 100;                // of one answer, those of most contacts
inline constexpr int candidates_max = 100;            // for the missing source, best first
inline constexpr int bridges_max = 200;               // people who link two cases
inline constexpr int linked_cases_max = 50;

/// A case asked twice. As of: what was known at `as_of` (docs/formats.md, `--as-of`) beside what is known now. Otherwise what if: what is known now
/// beside what it would be had the symptoms begun `onset_days` later than they did (the sampling day, when there were none).
struct CompareRequest {
  std::string case_id;
  std::optional<Instant> as_of;
  int onset_days = 0;                                 // at most onset_days_max either way
  std::string change;                                 // "added", "gone", "reclassified", "same"; empty: all
  int page = 1, page_size = 50;
};
enum class Change { reclassified, added, gone, same };
std::string_view to_text(Change change);
struct ComparedContact {
  Change change = Change::same;
  int level_before = 0, level_after = 0;              // 0: no contact
  std::string contact_id;                             // empty: not on the list of today
  TraceContact contact;                               // as after; of those who are gone, as before
};
struct Comparison {
  std::string case_id, case_person_id;
  std::optional<Date> onset;                          // what if: the day asked about
  Instant infectious_from{};                          // after
  std::optional<Instant> infectious_to;
  std::vector<ComparedContact> rows;                  // of the page: reclassified, added, gone, same; by class, then minutes
  std::vector<Count> by_change;                       // all four, in that order
  std::int64_t total = 0;                             // of those the request shows
  bool partial = false;
};

/// Where the last step of the strongest path to each contact took place. Every contact counts once, so that shares add up to one. Steps without a
/// place (encounters, what apps heard) stand under their kind.
struct PlaceShare {
  std::string place_code, place_name, kind;
  std::int64_t contacts = 0, f1 = 0;
  double share = 0;
  Instant first_at{}, last_at{};
};
struct Places { std::string case_id; std::vector<PlaceShare> rows; std::int64_t contacts = 0, left_out = 0; bool partial = false; };

/// Somebody from whom the case may have it: reached backward over at most two contacts before the symptoms. Ranked: a confirmed case first, then who
/// was nearer (level), then who is a contact of more other cases, then the stronger path.
struct SourceCandidate {
  TraceContact contact;                               // path: from the candidate to the case
  std::string case_id;                                // her own case, if she is one
  std::optional<Date> onset;
  std::optional<Instant> sampled_at;
  std::int64_t other_cases = 0;                       // whose contact she is, as F1, of those the asker may see
  double strength = 0;                                // 0..1, of the whole path
};
struct Sources { std::string case_id; std::vector<SourceCandidate> rows; std::int64_t left_out = 0; bool partial = false; };

/// A case that shares contacts with this one.
struct LinkedCase { CaseSummary summary; std::int64_t shared = 0; };
/// A person on the stored lists of both cases: a chain of contacts leads from each of the two to her. Ranked by the sum of the two levels (the fewest
/// contacts between the two cases), then by minutes.
struct Bridge { ContactRow here, there; };
struct Bridges {
  CaseSummary here, there;
  int here_is = 0, there_is = 0;                      // class of one case's person on the other's list; 0: not on it
  std::vector<Bridge> rows;
  std::int64_t total = 0;
};

}  // namespace motcua::tracing
