#include "app/commands.hpp"

int main(int argc, char** argv) { return motcua::app::run(argc, argv); }
