#pragma once
// An installation in a temporary folder, filled from a made-up town.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "app/demo.hpp"
#include "app/evaluate.hpp"
#include "app/simulate.hpp"
#include "platform/crypto/crypto.hpp"
#include "tests/support/temp_dir.hpp"

namespace motcua::tests {

/// Throws when it cannot be opened.
inline std::unique_ptr<app::Installation> open_installation(const std::string& data_dir) {
  app::Globals globals;
  globals.data_dir = data_dir;
  auto opened = app::Installation::open(globals);
  if (!opened) throw std::runtime_error(opened.failure().code);
  return std::move(*opened);
}

/// Brings one of the town's files in.
inline void import_kind(app::Installation& home, const std::string& data_dir, const char* name, const std::string& file) {
  intake::ImportOptions options;
  options.source = name;
  options.import_id = crypto::random_id("imp");
  const auto kind = home.find_kind(name);
  ASSERT_TRUE(kind) << name;
  const auto done = intake::import_file(home.database(), home.act("import"), *kind, options, file, data_dir);
  ASSERT_TRUE(done) << name << " " << done.failure().code;
}

/// The links as `motcua link export` writes them, compared with truth/persons.csv.
inline app::LinkEvaluation links_against(app::Installation& home, const std::string& file, const std::string& truth) {
  auto written = home.rooms().identity->door().export_links(home.act("identity.export_links"), file);
  if (!written) throw std::runtime_error(written.failure().code);
  auto evaluation = app::evaluate_link(file, truth);
  if (!evaluation) throw std::runtime_error(evaluation.failure().code);
  return std::move(*evaluation);
}

}  // namespace motcua::tests
