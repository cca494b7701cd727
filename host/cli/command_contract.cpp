// weir contract
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/report.hpp"
#include "cli/run_arguments.hpp"

namespace weir::cli {
namespace {

constexpr int kRejected = 3;  // as of a run that rejects more than it may

using nlohmann::ordered_json;

// A run of a manifest that nobody wrote, over files: so these commands can do what a run can, and no more.
base::Result<run::RunReport> run_over(const std::vector<std::string>& files, const ordered_json& rest, Output& output) {
  ordered_json manifest{{"weir", 1}, {"name", "contract"}};
  manifest["extract"] = ordered_json::array();
  for (const auto& file : files) manifest["extract"].push_back({{"use", "file"}, {"path", file}});
  manifest.update(rest);
  run::RunOptions options;
  options.manifest = "weir contract";
  options.text = manifest.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  options.folder = std::filesystem::current_path();
  options.fresh = true;
  auto ran = run::run_manifest(options, watch_of(output));
  if (ran || ran.error().place.file != options.manifest) return ran;
  base::Error error = ran.error();
  error.place = {};
  return base::unexpected(std::move(error));
}

int infer_command(const std::vector<std::string>& files, Output& output) {
  const ordered_json writes{{"load", {{"use", "file"}, {"path", "-"}, {"format", {{"use", "contract"}}}}}};
  const auto ran = run_over(files, writes, output);
  return ran ? output.succeed("", {{"files", files}}) : output.fail(ran.error());
}

int check_command(const std::string& contract, const std::vector<std::string>& files, Output& output) {
  const ordered_json discard{{"use", "discard"}};
  const ordered_json checks{{"transform", ordered_json::array({{{"use", "validate"}, {"contract", contract}}})},
                            {"load", discard},
                            {"reject", discard}};
  const auto ran = run_over(files, checks, output);
  if (!ran) return output.fail(ran.error());
  output.succeed(report_text(*ran), report_json(*ran));
  return ran->ledger.rejected() == 0 ? 0 : kRejected;
}

}  // namespace

void add_contract(CLI::App& program, Action& action) {
  CLI::App& command = *program.add_subcommand(
      "contract", "drafts contracts, which `use: validate` takes, and checks files against them");
  command.require_subcommand(1);
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App& infer =
      *command.add_subcommand("infer", "writes a draft of a contract for the rows of files to standard output");
  infer.add_option("FILE", *files, "files of rows, in any format and compression that is installed")->required();
  infer.callback([files, &action] { action = [files](Output& output) { return infer_command(*files, output); }; });
  auto contract = std::make_shared<std::string>();
  CLI::App& check = *command.add_subcommand(
      "check", "counts the rows of files that break a contract, by reason; exit code 3 if any does");
  check.add_option("CONTRACT", *contract, "the contract, YAML or JSON")->required();
  check.add_option("FILE", *files, "files of rows")->required();
  check.callback([contract, files, &action] {
    action = [contract, files](Output& output) { return check_command(*contract, *files, output); };
  });
}

}  // namespace weir::cli
