#include "rooms/tracing/present.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <set>

namespace motcua::tracing {
namespace {

std::string to_number(double minutes) {
  if (minutes == std::floor(minutes)) return std::to_string(static_cast<std::int64_t>(minutes));
  std::string text = std::to_string(std::round(minutes * 100) / 100);
  while (text.back() == '0') text.pop_back();
  return text;
}

constexpr int crowd_worth_saying = 50;

std::string reason_key(const Step& s) {
  const std::string base = "tracing.reason." + s.kind;
  if (s.kind == "vehicle" || s.kind == "flight") return s.from_seat.empty() || s.to_seat.empty() ? base : base + "_seat";
  if (s.kind == "encounter") return s.distance_m ? base + "_distance" : base;
  if (s.kind == "venue" && s.crowd >= crowd_worth_saying) return base + "_crowd";
  // Told as an encounter of a kind that is usually a place: there is no place to name.
  if (s.place_code.empty() && s.kind != "proximity" && s.kind != "declared") return base + "_unplaced";
  return base;
}

std::string class_of(int level) { return "F" + std::to_string(level); }

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : ";") + p;
  return out;
}

std::string iso_date(Date d) { return to_iso(vietnam_midnight(d)).substr(0, 10); }

boost::json::object to_json_object(const Policy& p) {
  boost::json::object o{{"name", p.name}, {"from", iso_date(p.from)}, {"to", nullptr}, {"citation", p.citation},
                        {"latent_minutes", p.latent_minutes}, {"distance_m", p.distance_m}, {"minutes_min", p.minutes_min},
                        {"minutes_min_masked", p.minutes_min_masked}, {"infectious_days_before_onset", p.infectious_days_before_onset},
                        {"days_before_sample", p.days_before_sample}};
  if (p.to) o["to"] = iso_date(*p.to);
  return o;
}

boost::json::object to_json_object(const Step& s, int level, const Say& say) {
  boost::json::object o{{"from_person_id", s.from_person}, {"to_person_id", s.to_person}, {"start", to_iso(s.start)}, {"end", to_iso(s.end)}, {"kind", s.kind}};
  if (!s.place_code.empty()) o["place_code"] = s.place_code;
  if (!s.place_name.empty()) o["place_name"] = s.place_name;
  if (!s.from_seat.empty()) o["from_seat"] = s.from_seat;
  if (!s.to_seat.empty()) o["to_seat"] = s.to_seat;
  if (s.distance_m) o["distance_m"] = *s.distance_m;
  else o["distance_m"] = nullptr;
  o["strength"] = s.strength;
  o["sentence"] = level > 0 ? say_sentence(say, to_sentence(s, level)) : std::string();
  return o;
}

boost::json::object to_json_object(const TraceContact& c, const Say& say) {
  boost::json::array evidence(c.evidence.begin(), c.evidence.end());
  boost::json::array path;
  int level = 0;
  for (const Step& s : c.path) path.push_back(to_json_object(s, ++level, say));
  return {{"class", class_of(c.level)}, {"person_id", c.person_id}, {"full_name", c.full_name.reveal()}, {"phone", c.phone.reveal()},
          {"ward_code", c.ward_code}, {"via_person_id", c.via_person_id}, {"first_contact_at", to_iso(c.first_contact_at)},
          {"last_contact_at", to_iso(c.last_contact_at)}, {"exposed_at", to_iso(c.exposed_at)}, {"minutes", c.minutes}, {"evidence", std::move(evidence)},
          {"reason", say_sentence(say, c.reason)}, {"path", std::move(path)}};
}

std::string dot_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

Sentence to_sentence(const Step& s, int level) {
  Sentence sentence;
  sentence.key = reason_key(s);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(s.end - s.start).count();
  sentence.values["minutes"] = std::to_string(std::max<std::int64_t>(1, minutes));
  sentence.values["via"] = "F" + std::to_string(level - 1);
  sentence.values["at"] = to_iso(s.start).substr(0, 16);
  if (!s.place_code.empty()) sentence.values["place"] = s.place_name.empty() ? s.place_code : s.place_name;
  if (!s.to_seat.empty()) sentence.values["seat"] = s.to_seat;
  if (!s.from_seat.empty()) sentence.values["via_seat"] = s.from_seat;
  if (s.distance_m) sentence.values["distance"] = to_number(std::round(*s.distance_m * 10) / 10);
  if (s.crowd >= crowd_worth_saying) sentence.values["crowd"] = std::to_string(s.crowd);
  return sentence;
}

std::string say_sentence(const Say& say, const Sentence& sentence) {
  auto values = sentence.values;
  if (const auto minutes = values.find("minutes"); minutes != values.end()) {
    const long n = std::atol(minutes->second.c_str());
    constexpr long hours_from = 180;         // below, minutes read better
    constexpr long days_from = 2 * 1440;
    if (n >= days_from) values["duration"] = say("tracing.duration_days", {{"n", std::to_string((n + 720) / 1440)}});
    else if (n >= hours_from) values["duration"] = say("tracing.duration_hours", {{"n", std::to_string((n + 30) / 60)}});
    else values["duration"] = say("tracing.duration_minutes", {{"n", minutes->second}});
  }
  if (const auto at = values.find("at"); at != values.end() && at->second.size() >= 16) {
    const std::string& t = at->second;       // 2021-07-20T08:00
    at->second = t.substr(11, 5) + " " + t.substr(8, 2) + "/" + t.substr(5, 2) + "/" + t.substr(0, 4);
  }
  return say(sentence.key, values);
}

std::string csv_field(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) out = "'";
  out += text;
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string to_csv(const TraceResult& trace, const Say& say) {
  std::string out = "class,person_id,full_name,phone,ward_code,via_person_id,first_contact_at,last_contact_at,minutes,evidence,reason\r\n";
  for (const TraceContact& c : trace.contacts) {
    for (const std::string& field : {class_of(c.level), c.person_id, c.full_name.reveal()}) out += csv_field(field) + ",";
    out += c.phone.reveal() + ",";      // "+84...": a program reads this file; the desk's export is the one for spreadsheets
    for (const std::string& field : {c.ward_code, c.via_person_id, to_iso(c.first_contact_at), to_iso(c.last_contact_at), to_number(c.minutes), joined(c.evidence)})
      out += csv_field(field) + ",";
    out += csv_field(say_sentence(say, c.reason)) + "\r\n";
  }
  return out;
}

std::string to_json(const TraceResult& trace, const Say& say) {
  boost::json::array contacts;
  contacts.reserve(trace.contacts.size());
  for (const TraceContact& c : trace.contacts) contacts.push_back(to_json_object(c, say));
  boost::json::object o{{"case_id", trace.case_id}, {"case_person_id", trace.case_person_id}, {"policy", to_json_object(trace.policy)}, {"depth", trace.depth},
                        {"direction", trace.direction == Direction::forward ? "forward" : "backward"}, {"as_of", nullptr}, {"partial", trace.partial},
                        {"contacts", std::move(contacts)}};
  if (trace.as_of) o["as_of"] = to_iso(*trace.as_of);
  return boost::json::serialize(o) + "\n";
}

std::string to_dot(const TraceResult& trace, const Say& say) {
  std::string out = "digraph trace {\n  rankdir=LR;\n  node [shape=box];\n  " + dot_string(trace.case_person_id) + " [label=\"F0\"];\n";
  for (const TraceContact& c : trace.contacts) {
    const std::string label = class_of(c.level) + (c.full_name.reveal().empty() ? "" : " " + c.full_name.reveal());
    out += "  " + dot_string(c.person_id) + " [label=" + dot_string(label) + "];\n";
  }
  std::set<std::string> edges;
  for (const TraceContact& c : trace.contacts) {
    const Step& s = c.path.back();
    const auto& [from, to] = trace.direction == Direction::forward ? std::tie(s.from_person, s.to_person) : std::tie(s.to_person, s.from_person);
    edges.insert("  " + dot_string(from) + " -> " + dot_string(to) + " [label=" + dot_string(s.kind) + ", tooltip=" + dot_string(say_sentence(say, c.reason)) + "];\n");
  }
  for (const std::string& e : edges) out += e;
  return out + "}\n";
}

std::string to_table(const TraceResult& trace, const Say& say) {
  std::string out;
  for (const TraceContact& c : trace.contacts)
    out += class_of(c.level) + "  " + c.full_name.reveal() + "  " + c.phone.reveal() + "  " + c.ward_code + "  " + to_number(c.minutes) + "  " +
           say_sentence(say, c.reason) + "\n";
  return out;
}

}  // namespace motcua::tracing
