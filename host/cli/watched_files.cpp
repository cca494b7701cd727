#include "cli/watched_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <weir/weir.h>

#include "manifest/interpolate.hpp"
#include "manifest/parse.hpp"
#include "observe/redact.hpp"
#include "plugins/discovery.hpp"
#include "plugins/lock_file.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
using manifest::Node;

void take_state(const fs::path& path, WatchedFile& file) {
  struct stat state{};
  if (::stat(path.c_str(), &state) != 0) return;
  file.there = true;
  file.inode = state.st_ino;
  file.bytes = state.st_size;
  file.changed_ns = std::int64_t{state.st_mtim.tv_sec} * 1'000'000'000 + state.st_mtim.tv_nsec;
}

bool differs(const WatchedFile& a, const WatchedFile& b) {
  return a.there != b.there || a.inode != b.inode || a.bytes != b.bytes || a.changed_ns != b.changed_ns;
}

// Messages about a plugin begin with its path.
std::string without_path(const std::string& message, const fs::path& path) {
  const std::string before = path.string() + ": ";
  return message.starts_with(before) ? message.substr(before.size()) : message;
}

// Options whose text is the path of a file, by the names that schemas give them.
void add_file_options(const nlohmann::ordered_json& schema, std::set<std::string, std::less<>>& names) {
  if (schema.is_array()) {
    for (const auto& item : schema) add_file_options(item, names);
  }
  if (!schema.is_object()) return;
  for (const auto& [key, value] : schema.items()) {
    const auto format = value.is_object() ? value.find("format") : value.end();
    if (value.is_object() && format != value.end() && (*format == "document" || *format == "file")) names.insert(key);
    add_file_options(value, names);
  }
}

// Walks over the files of a manifest.
class Collector {
 public:
  explicit Collector(const run::RunOptions& options) : options_(options) {}

  WatchedFiles collect() {
    const fs::path manifest = fs::absolute(options_.manifest);
    values_.folder = manifest.parent_path();
    values_.parameters = options_.parameters;
    read(manifest);
    for (const auto& file : options_.env_files) add(fs::absolute(file));
    if (options_.env_files.empty()) add(values_.folder / ".env");
    for (const auto& assignment : options_.assignments) names_.insert(assignment.substr(assignment.find('=') + 1));
    add_plugins();
    for (std::size_t i = 0; i < named_.size(); ++i) {  // a document may name others
      if (const auto [option, path] = named_[i]; file_options_.contains(option)) read(path);
    }
    return std::move(found_);
  }

 private:
  WatchedFile& add(const fs::path& path) {
    WatchedFile& file = found_.files[path.lexically_normal()];
    take_state(path, file);
    return file;
  }

  void read(const fs::path& path) {
    if (!read_.insert(path.lexically_normal()).second) return;
    add(path);
    auto source = manifest::read_source(path.string());
    if (!source) return;
    auto tree = manifest::parse(*source);
    if (!tree) return;
    look_at(*tree, path.parent_path(), "");
    // Variables may stand for names too. Nobody is asked for secrets.
    static_cast<void>(manifest::interpolate(*tree, values_, redactor_));
    look_at(*tree, path.parent_path(), "");
    const Node* const include = tree->find("include");
    if (include == nullptr) return;
    if (include->kind == manifest::Kind::text) read(path.parent_path() / include->text);
    for (const Node& file : include->items) read(path.parent_path() / file.text);
  }

  void look_at(const Node& node, const fs::path& folder, const std::string& key) {
    if (node.kind == manifest::Kind::text) {
      names_.insert(node.text);
      named_.emplace_back(key, folder / node.text);
      add_inserted(node.text, folder);
    }
    for (const Node& item : node.items) look_at(item, folder, key);
    for (const manifest::Member& member : node.members) look_at(member.value, folder, member.key);
  }

  void add_inserted(std::string_view text, const fs::path& folder) {
    constexpr std::string_view kBegin = "${file:";
    for (std::size_t at = text.find(kBegin); at != std::string_view::npos; at = text.find(kBegin, at + 1)) {
      const std::size_t from = at + kBegin.size(), end = text.find('}', from);
      if (end != std::string_view::npos) add(folder / text.substr(from, end - from));
    }
  }

  void add_plugins() {
    add(plugins::lock_path(values_.folder));
    const auto folders = plugins::search_paths(values_.folder);
    for (const auto& folder : folders) found_.plugin_folders.push_back(folder.folder);
    for (const auto& plugin : plugins::discover(folders)) {
      WatchedFile& file = add(plugin.path);
      if (plugin.error) file.problem = without_path(plugin.error->message, plugin.path);
      file.used = plugin.info && uses(*plugin.info);
      if (!plugin.info) continue;
      file.plugin = plugin.info->name;
      for (const auto& component : plugin.info->components) add_file_options(component.schema, file_options_);
    }
  }

  bool uses(const plugins::PluginInfo& plugin) const {
    return std::any_of(plugin.components.begin(), plugin.components.end(), [&](const auto& component) {
      return component.kind == WEIR_KIND_FORMAT || component.kind == WEIR_KIND_CODEC ||
             names_.contains(component.name) || names_.contains(plugin.name + ":" + component.name);
    });
  }

  const run::RunOptions& options_;
  WatchedFiles found_;
  manifest::Values values_;
  observe::Redactor redactor_;
  std::set<fs::path> read_;
  std::set<std::string, std::less<>> names_;             // every text: what stands behind `use:` is among them
  std::vector<std::pair<std::string, fs::path>> named_;  // every text as a path, by the key in front of it
  std::set<std::string, std::less<>> file_options_;
};

const WatchedFile* find(const WatchedFiles& files, const fs::path& path) {
  const auto found = files.files.find(path);
  return found == files.files.end() ? nullptr : &found->second;
}

// Calls each(path, before, now) of files that count and have changed; either may be null.
template <class Each>
void for_each_change(const WatchedFiles& before, const WatchedFiles& now, Each&& each) {
  for (const auto& [path, file] : now.files) {
    const WatchedFile* const was = find(before, path);
    const bool counts = file.used || (was != nullptr && was->used);
    if (counts && (was == nullptr ? file.there : differs(*was, file))) each(path, was, &file);
  }
  for (const auto& [path, was] : before.files) {
    if (was.used && was.there && find(now, path) == nullptr) each(path, &was, nullptr);
  }
}

std::string shown_path(const fs::path& path) {
  const std::string beside = path.lexically_proximate(fs::current_path()).string();
  return beside.starts_with("..") ? path.string() : beside;
}

}  // namespace

WatchedFiles watched_files(const run::RunOptions& options) { return Collector(options).collect(); }

std::string what_changed(const WatchedFiles& before, const WatchedFiles& now) {
  std::string text;
  for_each_change(before, now, [&](const fs::path& path, const WatchedFile* was, const WatchedFile* is) {
    const std::string& plugin = is != nullptr && !is->plugin.empty() ? is->plugin : was != nullptr ? was->plugin : "";
    text += (text.empty() ? "" : ", ") + shown_path(path) + (plugin.empty() ? "" : " (plugin " + plugin + ")");
  });
  return text;
}

std::string not_whole(const WatchedFiles& before, const WatchedFiles& now) {
  std::string text;
  for_each_change(before, now, [&](const fs::path& path, const WatchedFile* was, const WatchedFile* is) {
    const bool gone = was != nullptr && was->there && (is == nullptr || !is->there);
    if (text.empty() && gone) text = shown_path(path) + " is gone";
    if (text.empty() && is != nullptr && !is->problem.empty())
      text = shown_path(path) + " is not whole: " + is->problem;
  });
  return text;
}

}  // namespace weir::cli
