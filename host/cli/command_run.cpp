// weir run, weir validate
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/run_log.hpp"
#include "cli/usage.hpp"

namespace weir::cli {
namespace {

namespace asio = boost::asio;

// Listens to signals while rows flow, on a thread of its own: the first interrupts the run, which then ends by itself; a
// second one ends the program.
class SignalWatch {
 public:
  explicit SignalWatch(run::Execution& execution) : signals_(context_, SIGINT, SIGTERM) {
    signals_.async_wait([this, &execution](const boost::system::error_code& problem, int number) {
      if (problem) return;
      number_ = number;
      execution.interrupt();
      wait_for_second();
    });
    thread_ = std::thread([this] { context_.run(); });
  }
  ~SignalWatch() { stop(); }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  // Stops listening; tells the signal that came, or 0.
  int stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
    return number_;
  }

 private:
  // What can't be interrupted is left as a crash would leave it, which the next run mends.
  void wait_for_second() {
    signals_.async_wait([](const boost::system::error_code& problem, int number) {
      if (!problem) std::_Exit(128 + number);
    });
  }

  asio::io_context context_;
  asio::signal_set signals_;
  std::atomic<int> number_{0};
  std::thread thread_;
};

struct RunArguments {
  run::RunOptions options;
  std::vector<std::string> parameters;
};

base::Result<void> parse_parameters(RunArguments& arguments) {
  for (const auto& text : arguments.parameters) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::unexpected(
          base::manifest_error("usage.parameter", "expected --param NAME=VALUE, found '" + text + "'"));
    }
    arguments.options.parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return {};
}

int run_command(RunArguments& arguments, Output& output) {
  if (auto parsed = parse_parameters(arguments); !parsed) return output.fail(parsed.error());
  std::optional<SignalWatch> signals;
  std::optional<ProgressLine> progress;
  int signal_number = 0;
  run::RunWatch watch;
  watch.log = &output.log();
  watch.redactor = &output.redactor();
  watch.stdout_taken = [&] { output.leave_stdout(); };
  watch.begin = [&](run::Execution& execution, std::int64_t bytes_expected) {
    signals.emplace(execution);
    progress.emplace(execution, bytes_expected, output.terminal() && !output.json());
  };
  watch.end = [&] {
    signal_number = signals->stop();
    progress.reset();
    signals.reset();
  };
  auto reports = nlohmann::ordered_json::array();
  log_begin(output.log(), arguments.options);
  const auto ran = run::run_pipelines(arguments.options, watch, [&](const run::RunReport& report) {
    log_end(output.log(), report);
    reports.push_back(report_json(report));
    output.tell(report_text(report));
  });
  if (ran)
    return output.succeed("", reports.size() == 1 ? reports.front() : nlohmann::ordered_json{{"pipelines", reports}});
  nlohmann::ordered_json done = nlohmann::ordered_json::object();
  if (!reports.empty()) done["pipelines"] = std::move(reports);
  log_end(output.log(), base::unexpected(ran.error()));
  const int code = output.fail(ran.error(), done);
  return signal_number == 0 ? code : 128 + signal_number;
}

int validate_command(RunArguments& arguments, Output& output) {
  if (auto parsed = parse_parameters(arguments); !parsed) return output.fail(parsed.error());
  run::RunWatch watch;
  watch.log = &output.log();
  watch.redactor = &output.redactor();
  const auto valid = run::validate_manifest(arguments.options, watch);
  if (!valid) return output.fail(valid.error());
  return output.succeed(arguments.options.manifest + ": valid\n",
                        {{"manifest", arguments.options.manifest}, {"valid", true}});
}

void add_common(CLI::App& command, RunArguments& arguments) {
  command.add_option("MANIFEST", arguments.options.manifest, "the manifest, YAML or JSON")->required();
  command.add_option("PIPELINE", arguments.options.pipelines, "those of the manifest's pipelines (default: all)");
  command.add_option("--param", arguments.parameters, "sets ${param:NAME}: --param NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--set", arguments.options.assignments, "changes the manifest: --set load.table=orders")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--profile", arguments.options.profile, "lays a profile over the manifest (else $WEIR_PROFILE)");
  command
      .add_option("--env-file", arguments.options.env_files,
                  "variables for ${env:NAME} (else .env beside the manifest)")
      ->take_all()
      ->allow_extra_args(false);
}

}  // namespace

void add_run(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App& command = *program.add_subcommand("run", "runs a pipeline to its end, and prints its ledger");
  add_common(command, *arguments);
  command.add_flag("--fresh", arguments->options.fresh, "repeats a run that is complete");
  auto depth = std::make_shared<std::string>("quick");
  command.add_option("--validate", *depth, "checks what plugins hand over: quick, or full (every value)")
      ->check(one_of({"quick", "full"}));
  command
      .add_option("--chains", arguments->options.settings.chains,
                  "copies of the chain that work side by side (default: one a core)")
      ->check(whole_number(1));
  command.callback([arguments, depth, &action] {
    arguments->options.settings.validate_full = *depth == "full";
    action = [arguments](Output& output) { return run_command(*arguments, output); };
  });
}

void add_validate(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App& command = *program.add_subcommand("validate", "checks a manifest, and tells all of its errors at once");
  add_common(command, *arguments);
  command.callback(
      [arguments, &action] { action = [arguments](Output& output) { return validate_command(*arguments, output); }; });
}

}  // namespace weir::cli
