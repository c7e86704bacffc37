#include "app/evaluate.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.hpp"

namespace motcua::app {
namespace {

std::string write(const tests::TempDir& dir, const std::string& name, const std::string& text) {
  std::ofstream(dir.file(name)) << text;
  return dir.file(name);
}

// Truth: An has a1 b1 c1, Bình has a2 b2, Chi has a3. Said: {a1 b1}, {c1 a2}, {b2}, {a3}.
constexpr const char* truth_rows = "source,record_id,person\na,1,An\nb,1,An\nc,1,An\na,2,Binh\nb,2,Binh\na,3,Chi\nb,9,Nobody\n";
constexpr const char* link_rows = "source,record_id,person_id,probability,decided_by\na,1,p1,0.9,auto\nb,1,p1,0.9,auto\nc,1,p2,0.9,auto\na,2,p2,0.9,auto\n"
                                  "b,2,p3,1,auto\na,3,p4,1,auto\n";

TEST(EvaluateLink, countsPairs) {
  tests::TempDir dir;
  auto e = evaluate_link(write(dir, "links.csv", link_rows), write(dir, "persons.csv", truth_rows));
  ASSERT_TRUE(e.ok()) << e.failure().code;
  EXPECT_EQ(e->records, 6);
  EXPECT_EQ(e->unknown_records, 1);
  EXPECT_EQ(e->all.true_pairs, 4);      // a1b1 a1c1 b1c1 a2b2
  EXPECT_EQ(e->all.linked_pairs, 2);    // a1b1 c1a2
  EXPECT_EQ(e->all.right_pairs, 1);
  EXPECT_DOUBLE_EQ(e->false_merge_share, 0.5);
  EXPECT_DOUBLE_EQ(e->all.f1(), 2 * 0.5 * 0.25 / 0.75);
}

TEST(EvaluateLink, namesTheConfusionsBySource) {
  tests::TempDir dir;
  auto e = evaluate_link(write(dir, "links.csv", link_rows), write(dir, "persons.csv", truth_rows));
  ASSERT_TRUE(e.ok());
  std::map<std::string, std::string> seen;
  for (const auto& c : e->by_sources)
    for (const auto& pair : c.merged_wrongly) seen[c.left_source + c.right_source + " wrong"] += pair + ";";
  for (const auto& c : e->by_sources)
    for (const auto& pair : c.missed) seen[c.left_source + c.right_source + " missed"] += pair + ";";
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"ac wrong", "a:2 c:1;"}, {"ac missed", "a:1 c:1;"}, {"bc missed", "b:1 c:1;"}, {"ab missed", "a:2 b:2;"}}));
}

TEST(EvaluateLink, perfectAndBad) {
  tests::TempDir dir;
  auto truth = write(dir, "persons.csv", truth_rows);
  auto same = evaluate_link(write(dir, "l.csv", "source,record_id,person_id\na,1,x\nb,1,x\nc,1,x\na,2,y\nb,2,y\na,3,z\nb,9,w\n"), truth);
  EXPECT_DOUBLE_EQ(same->all.f1(), 1);
  EXPECT_DOUBLE_EQ(same->false_merge_share, 0);
  EXPECT_EQ(evaluate_link(write(dir, "x.csv", "source,record\na,1\n"), truth).failure().code, "evaluate.column_missing");
  EXPECT_EQ(evaluate_link(dir.file("absent.csv"), truth).failure().code, "intake.file_unreadable");
}

/// Answers one case with a list of contacts; the rest is not asked.
class ScriptedTracing : public tracing::Tracing {
 public:
  tracing::CaseView view;
  std::vector<std::pair<int, std::string>> listed;   // level, person

  Result<tracing::CasePage> list_cases(const tracing::Asker&, const tracing::CaseFilter& filter) override {
    tracing::CasePage page{.total = 1};
    if (filter.page == 1) page.rows.push_back(view);
    return page;
  }
  Result<tracing::CaseView> get_case(const tracing::Asker&, const std::string&) override { return view; }
  Result<tracing::TraceResult> trace(const tracing::Asker&, const tracing::TraceRequest& request) override {
    tracing::TraceResult result;
    result.case_id = request.case_id;
    result.policy = {.distance_m = 2, .minutes_min = 0, .infectious_days_before_onset = 3, .days_before_sample = 14};
    for (const auto& [level, person] : listed) result.contacts.push_back({.level = level, .person_id = person});
    return result;
  }
  Result<std::string> confirm_case(const tracing::Asker&, const tracing::CaseInput&) override { return not_found("x"); }
  Result<void> amend_case(const tracing::Asker&, const std::string&, int, const tracing::CaseChange&) override { return not_found("x"); }
  Result<void> close_case(const tracing::Asker&, const std::string&, int) override { return not_found("x"); }
  Result<tracing::RetraceSummary> retrace(const Act&, const std::string&) override { return not_found("x"); }
  Result<tracing::ContactPage> list_contacts(const tracing::Asker&, const tracing::ContactFilter&) override { return not_found("x"); }
  Result<tracing::ContactView> get_contact(const tracing::Asker&, const std::string&) override { return not_found("x"); }
  Result<tracing::Chain> get_chain(const tracing::Asker&, const tracing::ChainRequest&) override { return not_found("x"); }
  Result<std::vector<tracing::TimelineEvent>> list_timeline(const tracing::Asker&, const std::string&, int) override { return not_found("x"); }
  Result<std::string> export_contacts(const tracing::Asker&, const tracing::ContactFilter&) override { return not_found("x"); }
  Result<tracing::TaskPage> list_tasks(const tracing::Asker&, const tracing::TaskFilter&) override { return not_found("x"); }
  Result<tracing::TaskView> get_task(const tracing::Asker&, const std::string&) override { return not_found("x"); }
  Result<void> assign_task(const tracing::Asker&, const std::string&, int, const std::string&) override { return not_found("x"); }
  Result<tracing::Given> assign_tasks(const tracing::Asker&, const tracing::TaskChoice&, const std::string&) override { return not_found("x"); }
  Result<std::vector<tracing::Workload>> list_colleagues(const tracing::Asker&, std::span<const std::string>) override { return not_found("x"); }
  Result<std::int64_t> count_tasks_of(const std::string&, std::int64_t) override { return not_found("x"); }
  Result<std::vector<tracing::Count>> count_tasks_by_ward(const tracing::Asker&) override { return not_found("x"); }
  Result<void> record_call(const tracing::Asker&, const std::string&, int, const tracing::CallInput&) override { return not_found("x"); }
  Result<void> record_isolation(const tracing::Asker&, const std::string&, Instant) override { return not_found("x"); }
  Result<tracing::PersonConsent> get_consent(const tracing::Asker&, const std::string&) override { return not_found("x"); }
  Result<void> set_consent(const tracing::Asker&, const std::string&, const std::string&, bool) override { return not_found("x"); }
  Result<tracing::Comparison> compare(const tracing::Asker&, const tracing::CompareRequest&) override { return not_found("x"); }
  Result<tracing::Places> list_places(const tracing::Asker&, const std::string&) override { return not_found("x"); }
  Result<tracing::Sources> list_sources(const tracing::Asker&, const std::string&) override { return not_found("x"); }
  Result<std::vector<tracing::LinkedCase>> list_linked_cases(const tracing::Asker&, const std::string&) override { return not_found("x"); }
  Result<tracing::Bridges> list_bridges(const tracing::Asker&, const std::string&, const std::string&) override { return not_found("x"); }
  Result<std::vector<tracing::CaseLink>> list_cases_of_person(const tracing::Asker&, const std::string&) override { return not_found("x"); }
  Result<std::vector<tracing::CaseLink>> cases_of(storage::Reader&, std::span<const std::string>) override { return not_found("x"); }
  Result<tracing::ProximitySummary> resolve_sightings(const Act&) override { return not_found("x"); }
  Result<void> tell_stays(storage::Transaction&, std::span<const tracing::Stay>) override { return not_found("x"); }
  Result<bool> withdraw_stay(storage::Transaction&, const tracing::Stay&) override { return not_found("x"); }
  Result<std::optional<tracing::Stay>> find_stay(storage::Reader&, const std::string&, const std::string&) override { return not_found("x"); }
  Result<std::vector<tracing::Stay>> stays_of(storage::Reader&, std::span<const std::string>, Instant, Instant) override { return not_found("x"); }
  Result<std::int64_t> count_stays(storage::Reader&, const std::string&, const std::string&, Instant, Instant) override { return not_found("x"); }
  Result<void> name_place(storage::Transaction&, const tracing::Place&) override { return not_found("x"); }
  const std::vector<tracing::Policy>& policies() const override { return none_; }

 private:
  std::vector<tracing::Policy> none_;
};

//      8 Nov            9 Nov                10 Nov
//  K --- A (8:00-9:00)
//  K --- B 3 m apart
//        A ---- C (8:30-8:40)   counts: A arrived at 8:00
//        A ---- D (7:00-7:30)   before A was infected
//  K -------------------------------- E (10 Nov 9:00), after K's isolation at 8:00
//        C ----------- F (9 Nov)   third layer
constexpr const char* contacts = "a,b,start,minutes,kind,distance_m\n"
                                 "K,A,2021-11-08T08:00:00+07:00,60,work,\n"
                                 "K,B,2021-11-08T08:00:00+07:00,60,encounter,3.00\n"
                                 "A,C,2021-11-08T08:30:00+07:00,10,venue,\n"
                                 "A,D,2021-11-08T07:00:00+07:00,30,venue,\n"
                                 "K,E,2021-11-10T09:00:00+07:00,30,venue,\n"
                                 "C,F,2021-11-09T09:00:00+07:00,30,venue,\n";

TEST(EvaluateTrace, recomputesTheContactsByThePolicy) {
  tests::TempDir dir;
  std::string persons = "source,record_id,person\n", links = "source,record_id,person_id\n";
  for (const char* p : {"K", "A", "B", "C", "D", "E", "F"}) persons += std::string("r,") + p + "," + p + "\n", links += std::string("r,") + p + ",per_" + p + "\n";
  write(dir, "persons.csv", persons);
  ScriptedTracing tracing;
  tracing.view.case_id = "cas_1";
  tracing.view.person_id = "per_K";
  tracing.view.sampled_at = *parse_instant("2021-11-10T08:00:00+07:00");
  tracing.view.isolated_at = tracing.view.sampled_at;
  tracing.view.onset = vietnam_date(tracing.view.sampled_at);
  TraceQuestion question{.links_file = write(dir, "links.csv", links), .contacts_file = write(dir, "contacts.csv", contacts)};
  auto asker = tracing::everywhere({"cli:test", "operator", "test", "test.evaluate", ""});

  tracing.listed = {{1, "per_A"}, {2, "per_C"}};
  auto right = evaluate_trace(tracing, asker, question);
  ASSERT_TRUE(right.ok()) << right.failure().code << right.failure().field;
  EXPECT_EQ(right->by_class["all"].true_contacts, 2);
  EXPECT_DOUBLE_EQ(right->by_class["all"].precision(), 1);
  EXPECT_DOUBLE_EQ(right->by_class["all"].recall(), 1);

  tracing.listed = {{1, "per_A"}, {1, "per_C"}, {2, "per_D"}};
  auto wrong = evaluate_trace(tracing, asker, question);
  EXPECT_EQ(wrong->by_class["F1"].right, 1);
  EXPECT_EQ(wrong->by_class["F1"].listed, 2);
  EXPECT_EQ(wrong->by_class["F2"].right, 0);
  EXPECT_EQ(wrong->by_class["all"].right, 2);
  EXPECT_EQ(wrong->listed_wrongly, (std::vector<std::string>{"F2 cas_1 per_D"}));

  tracing.listed = {};
  question.depth = 3;
  auto missed = evaluate_trace(tracing, asker, question);
  EXPECT_EQ(missed->missed, (std::vector<std::string>{"F1 cas_1 A", "F2 cas_1 C", "F3 cas_1 F"}));

  tracing.view.onset = vietnam_date(*parse_instant("2021-11-13T08:00:00+07:00"));   // infectious from 10 November: too late for A
  EXPECT_TRUE(evaluate_trace(tracing, asker, question)->missed.empty());
}

}  // namespace
}  // namespace motcua::app
