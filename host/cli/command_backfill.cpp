// weir refresh, weir backfill
#include "cli/commands.hpp"
#include "cli/run_command.hpp"
#include "cli/stream_report.hpp"
#include "cli/usage.hpp"

namespace weir::cli {
namespace {

struct BackfillArguments : RunCommandArguments {
  run::RangeRequest ranges;
  bool list = false;
};

void add_portion_arguments(CLI::App& command, RunCommandArguments& arguments, const std::string& what) {
  command.add_option("MANIFEST", arguments.options.manifest, "the manifest, YAML or JSON")->required();
  command.add_option("STREAM", arguments.options.streams, "those of the pipeline's streams (default: all it picks)");
  command.add_option("--pipeline", arguments.options.pipelines, "those of the manifest's pipelines (default: all)")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  add_value_arguments(command, arguments);
  add_loss_argument(command, arguments);
  add_jobs_argument(command, arguments, what);
  add_report_argument(command, arguments);
}

int backfill_command(BackfillArguments& arguments, Output& output) {
  arguments.options.ranges = arguments.ranges;
  if (!arguments.list) return run_command(arguments, output);
  const auto all = run::list_ranges(arguments.options, watch_of(output));
  if (!all) return output.fail(all.error());
  std::string text;
  auto documents = nlohmann::ordered_json::array();
  for (const auto& report : *all) {
    text += (text.empty() ? "" : "\n") + ranges_text(report);
    documents.push_back({{"name", report.name}, {"ranges", stream_list_json(report.streams)}});
  }
  return output.succeed(
      text, documents.size() == 1 ? documents.front() : nlohmann::ordered_json{{"pipelines", std::move(documents)}});
}

}  // namespace

void add_refresh(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<RunCommandArguments>();
  CLI::App& command = *program.add_subcommand(
      "refresh", "reads all of a pipeline, or of some of its streams, anew, as if nothing had been read before");
  add_portion_arguments(command, *arguments, "streams");
  command.callback([arguments, &action] {
    arguments->options.fresh = arguments->options.refresh = true;
    action = [arguments](Output& output) { return with_parameters(*arguments, output, run_command); };
  });
}

void add_backfill(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<BackfillArguments>();
  CLI::App& command = *program.add_subcommand(
      "backfill",
      "loads a stretch of time or of keys in ranges, each by a run of its own, as the manifest's backfill: says");
  add_portion_arguments(command, *arguments, "ranges");
  auto& ranges = arguments->ranges;
  command.add_option("--from", ranges.from, "where it begins: a day, 2026-03-01, or a key")->required();
  command.add_option("--to", ranges.to, "the first behind it, which is not loaded")->required();
  command.add_option("--by", ranges.by, "what a range is: hour, day, week, month, year or key")
      ->required()
      ->check(one_of({"hour", "day", "week", "month", "year", "key"}));
  command.add_option("--step", ranges.step, "keys in a range, with --by key")->type_name("N")->check(whole_number(1));
  command.add_option("--zone", ranges.zone, "whose days they are, as Europe/Berlin (default: times: naive, else UTC)");
  CLI::Option* const fresh =
      command.add_flag("--fresh", arguments->options.fresh, "loads ranges again that are loaded");
  command
      .add_flag("--resume", arguments->options.resume,
                "goes on with ranges that did not end, though something has changed")
      ->excludes(fresh);
  command.add_flag("--list", arguments->list, "loads nothing: lists the ranges, and what has become of each");
  command.callback([arguments, &action] {
    action = [arguments](Output& output) { return with_parameters(*arguments, output, backfill_command); };
  });
}

}  // namespace weir::cli
