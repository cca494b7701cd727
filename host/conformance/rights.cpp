#include "conformance/rights.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace weir::conformance {
namespace {

constexpr int kOldest = 2;  // of its versions: before, nothing could be renamed from one folder into another
constexpr int kTruncates = 3;
constexpr std::uint64_t kTruncate = std::uint64_t{1} << 14U;  // LANDLOCK_ACCESS_FS_TRUNCATE, which older headers lack
constexpr std::uint64_t kWrites =
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;
constexpr std::uint64_t kOfFiles = LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;

bool allow(int rules, const std::filesystem::path& place, std::uint64_t access) {
  const int descriptor = ::open(place.c_str(), O_PATH | O_CLOEXEC);
  if (descriptor < 0) return false;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = descriptor;
  const bool added = ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  ::close(descriptor);
  return added;
}

}  // namespace

bool write_only_below(std::span<const std::filesystem::path> folders) {
  const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < kOldest) return false;
  landlock_ruleset_attr wanted{};
  wanted.handled_access_fs = kWrites | (version >= kTruncates ? kTruncate : 0);
  const int rules = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &wanted, sizeof wanted, 0));
  if (rules < 0) return false;
  bool ready = true;
  for (const auto& folder : folders) ready = ready && allow(rules, folder, wanted.handled_access_fs);
  for (const char* const device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/tty"})
    allow(rules, device, wanted.handled_access_fs & kOfFiles);
  ready =
      ready && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  ::close(rules);
  return ready;
}

}  // namespace weir::conformance
