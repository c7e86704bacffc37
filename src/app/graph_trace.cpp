// motcua graph trace: who is reached; or what changes when the seeds' time is another.
#include <fmt/format.h>

#include <cstdio>

#include "app/graph_question.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"
#include "engines/contacts/difference.hpp"
#include "platform/intake/csv_writer.hpp"

namespace motcua::app {
namespace {

constexpr std::size_t pending_bytes = 1 << 20;

void flush(std::string& out) {
  std::fwrite(out.data(), 1, out.size(), stdout);
  out.clear();
}

std::string minutes_of(contacts::Time ms) { return fmt::format("{}", static_cast<double>(ms) / 60'000); }

/// One row of an answer, in words.
struct Row {
  std::string_view person, via;
  int level = 0;
  std::string at, minutes;
};

void append_csv(std::string& out, const Row& row) {
  intake::append_csv_plain(out, row.person);
  out += "," + std::to_string(row.level) + "," + row.at + "," + row.minutes + ",";
  intake::append_csv_plain(out, row.via);
  out += "\n";
}

void append_json(std::string& out, const Row& row, bool first) {
  out += first ? "\n" : ",\n";
  append_json_string(out += "  {\"person\":", row.person);
  out += ",\"level\":" + std::to_string(row.level) + ",\"at\":\"" + row.at + "\",\"minutes\":" + row.minutes + ",\"via\":";
  append_json_string(out, row.via);
  out += "}";
}

void append_dot(std::string& out, const Row& row) {
  append_json_string(out += "  ", row.via);
  append_json_string(out += " -> ", row.person);
  out += " [label=\"F" + std::to_string(row.level) + " " + row.at + ", " + row.minutes + " min\"];\n";
}

Result<void> print_answer(const GraphAsked& asked, const GraphQuestionArguments& a, const contacts::ReachAnswer& answer) {
  std::vector<std::uint32_t> numbers;
  for (const contacts::ReachedPerson& r : answer.reached) numbers.insert(numbers.end(), {r.person, r.via});
  TRY_ASSIGN(const Names names, Names::of(asked.graph().persons(), std::move(numbers)));
  std::string out;
  if (a.format == "csv") out = "person,level,at,minutes,via\n";
  if (a.format == "json") out = fmt::format("{{\"direction\":\"{}\",\"partial\":{},\"contacts\":[", a.direction, answer.partial);
  if (a.format == "dot") out = "digraph trace {\n  rankdir=LR;\n";
  for (std::size_t i = 0; a.format == "dot" && i < a.seeds.size(); ++i) {
    append_json_string(out += "  ", a.seeds[i]);
    out += " [shape=doublecircle];\n";
  }
  bool first = true;
  for (const contacts::ReachedPerson& r : answer.reached) {
    const Row row{names[r.person], names[r.via], r.level, to_iso(from_millis(r.at)), minutes_of(r.overlap_total_ms)};
    if (a.format == "csv") append_csv(out, row);
    else if (a.format == "json") append_json(out, row, first);
    else append_dot(out, row);
    first = false;
    if (out.size() > pending_bytes) flush(out);
  }
  if (a.format == "json") out += "\n]}\n";
  if (a.format == "dot") out += "}\n";
  flush(out);
  return {};
}

struct Side { std::string level, at, minutes; std::string_view via; };
Side to_side(const std::optional<contacts::Standing>& s, const Names& names) {
  if (!s) return {};
  return {std::to_string(s->level), to_iso(from_millis(s->at)), minutes_of(s->overlap_total_ms), names[s->via]};
}

const char* word_of(const contacts::Change& c) { return !c.before ? "added" : !c.after ? "removed" : "changed"; }

void append_side(std::string& out, const Side& s) {
  out += "{\"level\":" + s.level + ",\"at\":\"" + s.at + "\",\"minutes\":" + s.minutes + ",\"via\":";
  append_json_string(out, s.via);
  out += "}";
}

Result<void> print_difference(const GraphAsked& asked, const std::string& format, const contacts::Difference& d) {
  std::vector<std::uint32_t> numbers;
  for (const contacts::Change& c : d.changes) {
    numbers.push_back(c.person);
    for (const auto& side : {c.before, c.after})
      if (side) numbers.push_back(side->via);
  }
  TRY_ASSIGN(const Names names, Names::of(asked.graph().persons(), std::move(numbers)));
  const bool json = format == "json";
  std::string out = json ? fmt::format("{{\"partial\":{},\"second_run\":{},\"contacts_seen\":{},\"changes\":[", d.partial, d.second_run, d.contacts_seen)
                         : "person,change,level_before,at_before,minutes_before,via_before,level,at,minutes,via\n";
  for (const contacts::Change& c : d.changes) {
    const Side before = to_side(c.before, names), after = to_side(c.after, names);
    if (json) {
      append_json_string(out += &c == &d.changes.front() ? "\n  {\"person\":" : ",\n  {\"person\":", names[c.person]);
      out += std::string(",\"change\":\"") + word_of(c) + "\"";
      if (c.before) append_side(out += ",\"before\":", before);
      if (c.after) append_side(out += ",\"after\":", after);
      out += "}";
    } else {
      intake::append_csv_plain(out, names[c.person]);
      out += std::string(",") + word_of(c);
      for (const Side& s : {before, after}) intake::append_csv_plain(out += "," + s.level + "," + s.at + "," + s.minutes + ",", s.via);
      out += "\n";
    }
    if (out.size() > pending_bytes) flush(out);
  }
  if (json) out += "\n]}\n";
  flush(out);
  return {};
}

/// The answer with the time that was given, against the one with the other.
Result<bool> print_against(const GraphAsked& asked, const GraphQuestionArguments& a) {
  contacts::Question q = asked.traced();
  std::vector<contacts::Seed> moved = q.seeds;
  for (contacts::Seed& seed : moved) {
    if (!a.against_from.empty()) {
      TRY_ASSIGN(seed.window.from, to_time(a.against_from, "--against-from"));
    }
    if (!a.against_to.empty()) {
      TRY_ASSIGN(seed.window.to, to_time(a.against_to, "--against-to"));
    }
    if (seed.window.from > seed.window.to) return invalid("app.from_after_to", "--against-from");
  }
  contacts::GraphSource source = asked.source();
  TRY_ASSIGN(const contacts::Answer before, contacts::trace(source, q));
  TRY_ASSIGN(const contacts::Difference d, contacts::difference(source, q, before, moved));
  TRY(print_difference(asked, a.format, d));
  return d.partial;
}

Result<bool> answer(GraphAsked& asked, const GraphQuestionArguments& a) {
  if (!a.against_from.empty() || !a.against_to.empty()) return print_against(asked, a);
  if (a.chains && a.format != "dot") return print_chains(asked, a.format, a.direction);
  const contacts::ReachAnswer found = contacts::Reach(asked.graph()).ask(asked.question());
  TRY(print_answer(asked, a, found));
  return found.partial;
}

}  // namespace

int run_graph_trace(const Globals& globals, const GraphQuestionArguments& a) {
  const auto failed = [&](const Failure& f) { return fail(f, texts(), globals.lang, f.kind == FailureKind::invalid); };
  auto asked = GraphAsked::open(a);
  if (!asked) return failed(asked.failure());
  const auto partial = answer(**asked, a);
  if (!partial) return failed(partial.failure());
  return warn_of_lacks(globals, (*asked)->graph(), *partial);
}

}  // namespace motcua::app
