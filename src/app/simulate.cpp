#include "app/simulate.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "app/simulate_world.hpp"

namespace motcua::app {
namespace town {

Files::Files(const std::string& dir)
    : units(dir + "/units.csv", "code,name,level,parent_code,valid_from,valid_to"),
      residents(dir + "/residents.csv", "id_number,old_id_number,full_name,birth_date,sex,phone,address,ward_code,household_id"),
      ncovi(dir + "/ncovi.csv", "declaration_id,declared_at,full_name,birth_date,sex,id_number,insurance_number,nationality,phone,email,address,ward,"
                                "district,province,symptoms,contact_case,contact_symptomatic,from_affected_area,chronic"),
      vhd(dir + "/vhd.csv", "id,createdAt,type,otherUser,fullName,passport,birthYear,gender,nation,province,district,ward,address,phone,email,"
                            "countryPassing,signals,hasPatient,hasFromSickCountry,hasSick,vehicle,flightCode,vehicleCode,seat,startTime,startProvince,endProvince"),
      users(dir + "/bluezone-users.csv", "phone,base_key,registered_at"),
      trace(dir + "/bluezone-trace.csv", "reporter_phone,platform,own_blid,contact_blid,rssi,tx_power,ts"),
      encounters(dir + "/encounters.csv", "a,b,start,minutes,distance_m,kind"),
      visits(dir + "/visits.csv", "visit_id,person,place_code,place_name,ward_code,kind,seat,from,to"),
      tests(dir + "/tests.csv", "sample_code,full_name,birth_date,birth_year,sex,phone,id_number,collected_at,method,result,ct,lab"),
      doses(dir + "/doses.csv", "dose_id,full_name,birth_date,sex,phone,id_number,insurance_number,vaccine,lot,dose_number,injected_at,site"),
      register_doses(dir + "/dose-register.csv", "dose_id,full_name,birth_date,sex,phone,id_number,insurance_number,vaccine,lot,dose_number,injected_at,site"),
      persons(dir + "/truth/persons.csv", "source,record_id,person"),
      contacts(dir + "/truth/contacts.csv", "a,b,start,minutes,kind,distance_m"),
      cases(dir + "/truth/cases.csv", "infector,infectee,infected_at,onset,sampled_at,isolated_at"),
      dose_truth(dir + "/truth/dose-register.csv", "dose_id,person,wrong,full_name,birth_date,phone,id_number"),
      difficulties(dir + "/truth/difficulties.csv", "person,difficulty") {}

Result<void> Files::close() {
  for (auto* file : {&units, &residents, &ncovi, &vhd, &users, &trace, &encounters, &visits, &tests, &doses, &register_doses, &persons, &contacts, &cases, &dose_truth, &difficulties}) TRY(file->close());
  return {};
}

}  // namespace town

namespace {

constexpr int household_stay_days = 7;

constexpr const char* truth_readme = R"(What is true in this made-up town. Nobody in it exists.

persons.csv   source,record_id,person: which person each record of the exports is about (source is the KIND)
contacts.csv  a,b,start,minutes,kind,distance_m: every contact that the exported facts imply between two persons; a distance left out
              is unknown and counts as near. Bluezone meetings are in it when one side uploaded and the other side's key is held.
cases.csv     infector,infectee,infected_at,onset,sampled_at,isolated_at: the epidemic; no infector: brought in; no sample: never found
difficulties.csv  person,difficulty: who is hard to tell from others, and why (of a town made with --harder)
dose-register.csv  dose_id,person,wrong,full_name,birth_date,phone,id_number: of each row of the dose register whose it is, which of its
              fields are wrong (;), and what they should say. Spelling (capitals, marks left out, a year alone) is not wrong.

Stays: in a vehicle or plane people are near each other within two rows of seats, or where a seat is unknown; elsewhere all who are at
the place at the same time. A visit without an end lasts as long as docs/formats.md section 2 says.
)";

Result<void> prepare_folder(const std::string& dir) {
  std::error_code error;
  std::filesystem::create_directories(dir + "/truth", error);
  if (error) return Failure{FailureKind::invalid, "simulate.not_written", "out", {}, {}, error.message()};
  auto* file = std::fopen((dir + "/truth/README").c_str(), "wbe");
  if (file == nullptr) return Failure{FailureKind::invalid, "simulate.not_written", "out"};
  std::fputs(truth_readme, file);
  std::fclose(file);
  return {};
}

}  // namespace

Result<SimulateSummary> simulate_town(const SimulateOptions& options, const std::function<void(std::int64_t, std::int64_t)>& progress) {
  if (options.people < 100 || options.people > simulate_people_max)
    return invalid("simulate.people_out_of_range", "people", {{"max", std::to_string(simulate_people_max)}});
  if (options.days < 1 || options.days > simulate_days_max) return invalid("simulate.days_out_of_range", "days", {{"max", std::to_string(simulate_days_max)}});
  const auto began = std::chrono::steady_clock::now();
  TRY(prepare_folder(options.out_dir));
  town::World world(options, options.out_dir);
  town::write_units(world);
  town::write_registers(world);
  town::write_difficulties(world);
  town::write_dose_register(world);
  town::Outbreak outbreak(world);
  auto random = world.random.split("outbreak");
  outbreak.seed(random);
  std::vector<town::Meeting> meetings;
  for (int day = 0, week = 0; day < options.days; ++day) {
    town::live_day(world, outbreak, day, meetings);
    if (day + 1 == options.days || (day + 1) % household_stay_days == 0) town::write_household_stays(world, outbreak, week, day), week = day + 1;
    if (progress) progress(day + 1, options.days);
  }
  town::write_bluezone(world, outbreak, meetings);
  outbreak.write(random);
  SimulateSummary summary{.people = options.people, .records = world.files.persons.rows(), .visits = world.files.visits.rows(),
                          .encounters = world.files.encounters.rows(), .sightings = world.files.trace.rows(),
                          .true_contacts = world.files.contacts.rows(), .cases = world.files.cases.rows()};
  TRY(world.files.close());
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return summary;
}

}  // namespace motcua::app
