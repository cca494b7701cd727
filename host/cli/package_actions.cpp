#include "cli/package_actions.hpp"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "cli/programs.hpp"

namespace weir::cli {
namespace {

const PackageActions* actions_here = nullptr;

// The words of this process's command line.
std::vector<std::string> command_line() {
  std::vector<std::string> words;
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

}  // namespace

void add_network_words(CLI::App& command, NetworkWords& words) {
  command
      .add_option("--proxy", words.proxy, "how servers are reached: http://HOST:PORT (default: what HTTPS_PROXY says)")
      ->type_name("ADDRESS");
  command
      .add_option("--ca", words.authorities,
                  "certificates of authorities that are believed, in PEM (default: SSL_CERT_FILE, else the system's)")
      ->type_name("FILE");
  command.add_option("--timeout", words.timeout, "how long a server may send nothing (default: 30s)")
      ->type_name("DURATION");
}

void set_package_actions(const PackageActions& actions) { actions_here = &actions; }

const PackageActions* package_actions() { return actions_here; }

int execute_packages_program(Output& output) {
  std::vector<std::string> words = command_line();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string program = packages_program().string();
  ::execv(program.c_str(), arguments.data());
  const std::string problem = std::generic_category().message(errno);
  return output.fail(base::make_error(base::Status::not_found, base::Fault::missing, "weir.incomplete",
                                      program + ": expected the program that handles packages, found: " + problem)
                         .with_hint("install all of weir: bin, libexec and lib belong together"));
}

}  // namespace weir::cli
