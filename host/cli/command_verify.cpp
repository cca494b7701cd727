// weir runs verify
#include <algorithm>
#include <optional>

#include "base/counted.hpp"
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

// The run, or, of one of many streams, those of the streams that were complete.
std::vector<const recovery::KeptRun*> verified_runs(const std::vector<recovery::KeptRun>& all,
                                                    const recovery::KeptRun& run) {
  if (run.streams.empty()) return {&run};
  std::vector<const recovery::KeptRun*> runs;
  for (const auto& stream : run.streams) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&stream](const auto& one) { return one.run == stream.run; });
    if (found != all.end() && found->state == recovery::RunState::complete) runs.push_back(&*found);
  }
  return runs;
}

// Of one report that itself; of several a list, and what is worst of them.
int tell(const std::vector<run::VerifyReport>& reports, bool whole, Output& output) {
  int code = 0;
  std::string text;
  nlohmann::ordered_json documents = nlohmann::ordered_json::array();
  for (const auto& report : reports) {
    const int own = code_of(report.verdict);
    code = own == kDiffers || code == 0 ? own : code;
    if (code == 0 || own != 0) text += verify_text(report);
    documents.push_back(verify_json(report));
  }
  if (whole) text += "  " + base::counted(reports.size(), "stream") + " verified\n";
  output.answer(code == 0, text, whole ? nlohmann::ordered_json{{"streams", documents}} : documents.front());
  return code;
}

int verify_command(VerifyArguments& arguments, Output& output) {
  if (auto parsed = parse_parameters(arguments.run); !parsed) return output.fail(parsed.error());
  if (auto time = read_time(arguments); !time) return output.fail(time.error());
  const auto kept = open_kept_runs(arguments.manifest);
  if (!kept) return output.fail(kept.error());
  const auto found = find_run(*kept, arguments.id);
  if (!found) return output.fail(found.error());
  auto all = recovery::RunHistory(*kept->state.store).runs();
  if (!all) return output.fail(all.error());
  recovery::RunHistory history(*kept->state.store);
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
  std::vector<run::VerifyReport> reports;
  std::optional<base::Error> failed;
  for (const auto* const one : verified_runs(*all, **found)) {
    auto report = run::verify_run(options, *one, {*all, history}, arguments.verify, watch);
    if (!report) {
      failed = std::move(report).error();
      break;
    }
    reports.push_back(std::move(*report));
  }
  progress.reset();  // of a reading that was given up
  const auto answer = [&] {
    if (!failed) return tell(reports, !(*found)->streams.empty(), output);
    const int code = output.fail(*failed);
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
