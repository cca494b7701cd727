#include "cli/main.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/version.hpp"

namespace weir::cli {
namespace {

// Batches are a few MiB, made on one thread and freed on another: kept in the heap they cost no page fault each time.
constexpr int kHeapThresholdBytes = 64 << 20;

bool asks_for_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--output=json" || (word == "--output" && i + 1 < argc && std::strcmp(argv[i + 1], "json") == 0))
      return true;
  }
  return false;
}

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const auto* command : program.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

// The word where a command should stand, if it is none.
std::string unknown_command(const CLI::App& program, int argc, char** argv) {
  const auto names = command_names(program);
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--output")
      ++i;
    else if (!word.starts_with('-'))
      return std::find(names.begin(), names.end(), word) == names.end() ? word : std::string();
  }
  return {};
}

base::Error usage_error(const CLI::App& program, const CLI::ParseError& problem, int argc, char** argv) {
  if (const std::string word = unknown_command(program, argc, argv); !word.empty()) {
    const std::string near = base::nearest(word, command_names(program));
    return base::manifest_error("usage.command", "expected a command, found '" + word + "'")
        .with_hint(near.empty() ? "weir --help lists the commands" : "did you mean '" + near + "'?");
  }
  std::string message = problem.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  if (!message.empty()) message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  if (message.find("MANIFEST is required") != std::string::npos || message.find("mANIFEST") != std::string::npos) {
    message = "expected a manifest, found none";
    return base::manifest_error("usage.manifest", message).with_hint("give its file: weir run pipeline.yaml");
  }
  return base::manifest_error("usage", message).with_hint("weir --help, or weir COMMAND --help, tells what there is");
}

int run_program(int argc, char** argv) {
  CLI::App program("weir moves data between systems: plugins read, change and write it; a manifest wires them", "weir");
  program.require_subcommand(0, 1);
  program.set_version_flag("--version", kVersion);
  std::string format = "text";
  program.add_option("--output", format, "text, or json: one document on stdout")
      ->check(CLI::IsMember({"text", "json"}));
  program.fallthrough();
  Action action;
  add_run(program, action);
  add_validate(program, action);
  add_plugin(program, action);
  add_version(program, action);
  Output output(asks_for_json(argc, argv));
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return program.exit(problem);
    return output.fail(usage_error(program, problem, argc, argv));
  }
  if (!action) {
    std::fputs((program.help() + "\nFirst steps: weir run MANIFEST. The README has a first manifest.\n").c_str(),
               stdout);
    return 0;
  }
  return action(output);
}

}  // namespace

int main(int argc, char** argv) {
  mallopt(M_MMAP_THRESHOLD, kHeapThresholdBytes);
  mallopt(M_TRIM_THRESHOLD, 2 * kHeapThresholdBytes);
  try {
    return run_program(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "error: weir itself has failed: %s\nhint: this is a fault of weir: tell its makers\n",
                 problem.what());
    return 1;
  }
}

}  // namespace weir::cli
