// The program: all of it is in the cli folder.
#include "cli/main.hpp"

int main(int argc, char** argv) { return weir::cli::main(argc, argv); }
