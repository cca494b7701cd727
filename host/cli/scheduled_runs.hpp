// weir run --every, --at: a pipeline runs beneath a process that starts it at its times.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/result.hpp"
#include "cli/output.hpp"
#include "cli/run_times.hpp"

namespace weir::cli {

// As they are typed.
struct ScheduleArguments {
  std::optional<std::string> every, at, jitter, zone;

  bool given() const { return every || at || jitter || zone; }
};

// Adds --every, --at, --jitter and --zone; `watch` is what they exclude.
void add_schedule_arguments(CLI::App& command, ScheduleArguments& arguments, CLI::Option* watch);

// What they say, from `now` on; `draw` gives a number of [0, 1). Errors: usage.schedule, manifest.unit.
base::Result<RunSchedule> schedule_of(const ScheduleArguments& arguments, std::function<double()> draw, Instant now);

// Runs until SIGINT or SIGTERM, one run at a time; a run that fails ends nothing, but the first if it is the manifest that is wrong.
// Gives the exit code: of the run that the signal met, or 0, as it has cut nothing short.
int scheduled_runs(RunSchedule schedule, Output& output);

}  // namespace weir::cli
