// weir contract
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/run_arguments.hpp"

namespace weir::cli {
namespace {

// A manifest that reads the files and writes what the format `contract` makes of them to standard output: so all that a run
// can read can be drafted from, with a manifest in the place of this one.
std::string manifest_for(const std::vector<std::string>& files) {
  nlohmann::ordered_json manifest{{"weir", 1}, {"name", "contract-infer"}};
  manifest["extract"] = nlohmann::ordered_json::array();
  for (const auto& file : files) manifest["extract"].push_back({{"use", "file"}, {"path", file}});
  manifest["load"] = {{"use", "file"}, {"path", "-"}, {"format", {{"use", "contract"}}}};
  return manifest.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

int infer_command(const std::vector<std::string>& files, Output& output) {
  run::RunOptions options;
  options.manifest = "weir contract infer";
  options.text = manifest_for(files);
  options.folder = std::filesystem::current_path();
  options.fresh = true;
  auto inferred = run::run_manifest(options, watch_of(output));
  if (!inferred) {
    base::Error error = inferred.error();
    if (error.place.file == options.manifest) error.place = {};  // nobody wrote that manifest
    return output.fail(error);
  }
  return output.succeed("", {{"files", files}});
}

}  // namespace

void add_contract(CLI::App& program, Action& action) {
  CLI::App& command = *program.add_subcommand("contract", "drafts contracts, which `use: validate` checks");
  command.require_subcommand(1);
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App& infer =
      *command.add_subcommand("infer", "writes a draft of a contract for the rows of files to standard output");
  infer.add_option("FILE", *files, "files of rows, in any format and compression that is installed")->required();
  infer.callback([files, &action] { action = [files](Output& output) { return infer_command(*files, output); }; });
}

}  // namespace weir::cli
