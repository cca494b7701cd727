#include "cli/run_arguments.hpp"

namespace weir::cli {

void add_run_arguments(CLI::App& command, RunArguments& arguments) {
  command.add_option("MANIFEST", arguments.options.manifest, "the manifest, YAML or JSON")->required();
  command.add_option("PIPELINE", arguments.options.pipelines, "those of the manifest's pipelines (default: all)");
  add_value_arguments(command, arguments);
}

void add_stream_argument(CLI::App& command, RunArguments& arguments) {
  command
      .add_option("--stream", arguments.options.streams, "this one of the pipeline's streams (default: all it picks)")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
}

void add_loss_argument(CLI::App& command, RunArguments& arguments) {
  command.add_flag("--allow-loss", arguments.options.settings.allow_loss,
                   "does what drift: asks for though it loses data, and logs what is lost");
}

void add_value_arguments(CLI::App& command, RunArguments& arguments) {
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
      ->type_name("FILE")
      ->take_all()
      ->allow_extra_args(false);
}

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

run::RunWatch watch_of(Output& output) {
  run::RunWatch watch;
  watch.log = &output.log();
  watch.redactor = &output.redactor();
  watch.stdout_taken = [&output] { output.leave_stdout(); };
  return watch;
}

}  // namespace weir::cli
