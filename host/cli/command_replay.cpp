// weir runs replay
#include <optional>

#include "cli/behind.hpp"
#include "cli/commands.hpp"
#include "cli/crash.hpp"
#include "cli/kept_runs.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/run_arguments.hpp"
#include "cli/run_notices.hpp"
#include "cli/signals.hpp"
#include "events/event_log.hpp"

namespace weir::cli {
namespace {

struct ReplayArguments {
  RunArguments run;
  std::string id;
};

std::string replay_text(const run::RunReport& report) {
  const std::string of = report.name + "  run " + report.run;
  if (report.nothing_to_do)
    return of + " has replayed the rejects of run " + report.replays + " already: nothing to do\n";
  if (report.recovered && report.ledger.lines.empty()) return report_text(report);
  return report_text(report) + "  replayed    the rejects of run " + report.replays + "\n";
}

nlohmann::ordered_json replay_json(const run::RunReport& report) {
  auto document = report_json(report);
  document["replays"] = report.replays;
  return document;
}

// Looked up and let go again: the replay opens the store itself.
base::Result<recovery::KeptRun> kept_run(const ReplayArguments& arguments) {
  WEIR_TRY_ASSIGN(const auto kept, open_kept_runs(arguments.run.options.manifest));
  WEIR_TRY_ASSIGN(const auto* const run, find_run(kept, arguments.id));
  return *run;
}

int replay_command(ReplayArguments& arguments, Output& output) {
  if (auto parsed = parse_parameters(arguments.run); !parsed) return output.fail(parsed.error());
  auto kept = kept_run(arguments);
  if (!kept) return output.fail(kept.error());
  if (arguments.run.options.manifest.empty()) arguments.run.options.manifest = kept->manifest;
  std::optional<ProgressLine> progress;
  run::Interrupt interrupt;
  const SignalWatch signals(interrupt);
  run::RunWatch watch = watch_of(output);
  watch.interrupt = &interrupt;
  watch.begin = [&](run::Execution& execution, std::int64_t bytes_expected) {
    progress.emplace(execution, bytes_expected, output.terminal() && !output.json());
  };
  watch.end = [&] { progress.reset(); };
  events::EventBus bus;
  events::EventLog logged(output.log());
  RunNotices notices(output, arguments.run.options, watch);
  const auto logging = bus.subscribe(logged), listening = bus.subscribe(notices);
  watch.bus = &bus;
  const auto report = run::replay_run(arguments.run.options, watch, *kept);
  progress.reset();  // of a replay that was given up
  int code = report ? output.succeed(replay_text(*report), replay_json(*report)) : output.fail(report.error());
  if (!report && signals.number() != 0) code = 128 + signals.number();
  taken_behind(output, [&] {
    if (report)
      notices.ended(*report);
    else
      notices.failed(report.error());
    notices.give();
  });
  leave_given_up(code);  // before anything is taken down
  return code;
}

}  // namespace

void add_runs_replay(CLI::App& runs, Action& action) {
  auto arguments = std::make_shared<ReplayArguments>();
  CLI::App& command = *runs.add_subcommand(
      "replay", "runs the rejects of a run again, through the manifest as it is now, and marks them done");
  command.add_option("RUN", arguments->id, "its id, or as much of its beginning as no other has")->required();
  command.add_option("MANIFEST", arguments->run.options.manifest, "its manifest (default: where it was)");
  add_value_arguments(command, arguments->run);
  add_loss_argument(command, arguments->run);
  command.callback(
      [arguments, &action] { action = [arguments](Output& output) { return replay_command(*arguments, output); }; });
}

}  // namespace weir::cli
