// Discovery of plugins in folders.
#include "plugins/discovery.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>

#include "base/user_folder.hpp"
#include "plugins/compatibility.hpp"
#include "plugins/system.hpp"

namespace weir::plugins {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 10000;  // of a folder that is not one of plugins

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): [main]
  return value == nullptr ? std::string_view() : std::string_view(value);
}

void add(std::vector<SearchPath>& paths, const fs::path& folder, const char* origin) {
  std::error_code ignored;
  fs::path whole = fs::weakly_canonical(fs::absolute(folder, ignored), ignored);
  if (whole.empty()) whole = folder;
  const bool known =
      std::any_of(paths.begin(), paths.end(), [&](const SearchPath& path) { return path.folder == whole; });
  if (!known) paths.push_back({std::move(whole), origin});
}

FoundPlugin failed(const fs::path& path, const std::string& origin, base::Error error) {
  FoundPlugin found;
  found.path = path;
  found.origin = origin;
  found.error = std::move(error);
  return found;
}

FoundPlugin read(const fs::path& path, const std::string& origin) {
  base::Result<PluginInfo> info = read_info(path);
  if (!info) return failed(path, origin, std::move(info).error());
  FoundPlugin found;
  found.path = path;
  found.origin = origin;
  found.info = std::move(info).value();
  return found;
}

std::vector<fs::path> files_of(const fs::path& folder, std::error_code& problem) {
  std::vector<fs::path> files;
  fs::directory_iterator entries(folder, problem);
  while (!problem && entries != fs::directory_iterator() && files.size() < kMaxFiles) {
    if (is_plugin_file(entries->path())) files.push_back(entries->path());
    entries.increment(problem);
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Of the versions of one plugin in a folder the newest comes first, where the first of them was.
void newest_first(std::vector<FoundPlugin>& found) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (std::size_t j = i + 1; j < found.size() && found[i].info; ++j) {
      const bool newer = found[j].info && found[j].info->name == found[i].info->name &&
                         found[i].info->version < found[j].info->version;
      if (newer) std::swap(found[i], found[j]);
    }
  }
}

}  // namespace

fs::path installation_folder() {
  const fs::path file = file_of_this_code();
  if (file.empty()) return {};
  const fs::path folder = file.parent_path();
  return (file.filename().string().starts_with("libweir.so") ? folder : folder.parent_path() / "lib") / "weir" /
         "plugins";
}

fs::path user_plugins_folder() {
  const fs::path data = base::user_folder("XDG_DATA_HOME", ".local/share");
  return data.empty() ? data : data / "plugins";
}

std::vector<SearchPath> search_paths(const fs::path& manifest_folder) {
  std::vector<SearchPath> paths;
  std::string_view listed = environment("WEIR_PLUGIN_PATH");
  while (!listed.empty()) {
    const std::string_view folder = listed.substr(0, listed.find(':'));
    if (!folder.empty()) add(paths, fs::path(folder), "environment");
    listed.remove_prefix(std::min(listed.size(), folder.size() + 1));
  }
  add(paths, (manifest_folder.empty() ? fs::path(".") : manifest_folder) / ".weir" / "plugins", "manifest");
  if (const fs::path user = user_plugins_folder(); !user.empty()) add(paths, user, "user");
  const fs::path installed = installation_folder();
  if (!installed.empty()) add(paths, installed, "installation");
  return paths;
}

std::vector<FoundPlugin> discover(std::span<const SearchPath> folders) {
  std::vector<FoundPlugin> found;
  std::set<fs::path> seen;
  for (const SearchPath& search : folders) {
    std::error_code problem;
    const std::vector<fs::path> files = files_of(search.folder, problem);
    if (problem && problem != std::errc::no_such_file_or_directory) {
      found.push_back(
          failed(search.folder, search.origin,
                 plugin_refused("plugin.unreadable",
                                search.folder.string() + ": expected a folder of plugins, found " + problem.message(),
                                "see that the folder may be read, or take it out of WEIR_PLUGIN_PATH")));
      continue;
    }
    std::vector<FoundPlugin> here;
    for (const fs::path& file : files) {
      std::error_code ignored;
      const fs::path whole = fs::weakly_canonical(file, ignored);
      if (seen.insert(whole.empty() ? file : whole).second) here.push_back(read(file, search.origin));
    }
    newest_first(here);
    std::move(here.begin(), here.end(), std::back_inserter(found));
  }
  return found;
}

}  // namespace weir::plugins
