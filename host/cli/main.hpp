// The command line of weir.
#pragma once

namespace weir::cli {

// Runs the program; gives its exit code. Nothing is thrown. [main]
int main(int argc, char** argv);

}  // namespace weir::cli
