// A resident declares a ride at the door, and the list of a case who sat in the same coach names her: the rooms together, by their doors and routes.
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <regex>

#include "platform/http/router.hpp"
#include "rooms/residents/residents.hpp"
#include "tests/support/tracing_house.hpp"

namespace motcua::tracing {
namespace {

class DeclaredRide : public tests::DatabaseTest {
 protected:
  void SetUp() override {
    DatabaseTest::SetUp();
    home_ = std::make_unique<tests::PlatformHouse>(database(), dir().str());
    home_->now = at("2021-08-10T09:00:00+07:00");
    identity_ = identity::make_identity(home_->house);
    residents_ = ok(residents::make_residents(home_->house, identity_->door()));
    declarations_ = ok(declarations::make_declarations(home_->house, identity_->door(), residents_->door()));
    tracing_ = ok(make_tracing(home_->house, identity_->door(), declarations_->door()));
    identity_->add_handlers(home_->bus);
    tracing_->add_handlers(home_->bus);
    declarations_->add_routes(router_);
    ok(database().write(tests::test_act(), [](storage::Transaction& tx) -> Result<void> {
      TRY(tx.execute("INSERT INTO units_version (code, valid_from, valid_to, name, level, parent_code) VALUES ('79', '', '', 'Thành phố Hồ Chí Minh', 'province', ''), "
                     "('764', '', '', 'Quận Gò Vấp', 'district', '79'), ('26881', '', '', 'Phường 17', 'ward', '764')", {}));
      return {};
    }));
    ok(home_->units.refresh());
  }
  void import(std::vector<intake::Kind> kinds, const std::string& kind, const std::string& csv) {
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const intake::Kind& k) { return k.name == kind; });
    intake::ImportOptions options;
    options.source = kind, options.now = [this] { return home_->now; };
    EXPECT_EQ(ok(intake::import_source(database(), tests::test_act("import"), *found, options, *intake::text_source(csv), dir().str())).rejected, 0) << csv;
  }
  void link() {
    ok(identity_->door().link(tests::test_act("identity.link"), {}));
    ok(home_->bus.drain());
  }
  /// Somebody who came in by a phone and said who they are; the person's handle.
  std::string come_in(const std::string& phone, const std::string& name) {
    const residents::Origin origin{"10.0.0.1", "req_test", "Phone", "vi"};
    const auto arrived = ok(residents_->door().arrive(origin, phone));
    std::smatch digits;
    const std::string message = home_->fetch_messages().at(0);
    EXPECT_TRUE(std::regex_search(message, digits, std::regex("(^|[^0-9])([0-9]{6})([^0-9]|$)", std::regex::multiline)));
    request_.cookies["motcua-resident"] = ok(residents_->door().enter(origin, arrived.token.reveal(), digits[2].str(), false)).token.reveal();
    ok(residents_->door().identify()(request_, nullptr));
    return ok(residents_->door().add_person(origin, *request_.resident, {{.full_name = name, .birth = "1991-05-06", .sex = "female"}, residents::Relation::self})).handle;
  }
  http::Response declare(const std::string& person, const boost::json::object& answers) {
    request_.method = http::Method::post;
    request_.path = "/api/v1/me/people/" + person + "/declarations";
    request_.body = boost::json::serialize(boost::json::object{{"form", "domestic"}, {"answers", answers}});
    const auto match = router_.match(request_.method, request_.path);
    request_.path_params = match.parameters;
    return ok(match.route->handler(request_));
  }
  /// "Trần Thị Mai F1; ..."
  std::string listed(const std::string& case_id) {
    ContactFilter filter;
    filter.case_id = case_id;
    std::string out;
    for (const auto& c : ok(tracing_->door().list_contacts(everywhere(tests::test_act("tracing.list_contacts"), "vi"), filter)).rows)
      out += c.full_name.reveal() + " F" + std::to_string(c.level) + "; ";
    return out;
  }

  std::unique_ptr<tests::PlatformHouse> home_;
  std::unique_ptr<identity::IdentityRoom> identity_;
  std::unique_ptr<residents::ResidentsRoom> residents_;
  std::unique_ptr<declarations::DeclarationsRoom> declarations_;
  std::unique_ptr<TracingRoom> tracing_;
  http::Router router_;
  http::Request request_;
};
INSTANTIATE_TEST_SUITE_P(Engines, DeclaredRide, tests::both_engines(), tests::engine_name);

TEST_P(DeclaredRide, IsKnownToAnOpenCaseAtOnce) {
  import(identity_->kinds(), "residents", "id_number,full_name,birth_date,sex,phone\n079090000001,An Văn Một,1990-01-01,Nam,0938000001\n");
  import(tracing_->kinds(), "visits", "visit_id,person,place_code,kind,seat,from,to\nV1,id:079090000001,50H-123.45,vehicle,12,2021-08-08 07:30,2021-08-08 11:00\n");
  const std::string person = come_in("0938000204", "Trần Thị Mai");
  link();
  CaseInput input{.record_source = "residents", .record_id = "079090000001", .sampled_at = at("2021-08-09T08:00:00+07:00")};
  const std::string case_id = ok(tracing_->door().confirm_case(everywhere(tests::test_act("tracing.confirm_case")), input));
  EXPECT_EQ(listed(case_id), "");
  const boost::json::object answers{{"vehicle", "coach"}, {"vehicle_code", "50h 12345"}, {"seat", "13"}, {"start_at", "8/8/2021 7:30"}, {"start_ward", "26881"}, {"stop_name.1", "Bến xe Miền Tây"},
                                    {"stop_ward.1", "Phường 17, Gò Vấp, TP.HCM"}, {"symptoms", "none"}, {"contact_with_case", "no"}, {"contact_with_symptomatic", "no"}};
  EXPECT_EQ(declare(person, answers).status, 201);
  ok(home_->bus.drain());
  EXPECT_EQ(listed(case_id), "Trần Thị Mai F1; ");
}

}  // namespace
}  // namespace motcua::tracing
