// Evaluations as a table for people and as JSON for programs.
#include <cstdio>

#include "app/evaluate.hpp"
#include "base/json_text.hpp"

namespace motcua::app {
namespace {

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", value);
  return text;
}

std::string column(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string name_column(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%", share * 100);
  return text;
}

std::string pair_row(const std::string& name, const PairScore& s) {
  return name_column(name, 32) + column(std::to_string(s.true_pairs), 12) + column(std::to_string(s.linked_pairs), 12) + column(percent(s.precision()), 12) +
         column(percent(s.recall()), 12) + column(decimal(s.f1()).substr(0, 6), 9) + "\n";
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts) append_json_string(out.size() > 1 ? out += ',' : out, text);
  return out += ']';
}

std::string json_score(const PairScore& s) {
  return "\"true_pairs\":" + std::to_string(s.true_pairs) + ",\"linked_pairs\":" + std::to_string(s.linked_pairs) + ",\"right_pairs\":" +
         std::to_string(s.right_pairs) + ",\"precision\":" + decimal(s.precision()) + ",\"recall\":" + decimal(s.recall()) + ",\"f1\":" + decimal(s.f1());
}

}  // namespace

std::string to_table(const LinkEvaluation& e) {
  std::string out = name_column("sources", 32) + column("true pairs", 12) + column("linked", 12) + column("precision", 12) + column("recall", 12) + column("F1", 9) + "\n";
  for (const auto& c : e.by_sources) out += pair_row(c.left_source + " - " + c.right_source, c.score);
  out += pair_row("all", e.all);
  for (const auto& d : e.by_difficulty) out += pair_row(d.difficulty + " (" + std::to_string(d.persons) + " persons)", d.score);
  out += "false merges " + percent(e.false_merge_share) + " of linked pairs; records " + std::to_string(e.records) + ", on one side only " + std::to_string(e.unknown_records) + "\n";
  return out;
}

std::string to_json(const LinkEvaluation& e) {
  std::string out = "{\"records\":" + std::to_string(e.records) + ",\"unknown_records\":" + std::to_string(e.unknown_records) + "," + json_score(e.all) +
                    ",\"false_merge_share\":" + decimal(e.false_merge_share) + ",\"confusions\":[";
  for (std::size_t i = 0; i < e.by_sources.size(); ++i) {
    const auto& c = e.by_sources[i];
    append_json_string(out += (i ? ",{\"left\":" : "{\"left\":"), c.left_source);
    append_json_string(out += ",\"right\":", c.right_source);
    out += "," + json_score(c.score) + ",\"merged_wrongly\":" + json_list(c.merged_wrongly) + ",\"missed\":" + json_list(c.missed) + "}";
  }
  out += "],\"difficulties\":{";
  for (std::size_t i = 0; i < e.by_difficulty.size(); ++i) {
    const auto& d = e.by_difficulty[i];
    append_json_string(i ? out += ',' : out, d.difficulty);
    out += ":{\"persons\":" + std::to_string(d.persons) + "," + json_score(d.score) + "}";
  }
  return out += "}}";
}

std::string to_table(const TraceEvaluation& e) {
  std::string out = name_column("class", 8) + column("true", 12) + column("listed", 12) + column("precision", 12) + column("recall", 12) + "\n";
  for (const auto& [name, c] : e.by_class)
    out += name_column(name, 8) + column(std::to_string(c.true_contacts), 12) + column(std::to_string(c.listed), 12) + column(percent(c.precision()), 12) + column(percent(c.recall()), 12) + "\n";
  out += "cases " + std::to_string(e.cases) + (e.cases_unknown ? ", not in the truth " + std::to_string(e.cases_unknown) : "") + (e.partial ? "; a trace was cut short" : "") + "\n";
  return out;
}

std::string to_json(const TraceEvaluation& e) {
  auto all = e.by_class.find("all");
  auto total = all == e.by_class.end() ? TraceEvaluation::Class{} : all->second;
  std::string out = "{\"cases\":" + std::to_string(e.cases) + ",\"cases_unknown\":" + std::to_string(e.cases_unknown) + ",\"partial\":" + (e.partial ? "true" : "false") +
                    ",\"precision\":" + decimal(total.precision()) + ",\"recall\":" + decimal(total.recall()) + ",\"classes\":{";
  bool first = true;
  for (const auto& [name, c] : e.by_class) {
    append_json_string(first ? out : out += ',', name);
    first = false;
    out += ":{\"true_contacts\":" + std::to_string(c.true_contacts) + ",\"listed\":" + std::to_string(c.listed) + ",\"right\":" + std::to_string(c.right) +
           ",\"precision\":" + decimal(c.precision()) + ",\"recall\":" + decimal(c.recall()) + "}";
  }
  return out += "},\"missed\":" + json_list(e.missed) + ",\"listed_wrongly\":" + json_list(e.listed_wrongly) + "}";
}

}  // namespace motcua::app
