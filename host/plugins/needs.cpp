// The walk is by breadth, as the loader's; a library is taken once by its name.
#include "plugins/needs.hpp"

#include <algorithm>
#include <cstdlib>
#include <unordered_set>

#include "plugins/elf_file.hpp"
#include "plugins/info.hpp"
#include "plugins/object_file.hpp"
#include "plugins/opened_file.hpp"

namespace weir::plugins {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLibraries = 1000;
constexpr std::size_t kMostParts = 50;

// The name of the machine in folders: "x86_64".
std::string platform() {
  std::string name(host_machine());
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string multiarch() { return "lib/" + platform() + "-linux-gnu"; }

std::vector<fs::path> split(std::string_view text) {
  std::vector<fs::path> folders;
  while (!text.empty()) {
    const std::string_view folder = text.substr(0, text.find_first_of(":;"));
    if (!folder.empty()) folders.emplace_back(folder);
    text.remove_prefix(std::min(text.size(), folder.size() + 1));
  }
  return folders;
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

// A folder as a file has it, for a file in `origin`.
fs::path expanded(std::string folder, const fs::path& origin) {
  for (const char* const name : {"$ORIGIN", "${ORIGIN}"}) replace_all(folder, name, origin.string());
  for (const char* const name : {"$LIB", "${LIB}"}) replace_all(folder, name, multiarch());
  for (const char* const name : {"$PLATFORM", "${PLATFORM}"}) replace_all(folder, name, platform());
  return folder;
}

// A file of the walk.
struct Walked {
  std::string name;
  fs::path file;
  ObjectDetails details;
  std::size_t parent = 0;  // which needed it first; the plugin is its own
};

// Whether the loader would take a file: others are passed over, as it does.
bool fits_machine(const fs::path& path) {
  const auto opened = OpenedFile::open(path);
  if (!opened) return false;
  const auto file = ElfFile::open(opened->bytes());
  return file && file->machine() == host_machine();
}

class Walk {
 public:
  Walk(const fs::path& file, const LoaderRules& rules) : rules_(rules) { add(file.string(), fs::absolute(file), 0); }

  Needs needs() {
    for (std::size_t i = 0; i < walked_.size(); ++i) {
      const std::vector<std::string> names = walked_[i].details.needed;  // walked_ grows
      for (const std::string& name : names) look_for(name, i);
    }
    find_missing_versions();
    if (needs_.missing().empty()) find_missing_symbols();
    return std::move(needs_);
  }

 private:
  void add(const std::string& name, const fs::path& path, std::size_t parent) {
    Walked walked{name, path, {}, parent};
    if (const auto file = OpenedFile::open(path)) {
      if (auto details = read_details(file->bytes())) walked.details = std::move(*details);
    }
    walked_.push_back(std::move(walked));
  }

  void look_for(const std::string& name, std::size_t by) {
    if (walked_.size() >= kMostLibraries || !seen_.insert(name).second) return;
    const fs::path file = found(name, by);
    needs_.libraries.push_back({name, file, walked_[by].name});
    if (!file.empty()) add(name, file, by);
  }

  fs::path found(const std::string& name, std::size_t by) const {
    if (name.find('/') != std::string::npos) return fits_machine(name) ? fs::path(name) : fs::path();
    for (const fs::path& folder : folders_for(by)) {
      const fs::path file = folder / name;
      std::error_code ignored;
      if (fs::exists(file, ignored) && fits_machine(file)) return file;
    }
    if (walked_[by].details.no_default_folders) return {};
    for (const fs::path& file : rules_.cache.files_of(name)) {
      if (fits_machine(file)) return file;
    }
    for (const fs::path& folder : rules_.folders) {
      std::error_code ignored;
      if (fs::exists(folder / name, ignored) && fits_machine(folder / name)) return folder / name;
    }
    return {};
  }

  // DT_RPATH of the file and of those that led to it, unless the file has DT_RUNPATH; LD_LIBRARY_PATH; DT_RUNPATH.
  std::vector<fs::path> folders_for(std::size_t by) const {
    std::vector<fs::path> folders;
    const auto add_all = [&](const std::vector<std::string>& written, const fs::path& file) {
      for (const std::string& folder : written) folders.push_back(expanded(folder, file.parent_path()));
    };
    if (walked_[by].details.runpath.empty()) {
      for (std::size_t i = by;; i = walked_[i].parent) {
        if (walked_[i].details.runpath.empty()) add_all(walked_[i].details.rpath, walked_[i].file);
        if (i == walked_[i].parent) break;
      }
    }
    folders.insert(folders.end(), rules_.library_path.begin(), rules_.library_path.end());
    add_all(walked_[by].details.runpath, walked_[by].file);
    return folders;
  }

  const Walked* walked(const std::string& name) const {
    const auto found =
        std::find_if(walked_.begin() + 1, walked_.end(), [&](const Walked& w) { return w.name == name; });
    return found == walked_.end() ? nullptr : &*found;
  }

  void find_missing_versions() {
    for (const Walked& file : walked_) {
      for (const NeededVersion& needed : file.details.versions) {
        const Walked* const library = walked(needed.library);
        if (library == nullptr || library->details.defined_versions.empty()) continue;  // without versions all will do
        const auto& has = library->details.defined_versions;
        if (std::find(has.begin(), has.end(), needed.version) == has.end() && needs_.versions.size() < kMostParts)
          needs_.versions.push_back({needed.version, file.name, library->file.string()});
      }
    }
  }

  void find_missing_symbols() {
    std::unordered_set<std::string_view> provided;
    for (const Walked& file : walked_) provided.insert(file.details.exported.begin(), file.details.exported.end());
    for (const Walked& file : walked_) {
      for (const std::string& name : file.details.undefined) {
        if (!provided.contains(name) && needs_.symbols.size() < kMostParts)
          needs_.symbols.push_back({name, file.name, {}});
      }
    }
  }

  const LoaderRules& rules_;
  Needs needs_;
  std::vector<Walked> walked_;
  std::unordered_set<std::string> seen_;
};

}  // namespace

std::vector<const NeededLibrary*> Needs::missing() const {
  std::vector<const NeededLibrary*> found;
  for (const NeededLibrary& library : libraries) {
    if (library.file.empty()) found.push_back(&library);
  }
  return found;
}

LoaderRules system_rules() {
  LoaderRules rules;
  if (const char* const path = std::getenv("LD_LIBRARY_PATH")) rules.library_path = split(path);  // NOLINT: [main]
  rules.cache = LdCache::read("/etc/ld.so.cache");
  rules.folders = {"/" + multiarch(), "/usr/" + multiarch(), "/lib64", "/usr/lib64", "/lib", "/usr/lib"};
  return rules;
}

Needs find_needs(const fs::path& file, const LoaderRules& rules) { return Walk(file, rules).needs(); }

}  // namespace weir::plugins
