// Semantic versions and what a manifest asks of them: "^1.2".
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace weir::base {

// A semantic version; build metadata is dropped. Ordered as semver.org says.
struct Version {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t patch = 0;
  std::string pre;  // "rc.1"; empty: a release

  std::string text() const;
  bool operator==(const Version&) const = default;
  std::strong_ordering operator<=>(const Version& other) const;
};

// Parses "1.2.3", "1.2.3-rc.1", "v1.2.3"; missing parts are 0.
Result<Version> parse_version(std::string_view text);

// A range of versions: from `lowest`, below `limit`.
struct VersionRange {
  std::string text = "*";  // as it was written
  Version lowest;
  Version limit;         // the first that no longer fits
  bool limited = false;  // whether there is a limit

  // Pre-releases fit only a range whose own lowest is a pre-release of the same version.
  bool fits(const Version& version) const;
};

// Parses "^1.2" (same major; below 1.0 the same minor), "~1.2" (same minor), ">=1.2", "1.2.3" or "=1.2.3" (that one),
// "1.2" (any 1.2), "*" (any).
Result<VersionRange> parse_version_range(std::string_view text);

}  // namespace weir::base
