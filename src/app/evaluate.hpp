#pragma once
// How right are the links and the traces? Compared with the truth that `motcua simulate` wrote, or any file of its form.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "rooms/tracing/tracing.hpp"

namespace motcua::app {

/// Counted over pairs of records: a pair is right when both sides say "same person".
struct PairScore {
  std::int64_t true_pairs = 0, linked_pairs = 0, right_pairs = 0;
  double precision() const { return linked_pairs ? double(right_pairs) / double(linked_pairs) : 1; }
  double recall() const { return true_pairs ? double(right_pairs) / double(true_pairs) : 1; }
  double f1() const;
};

struct LinkConfusion {
  std::string left_source, right_source;        // "ncovi" "residents", left <= right
  PairScore score;
  std::vector<std::string> merged_wrongly;      // "vhd:12 residents:0791..." at most link_examples_max
  std::vector<std::string> missed;
};

/// Pairs with a record of a person who is hard to tell from others (truth/difficulties.csv).
struct DifficultyScore {
  std::string difficulty;                       // "twin"
  std::int64_t persons = 0;
  PairScore score;
};

struct LinkEvaluation {
  std::int64_t records = 0;                     // in the export and in the truth
  std::int64_t unknown_records = 0;             // in one of them only
  PairScore all;
  double false_merge_share = 0;                 // wrong linked pairs of all linked pairs
  std::vector<LinkConfusion> by_sources;
  std::vector<DifficultyScore> by_difficulty;   // empty when the truth names none
};

/// `export_file` as `link export` writes it, `truth_file` as truth/persons.csv. Both CSV `source,record_id,...`. difficulties.csv beside
/// the truth file is read when it is there.
Result<LinkEvaluation> evaluate_link(const std::string& export_file, const std::string& truth_file);

/// The same for traces: for each case, the contacts the truth implies against those the installation lists.
struct TraceEvaluation {
  struct Class {
    std::int64_t true_contacts = 0, listed = 0, right = 0;
    double precision() const { return listed ? double(right) / double(listed) : 1; }
    double recall() const { return true_contacts ? double(right) / double(true_contacts) : 1; }
  };
  std::int64_t cases = 0, cases_unknown = 0;    // unknown: the case's person is not in the truth
  bool partial = false;                         // a trace stopped at a budget
  std::map<std::string, Class> by_class;        // "F1", "F2": the very class; "all": in the list at all
  std::vector<std::string> missed, listed_wrongly;  // "F1 case_id p0000123", "F2 case_id per_..."; at most trace_examples_max
};

struct TraceQuestion {
  std::string links_file;                       // as `link export` writes it
  std::string contacts_file;                    // truth/contacts.csv; persons.csv lies beside it
  std::string case_id = {};                     // empty: all of them
  int depth = 2;
};
/// Recomputes each case's contacts from the truth by docs/formats.md sections 4 and 6, in a way of its own (no engine, no room), with the
/// case's window, the policy's numbers and the isolation of the cases, and compares. Failures: evaluate.*, and the room's.
Result<TraceEvaluation> evaluate_trace(tracing::Tracing& tracing, const tracing::Asker& asker, const TraceQuestion& question);

inline constexpr int link_examples_max = 20;
inline constexpr int trace_examples_max = 50;

std::string to_table(const LinkEvaluation& e);
std::string to_json(const LinkEvaluation& e);
std::string to_table(const TraceEvaluation& e);
std::string to_json(const TraceEvaluation& e);

}  // namespace motcua::app
