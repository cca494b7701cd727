// The plugins: what is found where, and whether each can be loaded.
#include <filesystem>

#include "cli/doctor.hpp"
#include "plugins/discovery.hpp"
#include "plugins/first_loads.hpp"
#include "plugins/registry.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

Finding judge(const plugins::FoundPlugin& found) {
  const std::string path = found.path.string();
  if (!found.info)
    return {Verdict::problem, "plugin " + found.path.filename().string(), found.error->message, found.error->hint};
  const std::string subject = "plugin " + found.info->name;
  const std::string text = found.info->version_text + ", " + path;
  if (const auto loaded = plugins::try_load(found.path); !loaded)
    return {Verdict::problem, subject, loaded.error().message, loaded.error().hint};
  if (!found.refused.empty())
    return {Verdict::warning, subject, text + ", not taken: " + found.refused, "remove one of the two"};
  if (!found.shadowed_by.empty()) {
    return {Verdict::warning, subject, text + ", shadowed by " + found.shadowed_by.string(),
            "remove the one that is not wanted"};
  }
  return {Verdict::ok, subject, text, {}};
}

std::string listed_folders(const std::vector<plugins::SearchPath>& folders) {
  std::string text;
  for (const auto& search : folders) {
    std::error_code problem;
    text += (text.empty() ? "" : ", ") + search.folder.string();
    if (!fs::is_directory(search.folder, problem)) text += " (not there)";
  }
  return text;
}

}  // namespace

std::vector<Finding> examine_plugins() {
  const auto folders = plugins::search_paths(fs::current_path());
  const plugins::Registry registry(plugins::discover(folders), {});
  std::vector<Finding> findings{{Verdict::ok, "plugin folders", listed_folders(folders), {}}};
  if (registry.found().empty()) {
    findings.front().verdict = Verdict::problem;
    findings.front().found = "no plugins in " + findings.front().found;
    findings.front().cure = "install weir whole, or name a folder of plugins: export WEIR_PLUGIN_PATH=FOLDER";
  }
  for (const auto& found : registry.found()) findings.push_back(judge(found));
  return findings;
}

}  // namespace weir::cli
