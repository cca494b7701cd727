#include "cli/program.hpp"

#include <cstdio>
#include <cstring>
#include <new>

#include "cli/crash.hpp"
#include "cli/usage.hpp"
#include "cli/version.hpp"

namespace weir::cli {
namespace {

bool asks_for_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--output=json" || (word == "--output" && i + 1 < argc && std::strcmp(argv[i + 1], "json") == 0))
      return true;
  }
  return false;
}

int parse_and_act(const Program& parts, int argc, char** argv) {
  CLI::App program("weir moves data between systems: plugins read, change and write it; a manifest wires them", "weir");
  program.require_subcommand(0, 1);
  program.set_version_flag("--version", kVersion);
  std::string format = "text";
  program.add_option("--output", format, "text, or json: one document on stdout")->check(one_of({"text", "json"}));
  std::string log_settings;
  program
      .add_option(
          "--log", log_settings,
          "what is logged and where: level=info,run=debug,plugins.sqlite=debug,format=json,to=weir.log; levels are "
          "debug, info, warning, error, off; to is stderr, journal or a file (size=10MiB,files=5)")
      ->type_name("SETTINGS");
  program.fallthrough();
  Action action;
  parts.add_commands(program, action);
  Output output(asks_for_json(argc, argv));
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return program.exit(problem);
    return output.fail(usage_error(program, problem, {argv + 1, argv + argc}));
  }
  if (auto opened = output.open_log(log_settings); !opened) return output.fail(opened.error());
  try {
    const int code = action ? action(output) : parts.without_command(program, output);
    leave_given_up(code);
    return code;
  } catch (const std::bad_alloc&) {
    return output.fail(base::make_error(base::Status::resource_exhausted, base::Fault::host, "run.out_of_memory",
                                        "expected enough memory for the run, found none left"));
  } catch (const std::exception& problem) {  // what it says may hold a secret
    throw std::runtime_error(output.redactor().redact(problem.what()));
  }
}

}  // namespace

int run_program(const Program& program, int argc, char** argv) {
  try {
    return parse_and_act(program, argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "error: weir itself has failed: %s\nhint: this is a fault of weir: tell its makers\n",
                 problem.what());
    return 1;
  }
}

}  // namespace weir::cli
