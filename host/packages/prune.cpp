#include "packages/prune.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace weir::packages {
namespace {

namespace fs = std::filesystem;

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
}

// Which processes have which files of a folder in memory, as far as this user may see: "1234, 1240".
std::map<std::string, std::string> users_of_files(const fs::path& folder) {
  std::map<std::string, std::string> users;
  std::error_code problem;
  const std::string prefix = fs::weakly_canonical(folder, problem).string() + "/";
  for (fs::directory_iterator process("/proc", problem); !problem && process != fs::directory_iterator();
       process.increment(problem)) {
    const std::string number = process->path().filename().string();
    if (!is_number(number)) continue;
    std::set<std::string> files;
    std::ifstream maps(process->path() / "maps");
    for (std::string line; std::getline(maps, line);) {
      const std::size_t at = line.find(prefix);
      if (at != line.npos) files.insert(line.substr(at));
    }
    for (const std::string& file : files) users[file] += (users[file].empty() ? "" : ", ") + number;
  }
  return users;
}

bool is_wanted_by_lock(const Installed& one, const std::vector<plugins::LockFile>& locks) {
  return std::any_of(locks.begin(), locks.end(), [&one](const plugins::LockFile& lock) {
    const plugins::LockedPlugin* const locked = lock.find(one.head.info.name);
    return locked != nullptr && locked->version == one.head.info.version_text;
  });
}

}  // namespace

base::Result<std::vector<Superseded>> prune(const PruneRequest& request) {
  std::vector<base::Error> damaged;
  const std::vector<Installed> all = installed_in(request.folder, damaged);
  const auto users = users_of_files(request.folder);
  std::error_code ignored;
  const fs::path folder = fs::weakly_canonical(request.folder, ignored);
  std::vector<Superseded> superseded;
  const PackageInfo* newest = nullptr;  // of each name it comes first
  for (const Installed& one : all) {
    if (newest == nullptr || newest->name != one.head.info.name) {
      newest = &one.head.info;
      continue;
    }
    if (is_wanted_by_lock(one, request.locks)) continue;
    const auto user = users.find((folder / one.binary.filename()).string());
    superseded.push_back({one, newest->version_text, user == users.end() ? "" : user->second});
    if (request.dry || user != users.end()) continue;
    WEIR_TRY(remove_installed(request.folder, one.head.info.name, one.head.info.version_text, request.waiting));
  }
  return superseded;
}

}  // namespace weir::packages
