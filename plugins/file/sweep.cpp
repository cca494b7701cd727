#include "sweep.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>

#include "committable.hpp"
#include "problems.hpp"
#include "staged_name.hpp"
#include "target.hpp"

namespace weir::file {
namespace {

// A staged name holds the hash of its target's path, so it alone tells the file.
std::set<std::string> names_of(std::span<const weir_bytes> keep) {
  std::set<std::string> names;
  for (const auto& bytes : keep) names.insert(name_of(Committable::decode(to_view(bytes)).staged));
  return names;
}

void sweep_folder(const Context& context, const std::string& folder, std::ptrdiff_t depth,
                  const std::set<std::string>& kept) {
  if (context.cancelled()) throw cancelled();
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
  if (!open && (errno == ENOENT || errno == ENOTDIR)) return;
  if (!open) throw cannot_write(folder, "look for unfinished files in", errno);
  bool removed = false;  // a name that came back after a power cut would stay: nobody sweeps a complete run
  for (const dirent* entry = nullptr; (entry = readdir(open.get())) != nullptr;) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string path = folder + "/" + name;
    const auto staged = StagedName::parse(name);
    if (staged && staged->is_left_by(context) && !kept.contains(name)) {
      if (unlink(path.c_str()) != 0 && errno != ENOENT) throw cannot_write(path, "remove", errno);
      removed = true;
      continue;
    }
    struct stat facts{};
    if (depth > 0 && stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode))
      sweep_folder(context, path, depth - 1, kept);
  }
  if (removed) sync_folder(folder);
}

}  // namespace

void sweep(const Context& context, const std::string& path, std::span<const weir_bytes> keep) {
  if (path == "-") return;
  const std::set<std::string> kept = names_of(keep);
  const std::size_t placeholder = path.find('{');
  if (placeholder == std::string::npos) return sweep_folder(context, folder_of(behind_links(path)), 0, kept);
  const std::string fixed = path.substr(0, placeholder);
  const std::string varies = path.substr(std::min(path.size(), fixed.rfind('/') + 1));
  sweep_folder(context, folder_of(fixed), std::count(varies.begin(), varies.end(), '/'), kept);
}

}  // namespace weir::file
