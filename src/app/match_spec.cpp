#include "app/match_spec.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

#include "platform/toml/toml.hpp"

namespace motcua::app {
namespace {

using linkage::MatchSpec;

Result<void> read_input(const toml::Table& root, std::size_t files, MatchPlan& plan) {
  TRY_ASSIGN(const toml::Table input, root.table("input"));
  TRY(input.only({"id", "mode", "one_to_one"}));
  TRY_ASSIGN(plan.id_column, input.text("id"));
  if (plan.id_column.empty()) return input.failure("toml.out_of_bounds", "id");
  std::string mode = files == 2 ? "link" : "dedupe";
  if (input.has("mode")) {
    TRY_ASSIGN(mode, input.text("mode"));
  }
  if (mode != "dedupe" && mode != "link") return input.failure("toml.out_of_bounds", "mode");
  if ((mode == "link") != (files == 2)) return invalid("app.match_files", {}, {{"mode", mode}, {"wanted", mode == "link" ? "2" : "1"}});
  plan.spec.mode = mode == "link" ? MatchSpec::Mode::link : MatchSpec::Mode::dedupe;
  if (input.has("one_to_one")) {
    TRY_ASSIGN(plan.spec.one_to_one, input.boolean("one_to_one"));
  }
  return {};
}

Result<linkage::MatchField> read_field(const toml::Table& table) {
  TRY(table.only({"name", "kind", "column", "locale", "term_frequency"}));
  linkage::MatchField field;
  TRY_ASSIGN(field.name, table.text("name"));
  if (field.name.empty()) return table.failure("toml.out_of_bounds", "name");
  TRY_ASSIGN(const std::string kind, table.text("kind"));
  TRY_ASSIGN(field.kind, linkage::parse_field_kind(kind));
  if (table.has("locale")) {
    TRY_ASSIGN(const std::string locale, table.text("locale"));
    if (locale != "vi") return invalid("app.match_locale", field.name, {{"field", field.name}, {"locale", locale}});
    field.vietnamese = true;
  }
  if (table.has("term_frequency")) {
    TRY_ASSIGN(field.term_frequency, table.boolean("term_frequency"));
  }
  return field;
}

Result<void> read_fields(const toml::Table& root, MatchPlan& plan) {
  TRY_ASSIGN(const auto tables, root.tables("field"));
  for (const toml::Table& table : tables) {
    TRY_ASSIGN(linkage::MatchField field, read_field(table));
    std::string column = field.name;
    if (table.has("column")) {
      TRY_ASSIGN(column, table.text("column"));
    }
    if (column == plan.id_column) return invalid("app.match_id_compared", column, {{"column", column}});
    plan.spec.fields.push_back(std::move(field));
    plan.columns.push_back(std::move(column));
  }
  return {};
}

Result<void> read_blocks(const toml::Table& root, MatchPlan& plan) {
  TRY_ASSIGN(const auto tables, root.tables("block"));
  for (const toml::Table& table : tables) {
    TRY(table.only({"on"}));
    TRY_ASSIGN(auto on, table.texts("on"));
    if (on.empty()) return table.failure("toml.out_of_bounds", "on");
    plan.spec.blocks.push_back(std::move(on));
  }
  return {};
}

Result<void> read_decision(const toml::Table& root, linkage::Options& options) {
  if (!root.has("decision")) return {};
  TRY_ASSIGN(const toml::Table decision, root.table("decision"));
  TRY(decision.only({"link_probability", "review_probability"}));
  if (decision.has("link_probability")) {
    TRY_ASSIGN(options.link_probability, decision.real("link_probability", 0, 1));
    options.review_probability = std::min(options.review_probability, options.link_probability);
  }
  if (decision.has("review_probability")) {
    TRY_ASSIGN(options.review_probability, decision.real("review_probability", 0, 1));
  }
  return {};
}

}  // namespace

Result<MatchPlan> parse_match_spec(const std::string& text, const std::string& file, std::size_t files) {
  TRY_ASSIGN(const toml::Table root, toml::parse(text, file));
  TRY(root.only({"input", "field", "block", "decision"}));
  MatchPlan plan;
  TRY(read_input(root, files, plan));
  TRY(read_fields(root, plan));
  TRY(read_blocks(root, plan));
  TRY(read_decision(root, plan.spec.options));
  TRY(linkage::check_spec(plan.spec));
  return plan;
}

Result<MatchPlan> read_match_spec(const std::string& file, std::size_t files) {
  std::ifstream in(file, std::ios::binary);
  std::string text(match_spec_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.eof()) return invalid("app.match_spec_unreadable", "--spec", {{"limit", std::to_string(match_spec_bytes_max)}});
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse_match_spec(text, file, files);
}

}  // namespace motcua::app
