#include "cli/main.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <new>
#include <thread>

#include "cli/command_inspect.hpp"
#include "cli/commands.hpp"
#include "cli/crash.hpp"
#include "cli/first_steps.hpp"
#include "cli/usage.hpp"
#include "cli/version.hpp"

namespace weir::cli {
namespace {

// Batches are a few MiB, made on one thread and freed on another: kept in the heap they cost no page fault each time.
constexpr int kHeapThresholdBytes = 64 << 20;
// What is free in one heap (an arena of glibc) is of no use to a thread of another: with one a thread, as by default, a run keeps
// up to twice what it holds. Threads spend 1 to 3 % of their time in malloc, so that sixteen seldom wait for each other there.
constexpr unsigned kCoresPerHeap = 16;

void set_up_heap() {
  mallopt(M_MMAP_THRESHOLD, kHeapThresholdBytes);
  mallopt(M_TRIM_THRESHOLD, 2 * kHeapThresholdBytes);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  mallopt(M_ARENA_MAX, static_cast<int>((cores + kCoresPerHeap - 1) / kCoresPerHeap));
}

bool asks_for_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--output=json" || (word == "--output" && i + 1 < argc && std::strcmp(argv[i + 1], "json") == 0))
      return true;
  }
  return false;
}

int run_program(int argc, char** argv) {
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
  add_run(program, action);
  add_validate(program, action);
  add_plan(program, action);
  add_preview(program, action);
  add_test(program, action);
  add_runs(program, action);
  add_init(program, action);
  add_contract(program, action);
  add_plugin(program, action);
  add_explain(program, action);
  add_schema(program, action);
  add_doctor(program, action);
  add_completion(program, action);
  add_manual(program, action);
  add_version(program, action);
  Output output(asks_for_json(argc, argv));
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    if (problem.get_exit_code() == 0) return program.exit(problem);
    return output.fail(usage_error(program, problem, {argv + 1, argv + argc}));
  }
  if (auto opened = output.open_log(log_settings); !opened) return output.fail(opened.error());
  try {
    const int code = action ? action(output) : first_steps(program, output);
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

int main(int argc, char** argv) {
  set_up_heap();
  name_crashes();
  try_what_is_new();
  try {
    return run_program(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "error: weir itself has failed: %s\nhint: this is a fault of weir: tell its makers\n",
                 problem.what());
    return 1;
  }
}

}  // namespace weir::cli
