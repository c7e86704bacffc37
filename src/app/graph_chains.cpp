// motcua graph trace --chains: who is reached, and by which chains: the earliest one and the strongest one.
#include <fmt/format.h>

#include <cstdio>

#include "app/graph_question.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"
#include "platform/intake/csv_writer.hpp"

namespace motcua::app {
namespace {

constexpr std::size_t pending_bytes = 1 << 20;

struct Ids { Names persons, places; };

Result<Ids> ids_of(const GraphAsked& asked, const contacts::Answer& answer) {
  std::vector<std::uint32_t> persons, places;
  for (const contacts::Reached& r : answer.reached) persons.insert(persons.end(), {r.person, r.via});
  for (const contacts::Answer::Link& link : answer.links) {
    persons.insert(persons.end(), {link.step.from, link.step.to});
    if (link.step.place != contacts::no_place) places.push_back(link.step.place);
  }
  TRY_ASSIGN(Names persons_named, Names::of(asked.graph().persons(), std::move(persons)));
  TRY_ASSIGN(Names places_named, Names::of(asked.graph().places(), std::move(places)));
  return Ids{std::move(persons_named), std::move(places_named)};
}

std::string minutes_of(contacts::Time ms) { return fmt::format("{}", static_cast<double>(ms) / 60'000); }

/// `A>B>C` from the seed on; a `>` or `\` of an id with a `\` in front.
std::string in_one_field(const std::vector<contacts::Step>& chain, const Names& persons) {
  std::string out;
  const auto add = [&](std::string_view id) {
    for (const char c : id) {
      if (c == '>' || c == '\\') out += '\\';
      out += c;
    }
  };
  for (const contacts::Step& step : chain) {
    if (&step == &chain.front()) add(persons[step.from]);
    out += '>';
    add(persons[step.to]);
  }
  return out;
}

void append_steps(std::string& out, const std::vector<contacts::Step>& chain, const Ids& ids) {
  out += "[";
  for (const contacts::Step& step : chain) {
    append_json_string(out += &step == &chain.front() ? "{\"from\":" : ",{\"from\":", ids.persons[step.from]);
    append_json_string(out += ",\"to\":", ids.persons[step.to]);
    out += fmt::format(",\"begin\":\"{}\",\"end\":\"{}\",\"kind\":\"{}\"", to_iso(from_millis(step.overlap.from)), to_iso(from_millis(step.overlap.to)), contacts::to_text(step.kind));
    if (step.place != contacts::no_place) append_json_string(out += ",\"place\":", ids.places[step.place]);
    if (step.distance_m >= 0) out += fmt::format(",\"distance_m\":{:.2f}", step.distance_m);
    out += fmt::format(",\"strength\":{:.4f}}}", step.strength);
  }
  out += "]";
}

void append_csv(std::string& out, const contacts::Answer& answer, const contacts::Reached& r, const Ids& ids) {
  intake::append_csv_plain(out, ids.persons[r.person]);
  out += fmt::format(",{},{},{},", r.level, to_iso(from_millis(r.at)), minutes_of(r.overlap_total_ms));
  intake::append_csv_plain(out, ids.persons[r.via]);
  intake::append_csv_plain(out += fmt::format(",{:.4f},", r.strength), in_one_field(answer.chain(r.earliest), ids.persons));
  intake::append_csv_plain(out += ",", in_one_field(answer.chain(r.strongest), ids.persons));
  out += "\n";
}

void append_json(std::string& out, const contacts::Answer& answer, const contacts::Reached& r, const Ids& ids) {
  append_json_string(out += &r == &answer.reached.front() ? "\n  {\"person\":" : ",\n  {\"person\":", ids.persons[r.person]);
  out += fmt::format(",\"level\":{},\"at\":\"{}\",\"minutes\":{},\"via\":", r.level, to_iso(from_millis(r.at)), minutes_of(r.overlap_total_ms));
  append_json_string(out, ids.persons[r.via]);
  out += fmt::format(",\"strength\":{:.4f},\"earliest\":", r.strength);
  append_steps(out, answer.chain(r.earliest), ids);
  append_steps(out += ",\"strongest\":", answer.chain(r.strongest), ids);
  out += "}";
}

}  // namespace

Result<bool> print_chains(const GraphAsked& asked, const std::string& format, const std::string& direction) {
  contacts::GraphSource source = asked.source();
  TRY_ASSIGN(const contacts::Answer answer, contacts::trace(source, asked.traced()));
  TRY_ASSIGN(const Ids ids, ids_of(asked, answer));
  const bool json = format == "json";
  std::string out = json ? fmt::format("{{\"direction\":\"{}\",\"partial\":{},\"contacts\":[", direction, answer.partial)
                         : "person,level,at,minutes,via,strength,earliest,strongest\n";
  for (const contacts::Reached& r : answer.reached) {
    if (json) append_json(out, answer, r, ids);
    else append_csv(out, answer, r, ids);
    if (out.size() < pending_bytes) continue;
    std::fwrite(out.data(), 1, out.size(), stdout);
    out.clear();
  }
  if (json) out += "\n]}\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
  return answer.partial;
}

}  // namespace motcua::app
