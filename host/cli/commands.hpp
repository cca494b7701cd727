// The commands, one a file: each adds itself to the program, and sets `action` when it was the one that was asked for.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/output.hpp"

namespace weir::cli {

// What was asked for; gives the exit code.
using Action = std::function<int(Output& output)>;

void add_run(CLI::App& program, Action& action);
void add_validate(CLI::App& program, Action& action);
void add_plan(CLI::App& program, Action& action);
void add_preview(CLI::App& program, Action& action);
void add_refresh(CLI::App& program, Action& action);
void add_backfill(CLI::App& program, Action& action);
void add_discover(CLI::App& program, Action& action);
void add_test(CLI::App& program, Action& action);
void add_runs(CLI::App& program, Action& action);
void add_runs_replay(CLI::App& runs, Action& action);  // below weir runs
void add_verify(CLI::App& runs, Action& action);
void add_state(CLI::App& program, Action& action);
void add_state_change(CLI::App& state, Action& action);  // below weir state
void add_state_backup(CLI::App& state, Action& action);
void add_init(CLI::App& program, Action& action);
void add_contract(CLI::App& program, Action& action);
void add_plugin(CLI::App& program, Action& action);
void add_plugin_new(CLI::App& plugin, Action& action);  // of weir plugin
void add_plugin_package(CLI::App& plugin, Action& action);
void add_plugin_install(CLI::App& plugin, Action& action);
void add_plugin_index(CLI::App& plugin, Action& action);
void add_plugin_trust(CLI::App& plugin, Action& action);
void add_explain(CLI::App& program, Action& action);
void add_schema(CLI::App& program, Action& action);
void add_doctor(CLI::App& program, Action& action);
void add_completion(CLI::App& program, Action& action);
void add_manual(CLI::App& program, Action& action);
void add_version(CLI::App& program, Action& action);

}  // namespace weir::cli
