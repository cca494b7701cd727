// weir run, weir validate
#include <cstdint>
#include <optional>
#include <random>

#include "cli/behind.hpp"
#include "cli/commands.hpp"
#include "cli/crash.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/report_file.hpp"
#include "cli/run_command.hpp"
#include "cli/run_notices.hpp"
#include "cli/scheduled_runs.hpp"
#include "cli/signals.hpp"
#include "cli/stream_report.hpp"
#include "cli/usage.hpp"
#include "cli/watch.hpp"
#include "events/event_log.hpp"
#include "observe/time_text.hpp"

namespace weir::cli {

int run_command(RunCommandArguments& arguments, Output& output) {
  ReportFile page(arguments.report, output);
  if (auto checked = page.check(); !checked) return output.fail(checked.error());
  std::optional<ProgressLine> progress;
  run::Interrupt interrupt;
  const SignalWatch signals(interrupt);
  run::RunWatch watch = watch_of(output);
  watch.interrupt = &interrupt;
  watch.begin = [&](run::Execution& execution, std::int64_t bytes_expected) {
    progress.emplace(execution, bytes_expected, output.terminal() && !output.json());
  };
  watch.end = [&] { progress.reset(); };
  watch.promise = [&](const std::string& name, const run::Guarantee& guarantee) {
    output.tell_aside(name + "  guarantee " + guarantee.text() + "\n");
  };
  events::EventBus bus;
  events::EventLog logged(output.log());
  RunNotices notices(output, arguments.options, watch);
  const auto logging = bus.subscribe(logged), listening = bus.subscribe(notices),
             recording = bus.subscribe(page.heard());
  watch.bus = &bus;
  StreamCounter counter(output.terminal() && !output.json());
  watch.stream_ended = [&](const run::StreamReport& stream, std::size_t ended, std::size_t all) {
    counter.tell(stream, ended, all);
  };
  // What is told of a run when it has ended changes nothing of what it came to.
  bool lost = false;
  const auto behind = [&](const auto& step) { lost = !taken_behind(output, step) || lost; };
  auto reports = nlohmann::ordered_json::array();
  // What a run came to: told here, put on the page, then told to whoever is to hear of it.
  const auto tell = [&](const auto& report, nlohmann::ordered_json document, const std::string& text) {
    behind([&] { notices.ended(report); });
    if (auto given = notices.json(); !given.empty()) document["notices"] = std::move(given);
    reports.push_back(std::move(document));
    output.tell(text + notices.text());
    behind([&] { page.ended(report.name, arguments.options.manifest, report, notices.json()); });
    behind([&] { notices.give(); });
  };
  const auto ran = run::run_pipelines(
      arguments.options, watch,
      [&](const run::RunReport& report) { tell(report, report_json(report), report_text(report)); },
      [&](const run::StreamsReport& report) {
        counter.end();
        tell(report, streams_json(report), streams_text(report));
      });
  progress.reset();  // of a run that was given up
  const auto answer = [&] {
    if (ran)
      return output.succeed("", reports.size() == 1 ? reports.front() : nlohmann::ordered_json{{"pipelines", reports}});
    nlohmann::ordered_json done = nlohmann::ordered_json::object();
    if (!reports.empty()) done["pipelines"] = std::move(reports);
    const int code = output.fail(ran.error(), done);
    return signals.number() == 0 ? code : 128 + signals.number();
  };
  int code = answer();
  if (!ran) {
    behind([&] {
      for (const auto& [name, error] : notices.failed(ran.error()))
        page.ended(name, arguments.options.manifest, base::unexpected(error), {});
    });
  }
  behind([&] { code = page.write(code); });
  behind([&] { notices.give(); });
  if (lost && code == 0 && !arguments.report.empty()) code = 1;
  leave_given_up(code);  // before anything is taken down
  return code;
}

namespace {

// A number of [0, 1) that no two processes share.
double drawn_number() {
  static std::random_device numbers;
  return static_cast<double>(numbers() >> 1U) / (static_cast<double>(UINT32_MAX >> 1U) + 1);
}

int schedule_command(const ScheduleArguments& arguments, Output& output) {
  auto schedule = schedule_of(arguments, drawn_number, observe::now_ns());
  return schedule ? scheduled_runs(std::move(*schedule), output) : output.fail(schedule.error());
}

int watch_command(RunCommandArguments& arguments, Output& output) { return watch_run(arguments.options, output); }

int validate_command(RunArguments& arguments, Output& output) {
  const run::RunWatch watch = watch_of(output);
  const auto valid = run::validate_manifest(arguments.options, watch);
  if (!valid) return output.fail(valid.error());
  return output.succeed(arguments.options.manifest + ": valid\n",
                        {{"manifest", arguments.options.manifest}, {"valid", true}});
}

}  // namespace

void add_report_argument(CLI::App& command, RunCommandArguments& arguments) {
  command.add_option("--report", arguments.report, "writes a page of the run, for a browser, also of one that fails")
      ->type_name("FILE.html");
}

void add_jobs_argument(CLI::App& command, RunArguments& arguments, const std::string& what) {
  command.add_option("--jobs", arguments.options.jobs, what + " that run side by side (default: one a core)")
      ->type_name("N")
      ->check(whole_number(1));
}

void add_run(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<RunCommandArguments>();
  CLI::App& command = *program.add_subcommand("run", "runs a pipeline to its end, and prints its ledger");
  add_run_arguments(command, *arguments);
  CLI::Option* const fresh =
      command.add_flag("--fresh", arguments->options.fresh,
                       "begins another run: repeats one that is complete, gives up one that is not");
  CLI::Option* const resume = command
                                  .add_flag("--resume", arguments->options.resume,
                                            "goes on with a run that did not end, though something has changed")
                                  ->excludes(fresh);
  auto watch = std::make_shared<bool>(false);
  CLI::Option* const watches =
      command
          .add_flag(
              "--watch", *watch,
              "runs it anew, as --fresh does, whenever the manifest or a plugin changes, until Ctrl-C; for authors")
          ->excludes(resume);
  auto schedule = std::make_shared<ScheduleArguments>();
  add_schedule_arguments(command, *schedule, watches);
  auto depth = std::make_shared<std::string>("quick");
  command.add_option("--validate", *depth, "checks what plugins hand over: quick, or full (every value)")
      ->check(one_of({"quick", "full"}));
  command
      .add_option("--chains", arguments->options.settings.chains,
                  "copies of the chain that work side by side (default: one a core)")
      ->check(whole_number(1));
  add_stream_argument(command, *arguments);
  add_loss_argument(command, *arguments);
  add_jobs_argument(command, *arguments, "streams");
  add_report_argument(command, *arguments);
  command.callback([arguments, depth, watch, schedule, &action] {
    arguments->options.settings.validate_full = *depth == "full";
    if (schedule->given()) {
      action = [schedule](Output& output) { return schedule_command(*schedule, output); };
      return;
    }
    const auto chosen = *watch ? watch_command : run_command;
    action = [arguments, chosen](Output& output) { return with_parameters(*arguments, output, chosen); };
  });
}

void add_validate(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App& command = *program.add_subcommand("validate", "checks a manifest, and tells all of its errors at once");
  add_run_arguments(command, *arguments);
  command.callback([arguments, &action] {
    action = [arguments](Output& output) { return with_parameters(*arguments, output, validate_command); };
  });
}

}  // namespace weir::cli
