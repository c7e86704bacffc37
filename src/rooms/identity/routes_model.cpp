// The model in the open: what agreement in a field says, which names tell most, what is expected at every threshold, and how the machine's
// probabilities compare with what reviewers decided. Numbers about everybody and nobody; drawn on the server.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

#include "platform/auth/access.hpp"
#include "platform/i18n/format.hpp"
#include "rooms/identity/routes.hpp"

namespace motcua::identity {
namespace {
namespace json = boost::json;
using http::Request;
using http::Response;

const std::vector<std::string> roles = {"reviewer", "tracing_supervisor"};   // not the administrator: identity is no room of hers
constexpr auto purpose = "identity-review";
http::Access for_model() { return http::Access::roles(roles, purpose); }

// ---- drawings: x and y from 0 to 1 into a box with room for its labels

constexpr double box_left = 34, box_top = 10, box_width = 276, box_height = 150;

std::string at(double value) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}
std::string point(double x, double y) { return at(box_left + x * box_width) + "," + at(box_top + (1 - y) * box_height); }

/// Labels along an axis.
json::array ticks(const Request& request, double low, double high, bool across) {
  json::array out;
  for (int i = 0; i <= 4; ++i) {
    const double share = i / 4.0;
    out.push_back(json::object{{"x", at(across ? box_left + share * box_width : box_left - 4)}, {"y", at(across ? box_top + box_height + 14 : box_top + (1 - share) * box_height + 3)},
                               {"label", i18n::percent(request.lang, low + share * (high - low), 0)}});
  }
  return out;
}

json::object frame(const Request& request, double low) {
  return {{"left", at(box_left)}, {"right", at(box_left + box_width)}, {"top", at(box_top)}, {"bottom", at(box_top + box_height)},
          {"across", ticks(request, 0, 1, true)}, {"up", ticks(request, low, 1, false)}};
}

// ---- the page

json::array show_fields(const Site& site, const Request& request, const ModelView& model) {
  constexpr double drawing_width = 200;   // of a row of bars, in its own units
  double most = 1, least = 0;
  for (const auto& field : model.fields)
    for (const auto& level : field.levels) most = std::max(most, level.bits), least = std::min(least, level.bits);
  const double scale = drawing_width / (most - least), axis = -least * scale;
  json::array fields;
  for (const auto& field : model.fields) {
    json::array levels;
    for (const auto& level : field.levels) {
      const double length = std::max(2.0, std::abs(level.bits) * scale);
      levels.push_back(json::object{{"level", site.text(request, "identity.level." + level.code)}, {"m", i18n::percent(request.lang, level.m, 2)},
                                    {"u", i18n::percent(request.lang, level.u, 4)}, {"bits", i18n::signed_decimal(request.lang, level.bits, 1)},
                                    {"good", level.bits >= 0}, {"width", at(length)}, {"x", at(level.bits >= 0 ? axis : std::max(0.0, axis - length))}});
    }
    fields.push_back(json::object{{"field", site.text(request, "identity.field_" + field.field)}, {"levels", std::move(levels)}});
  }
  return fields;
}

json::array show_values(const Request& request, const std::vector<ModelValue>& values) {
  json::array out;
  for (const auto& value : values)
    out.push_back(json::object{{"value", value.value}, {"records", i18n::number(value.records)}, {"share", i18n::percent(request.lang, value.share, 2)},
                               {"bits", i18n::decimal(request.lang, value.bits, 1)}});
  return out;
}

json::object show_curve(const Site& site, const Request& request, const ModelView& model) {
  double low = 1;
  for (const auto& point_of : model.curve) low = std::min({low, point_of.precision, point_of.recall});
  low = std::max(0.0, std::floor(low * 10) / 10 - (low > 0.95 ? 0.05 : 0));
  const auto up = [&](double share) { return (share - low) / (1 - low); };
  std::string precision, recall;
  json::array rows;
  for (const auto& p : model.curve) {
    precision += point(p.threshold, up(p.precision)) + " ";
    recall += point(p.threshold, up(p.recall)) + " ";
    const bool chosen = p.threshold == model.link_probability, review = p.threshold == model.review_probability;
    rows.push_back(json::object{{"threshold", i18n::percent(request.lang, p.threshold, p.threshold > 0.99 ? 1 : 0)}, {"precision", i18n::percent(request.lang, p.precision, 2)},
                                {"recall", i18n::percent(request.lang, p.recall, 2)}, {"pairs", i18n::number(std::llround(p.pairs))},
                                {"note", chosen ? site.text(request, "identity.model_joins_here") : review ? site.text(request, "identity.model_asks_here") : std::string()}});
  }
  json::object out = frame(request, low);
  out["precision"] = precision;
  out["recall"] = recall;
  out["chosen"] = at(box_left + model.link_probability * box_width);
  out["review"] = at(box_left + model.review_probability * box_width);
  out["rows"] = std::move(rows);
  return out;
}

json::object show_calibration(const Request& request, const ModelView& model) {
  json::array rows, dots;
  for (const auto& bin : model.calibration) {
    const double same = bin.decided ? static_cast<double>(bin.same) / static_cast<double>(bin.decided) : 0;
    const bool enough = bin.decided >= calibration_decisions_min;
    rows.push_back(json::object{{"said", i18n::percent(request.lang, bin.from, 0) + "–" + i18n::percent(request.lang, bin.to, 0)},
                                {"mean", bin.decided ? i18n::percent(request.lang, bin.said, 1) : ""}, {"decided", i18n::number(bin.decided)},
                                {"enough", enough}, {"same", enough ? i18n::percent(request.lang, same, 1) : ""}});
    if (enough) dots.push_back(json::object{{"x", at(box_left + bin.said * box_width)}, {"y", at(box_top + (1 - same) * box_height)}});
  }
  json::object out = frame(request, 0);
  out["rows"] = std::move(rows);
  out["any"] = !dots.empty();
  out["dots"] = std::move(dots);
  return out;
}

Result<Response> model_page(const Site& site, const Request& request) {
  TRY_ASSIGN(const auto model, site.identity->view_model());
  json::object context{{"learned", model.learned}, {"records", i18n::number(model.records)},
                       {"one_in", i18n::number(std::llround(1 / std::max(model.prior, 1e-12)))}, {"threshold", i18n::percent(request.lang, model.link_probability, 0)},
                       {"review", i18n::percent(request.lang, model.review_probability, 0)}, {"fields", show_fields(site, request, model)},
                       {"any_curve", !model.curve.empty()}, {"curve", show_curve(site, request, model)}, {"calibration", show_calibration(request, model)},
                       {"decided", i18n::number(model.decided)}, {"hidden_below", std::to_string(model_value_records_min)},
                       {"bin_min", std::to_string(calibration_decisions_min)}};
  for (const auto& p : model.curve)
    if (p.threshold == model.link_probability)
      context["precision"] = i18n::percent(request.lang, p.precision, 2), context["recall"] = i18n::percent(request.lang, p.recall, 2);
  json::array parts;
  for (const auto& part : model.frequencies)
    parts.push_back(json::object{{"title", site.text(request, "identity.model_" + part.part)}, {"any", !part.commonest.empty()},
                                 {"commonest", show_values(request, part.commonest)}, {"telling", show_values(request, part.most_telling)}});
  context["parts"] = std::move(parts);
  return site.page(request, "identity/model", std::move(context), {.title = site.text(request, "identity.model_title"), .active = "identity.nav_model"});
}

// ---- the same for programs

json::array values_json(const std::vector<ModelValue>& values) {
  json::array out;
  for (const auto& v : values) out.push_back(json::object{{"value", v.value}, {"records", v.records}, {"share", v.share}, {"bits", v.bits}});
  return out;
}

Result<Response> model_json(const Site& site) {
  TRY_ASSIGN(const auto model, site.identity->view_model());
  json::array fields, curve, calibration;
  json::object frequencies;
  for (const auto& field : model.fields) {
    json::array levels;
    for (const auto& l : field.levels) levels.push_back(json::object{{"level", l.code}, {"m", l.m}, {"u", l.u}, {"bits", l.bits}});
    fields.push_back(json::object{{"field", field.field}, {"levels", std::move(levels)}});
  }
  for (const auto& p : model.curve)
    curve.push_back(json::object{{"threshold", p.threshold}, {"expected_precision", p.precision}, {"expected_recall", p.recall}, {"pairs", p.pairs}});
  for (const auto& b : model.calibration) {
    json::object bin{{"from", b.from}, {"to", b.to}, {"decided", b.decided}, {"mean_probability", b.said}, {"same_person", nullptr}};
    if (b.decided >= calibration_decisions_min) bin["same_person"] = b.same;
    calibration.push_back(std::move(bin));
  }
  for (const auto& part : model.frequencies)
    frequencies[part.part] = json::object{{"records", part.total}, {"commonest", values_json(part.commonest)}, {"most_telling", values_json(part.most_telling)}};
  return Response::json(json::serialize(json::object{
      {"learned", model.learned}, {"records", model.records}, {"prior", model.prior}, {"link_probability", model.link_probability},
      {"review_probability", model.review_probability}, {"fields", std::move(fields)}, {"frequencies", std::move(frequencies)}, {"curve", std::move(curve)},
      {"reviewed_pairs", model.decided}, {"calibration", std::move(calibration)}}));
}

}  // namespace

void add_model_routes(http::Router& router, const Site& site) {
  site.house->pages.add_navigation({"identity.nav_model", "/linkage-model", roles, 45});
  router.add({.path = "/linkage-model", .access = for_model(), .handler = [site](const Request& r) { return model_page(site, r); }, .summary = "The linkage model"});
  router.add({.path = "/api/v1/linkage/model", .access = for_model(), .handler = [site](const Request&) { return model_json(site); },
              .summary = "The linkage model: m, u and weights, name frequencies, expected precision and recall, calibration"});
}

}  // namespace motcua::identity
