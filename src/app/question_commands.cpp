// Who is this? Whom may she have met? And how right are the answers?
#include <cstdio>
#include <filesystem>

#include "app/commands.hpp"
#include "app/evaluate.hpp"
#include "app/installation.hpp"
#include "app/output.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/i18n/format.hpp"

namespace motcua::app {
namespace {

using tracing::everywhere;

Failure wrong_argument(Failure failure, std::string argument) {
  failure.field = std::move(argument);
  return failure;
}

Result<tracing::CaseInput> to_case_input(const ConfirmArguments& a) {
  tracing::CaseInput input;
  if (a.person.empty() == a.record.empty()) return invalid("app.person_or_record", "--person, --record");
  input.person_id = a.person;
  if (!a.record.empty()) {
    const auto colon = a.record.find(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == a.record.size()) return invalid("app.record_form", "--record");
    input.record_source = a.record.substr(0, colon);
    input.record_id = a.record.substr(colon + 1);
  }
  auto sampled = parse_instant(a.sampled_at);
  if (!sampled) return wrong_argument(sampled.failure(), "--sampled-at");
  input.sampled_at = *sampled;
  if (!a.onset.empty()) {
    auto onset = parse_date(a.onset);
    if (!onset) return wrong_argument(onset.failure(), "--onset");
    if (!onset->full()) return invalid("app.whole_date_needed", "--onset");
    input.onset = Date{std::chrono::year{onset->year}, std::chrono::month(static_cast<unsigned>(onset->month)),
                       std::chrono::day(static_cast<unsigned>(onset->day))};
  }
  if (!a.isolated_at.empty()) {
    auto at = parse_instant(a.isolated_at);
    if (!at) return wrong_argument(at.failure(), "--isolated-at");
    input.isolated_at = *at;
  }
  return input;
}

Result<tracing::TraceRequest> to_trace_request(const TraceArguments& a) {
  tracing::TraceRequest request;
  request.case_id = a.case_id;
  request.depth = a.depth;
  request.policy = a.policy;
  request.direction = a.direction == "backward" ? tracing::Direction::backward : tracing::Direction::forward;
  if (!a.as_of.empty()) {
    auto at = parse_instant(a.as_of);
    if (!at) return wrong_argument(at.failure(), "--as-of");
    request.as_of = *at;
  }
  return request;
}

tracing::Say say_in(const std::string& lang) {
  return [lang](const std::string& key, const std::map<std::string, std::string>& values) {
    return texts().text(lang, key, values);
  };
}

void print_candidate(const identity::Identity::Candidate& c, const std::string& lang) {
  std::printf("%s  %s  %s  %s  %s\n", i18n::percent(lang, c.probability).c_str(), c.person.person_id.c_str(),
              c.person.full_name.reveal().c_str(), c.person.birth.c_str(), c.person.phone.reveal().c_str());
  for (const auto& [reason, bits] : c.reasons)
    std::printf("      %s  %s\n", i18n::signed_decimal(lang, bits, 1).c_str(), texts().text(lang, "identity.level." + reason).c_str());
}

std::string json_text(const std::string& text) {
  Summary one;
  one.add("t", text);
  const std::string object = one.to_json();          // {"t":"..."}
  return object.substr(5, object.size() - 6);
}

}  // namespace

int run_resolve(const Globals& globals, const ResolveArguments& a) {
  if (a.phone.empty() && a.id.empty() && a.name.empty() && a.birth.empty())
    return fail(invalid("app.nothing_asked", "--phone, --id, --name, --birth"), texts(), globals.lang, true);
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  auto found = (*opened)->rooms().identity->door().find_person((*opened)->act("identity.find_person"),
                                                               {a.phone, a.id, a.name, a.birth}, 10);
  if (!found) return fail(found.failure(), texts(), globals.lang, found.failure().kind == FailureKind::invalid);
  if (!globals.json) {
    for (const auto& candidate : *found) print_candidate(candidate, globals.lang);
    if (found->empty()) std::printf("%s\n", texts().text(globals.lang, "app.nobody_found").c_str());
    return exit_done;
  }
  std::string out = "{\"candidates\":[";
  for (std::size_t i = 0; i < found->size(); ++i) {
    const auto& c = (*found)[i];
    out += std::string(i ? "," : "") + "{\"person_id\":" + json_text(c.person.person_id) + ",\"full_name\":" +
           json_text(c.person.full_name.reveal()) + ",\"birth\":" + json_text(c.person.birth) + ",\"phone\":" +
           json_text(c.person.phone.reveal()) + ",\"probability\":" + std::to_string(c.probability) + ",\"reasons\":[";
    for (std::size_t k = 0; k < c.reasons.size(); ++k)
      out += std::string(k ? "," : "") + "{\"code\":" + json_text(c.reasons[k].first) + ",\"bits\":" +
             std::to_string(c.reasons[k].second) + "}";
    out += "]}";
  }
  std::printf("%s]}\n", out.c_str());
  return exit_done;
}

int run_confirm(const Globals& globals, const ConfirmArguments& arguments) {
  auto input = to_case_input(arguments);
  if (!input) return fail(input.failure(), texts(), globals.lang, true);
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  auto& home = **opened;
  auto& door = home.rooms().tracing->door();
  const auto asker = everywhere(home.act("tracing.confirm_case"), globals.lang);
  auto id = door.confirm_case(asker, *input);
  if (!id) return fail(id.failure(), texts(), globals.lang, id.failure().code == "tracing.time_unlikely");
  auto view = door.get_case(everywhere(home.act("tracing.view_case"), globals.lang), *id);
  if (!view) return fail(view.failure(), texts(), globals.lang);
  Summary summary;
  summary.add("case_id", *id).add("person_id", view->person_id).add("policy", view->policy).add("contacts", view->contacts).add("f1", view->f1);
  print(summary, globals.json, texts(), globals.lang);
  return exit_done;
}

int run_trace(const Globals& globals, const TraceArguments& arguments) {
  auto request = to_trace_request(arguments);
  if (!request) return fail(request.failure(), texts(), globals.lang, true);
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  auto& home = **opened;
  auto result = home.rooms().tracing->door().trace(everywhere(home.act("tracing.trace"), globals.lang), *request);
  if (!result)
    return fail(result.failure(), texts(), globals.lang, result.failure().kind == FailureKind::invalid);
  const auto say = say_in(globals.lang);
  const std::string out = arguments.format == "csv"    ? to_csv(*result, say)
                          : arguments.format == "json" ? to_json(*result, say)
                          : arguments.format == "dot"  ? to_dot(*result, say)
                                                       : to_table(*result, say);
  std::fwrite(out.data(), 1, out.size(), stdout);
  return exit_done;
}

namespace {

/// Opens the installation, writes the links to a file that is gone afterwards, hands both to `evaluate`, prints what it says.
template <class Evaluate>
int evaluate_with_links(const Globals& globals, Evaluate&& evaluate) {
  auto opened = Installation::open(globals);
  if (!opened) return fail(opened.failure(), texts(), globals.lang, opened.failure().kind == FailureKind::invalid);
  auto& home = **opened;
  const std::string file = globals.data_dir + "/links-" + crypto::random_id("tmp") + ".csv";
  auto written = home.rooms().identity->door().export_links(home.act("identity.export_links"), file);
  if (!written) return fail(written.failure(), texts(), globals.lang);
  auto evaluation = evaluate(home, file);
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  if (!evaluation) return fail(evaluation.failure(), texts(), globals.lang);
  std::printf("%s\n", (globals.json ? to_json(*evaluation) : to_table(*evaluation)).c_str());
  return exit_done;
}

}  // namespace

int run_evaluate_link(const Globals& globals, const std::string& truth) {
  return evaluate_with_links(globals, [&](Installation&, const std::string& links) { return evaluate_link(links, truth); });
}

int run_evaluate_trace(const Globals& globals, const std::string& truth) {
  return evaluate_with_links(globals, [&](Installation& home, const std::string& links) {
    const auto asker = everywhere(home.act("tracing.evaluate"), globals.lang);
    return evaluate_trace(home.rooms().tracing->door(), asker, {.links_file = links, .contacts_file = truth});
  });
}

}  // namespace motcua::app
