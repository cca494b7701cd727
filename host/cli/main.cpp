#include "cli/main.hpp"

#include <malloc.h>

#include <algorithm>
#include <thread>

#include "cli/command_inspect.hpp"
#include "cli/commands.hpp"
#include "cli/crash.hpp"
#include "cli/first_steps.hpp"
#include "cli/package_actions.hpp"
#include "cli/program.hpp"

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

void add_commands(CLI::App& program, Action& action) {
  add_run(program, action);
  add_validate(program, action);
  add_plan(program, action);
  add_preview(program, action);
  add_refresh(program, action);
  add_backfill(program, action);
  add_discover(program, action);
  add_test(program, action);
  add_runs(program, action);
  add_state(program, action);
  add_init(program, action);
  add_contract(program, action);
  add_plugin(program, action);
  add_install(program, action);
  add_explain(program, action);
  add_schema(program, action);
  add_doctor(program, action);
  add_completion(program, action);
  add_manual(program, action);
  add_version(program, action);
}

}  // namespace

int main(int argc, char** argv) {
  set_up_heap();
  name_crashes();
  try_what_is_new();
  return run_program({add_commands, first_steps}, argc, argv);
}

}  // namespace weir::cli
