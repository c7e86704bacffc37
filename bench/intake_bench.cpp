// How fast declarations come in: the made-up town's ncovi.csv (or the file named) into a fresh database, as `motcua import ncovi` does,
// without serving. Prints the structural pass and the whole import in rows a second.
//
//   intake_bench [--file ncovi.csv] [--rows N] [--data DIR] [--database URL]
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>

#include "platform/config/config.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/events/events.hpp"
#include "platform/i18n/i18n.hpp"
#include "platform/outbound/outbound.hpp"
#include "platform/pages/pages.hpp"
#include "platform/storage/migrations.hpp"
#include "platform/units/units.hpp"
#include "rooms/declarations/declarations.hpp"

namespace {

using namespace motcua;

std::string made_up(int rows) {
  std::string text = "declaration_id,declared_at,full_name,birth_date,sex,id_number,insurance_number,nationality,phone,email,address,ward,district,province,"
                     "symptoms,contact_case,contact_symptomatic,from_affected_area,chronic\n";
  static const char* names[] = {"Nguyễn Thị Ánh Tuyết", "Trần Văn Mẫu", "Lê Hoàng Thử", "Phạm Thị Bích Ngọc", "HUỲNH VĂN TÁM", "Do Thi Hoa"};
  for (int i = 0; i < rows; ++i) {
    char row[512];
    std::snprintf(row, sizeof row, "B%08d,2021-11-%02dT08:11:00+07:00,%s,%02d/%02d/%d,Nữ,0791%08d,,Việt Nam,09%08d,,\"%d/4 Lê Lợi, KP3\",Phường 3,Thành phố Lạc Giang,Tỉnh Lạc Giang,%s,Không,Không,Không,\n",
                  i, i % 20 + 1, names[i % 6], i % 28 + 1, i % 12 + 1, 1940 + i % 80, i, i, i % 300, i % 20 ? "" : "\"sốt, ho\"");
    text += row;
  }
  return text;
}

double seconds_since(std::chrono::steady_clock::time_point t) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count(); }

int fail(const Failure& failure) {
  std::fprintf(stderr, "%s %s %s\n", failure.code.c_str(), failure.field.c_str(), failure.detail.c_str());
  return 3;
}

}  // namespace

int main(int argc, char** argv) {
  std::string file, data = (std::filesystem::temp_directory_path() / "intake_bench").string(), url;
  int rows = 500'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--file")) file = argv[i + 1];
    else if (!std::strcmp(argv[i], "--rows")) rows = std::atoi(argv[i + 1]);
    else if (!std::strcmp(argv[i], "--data")) data = argv[i + 1];
    else if (!std::strcmp(argv[i], "--database")) url = argv[i + 1];
  }
  std::filesystem::remove_all(data);
  std::filesystem::create_directories(data);
  auto database = storage::open_database({.data_dir = data, .url = url});
  if (!database) return fail(database.failure());
  if (auto migrated = (*database)->migrate(storage::migrations_from("")); !migrated) return fail(migrated.failure());
  auto keys = crypto::open_key_ring(data);
  if (!keys) return fail(keys.failure());
  std::function<Instant()> now = [] { return *parse_instant("2021-11-21T12:00:00+07:00"); };
  i18n::Texts texts;
  config::Settings settings{config::platform_settings()};
  units::Units units(**database);
  pages::Pages pages(texts, [](std::string_view name) { return std::string(name); });
  events::Bus bus(**database, now);
  outbound::Outbound outbound(**database, **keys, bus, now, outbound::make_spool(data + "/sms"));
  House house{**database, **keys, units, texts, pages, bus, outbound, settings, now, data};
  auto identity = identity::make_identity(house);
  auto people = std::move(*residents::make_residents(house, identity->door()));
  auto room = std::move(*declarations::make_declarations(house, identity->door(), people->door()));
  auto source = file.empty() ? intake::text_source(made_up(rows)) : intake::file_source(file);
  auto kind = room->kinds().front();

  auto began = std::chrono::steady_clock::now();
  auto checked = intake::check_structure(kind, *source);
  if (!checked) return fail(checked.failure());
  std::printf("structure  %9lld rows  %6.2f s  %7.0f MB/s\n", static_cast<long long>(*checked), seconds_since(began),
              static_cast<double>(source->size_bytes()) / 1e6 / seconds_since(began));
  for (const char* what : {"import", "again"}) {
    began = std::chrono::steady_clock::now();
    auto sum = intake::import_source(**database, {"cli:bench", "operator", "bench", "declarations.import", ""}, kind, {}, *source, data);
    if (!sum) return fail(sum.failure());
    std::printf("%-9s  %9lld rows  %6.2f s  %7.0f rows/s  accepted %lld unchanged %lld rejected %lld\n", what, static_cast<long long>(sum->read), seconds_since(began),
                static_cast<double>(sum->read) / seconds_since(began), static_cast<long long>(sum->accepted), static_cast<long long>(sum->unchanged), static_cast<long long>(sum->rejected));
  }
  std::filesystem::remove_all(data);
}
