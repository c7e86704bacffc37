#include "tests/support/postgres.hpp"

#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/temp_dir.hpp"

namespace motcua::tests {

namespace {

constexpr int start_tries_max = 300;
constexpr const char* binaries = "/usr/lib/postgresql/15/bin";

/// PostgreSQL refuses to run as root: then it runs as the user the package made.
const passwd* other_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) throw std::runtime_error("PostgreSQL cannot run as root and there is no user 'postgres': install postgresql-15");
  return user;
}

pid_t start_program(const std::vector<std::string>& arguments, const passwd* as, const std::string& log) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent) _exit(1);
  if (freopen(log.c_str(), "a", stdout) == nullptr || dup2(fileno(stdout), 2) < 0) _exit(1);
  if (as != nullptr && (setgid(as->pw_gid) != 0 || setuid(as->pw_uid) != 0)) _exit(1);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);  // changing the user cleared it
  setenv("LC_ALL", "C", 1);
  std::vector<char*> argv;
  for (const auto& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  if (chdir("/") == 0) execv(argv[0], argv.data());
  _exit(127);
}

void expect_success(pid_t child, const std::string& what) {
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(what + " failed");
}

class Cluster {
 public:
  Cluster() : user_(other_user()) {
    if (access((std::string(binaries) + "/initdb").c_str(), X_OK) != 0)
      throw std::runtime_error("PostgreSQL 15 is not installed (./x test installs it; Debian: apt-get install postgresql-15)");
    if (user_ != nullptr && chown(dir_.str().c_str(), user_->pw_uid, user_->pw_gid) != 0) throw std::runtime_error("chown failed");
    const auto log = dir_.file("log");
    std::ofstream(log).close();
    if (user_ != nullptr && chown(log.c_str(), user_->pw_uid, user_->pw_gid) != 0) throw std::runtime_error("chown failed");
    const std::vector<std::string> init = {std::string(binaries) + "/initdb", "-D", dir_.file("data"), "-U", "motcua",
                                           "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"};
    expect_success(start_program(init, user_, log), "initdb");
    start();
  }
  ~Cluster() { stop(SIGQUIT); }

  void start() {
    const std::vector<std::string> serve = {std::string(binaries) + "/postgres", "-D", dir_.file("data"), "-k", dir_.str(),
                                            "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
                                            "-c", "deadlock_timeout=50ms", "-c", "shared_buffers=32MB", "-c", "max_connections=60", "-c", "logging_collector=off"};
    server_ = start_program(serve, user_, dir_.file("log"));
    for (int i = 0; i < start_tries_max; ++i) {
      const std::unique_ptr<PGconn, void (*)(PGconn*)> c(PQconnectdb(url("postgres").c_str()), PQfinish);
      if (PQstatus(c.get()) == CONNECTION_OK) return;
      int status = 0;
      if (waitpid(server_, &status, WNOHANG) == server_) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw std::runtime_error("PostgreSQL did not start");
  }

  void stop(int signal) {
    if (server_ <= 0) return;
    kill(server_, signal);
    waitpid(server_, nullptr, 0);
    server_ = 0;
  }

  std::string url(const std::string& database) const { return "postgresql:///" + database + "?user=motcua&host=" + dir_.str(); }

  std::string make_database() {
    const auto name = "test_" + std::to_string(++made_);
    const std::unique_ptr<PGconn, void (*)(PGconn*)> c(PQconnectdb(url("postgres").c_str()), PQfinish);
    const std::unique_ptr<PGresult, void (*)(PGresult*)> r(PQexec(c.get(), ("CREATE DATABASE " + name).c_str()), PQclear);
    if (PQresultStatus(r.get()) != PGRES_COMMAND_OK) throw std::runtime_error(std::string("CREATE DATABASE: ") + PQerrorMessage(c.get()));
    return url(name);
  }

 private:
  TempDir dir_;
  const passwd* user_;
  pid_t server_ = 0;
  std::atomic<int> made_ = 0;
};

Cluster& cluster() {
  static Cluster one;
  return one;
}

}  // namespace

std::string fresh_postgres_database() { return cluster().make_database(); }
void crash_postgres() { cluster().stop(SIGQUIT); }
void start_postgres_again() { cluster().start(); }

}  // namespace motcua::tests
