// weir runs list, weir runs show, weir runs prune; weir runs verify is in command_verify.cpp
#include <algorithm>

#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/kept_runs.hpp"
#include "cli/usage.hpp"
#include "observe/time_text.hpp"

namespace weir::cli {
namespace {

using nlohmann::ordered_json;
using recovery::KeptRun;
using recovery::RunHistory;

struct RunsArguments {
  std::string manifest, run, older;
  std::uint64_t keep = RunHistory::kMostKept;
  bool keep_is_said = false;
  bool streams = false;
};

int list_runs_command(const RunsArguments& arguments, Output& output) {
  auto kept = open_kept_runs(arguments.manifest);
  if (!kept) return output.fail(kept.error());
  if (!arguments.streams) std::erase_if(kept->runs, [](const KeptRun& run) { return !run.whole.empty(); });
  return output.succeed(runs_text(*kept), runs_json(*kept));
}

int show_command(const RunsArguments& arguments, Output& output) {
  const auto kept = open_kept_runs(arguments.manifest);
  if (!kept) return output.fail(kept.error());
  const auto run = find_run(*kept, arguments.run);
  if (!run) return output.fail(run.error());
  return output.succeed(run_text(*kept, **run), run_json(*kept, **run));
}

// With --older alone all that are older go, with both only those that are not among the last ones either.
base::Result<recovery::PruneRule> rule_of(const RunsArguments& arguments) {
  recovery::PruneRule rule{arguments.keep, INT64_MAX};
  if (arguments.older.empty()) return rule;
  auto age = base::parse_duration_ns(arguments.older);
  if (!age) {
    base::Error error = std::move(age).error();
    error.message = "--older: " + error.message;
    return base::unexpected(std::move(error));
  }
  if (!arguments.keep_is_said) rule.keep = 0;
  rule.before_ns = observe::now_ns() - *age;
  return rule;
}

std::string pruned_text(const recovery::Pruned& pruned) {
  std::string text =
      base::format_count(pruned.removed.size()) + (pruned.removed.size() == 1 ? " run" : " runs") + " removed\n";
  for (const KeptRun& run : pruned.refused) {
    text += "kept: run " + run.run + " of " + run.name + " is not at its end; " + command_of(run) +
            " goes on with it, and with --fresh gives it up: then it can go\n";
  }
  return text;
}

ordered_json ids_of(const std::vector<KeptRun>& runs) {
  ordered_json ids = ordered_json::array();
  for (const KeptRun& run : runs) ids.push_back(run.run);
  return ids;
}

int prune_command(const RunsArguments& arguments, Output& output) {
  const auto rule = rule_of(arguments);
  if (!rule) return output.fail(rule.error());
  const auto kept = open_kept_runs(arguments.manifest);
  if (!kept) return output.fail(kept.error());
  recovery::Pruned pruned;
  if (kept->state.store != nullptr) {
    auto done = RunHistory(*kept->state.store).prune(kept->runs, *rule);
    if (!done) return output.fail(done.error());
    pruned = std::move(*done);
  }
  return output.succeed(pruned_text(pruned),
                        {{"removed", ids_of(pruned.removed)}, {"kept_unfinished", ids_of(pruned.refused)}});
}

void add_manifest(CLI::App& command, RunsArguments& arguments) {
  command.add_option("MANIFEST", arguments.manifest,
                     "only runs of this manifest (default: of all that keep state here)");
}

}  // namespace

void add_runs(CLI::App& program, Action& action) {
  CLI::App& runs = *program.add_subcommand("runs", "shows what earlier runs came to");
  runs.require_subcommand(1);
  auto arguments = std::make_shared<RunsArguments>();
  CLI::App& list = *runs.add_subcommand("list", "lists the runs that are kept, the last first, also those that failed");
  add_manifest(list, *arguments);
  list.add_flag("--streams", arguments->streams, "also those of the streams that a run consists of");
  list.callback(
      [arguments, &action] { action = [arguments](Output& output) { return list_runs_command(*arguments, output); }; });
  CLI::App& show = *runs.add_subcommand("show", "shows the ledger of a run, how it ended, and what it ran");
  show.add_option("RUN", arguments->run, "its id, or as much of its beginning as no other has")->required();
  add_manifest(show, *arguments);
  show.callback(
      [arguments, &action] { action = [arguments](Output& output) { return show_command(*arguments, output); }; });
  add_runs_replay(runs, action);
  add_verify(runs, action);
  CLI::App& prune = *runs.add_subcommand(
      "prune", "forgets what old runs came to; never a run that is not at its end, and nothing that was loaded");
  CLI::Option* const keep = prune
                                .add_option("--keep", arguments->keep,
                                            "the last N of each pipeline stay (default: 100, unless --older is given)")
                                ->type_name("N")
                                ->check(whole_number());
  prune.add_option("--older", arguments->older, "only those go that began longer ago than that: 30d, 12h")
      ->type_name("DURATION");
  add_manifest(prune, *arguments);
  prune.callback([arguments, keep, &action] {
    arguments->keep_is_said = keep->count() > 0;
    action = [arguments](Output& output) { return prune_command(*arguments, output); };
  });
}

}  // namespace weir::cli
