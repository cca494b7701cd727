#include "packages/locked_digests.hpp"

namespace weir::packages {
namespace {

// The first that differs: "linux-x86-64-glibc SHA-256 …".
std::string shown_digests(const std::string& platform, const Digests& digests) {
  const auto found = digests.find(platform);
  return found == digests.end() ? "none for " + platform : "SHA-256 " + found->second + " for " + platform;
}

}  // namespace

Digests digests_of(const PackageInfo& info) {
  Digests digests;
  for (const PackagedFile& file : info.files) {
    if (file.platform) digests[file.platform->folder()] = file.sha256;
  }
  return digests;
}

base::Result<void> check_digests(const PackageInfo& info, const std::string& where, const Digests& locked) {
  const Digests found = digests_of(info);
  if (found == locked) return {};
  std::string platform;
  for (const Digests* const one : {&locked, &found}) {
    for (const auto& [name, digest] : *one) {
      const auto there = found.find(name), wanted = locked.find(name);
      const bool same = there != found.end() && wanted != locked.end() && there->second == wanted->second;
      if (platform.empty() && !same) platform = name;
    }
  }
  return base::unexpected(base::make_error(base::Status::data_loss, base::Fault::missing, "lock.other_release",
                                           where + ": expected the binaries of " + title(info) +
                                               " that weir.lock names, " + shown_digests(platform, locked) +
                                               ", found " + shown_digests(platform, found))
                              .with_hint("a version never changes: ask its author, and who serves it, which is right"));
}

}  // namespace weir::packages
