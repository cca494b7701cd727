// weir state backup, weir state restore
#include <map>

#include "base/units.hpp"
#include "cli/commands.hpp"
#include "cli/state_view.hpp"
#include "observe/time_text.hpp"
#include "state/backup.hpp"
#include "state/places.hpp"

namespace weir::cli {
namespace {

std::string entries_text(std::uint64_t entries) {
  return base::format_count(entries) + (entries == 1 ? " entry" : " entries");
}

nlohmann::ordered_json backup_json(const state::Backup& backup) {
  return {{"made", observe::time_text(backup.made_ns)},
          {"schema", backup.schema},
          {"entries", backup.entries},
          {"digest", backup.digest}};
}

int backup_command(const std::string& file, Output& output) {
  const auto backup = state::back_up(state::state_folder(std::filesystem::current_path()), file);
  if (!backup) return output.fail(backup.error());
  auto document = backup_json(*backup);
  document["file"] = file;
  return output.succeed(entries_text(backup->entries) + " as of " + observe::time_text(backup->made_ns) + " in " +
                            file + ", digest " + backup->digest.substr(0, 8) + "…\n",
                        document);
}

// Names of pipelines, as far as they can be read: the store may be what is to be mended.
std::function<std::string(const std::string&)> names_by_id() {
  auto view = open_state_view();
  std::map<std::string, std::string> names;
  if (view) {
    for (const auto& one : view->pipelines) names[one.lock_id()] = one.name;
  }
  return [names](const std::string& id) {
    const auto found = names.find(id);
    return found == names.end() || found->second.empty() ? id : found->second;
  };
}

int restore_command(const std::string& file, Output& output) {
  const auto restored = state::restore(state::state_folder(std::filesystem::current_path()), file, names_by_id());
  if (!restored) return output.fail(restored.error());
  auto document = backup_json(restored->backup);
  document["file"] = file;
  if (!restored->kept.empty()) document["kept"] = restored->kept.string();
  const std::string made = observe::time_text(restored->backup.made_ns);
  std::string text = entries_text(restored->backup.entries) + " restored, as of " + made + "\n";
  if (!restored->kept.empty()) text += "what was there is kept in " + restored->kept.string() + "\n";
  output.tell_aside(
      "what ran since " + made +
      " is not known any more: where a destination can tell, the next run stops with exit code 5; where none "
      "can, rows may be loaded again\n");
  return output.succeed(text, document);
}

}  // namespace

void add_state_backup(CLI::App& state, Action& action) {
  auto file = std::make_shared<std::string>();
  CLI::App& backup = *state.add_subcommand("backup", "writes all state to a file, while runs go on");
  backup.add_option("FILE", *file, "a file that is not there yet")->required();
  backup.callback([file, &action] { action = [file](Output& output) { return backup_command(*file, output); }; });
  CLI::App& restore = *state.add_subcommand(
      "restore", "puts a backup in the place of all state, while nothing runs; what was there is kept beside it");
  restore.add_option("FILE", *file, "what weir state backup has written")->required();
  restore.callback([file, &action] { action = [file](Output& output) { return restore_command(*file, output); }; });
}

}  // namespace weir::cli
