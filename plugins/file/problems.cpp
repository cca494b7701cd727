#include "problems.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace weir::file {
namespace {

std::string words(int code) {
  char buffer[256];
  const char* text = strerror_r(code, buffer, sizeof buffer);
  std::string found = text;
  if (!found.empty() && found[0] >= 'A' && found[0] <= 'Z') found[0] = static_cast<char>(found[0] - 'A' + 'a');
  return found;
}

bool exists(const std::string& path) {
  struct stat facts{};
  return lstat(path.c_str(), &facts) == 0;
}

// Counts insertions, deletions, replacements and swaps of neighbours between two names (optimal string alignment).
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

// Gives the name in `folder` nearest to `name`, with which all of the path is there; or nothing.
std::string nearest(const std::string& folder, const std::string& name, const std::string& rest) {
  constexpr std::size_t kLooked = 10000;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(folder.c_str()), closedir);
  std::string best;
  std::size_t nearness = std::max<std::size_t>(1, name.size() / 3) + 1, looked = 0;
  for (const dirent* entry = nullptr; open && looked < kLooked && (entry = readdir(open.get())) != nullptr; ++looked) {
    const std::string found = entry->d_name;
    if (found[0] == '.' && name[0] != '.') continue;
    const std::size_t far = distance(name, found);
    const bool nearer = far < nearness || (far == nearness && !best.empty() && found < best);
    if (!nearer || !exists(folder + "/" + found + rest)) continue;
    nearness = far;
    best = found;
  }
  return best;
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Failure cancelled() { return {WEIR_CANCELLED, WEIR_FAULT_UNKNOWN, "cancelled"}; }

Failure is_folder(const std::string& path, bool source) {
  Failure made(WEIR_FAILED_PRECONDITION, source ? WEIR_FAULT_SOURCE : WEIR_FAULT_DESTINATION,
               "expected a file, found the folder '" + path + "'");
  return std::move(made)
      .hint(source ? "name its files: '" + path + "/*'" : "name a file in it: '" + path + "/...'")
      .object(path)
      .option("/path")
      .native(EISDIR);
}

Failure no_such_file(const std::string& path) {
  std::string missing = path;
  while (missing.size() > 1 && !exists(folder_of(missing))) missing = folder_of(missing);
  const std::string folder = folder_of(missing), name = name_of(missing);
  std::string message = "no such file '" + path + "'";
  if (missing != path) message += ": there is no folder '" + missing + "'";
  const std::string near = nearest(folder, name, path.substr(missing.size()));
  return Failure(WEIR_NOT_FOUND, WEIR_FAULT_SOURCE, message)
      .hint(near.empty() ? "" : "did you mean '" + near + "'?")
      .object(path)
      .option("/path")
      .native(ENOENT);
}

Failure cannot_read(const std::string& path, int code) {
  if (code == ENOENT) return no_such_file(path);
  weir_status status = WEIR_FAILED_PRECONDITION;
  std::string message = "can't read '" + path + "': " + words(code), hint;
  if (code == EACCES || code == EPERM) {
    status = WEIR_PERMISSION_DENIED;
    message = "permission denied: can't read '" + path + "'";
    hint = "let the user who runs weir read it, and search the folders above it";
  } else if (code == ENOTDIR) {
    status = WEIR_NOT_FOUND;
    message = "no such file '" + path + "': part of the path is a file, not a folder";
  } else if (code == EIO) {
    status = WEIR_DATA_LOSS;
  }
  return Failure(status, WEIR_FAULT_SOURCE, message).hint(hint).object(path).option("/path").native(code);
}

Failure cannot_write(const std::string& path, const std::string& doing, int code) {
  weir_status status = WEIR_FAILED_PRECONDITION;
  std::string message = "can't " + doing + " '" + path + "': " + words(code), hint;
  if (code == EACCES || code == EPERM) {
    status = WEIR_PERMISSION_DENIED;
    message = "permission denied: can't " + doing + " '" + path + "'";
    hint = "let the user who runs weir write to the folder '" + folder_of(path) + "'";
  } else if (code == EROFS) {
    message = "read-only file system: can't " + doing + " '" + path + "'";
  } else if (code == ENOSPC || code == EDQUOT) {
    message = code == ENOSPC ? "no space left on the device: can't " : "disk quota exceeded: can't ";
    message += doing + " '" + path + "'";
    hint = "free some space there, and run again";
  } else if (code == EIO) {
    status = WEIR_DATA_LOSS;
  }
  return Failure(status, WEIR_FAULT_DESTINATION, message).hint(hint).object(path).option("/path").native(code);
}

}  // namespace weir::file
