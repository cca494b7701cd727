// weir schema
#include <filesystem>

#include "cli/commands.hpp"
#include "manifest/vocabulary.hpp"
#include "plugins/discovery.hpp"
#include "plugins/registry.hpp"

namespace weir::cli {
namespace {

int schema_command(Output& output) {
  const plugins::Registry registry(plugins::discover(plugins::search_paths(std::filesystem::current_path())), {});
  std::vector<manifest::ComponentSchema> components;
  for (const auto& component : registry.components()) {
    components.push_back({component.info->name, component.plugin_info().name, component.info->kind_text,
                          component.info->summary, component.info->schema});
  }
  const auto schema = manifest::manifest_schema(components);
  return output.succeed(schema.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n",
                        {{"schema", schema}});
}

}  // namespace

void add_schema(CLI::App& program, Action& action) {
  program
      .add_subcommand("schema", "prints the JSON Schema of a manifest, with the options of every installed component")
      ->callback([&action] { action = schema_command; });
}

}  // namespace weir::cli
