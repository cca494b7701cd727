// The folders that weir writes to beside its outputs.
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/units.hpp"
#include "cli/doctor.hpp"
#include "state/places.hpp"

namespace weir::cli {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kLeastFree = 100ULL << 20U;

// The folder, or the nearest above it that is there.
fs::path nearest_existing(fs::path folder) {
  std::error_code problem;
  while (!fs::exists(folder, problem) && folder.has_parent_path() && folder != folder.parent_path())
    folder = folder.parent_path();
  return folder;
}

// Why nothing can be made below `folder`; empty: it can be. A file is made and removed where the folder is there.
std::string unwritable(const fs::path& folder) {
  const fs::path existing = nearest_existing(folder);
  std::error_code problem;
  if (!fs::is_directory(existing, problem)) return "'" + existing.string() + "' is a file, not a folder";
  std::string name = (existing / "weir-doctor-XXXXXX").string();
  const int file = ::mkstemp(name.data());
  if (file < 0) return std::strerror(errno);  // NOLINT(concurrency-mt-unsafe): one thread
  const bool written = ::write(file, "weir", 4) == 4;
  const std::string why = written ? "" : std::strerror(errno);  // NOLINT(concurrency-mt-unsafe): one thread
  ::close(file);
  ::unlink(name.c_str());
  return why;
}

bool on_network(const fs::path& folder) {
  constexpr long kCifs = 0xFF534D42;
  struct statfs about{};
  if (::statfs(nearest_existing(folder).c_str(), &about) != 0) return false;
  return about.f_type == NFS_SUPER_MAGIC || about.f_type == kCifs || about.f_type == SMB_SUPER_MAGIC;
}

// `variable` chooses another folder.
Finding folder_finding(const std::string& subject, const fs::path& folder, const std::string& variable) {
  std::error_code problem;
  std::string text = folder.string();
  if (!fs::exists(folder, problem)) text += ", not there yet";
  if (const std::string why = unwritable(folder); !why.empty()) {
    return {Verdict::problem, subject, text + ": it can't be written: " + why,
            "mend it, or choose another one: export " + variable + "=FOLDER"};
  }
  struct statvfs space{};
  ::statvfs(nearest_existing(folder).c_str(), &space);
  const std::uint64_t free = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  text += ", " + base::format_binary_bytes(free) + " free";
  if (free >= kLeastFree) return {Verdict::ok, subject, text, {}};
  return {Verdict::warning, subject, text, "make room, or choose another one: export " + variable + "=FOLDER"};
}

}  // namespace

std::vector<Finding> examine_folders() {
  const fs::path state = state::state_folder(fs::current_path());
  std::vector<Finding> findings{folder_finding("state folder", state, "XDG_STATE_HOME")};
  if (findings.front().verdict == Verdict::ok && on_network(state)) {
    findings.front().verdict = Verdict::warning;
    findings.front().found += ", on a network file system";
    findings.front().cure = "its locks may not hold there: export XDG_STATE_HOME=FOLDER on a local disk";
  }
  const char* const temporary = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  const fs::path folder = temporary == nullptr || *temporary == 0 ? "/tmp" : temporary;
  std::error_code problem;
  if (fs::is_directory(folder, problem)) {
    findings.push_back(folder_finding("temporary folder", folder, "TMPDIR"));
  } else {
    findings.push_back({Verdict::problem, "temporary folder", folder.string() + ": there is no such folder",
                        "make it, or choose another one: export TMPDIR=FOLDER"});
  }
  return findings;
}

}  // namespace weir::cli
