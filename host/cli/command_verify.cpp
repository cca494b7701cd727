// weir runs verify
#include <optional>

#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/crash.hpp"
#include "cli/kept_runs.hpp"
#include "cli/progress.hpp"
#include "cli/run_arguments.hpp"
#include "cli/signals.hpp"
#include "cli/usage.hpp"
#include "cli/verify_report.hpp"

namespace weir::cli {
namespace {

constexpr int kDiffers = 5;  // as of a run whose ledger does not balance
constexpr int kNotComparable = 6;

struct VerifyArguments {
  RunArguments run;
  std::string id, manifest, time;
  run::VerifyOptions verify;
};

int code_of(integrity::Verdict verdict) {
  switch (verdict) {
    case integrity::Verdict::equal: return 0;
    case integrity::Verdict::differs: return kDiffers;
    case integrity::Verdict::not_comparable: return kNotComparable;
  }
  return kNotComparable;
}

base::Result<void> read_time(VerifyArguments& arguments) {
  if (arguments.time.empty()) return {};
  auto time = base::parse_duration_ns(arguments.time);
  if (!time) {
    base::Error error = std::move(time).error();
    error.message = "--time: " + error.message;
    return base::unexpected(std::move(error));
  }
  arguments.verify.time_ns = *time;
  return {};
}

int verify_command(VerifyArguments& arguments, Output& output) {
  if (auto parsed = parse_parameters(arguments.run); !parsed) return output.fail(parsed.error());
  if (auto time = read_time(arguments); !time) return output.fail(time.error());
  const auto kept = open_kept_runs(arguments.manifest);
  if (!kept) return output.fail(kept.error());
  const auto found = find_run(*kept, arguments.id);
  if (!found) return output.fail(found.error());
  auto all = recovery::RunHistory(*kept->store).runs();
  if (!all) return output.fail(all.error());
  recovery::RunHistory history(*kept->store);
  run::RunOptions options = arguments.run.options;
  options.manifest = (*found)->manifest;
  std::optional<ProgressLine> progress;
  run::Interrupt interrupt;
  const SignalWatch signals(interrupt);
  run::RunWatch watch = watch_of(output);
  watch.interrupt = &interrupt;
  watch.begin = [&](run::Execution& execution, std::int64_t bytes_expected) {
    progress.emplace(execution, bytes_expected, output.terminal() && !output.json());
  };
  watch.end = [&] { progress.reset(); };
  const auto report = run::verify_run(options, **found, {*all, history}, arguments.verify, watch);
  progress.reset();  // of a reading that was given up
  const auto answer = [&] {
    if (report) {
      output.answer(report->verdict == integrity::Verdict::equal, verify_text(*report), verify_json(*report));
      return code_of(report->verdict);
    }
    const int code = output.fail(report.error());
    return signals.number() == 0 ? code : 128 + signals.number();
  };
  const int code = answer();
  leave_given_up(code);  // before anything is taken down
  return code;
}

}  // namespace

void add_verify(CLI::App& runs, Action& action) {
  auto arguments = std::make_shared<VerifyArguments>();
  CLI::App& command = *runs.add_subcommand(
      "verify",
      "reads back what a run loaded, and says whether it is still there; exit code 5 if not, 6 if it can't tell");
  command.add_option("RUN", arguments->id, "its id, or as much of its beginning as no other has")->required();
  command.add_option("MANIFEST", arguments->manifest,
                     "only a run of this manifest (default: of all that keep state here)");
  command.add_option("--load", arguments->verify.loads, "this load alone, by its link's name (default: all)")
      ->type_name("LINK")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--key", arguments->verify.key, "a column that identifies a row (default: as the load says)")
      ->type_name("COLUMN")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--time", arguments->time, "takes no longer than that: 60s, 5m")->type_name("DURATION");
  command.add_option("--rows", arguments->verify.most_rows, "reads no more rows than that, the source's too")
      ->type_name("N")
      ->check(whole_number(1));
  command.add_flag("!--no-source", arguments->verify.source,
                   "does not read the source again to find the rows that differ");
  add_value_arguments(command, arguments->run);
  command.callback(
      [arguments, &action] { action = [arguments](Output& output) { return verify_command(*arguments, output); }; });
}

}  // namespace weir::cli
