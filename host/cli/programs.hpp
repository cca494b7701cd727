// The programs that weir consists of: bin/weir and, beside it, libexec/weir-packages.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace weir::cli {

std::filesystem::path weir_program();
std::filesystem::path packages_program();

// The hidden command of weir plugin that tries one case of the kit, in the process that it is given to.
constexpr const char* kTryCase = "try-case";

// The program and the first words of such a process.
std::vector<std::string> try_case_command();

}  // namespace weir::cli
