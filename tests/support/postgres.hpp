#pragma once
// A throw-away PostgreSQL 15 cluster: one for each test process, on a Unix socket in a temporary directory, with a fresh database for
// each test case. It needs the package postgresql-15; without it, a test that asks for it fails and says so.
#include <string>

namespace motcua::tests {

/// A URL of an empty database of its own. Throws std::runtime_error when there is no PostgreSQL 15 or it does not start.
std::string fresh_postgres_database();

/// Ends and starts the cluster, as a crash and a restart would.
void crash_postgres();
void start_postgres_again();

}  // namespace motcua::tests
