#include <csignal>

#include "app/commands.hpp"

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);   // a file that may not grow further is a write that fails, and is told like a full disk
  return motcua::app::run(argc, argv);
}
