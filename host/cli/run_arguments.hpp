// What the commands that take a manifest share.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "run/run.hpp"

namespace weir::cli {

struct RunArguments {
  run::RunOptions options;
  std::vector<std::string> parameters;
};

// MANIFEST, PIPELINE and add_value_arguments().
void add_run_arguments(CLI::App& command, RunArguments& arguments);

// --stream, of the commands that can do with some of a pipeline's streams.
void add_stream_argument(CLI::App& command, RunArguments& arguments);

// --allow-loss, of the commands that write or tell what would be written.
void add_loss_argument(CLI::App& command, RunArguments& arguments);

// What a manifest's values come from: --param, --set, --profile, --env-file.
void add_value_arguments(CLI::App& command, RunArguments& arguments);

// Reads --param NAME=VALUE into the options. Errors: usage.parameter.
base::Result<void> parse_parameters(RunArguments& arguments);

// Log, redaction and the choice of stdout. `output` is lent.
run::RunWatch watch_of(Output& output);

// Reads the parameters, then calls `command`; gives the exit code.
template <class Arguments>
int with_parameters(Arguments& arguments, Output& output, int (*command)(Arguments&, Output&)) {
  if (auto parsed = parse_parameters(arguments); !parsed) return output.fail(parsed.error());
  return command(arguments, output);
}

}  // namespace weir::cli
