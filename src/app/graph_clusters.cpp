// motcua graph places, bridges and origins: what stands behind an answer, and around clusters of cases. A row of each is a list of named values.
#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "app/graph_question.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"
#include "platform/intake/csv_writer.hpp"

namespace motcua::app {
namespace {

/// A value that JSON writes in quotes, or a number.
struct Value { std::string text; bool quoted = false; };
using Row = std::vector<Value>;

/// CSV with a header, or JSON: `head` members, then `name` with the rows.
void print_rows(const std::string& format, const std::string& head, const char* name, const std::vector<const char*>& columns, const std::vector<Row>& rows) {
  std::string out;
  const bool json = format == "json";
  if (json) out = "{" + head + ",\"" + name + "\":[";
  for (std::size_t i = 0; !json && i < columns.size(); ++i) out += (i > 0 ? "," : "") + std::string(columns[i]);
  for (const Row& row : rows) {
    if (json) out += &row == &rows.front() ? "\n  {" : ",\n  {";
    else out += "\n";
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ",";
      if (json) out += "\"" + std::string(columns[i]) + "\":";
      if (!json) intake::append_csv_plain(out, row[i].text);
      else if (row[i].quoted) append_json_string(out, row[i].text);
      else out += row[i].text;
    }
    if (json) out += "}";
  }
  out += json ? "\n]}\n" : "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
}

Value number(std::uint64_t n) { return {std::to_string(n)}; }
Value number(int n) { return {std::to_string(n)}; }
Value moment(contacts::Time at) { return {to_iso(from_millis(at)), true}; }
std::string partial_member(bool partial) { return std::string("\"partial\":") + (partial ? "true" : "false"); }

template <class Rows>
Result<Names> names_of(const GraphAsked& asked, const Rows& rows) {
  std::vector<std::uint32_t> numbers;
  for (const auto& row : rows) numbers.push_back(row.person);
  return Names::of(asked.graph().persons(), std::move(numbers));
}

Result<bool> print_places(GraphAsked& asked, const GraphQuestionArguments& a) {
  contacts::GraphSource source = asked.source();
  TRY_ASSIGN(const contacts::Answer answer, contacts::trace(source, asked.traced()));
  std::vector<std::uint32_t> numbers;
  for (const contacts::PlaceShare& p : answer.places)
    if (p.place != contacts::no_place) numbers.push_back(p.place);
  TRY_ASSIGN(const Names names, Names::of(asked.graph().places(), std::move(numbers)));
  std::vector<Row> rows;
  for (const contacts::PlaceShare& p : answer.places) {
    const bool outside = p.place == contacts::no_place;
    rows.push_back({{outside ? "" : std::string(names[p.place]), true}, {outside ? "" : std::string(contacts::to_text(p.kind)), true}, number(std::uint64_t{p.persons}),
                    number(std::uint64_t{p.contacts}), {fmt::format("{}", static_cast<double>(p.overlap_total_ms) / 60'000)}});
  }
  print_rows(a.format, partial_member(answer.partial) + ",\"persons\":" + std::to_string(answer.reached.size()), "places", {"place", "kind", "persons", "contacts", "minutes"}, rows);
  return answer.partial;
}

Result<bool> print_bridges(GraphAsked& asked, const GraphQuestionArguments& a) {
  contacts::Rules rules;
  rules.latent_ms = asked.question().latent_ms;
  rules.overlap_min_ms = asked.question().overlap_min_ms;
  TRY_ASSIGN(const contacts::Bridges found, contacts::find_bridges(asked.question().seeds, asked.others(), rules, asked.one_by_one()));
  TRY_ASSIGN(const Names names, names_of(asked, found.bridges));
  std::vector<Row> rows;
  for (const contacts::Bridge& b : found.bridges)
    rows.push_back({{std::string(names[b.person]), true}, number(std::uint64_t{b.pairs}), number(std::uint64_t{b.from_a}), number(std::uint64_t{b.from_b}), number(b.level_a), number(b.level_b), moment(b.first_at)});
  print_rows(a.format, partial_member(found.partial) + ",\"linked_pairs\":" + std::to_string(found.linked), "bridges",
             {"person", "pairs", "seeds", "others", "level_from_seeds", "level_from_others", "first_at"}, rows);
  return found.partial;
}

Result<bool> print_origins(GraphAsked& asked, const GraphQuestionArguments& a) {
  TRY_ASSIGN(const contacts::Origins found, contacts::find_origins(asked.question().seeds, asked.one_by_one()));
  TRY_ASSIGN(const Names names, names_of(asked, found.origins));
  std::vector<Row> rows;
  for (const contacts::Origin& o : found.origins)
    rows.push_back({{std::string(names[o.person]), true}, number(std::uint64_t{o.cases}), number(std::uint64_t{o.direct}), number(o.level_sum), moment(o.at), {o.is_case ? "true" : "false"}});
  print_rows(a.format, partial_member(found.partial), "origins", {"person", "cases", "direct", "level_sum", "at", "is_case"}, rows);
  return found.partial;
}

int run(const Globals& globals, const GraphQuestionArguments& a, Result<bool> (*print)(GraphAsked&, const GraphQuestionArguments&)) {
  const auto failed = [&](const Failure& f) { return fail(f, texts(), globals.lang, f.kind == FailureKind::invalid); };
  auto asked = GraphAsked::open(a);
  if (!asked) return failed(asked.failure());
  const auto partial = print(**asked, a);
  if (!partial) return failed(partial.failure());
  return warn_of_lacks(globals, (*asked)->graph(), *partial);
}

}  // namespace

int run_graph_places(const Globals& globals, const GraphQuestionArguments& a) { return run(globals, a, print_places); }
int run_graph_bridges(const Globals& globals, const GraphQuestionArguments& a) { return run(globals, a, print_bridges); }
int run_graph_origins(const Globals& globals, const GraphQuestionArguments& a) { return run(globals, a, print_origins); }

}  // namespace motcua::app
